"""Who petitions (信访人), all sealed: whoever filed, and for several people together their representatives. And about
whom (被反映人)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from massline.texts import LineColumn
from petitions import search_index
from petitions.identity import SealedIdentity
from responsibility.models import Organ

GROUP = 5
"""From so many persons on a petition counts as a collective one (集体访)."""
MOST_PERSONS = 9999
MOST_REPRESENTATIVES = 5
"""《信访工作条例》第二十条: at most five, and whoever files is the first of them."""


class TellBy(models.TextChoices):
    """How the petitioner wants to be told (告知方式)."""

    SMS = "sms", _("短信")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("电子邮件")
    LETTER = "letter", _("书面信函")


class Petitioner(SealedIdentity, models.Model):
    """Who filed it (信访人). Every field is sealed with a key of this row; the key is wrapped by the master key."""

    petition = models.OneToOneField("petitions.Petition", models.PROTECT, related_name="petitioner")
    key = models.BinaryField(null=True)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    id_number_sealed = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    address_sealed = models.BinaryField(null=True)
    name_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    id_number_hash = models.BinaryField(null=True)
    tell_by = models.CharField(max_length=8, choices=TellBy)
    salt = SaltField()

    audit = Columns(
        personal=(
            *(f"{name}_sealed" for name in SealedIdentity.FIELDS),
            *(f"{name}_hash" for name in SealedIdentity.HASHED),
        ),
        secret=("key",),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tell_by__in=TellBy.values), name="petitioner_tell_by")]
        indexes = search_index.of_person("petitioner", "name", "phone", "id_number")


class Representative(SealedIdentity, models.Model):
    """Who else speaks for the group (代表): the second to the fifth. A trigger refuses more of them than persons."""

    FIELDS: ClassVar = ("name", "phone")
    HASHED: ClassVar = ("name", "phone")

    petition = models.ForeignKey("petitions.Petition", models.PROTECT, related_name="representatives")
    seq = models.PositiveSmallIntegerField()
    """From 2: the first is the petitioner."""
    key = models.BinaryField(null=True)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    name_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    salt = SaltField()

    audit = Columns(personal=("name_sealed", "phone_sealed", "name_hash", "phone_hash"), secret=("key",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "seq"], name="representative_once"),
            models.CheckConstraint(
                condition=Q(seq__range=(2, MOST_REPRESENTATIVES)), name="at_most_five_representatives"
            ),
        ]
        indexes = search_index.of_person("representative", "name", "phone")

    def __str__(self) -> str:
        return f"{self.petition_id} {self.seq}"


class ComplainedKind(models.TextChoices):
    ORGAN = "organ", _("单位")
    PERSON = "person", _("个人")


class Complained(models.Model):
    """Who is complained about (被反映人或单位). A person found among the users is recused (回避, Art. 28)."""

    petition = models.ForeignKey("petitions.Petition", models.PROTECT, related_name="complained")
    kind = models.CharField(max_length=8, choices=ComplainedKind)
    name = LineColumn(max_length=64)
    organ_name = LineColumn(max_length=64, blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    salt = SaltField()

    audit = Columns(personal=("name", "organ_name", "organ_id", "user_id"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ComplainedKind.values), name="complained_kind")]
        indexes = [models.Index(fields=["user"], condition=Q(user__isnull=False), name="complained_user")]

"""The filing of a citizen (来件): its kind, the hash of its tracking code, and the sealed identity."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, Excused, SaltField
from citizens.identity.sealing import SealedIdentity

MAX_REPRESENTATIVES = 5
"""《信访工作条例》第二十条: at most five, and the person who files is the first of them."""


class TellBy(models.TextChoices):
    """The way in which the citizen wants to be told (告知方式)."""

    SMS = "sms", _("短信")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("电子邮件")
    LETTER = "letter", _("书面信函")


def _hash_indexes(who: str, *names: str) -> list[models.Index]:
    """Builds the indexes for searching a person by the keyed hash of exactly one fact."""
    return [
        models.Index(fields=[f"{name}_hash"], condition=Q(**{f"{name}_hash__isnull": False}), name=f"{who}_{name}")
        for name in names
    ]


class Filing(SealedIdentity, models.Model):
    """The filing of one citizen, for a record of any kind. The record points to it.

    Every field of the identity is sealed with the row's own key; the master key wraps that.
    """

    kind = models.CharField(max_length=32)
    """The kind of the record."""
    code_hash = models.BinaryField(unique=True, null=True)
    """The keyed hash of the tracking code (查询码), which itself is not kept; null where none was given out."""
    tell_by = models.CharField(max_length=8, choices=TellBy)
    key = models.BinaryField(null=True)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    id_number_sealed = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    address_sealed = models.BinaryField(null=True)
    name_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    id_number_hash = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)
    salt = SaltField()

    audit = Columns(
        personal=(
            *(f"{name}_sealed" for name in SealedIdentity.FIELDS),
            *(f"{name}_hash" for name in SealedIdentity.HASHED),
        ),
        secret=("key", "code_hash"),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tell_by__in=TellBy.values), name="filing_tell_by")]
        indexes = [
            *_hash_indexes("filing", *SealedIdentity.HASHED),
            models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="filing_erased"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Representative(SealedIdentity, models.Model):
    """A further representative of a group (代表): the second to the fifth."""

    FIELDS: ClassVar = ("name", "phone")
    HASHED: ClassVar = ("name", "phone")

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="representatives")
    seq = models.PositiveSmallIntegerField()
    """The place from 2: the first is the person who filed."""
    key = models.BinaryField(null=True)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    name_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    salt = SaltField()

    audit = Columns(personal=("name_sealed", "phone_sealed", "name_hash", "phone_hash"), secret=("key",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "seq"], name="representative_once"),
            models.CheckConstraint(
                condition=Q(seq__range=(2, MAX_REPRESENTATIVES)), name="at_most_five_representatives"
            ),
        ]
        indexes = _hash_indexes("representative", "name", "phone")

    def __str__(self) -> str:
        return f"{self.filing_id} {self.seq}"


class IdempotencyKey(models.Model):
    """The receipt of a filing, sealed under the key that its sender chose: a repeated request is answered with it."""

    LIFETIME: ClassVar = timedelta(hours=24)
    key_hash = models.BinaryField(unique=True)
    body_hash = models.BinaryField()
    filed_at = models.DateTimeField()
    filing = models.ForeignKey(Filing, models.CASCADE, related_name="+")
    answer = models.BinaryField()

    audit = Excused("a sender's own copy of an answer, sealed under the sender's key, gone after a day", deletes=True)

    class Meta:
        indexes = [models.Index(fields=["filed_at"], name="idempotency_age")]

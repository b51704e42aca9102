"""Organs, posts and the people in them, from a day to a day."""

from datetime import date
from typing import Self, TypeVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns
from massline.languages import reads_english
from massline.texts import LineColumn
from massline.time import today

DatedRow = TypeVar("DatedRow", bound=models.Model)


class DateRange(Func):
    """`daterange(since, until)`: from the first day on, up to but without the last; open when there is none."""

    function = "DATERANGE"


SERVED = """
WITH RECURSIVE served (id) AS (
    SELECT d.region_id FROM responsibility_organduty d JOIN responsibility_organ o ON o.id = d.organ_id
    WHERE d.duty = %s AND daterange(d.since, d.until) * daterange(o.valid_from, o.valid_until) @> %s::date
          AND EXISTS (SELECT FROM responsibility_post p WHERE p.organ_id = o.id)
    UNION
    SELECT r.id FROM responsibility_region r JOIN served ON r.parent_id = served.id
)
SELECT id FROM served
"""


WITHIN = """
WITH RECURSIVE within (id) AS (
    SELECT %s::bigint UNION SELECT r.id FROM responsibility_region r JOIN within ON r.parent_id = within.id
)
SELECT id FROM within
"""

AROUND = """
WITH RECURSIVE around (id) AS (
    SELECT %s::bigint UNION SELECT r.parent_id FROM responsibility_region r JOIN around ON r.id = around.id
)
SELECT id FROM around WHERE id IS NOT NULL
"""


class RegionQuerySet(models.QuerySet["Region"]):
    def served(self, duty: str) -> "RegionQuerySet":
        """Narrows to regions for which an organ with a post has this duty today: their own, or that of a region around
        them."""
        return self.filter(pk__in=RawSQL(SERVED, (duty, today())))  # noqa: S611 - the statement is ours

    def within(self, region: "Region") -> "RegionQuerySet":
        """Narrows to a region and all regions in it."""
        return self.filter(pk__in=RawSQL(WITHIN, (region.pk,)))  # noqa: S611 - the statement is ours

    def around(self, region: int) -> "RegionQuerySet":
        """Narrows to a region and all regions that it lies in."""
        return self.filter(pk__in=RawSQL(AROUND, (region,)))  # noqa: S611 - the statement is ours


class Called:
    """What has a name, and in English another where the register gives one."""

    name: str
    name_en: str

    @property
    def called(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if self.name_en and reads_english() else self.name

    def called_then(self, kept: str) -> str:
        """The name that a row kept, in the language of the reader where it is still the name of today."""
        return self.called if kept in ("", self.name) else kept

    def __str__(self) -> str:
        return self.called


class Region(Called, models.Model):
    """An administrative region (行政区划), named by its code."""

    code = models.CharField(max_length=12, unique=True)
    name = LineColumn(max_length=64)
    name_en = LineColumn(max_length=128, blank=True, default="", db_default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    objects = RegionQuerySet.as_manager()
    audit = Columns()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^\d{6,12}$"), name="region_code")]


class OrganKind(models.TextChoices):
    COMMITTEE = "committee", _("党委、政府")
    DEPARTMENT = "department", _("部门")
    TOWNSHIP = "township", _("乡镇、街道")


class Organ(Called, models.Model):
    """An organ or unit (机关、单位) in the tree of who is above whom."""

    code = models.SlugField(max_length=32, unique=True)
    name = LineColumn(max_length=64)
    name_en = LineColumn(max_length=128, blank=True, default="", db_default="")
    kind = models.CharField(max_length=16, choices=OrganKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organs")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(default=date(2000, 1, 1))
    valid_until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    """The organ that has taken over what this one did, where it was dissolved (承接机构)."""
    address = LineColumn(max_length=128, blank=True, default="")
    telephone = LineColumn(max_length=64, blank=True, default="")
    hours = LineColumn(max_length=128, blank=True, default="")
    """When it receives visitors (接待时间, Art. 18), in words."""

    audit = Columns()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganKind.values), name="organ_kind"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="organ_dates"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organ_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="organ_not_its_own_successor"),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(valid_until__isnull=False), name="successor_of_an_ended_organ"
            ),
        ]


class DatedQuerySet(models.QuerySet[DatedRow]):
    """Rows that hold from the day `since` up to but without the day `until`."""

    def on(self, day: date) -> Self:
        """Narrows to rows that hold on a day (Shanghai)."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class OrganDuty(models.Model):
    """A duty (职责) that an organ has for a region, and for every region within it without an organ of its own for it.

    `duty` is the name of one that is registered (responsibility/duties.py).
    """

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="duties")
    duty = models.CharField(max_length=32)
    region = models.ForeignKey(Region, models.PROTECT, related_name="duties")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["OrganDuty"].as_manager()
    audit = Columns()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_organ_a_duty",
                expressions=[
                    ("duty", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="organ_duty_dates"),
        ]


class ArePrefixes(Func):
    """Whether every element is the beginning of a content class: two, four or six digits, or none (every class)."""

    template = (
        "(NOT jsonb_path_exists(to_jsonb(%(expressions)s),"
        """ '$[*] ? (@ == null || !(@ like_regex "^([0-9][0-9]){0,3}$"))'))"""
    )
    output_field = models.BooleanField()


class Post(Called, models.Model):
    """A post (岗位) in an organ. Duties belong to posts; people hold posts from a day to a day."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="posts")
    name = LineColumn(max_length=64)
    name_en = LineColumn(max_length=128, blank=True, default="", db_default="")
    is_top = models.BooleanField(default=False)
    """主要负责人（一把手）; an organ may have two, party and administration (党政同责)."""
    is_intake = models.BooleanField(default=False)
    """The post named under Art. 14 to receive petitions (信访专办)."""
    in_charge_of = ArrayField(models.CharField(max_length=6, blank=True), default=list, blank=True)
    """分管领导: prefixes of the content classes that it is in charge of; the empty prefix means every class.
    What has no class is in the charge of the top alone."""

    audit = Columns()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "name"], name="post_name_in_organ"),
            models.CheckConstraint(condition=ArePrefixes("in_charge_of"), name="post_class_prefixes"),
        ]

    def __str__(self) -> str:
        return f"{self.organ.called} {self.called}"


class AppointmentKind(models.TextChoices):
    REGULAR = "regular", _("任职")
    ACTING = "acting", _("代理")


class Because(models.TextChoices):
    ABSENCE = "absence", _("请假、外出")
    VACANCY = "vacancy", _("岗位空缺")


class AppointmentQuerySet(DatedQuerySet["Appointment"]):
    def answering(self, day: date) -> "AppointmentQuerySet":
        """Narrows to those who answer in their post: with an open account, and not away while another stands in for
        them."""
        stood_in_for = Absence.objects.filter(
            Q(acting__until=None) | Q(acting__until__gt=day),
            appointment=models.OuterRef("pk"),
            since__lte=day,
            until__gt=day,
            acting__since__lte=day,
            acting__user__is_active=True,
        )
        return self.on(day).filter(user__is_active=True).exclude(models.Exists(stood_in_for))


class Appointment(models.Model):
    """A person in a post, from the day `since` up to but without the day `until`.

    Acting (代理) only with a stated absence or vacancy: a trigger refuses any other.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=8, choices=AppointmentKind, default=AppointmentKind.REGULAR)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=8, choices=Because, blank=True)
    absence = models.ForeignKey("Absence", models.PROTECT, null=True, blank=True, related_name="acting")

    objects = AppointmentQuerySet.as_manager()
    audit = Columns()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="appointment_dates"),
            models.CheckConstraint(
                condition=Q(kind="regular", because="", absence=None)
                | Q(kind="acting", because="absence", absence__isnull=False)
                | Q(kind="acting", because="vacancy", absence=None),
                name="acting_states_why",
            ),
        ]


class Absence(models.Model):
    """A stated absence of the holder of a post, from `since` up to but without `until`."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField()

    audit = Columns()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="absence_dates")]

"""Texts in versions (版本): one in force on a day, one open at a time, and none that changes once it is in force.

    class TextQuerySet(VersionQuerySet["Text"]): …

    class Text(Version):
        PARENT = "rule"
        rule = models.ForeignKey(Rule, models.PROTECT, related_name="texts")
        state = …
        objects = TextQuerySet.as_manager()
        class Meta:
            constraints = version_constraints("text", "rule", open_states=["draft", "checking"])

and in its migration, after the table: `records.operations.keep_versions("app_text")`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from audit.columns import SaltField
from massline.acts import Doing, Invalid, WrongState, lock_row
from massline.time import long_form
from records.articles import ArticlesField, digest_of
from responsibility.models.organs import DatedQuerySet, DateRange

VersionRow = TypeVar("VersionRow", bound="Version")


class VersionQuerySet(DatedQuerySet[VersionRow]):
    def of(self, parent: models.Model) -> Self:
        """Returns the versions of one parent, the latest first."""
        return self.filter(**{self.model.PARENT: parent}).order_by("-edition")

    def in_force(self, parent: models.Model, day: date) -> VersionRow | None:
        """Returns the version of the parent that is in force on a day (Shanghai)."""
        return self.of(parent).on(day).first()

    def next_edition(self, parent: models.Model) -> int:
        """Returns the number of the parent's next version; of two that are drafted at once, the database refuses
        one."""
        return (self.of(parent).aggregate(last=Max("edition"))["last"] or 0) + 1

    def used_keys(self, parent: models.Model) -> set[str]:
        """Returns the keys of all articles that the parent ever had."""
        texts = self.of(parent).exclude(articles=None).values_list("articles", flat=True)
        return {one.key for articles in texts for one in articles}


class Version(models.Model):
    """A version of a text. It is in force from the day `since` up to but without the day `until`."""

    PARENT: ClassVar[str]
    """The field that names what it is a version of."""

    edition = models.PositiveIntegerField()
    articles = ArticlesField(null=True)
    """Empty once they are erased; the digest stays."""
    digest = models.CharField(max_length=64, blank=True)
    """The SHA-256 of the articles, once they are in force."""
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    salt = SaltField()

    class Meta:
        abstract = True


def version_constraints(name: str, parent: str, open_states: Collection[str]) -> list[models.BaseConstraint]:
    """Returns the constraints of a version's model. `open_states` are those in which a version is still drafted."""
    is_open = Q(state__in=sorted(open_states))
    not_yet = Q(since=None, until=None, digest="")
    in_force = Q(since__isnull=False) & ~Q(digest="") & ~is_open
    return [
        models.UniqueConstraint(fields=[parent, "edition"], name=f"{name}_edition"),
        models.UniqueConstraint(fields=[parent], condition=is_open, name=f"{name}_one_open"),
        ExclusionConstraint(
            name=f"{name}_one_in_force",
            expressions=[
                (parent, RangeOperators.EQUAL),
                (DateRange("since", "until"), RangeOperators.OVERLAPS),
            ],
            condition=Q(since__isnull=False),
        ),
        models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name=f"{name}_days"),
        models.CheckConstraint(condition=not_yet | in_force, name=f"{name}_in_force"),
    ]


def put_in_force(version: Version, day: date) -> None:
    """Puts a version in force from a day on and ends the one before it on that day. Both are saved, or neither.

    The caller has recorded an event and set the version's state.
    """
    with transaction.atomic():
        take_over(version, day)
        version.save()


def take_over(version: Version, day: date) -> None:
    """Ends the version before on a day and lets this one begin, which its caller saves in the same transaction."""
    parent = getattr(version, version.PARENT)
    lock_row(type(parent), parent.pk)
    version.refresh_from_db(fields=["since"])
    if version.since is not None:
        raise WrongState(_("这个文本已经确定施行日期，不能再改；需要修改的，请起草新的文本"))
    if not version.articles:
        raise Invalid({"articles": [_("文本还没有任何条文，不能施行")]})
    in_force = type(version)._default_manager.of(parent).filter(since__isnull=False)  # type: ignore[attr-defined]
    days = in_force.values_list("since", "until")
    earliest = max((until or since + timedelta(days=1) for since, until in days), default=day)
    if day < earliest:
        raise Invalid({"since": [_("此前已有文本施行，新文本最早自%(day)s起施行") % {"day": long_form(earliest)}]})
    in_force.filter(until=None).update(until=day)
    version.since, version.digest = day, digest_of(version.articles)


@dataclass(frozen=True)
class PutsInForce:
    """Effect of an act on a version: puts it in force from the day that the act's input names."""

    day: str = "since"

    def apply(self, doing: Doing) -> None:
        take_over(doing.record, doing.data[self.day])

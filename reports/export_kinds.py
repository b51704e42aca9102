"""The kinds of export: a list of each kind of record that declares one, and the tables that all kinds share.

Of a kind that is not declared as exported nothing leaves, for any user: no list, no event, nothing that is owed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial, reduce
from operator import or_
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import READERS, Kind, User
from audit import subjects
from audit.models import AuditEvent
from records.columns import Column
from records.exporting import Exported, Seal
from records.figures.periods import Period
from records.filters import RecordFilter
from records.kinds import RecordType, exported_kinds
from reports.columns import ESCALATION_COLUMNS, EVENT_COLUMNS, OBLIGATION_COLUMNS, TIMELINE_COLUMNS
from responsibility.models import Escalation, Obligation

DAYS = ("received_from", "received_to")
"""What every export may be narrowed to: days of receipt, or of the log."""
NOTHING = Q(pk__in=[])


class FaultyFilter(Exception):
    """The filter has no meaning any more: its organ or class is gone."""


@dataclass(frozen=True)
class ExportScope:
    """The scope of an export: whose rows, narrowed by which filter, at what moment."""

    user: User
    filter: Mapping[str, str]
    now: datetime
    kind: str = ""
    """The kind of which alone it is, since its list was narrowed; without one, every kind that can be narrowed so."""

    def kinds(self) -> list[RecordType]:
        """Returns the kinds in the scope; raises FaultyFilter when its filter has no meaning for any."""
        if self.kind:
            return [declared for declared in exported_kinds() if declared.kind == self.kind]
        known = [declared for declared in exported_kinds() if self._narrows(declared)]
        found = [declared for declared in known if self._filtered(declared).form.is_valid()]
        if known and not found:
            raise FaultyFilter
        return found

    def _narrows(self, declared: RecordType) -> bool:
        return set(self.filter) <= set(declared.listing.filters.base_filters)

    def _filtered(self, declared: RecordType) -> RecordFilter:
        seen = declared.model._default_manager.for_user(self.user)  # type: ignore[attr-defined]
        return declared.listing.filters(dict(self.filter), seen, self.user)

    def records(self, declared: RecordType) -> QuerySet[Any]:
        """Queries the records of a kind that exist for this person, as its list narrows them; raises FaultyFilter."""
        narrowed = self._filtered(declared)
        if not self._narrows(declared) or not narrowed.form.is_valid():
            raise FaultyFilter
        found: QuerySet[Any] = narrowed.qs
        return found

    def numbers(self, declared: RecordType) -> QuerySet[Any]:
        return self.records(declared).order_by().values(declared.number)

    def day(self, name: str) -> date | None:
        """Reads one of DAYS; raises FaultyFilter."""
        try:
            day: date | None = forms.DateField(required=False).clean(self.filter.get(name))
        except ValidationError:
            raise FaultyFilter from None
        return day


@dataclass(frozen=True)
class ExportKind:
    """One kind of export: its rows, its columns, and who may have it."""

    name: str
    title: Any
    rows: Callable[[ExportScope], QuerySet[Any]]
    declared: tuple[Column, ...]
    kind: str = ""
    """The kind whose list it is; empty for what all kinds share."""
    may: Callable[[User], bool] = lambda user: user.kind == Kind.AUDITOR
    seal: Seal | None = None

    def columns(self, now: datetime) -> list[Column]:
        """Returns the columns of files, as of a moment and in the active language."""
        return [column.at(now) for column in self.declared if column.exported]

    def chosen(self, fields: list[str], now: datetime) -> list[Column]:
        """Returns the columns of one export, with the personal ones that were asked for."""
        return [column for column in self.columns(now) if not column.personal or column.name in fields]

    def selected(self, scope: ExportScope, columns: list[Column]) -> QuerySet[Any]:
        """Queries the rows with these columns in this order; with sealed ones, the key that unseals them and the id at
        the end."""
        sources = {f"c_{column.name}": column.source for column in columns}
        if self.seal and any(column.sealed for column in columns):
            sources |= {"c_key": F(self.seal.key), "c_pk": F("pk")}
        return self.rows(scope).annotate(**sources).values_list(*sources)


def _listed(declared: RecordType, scope: ExportScope) -> QuerySet[Any]:
    return scope.records(declared).order_by("pk")


def _about(scope: ExportScope, prefix: str = "") -> Q:
    """Builds the condition for obligations about these records, a leader's duty to answer included."""
    about = NOTHING
    for declared in scope.kinds():
        seen = scope.records(declared).order_by().values("pk")
        for owed in (prefix, f"{prefix}escalation__obligation__"):
            about |= Q(**{f"{owed}subject_kind": declared.kind, f"{owed}subject_id__in": seen})
    return about


def _events_about(scope: ExportScope) -> Q:
    """Builds the condition for events about these records."""
    about = (Q(subject_kind=each.kind, subject_key__in=scope.numbers(each)) for each in scope.kinds())
    return reduce(or_, about, NOTHING)


def _timelines(scope: ExportScope) -> QuerySet[Any]:
    return AuditEvent.objects.filter(_events_about(scope)).order_by("subject_key", "id")


def _obligations(scope: ExportScope) -> QuerySet[Any]:
    return Obligation.objects.filter(_about(scope)).order_by("subject_key", "id")


def _escalations(scope: ExportScope) -> QuerySet[Any]:
    return Escalation.objects.filter(_about(scope, "obligation__")).order_by("obligation__subject_key", "id")


def _events(scope: ExportScope) -> QuerySet[Any]:
    """Queries the log of the days that were asked for: events about records that exist for the user, and about no
    record."""
    first, last = map(scope.day, DAYS)
    everything = ExportScope(scope.user, {}, scope.now)
    found = AuditEvent.objects.filter(_events_about(everything) | Q(subject_kind__in=subjects.kinds()))
    found = found.filter(at__gte=Period(first, first).after) if first else found
    found = found.filter(at__lt=Period(last, last).until) if last else found
    return found.order_by("id")


SHARED = (
    ExportKind("timelines", _("办理过程"), _timelines, TIMELINE_COLUMNS),
    ExportKind("obligations", _("期限与责任"), _obligations, OBLIGATION_COLUMNS),
    ExportKind("escalations", _("逐级上报"), _escalations, ESCALATION_COLUMNS),
    ExportKind("events", _("操作日志"), _events, EVENT_COLUMNS),
)


def _list(declared: RecordType, exported: Exported) -> ExportKind:
    def may(user: User) -> bool:
        return user.kind in READERS or exported.may(user)

    rows = partial(_listed, declared)
    listing = declared.listing
    return ExportKind(listing.address, listing.heading, rows, declared.columns, declared.kind, may, exported.seal)


def export_kinds() -> dict[str, ExportKind]:
    """Returns every kind of export by its name, lists first."""
    lists = [_list(declared, declared.exported) for declared in exported_kinds() if declared.exported]
    return {export_kind.name: export_kind for export_kind in (*lists, *SHARED)}


def default_kind() -> str:
    """Returns the kind of addresses that name none; empty without any."""
    return next((declared.kind for declared in exported_kinds()), "")


def title_of(name: str) -> Any:
    """Returns the title of a kind of export; its plain name where no kind declares it any more."""
    export_kind = export_kinds().get(name)
    return export_kind.title if export_kind else name


def may_export(user: User) -> dict[str, ExportKind]:
    """Returns the kinds of export that a user may have: auditors all, inspectors the lists, officials those that the
    kinds let them have, others none."""
    if not user.is_active or user.kind not in (Kind.OFFICIAL, *READERS):
        return {}
    return {name: export_kind for name, export_kind in export_kinds().items() if export_kind.may(user)}


def personal_fields(user: User, what: str) -> dict[str, Any]:
    """Returns the personal fields that this person may ask for: only auditors may."""
    export_kind = export_kinds().get(what)
    if user.kind != Kind.AUDITOR or export_kind is None:
        return {}
    return {column.name: column.heading for column in export_kind.declared if column.personal}

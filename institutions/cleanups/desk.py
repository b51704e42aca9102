"""Cleanups as a kind of record: how one begins, the declaration, the cards and the menu item."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem, reads_records
from accounts.models import Kind, User
from audit import log
from institutions.cleanups import events
from institutions.cleanups.acts import CLEANUP_ACTS, TO_CLEAN_UP
from institutions.cleanups.models import Cleanup, CleanupItem, CleanupState
from institutions.duties import LEGAL_OFFICE
from institutions.models import Regulation, RegulationKind, RegulationState
from massline.days import DayField, check_to_come
from massline.templatetags.front import short_day
from massline.texts import LineField, text_field
from massline.time import local_day
from records.cards import Card
from records.columns import Cell, code, personal
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility import duties, obligations
from responsibility.models import Organ
from responsibility.people import HeldPost, position_of, receiving_post
from responsibility.visibility import position


def beginning_posts(user: User) -> list[HeldPost]:
    """Returns the posts in which this person begins a cleanup of their organ's rules: those that head it."""
    held = position_of(user).held if user.kind == Kind.OFFICIAL else ()
    return [one for one in held if one.is_top]


def _rules_of(user: User) -> Any:
    """Queries the regulations in force of the organs that this person leads, with those below."""
    rules = Regulation.objects.for_user(user).filter(organ__in=position_of(user).below, state=RegulationState.IN_FORCE)
    return rules.exclude(kind=RegulationKind.EXTERNAL)


def may_begin(user: User) -> bool:
    """Tells whether this person leads an organ that has rules to go through, by itself or below it."""
    return bool(beginning_posts(user)) and _rules_of(user).exists()


class CleanupForm(forms.Form):
    """Why the rules of the organ are gone through, and by when."""

    title = LineField(label=_("清理什么"), max_length=100, help_text=_("如“涉及优化营商环境的制度清理”"))
    grounds = text_field(_("依据"), rows=3, hint=_("因为哪项法律修改，或者谁的部署"))
    due_on = DayField(label=_("完成时限"))


@transaction.atomic(savepoint=False)
def begin(data: dict[str, Any], user: User, at: datetime) -> Cleanup:
    """Creates the cleanup of a valid form; its scope is every regulation in force of the organ and of those below."""
    organ = Organ.objects.get(pk=beginning_posts(user)[0].organ)
    check_to_come("due_on", data["due_on"], at)
    scope = list(_rules_of(user).order_by("organ", "in_force_from", "pk"))
    number, day = Cleanup.numbers().draw(at), data["due_on"]
    facts = {"at": at.isoformat(), "size": len(scope), "day": day.isoformat()}
    log.record(events.BEGUN, subject=log.Subject(Cleanup.KIND, number), facts=facts)
    cleanup = Cleanup.objects.create(
        number=number,
        organ=organ,
        office=duties.office_of(organ, LEGAL_OFFICE),
        handler_id=receiving_post(organ.pk),
        received_at=at,
        size=len(scope),
        begun_by=user,
        **data,
    )
    CleanupItem.objects.bulk_create(
        CleanupItem(cleanup=cleanup, item=item, regulation=rule) for item, rule in enumerate(scope, start=1)
    )
    obligations.open_(cleanup.matter, TO_CLEAN_UP, cleanup.chain_subject(), at, days=(day - local_day(at)).days)
    return cleanup


@dataclass(frozen=True)
class ScopeRow:
    """One regulation of the scope; the verdict is empty while there is none, the title where it is frozen (spill)."""

    item: int
    number: str
    title: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Scope:
    """Why the cleanup is done, how much of it is judged, and each regulation of it."""

    grounds: str
    met_on: date | None
    size: int
    judged: int
    rows: list[ScopeRow]


def _scope(view: RecordView) -> Scope:
    one, items = view.record, list(view.record.items.named())
    rows = [ScopeRow(of.item, of.regulation.number, of.title, str(of.get_verdict_display()), of.reason) for of in items]
    return Scope(one.grounds, one.met_on, one.size, sum(bool(of.verdict) for of in items), rows)


CLEANUPS = register(
    RecordType(
        kind=Cleanup.KIND,
        plural="cleanups",
        title=_("集中清理"),
        model=Cleanup,
        acts=CLEANUP_ACTS,
        note="note",
        final=frozenset({CleanupState.CLOSED, CleanupState.DROPPED}),
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("清理什么"),
                F("title"),
                cell=Cell(lambda one, reading: reading.link(one.KIND, one.number, one.title)),
            ),
            code("organ", _("单位"), F("organ__name"), cell=Cell(lambda one, reading: one.organ.called)),
            code("size", _("制度件数"), F("size"), cell=Cell(lambda one, reading: str(one.size))),
            code("due_on", _("完成时限"), F("due_on"), cell=Cell(lambda one, _: short_day(one.due_on), css="nowrap")),
            state_column(CleanupState),
        ),
        listing=Listing(
            _("集中清理"),
            "cleanups",
            shown=("light", "number", "title", "organ", "size", "due_on", "state"),
            joined=("organ", "handler"),
            row_css=light_of,
            caption=_("按最近的期限排列的集中清理"),
            empty=_("还没有集中清理。单位主要负责人可以开始清理本单位的制度。"),
        ),
        create=Create(CleanupForm, may_begin, begin),
        exported=Exported(),
        cards=(
            Card("scope", "institutions/cleanup.html", _scope, heading=_("清理范围"), shape=Scope),
            INSTRUCTIONS,
            FILES,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
            LINKS,
        ),
    )
)
MENU = (MenuItem("cleanups", _("集中清理"), "list", 38, reads_records, None, position, Cleanup.objects.for_user),)

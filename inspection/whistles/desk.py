"""Whistles as a kind of record: how one is blown, its declaration, card and menu items."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.menu import MenuItem, reads_records
from accounts.models import Kind, User
from audit import log
from inspection.adapter import AdapterWithSources
from inspection.whistles import events
from inspection.whistles.acts import WHISTLE_ACTS
from inspection.whistles.calling import call
from inspection.whistles.forms import WhistleForm
from inspection.whistles.models import CallState, Whistle, WhistleCall, WhistleState, counted_calls
from massline.days import check_to_come
from massline.time import today
from records.cards import Card
from records.columns import Cell, number, personal, text
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility.models import Organ, OrganKind
from responsibility.people import HeldPost, position_of
from responsibility.subjects import Matter, adapter
from responsibility.visibility import position


@dataclass(frozen=True)
class WhistleCallRow:
    """One organ that is called: whether it came in time, and what the township says of that."""

    organ: str
    come_by: date
    came_on: date | None
    state: str
    late: bool
    worth: str


@dataclass(frozen=True)
class WhistleCalled:
    """The matter, and who came when the township whistled."""

    matter: str
    township: str
    called: int
    came: int
    calls: list[WhistleCallRow]


def _calls(view: RecordView) -> WhistleCalled:
    one, day = view.record, today()
    rows = [
        WhistleCallRow(
            organ=each.organ.called,
            come_by=each.come_by,
            came_on=each.came_on,
            state=_state(each, one),
            late=each.is_late(day) and (one.is_open or each.came_on is not None),
            worth=str(each.get_worth_display()),
        )
        for each in one.called
    ]
    came = sum(each.state == CallState.CAME for each in one.called)
    return WhistleCalled(one.matter_text, one.organ.called, len(rows), came, rows)


def _state(one: WhistleCall, whistle: Whistle) -> str:
    """Returns the state of a call in words; nobody is awaited any more at one that is over."""
    if one.state == CallState.CALLED and not whistle.is_open:
        return str(_("没有报到"))
    return str(one.get_state_display())


def whistling_posts(user: User) -> list[HeldPost]:
    """Returns the posts in which this person calls for a township: at its head, or in its receiving post."""
    held = position_of(user).held if user.kind == Kind.OFFICIAL else ()
    return [one for one in held if one.organ_kind == OrganKind.TOWNSHIP and (one.is_top or one.is_intake)]


def may_blow(user: User) -> bool:
    return bool(whistling_posts(user))


def township_of(source: Any) -> Organ | None:
    """Returns the township that has the source: its people may propose a whistle because of it."""
    organ: Organ | None = getattr(source, "organ", None)
    return organ if organ is not None and organ.kind == OrganKind.TOWNSHIP else None


@transaction.atomic(savepoint=False)
def blow(data: dict[str, Any], user: User, at: datetime, source: Matter | None = None) -> Whistle:
    """Creates the whistle of a valid form, and calls its first organ."""
    check_to_come("come_by", data["come_by"], at)
    own = whistling_posts(user)[0]
    made = Whistle.numbers().draw(at)
    log.record(events.BLOWN, subject=log.Subject(Whistle.KIND, made), facts={"at": at.isoformat()})
    whistle = Whistle.objects.create(
        number=made,
        organ_id=own.organ,
        handler_id=own.post,
        category=data.get("category") or "",
        received_at=at,
        title=data["title"],
        matter_text=data["matter_text"],
        about=f"{source.kind} {source.pk}" if source else "",
    )
    if source:  # the link follows: whom the source recuses is not to be told of this either
        whistle.recused = adapter(source.kind).chain_subjects([source.pk])[source.pk].recused
    call(whistle, data["organ"], data["come_by"], at)
    return whistle


WHISTLES = register(
    RecordType(
        kind=Whistle.KIND,
        plural="whistles",
        title=_("吹哨"),
        several=pgettext_lazy("several", "吹哨"),
        model=Whistle,
        acts=WHISTLE_ACTS,
        adapter=AdapterWithSources,
        note="note",
        final=frozenset({WhistleState.SETTLED, WhistleState.CANCELLED}),
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("什么事"),
                F("title"),
                cell=Cell(
                    lambda one, reading: reading.link(one.KIND, one.number, one.title), css="title", labelled=False
                ),
            ),
            text("township", _("哪里吹哨"), F("organ__name"), cell=Cell(lambda one, reading: one.organ.called)),
            number("called", _("请了几个单位"), counted_calls()),
            number(
                "came",
                _("已报到"),
                counted_calls(Q(state=CallState.CAME)),
                cell=Cell(lambda one, reading: f"{one.came_count or 0} / {one.called_count}", css="nowrap"),
            ),
            state_column(WhistleState),
        ),
        listing=Listing(
            _("吹哨报到"),
            "whistles",
            shown=("light", "number", "title", "township", "came", "state"),
            joined=("organ", "handler"),
            row_css=light_of,
            caption=_("按期限排列的吹哨"),
            empty=_("还没有吹哨。乡镇、街道遇到自己解决不了的事，可以吹哨请部门到场。"),
        ),
        create=Create(
            WhistleForm,
            may_blow,
            blow,
            make_from=blow,
            form_arguments=lambda user: {"held": next(iter(whistling_posts(user)), None)},
            button=lambda user: _("吹哨"),
            sources=frozenset({"petition"}),
            receiver=township_of,
            prefilled={"title": "title", "matter_text": "words"},
        ),
        with_related=lambda found: Whistle.with_joined(found).prefetch_related("calls"),
        exported=Exported(),
        cards=(
            Card("calls", "inspection/calls.html", _calls, heading=_("谁来了"), shape=WhistleCalled),
            INSTRUCTIONS,
            FILES,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
            LINKS,
        ),
    )
)
MENU = (
    MenuItem("whistles", _("吹哨报到"), "flag", 43, reads_records, None, position, Whistle.objects.for_user),
    MenuItem("whistle_new", _("吹哨"), "plus", 69, may_blow),
)

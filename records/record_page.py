"""The page of one record, built from the declaration of its kind: head, acts, cards; and its addresses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from massline.methods import post_only
from records.cards import Card, Place
from records.kinds import RecordType
from records.models import Spill
from records.spills.reporting import may_report
from records.standard_cards import cards_of
from records.view import RecordView
from responsibility.act_pages import ActCard, ActPages, Failed, RefusedAct
from responsibility.desk.work_list import next_item
from responsibility.next_act import next_act
from responsibility.presentation import ObligationRow


@dataclass(frozen=True)
class ShownCard:
    """A card of one page; its facts stand in the page's context under the card's name."""

    template: str
    place: Place
    heading: Any
    acts: list[ActCard]


@dataclass(frozen=True)
class RecordPage:
    """What `desk/record.html` shows besides the facts of its cards."""

    number: str
    title: str
    state_label: Any
    organ: str
    handler: str
    owed: list[ObligationRow]
    acts: list[ActCard]
    """Those that stand in no card."""
    refused: list[RefusedAct]
    """Those that were filled in and cannot be done any more."""
    tags: list[ShownCard]
    head: list[ShownCard]
    main: list[list[ShownCard]]
    """Rows: of halves side by side, else of one card."""
    side: list[ShownCard]
    report_spill: str
    """The page on which this person reports that there are secrets in it; empty where they cannot."""


def record_page(
    kind: RecordType, request: DeskRequest, record: Any, *, failed: Failed | None = None, status: int = 200
) -> HttpResponse:
    """Renders the page of a record that exists for this person."""
    view, cards, pages = RecordView(kind, record, request.user), cards_of(kind), act_pages(kind)
    facts = {card.name: card.facts(view) for card in cards}
    typed = failed or pages.drafted(request, record, view.acts)
    acts = pages.cards(record, view.user, typed, view.acts)
    shown = [card for card in cards if facts[card.name] is not None]
    page = _page(view, shown, acts, pages.refused(request, record, acts))
    open_act = next_act(record, view.acts, view.user) if view.owed and not typed else ""
    way_on = next_item(request, view.user, kind.kind, record.pk)
    faulty = any(act.form.errors for act in acts)
    context = facts | {"page": page, "open_act": open_act, "next_item": way_on, "faulty": faulty}
    return render(request, "desk/record.html", context, status=status)


def _page(view: RecordView, cards: list[Card], acts: list[ActCard], refused: list[RefusedAct]) -> RecordPage:
    shown = [_shown(card, acts) for card in cards]
    elsewhere = frozenset[str]().union(*(card.acts for card in cards_of(view.kind)))
    return RecordPage(
        number=view.record.matter.key,
        title=view.about.title,
        state_label=view.about.state_label,
        organ=view.about.organ,
        handler="" if view.record.state in view.kind.final else view.handler,
        owed=view.owed,
        acts=[act for act in acts if act.slug not in elsewhere],
        refused=refused,
        tags=[card for card in shown if card.place == Place.TAG],
        head=[card for card in shown if card.place == Place.HEAD],
        main=list(_rows(card for card in shown if card.place in (Place.MAIN, Place.HALF))),
        side=[card for card in shown if card.place == Place.SIDE],
        report_spill=_report_spill(view),
    )


def _report_spill(view: RecordView) -> str:
    if not may_report(view.user) or view.kind.kind == Spill.KIND:
        return ""
    return reverse("report_spill", args=[view.kind.plural, view.record.matter.key])


def _shown(card: Card, acts: list[ActCard]) -> ShownCard:
    return ShownCard(card.template, card.place, card.heading, [act for act in acts if act.slug in card.acts])


def _rows(cards: Iterable[ShownCard]) -> Iterator[list[ShownCard]]:
    for place, group in groupby(cards, key=lambda card: card.place):
        if place == Place.HALF:
            yield list(group)
        else:
            yield from ([card] for card in group)


def act_pages(kind: RecordType) -> ActPages:
    """Returns the acts on records of a kind, with the pages around them."""
    return ActPages(
        acts=kind.acts,
        show=partial(record_page, kind),
        address=kind.kind,
        list_address=kind.listing.address,
        visible=kind.model._default_manager.for_user,  # type: ignore[attr-defined]
        drafts=kind.drafts,
        note=kind.note,
        to_show=lambda user, record: kind.or_404(user, record.matter.key),
    )


def record_paths(kind: RecordType) -> list[URLPattern]:
    """Returns the addresses of one record and of the acts on it, named by the kind and, for an act, with `_act`."""

    @login_required
    @never_cache
    @require_safe
    def one(request: DeskRequest, number: str) -> HttpResponse:
        return record_page(kind, request, kind.or_404(request.user, number))

    @login_required
    @never_cache
    @post_only(kind.kind, "number")
    def act(request: DeskRequest, number: str, slug: str) -> HttpResponse:
        return act_pages(kind).perform(request, kind.or_404(request.user, number, to_show=False), slug)

    base = f"desk/{kind.plural}/<slug:number>/"
    return [path(base, one, name=kind.kind), path(f"{base}acts/<slug:slug>/", act, name=f"{kind.kind}_act")]

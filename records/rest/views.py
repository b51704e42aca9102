"""The endpoints of one kind: its list, one record, its timeline, acts on it."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.http import HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.response import Response

from accounts.models import User
from accounts.tokens import SignedIn
from massline.acts import Invalid, NotVisible
from massline.pages import Page
from massline.rest import TooOften
from massline.rest_acts import open_acts
from massline.rest_endpoint import Endpoint
from massline.rest_forms import messages_of
from massline.rest_shapes import is_list, members
from records.files.acts import ADDING
from records.files.upload_limits import max_json_bytes, wait_before_adding
from records.filters import RecordFilter
from records.kinds import RecordType
from records.links import links_of, with_links
from records.list_pages import narrowed, page_of
from records.proposals.proposing import proposals_about, with_proposals
from records.rest.rows import rows_of
from records.rest.side import RestSide
from records.search import TooBroad
from records.standard_cards import cards_of
from records.timeline import timeline
from records.view import RecordView
from responsibility.performing import perform_from_json


def private(answer: Any, status: int = 200) -> Response:
    """Makes an answer that no proxy or cache may store."""
    return Response(answer, status=status, headers={"Cache-Control": "private, no-store"})


class KindView(Endpoint):
    """An endpoint of one kind."""

    kind: ClassVar[RecordType]
    rest: ClassVar[RestSide]
    filters: ClassVar[type[RecordFilter]]

    def in_full(self, record: Any, user: User) -> dict[str, Any]:
        """Returns one record's own answer: its row, what its kind adds, its obligations, its links, the open acts."""
        view = RecordView(self.kind, record, user)
        acts = open_acts(view.acts, record, user)
        (row,) = rows_of(self.kind, [record], view.now)
        return {
            **row,
            **(members(self.rest.more(record, user)) if self.rest.more else _of_cards(view)),
            "obligations": view.obligations,
            "links": view.linked,
            "acts": acts,
        }


def _of_cards(view: RecordView) -> dict[str, Any]:
    """Returns the facts of a record's cards."""
    shown = [card for card in cards_of(view.kind) if card.shape is not None]
    return {card.name: card.facts(view) or ([] if is_list(card.shape) else None) for card in shown}


class RecordList(KindView):
    def parameters(self) -> Collection[str]:
        return [*self.filters.base_filters, "cursor"]

    def get(self, request: SignedIn) -> HttpResponseBase:
        page = self._page(request.user, request.GET)
        return private(
            {
                "results": rows_of(self.kind, page.rows, timezone.now()),
                "next": page.next and request.build_absolute_uri(page.next),
                "previous": page.previous and request.build_absolute_uri(page.previous),
            }
        )

    def _page(self, user: User, query: QueryDict) -> Page:
        """Reads a page of the list as far as it exists for this person, narrowed by the query."""
        joined = self.rest.joined or getattr(self.kind.model, "JOINED", ())
        chosen = narrowed(self.kind, user, query, self.filters, joined)
        if not chosen.is_valid():
            raise Invalid(messages_of(chosen.form))
        try:
            return page_of(self.kind, chosen, query)
        except TooBroad:
            raise Invalid({"q": [_("要查的内容太多，请再加一个词，或者加上筛选条件")]}) from None


class OneRecord(KindView):
    def get(self, request: SignedIn, number: str) -> HttpResponseBase:
        return private(self.in_full(self.kind.visible(request.user, number), request.user))


class RecordTimeline(KindView):
    def get(self, request: SignedIn, number: str) -> HttpResponseBase:
        record = self.kind.visible(request.user, number)
        told = self.rest.timeline(record) if self.rest.timeline else timeline(record.matter, public=False)
        lines = with_links(told, links_of(record, request.user))
        return private({"results": with_proposals(lines, proposals_about(record, request.user))})


class RecordAct(KindView):
    max_body_bytes = staticmethod(max_json_bytes)

    def post(self, request: SignedIn, number: str, act: str) -> HttpResponseBase:
        record = self.kind.visible(request.user, number, to_show=False)
        if act in ADDING and (wait := wait_before_adding(request._request, record, request.user)):
            raise TooOften(wait)
        body = self.rest.act_body(request, record, act)
        chosen = self.kind.acts[act]
        done = perform_from_json(chosen, record, request.user, body)
        try:
            record = self.kind.visible(request.user, number)
        except NotVisible:
            return private({"number": number, "state": done.state, "gone": True})
        for name in chosen.reveals:
            setattr(record, name, getattr(done, name))
        return private(self.in_full(record, request.user))

"""Declares proposals as a kind of record: their list, page, REST and menu; and the page on which one is made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s

from accounts.desk import DeskRequest
from accounts.menu import MenuItem
from accounts.models import Kind, User
from massline.acts import ActError, Invalid, NotVisible
from massline.drafts.forms import come_back, with_draft
from massline.templatetags.front import short_day
from massline.time import local_day
from records.cards import Card
from records.columns import Cell, Column, Reading
from records.create_pages import visible_record
from records.creating import refusals_on_record
from records.filters import CommonFilter, RecordFilter
from records.kinds import RecordType, title_of
from records.kinds import register as register_kind
from records.listing import Listing
from records.proposals.acts import PROPOSAL_ACTS
from records.proposals.models import Proposal, ProposalState
from records.proposals.notifying import deciders
from records.proposals.proposing import ProposalForm, opened_by, proposable_kinds, propose, receiver
from records.proposals.subject import ProposalAdapter, describe
from records.rest.side import RestSide
from records.standard_cards import TIMELINE
from records.view import RecordView
from responsibility.act_pages import refusal_page
from responsibility.models import Organ
from responsibility.subjects import Matter, adapter
from responsibility.visibility import position


# --- The list -----------------------------------------------------------------------------------------------------
class ProposalFilter(RecordFilter):
    whose = django_filters.ChoiceFilter(
        label=gettext_lazy("范围"),
        choices=(("waits", gettext_lazy("待我决定")), ("mine", gettext_lazy("我提请的"))),
        empty_label=gettext_lazy("全部"),
        method="of_whom",
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=ProposalState.choices, empty_label=gettext_lazy("全部")
    )

    def of_whom(self, rows: QuerySet[Proposal], name: str, value: str) -> QuerySet[Proposal]:
        return rows.filter(**{value: True})


class ProposalRestFilter(ProposalFilter, CommonFilter):
    """The filters of proposals with those of every list of REST."""


def _title(proposal: Proposal, reading: Reading) -> SafeString:
    about = describe(proposal)
    return format_html('<a href="{}">{}</a>', about.url, about.title)


def _state(proposal: Any, reading: Reading) -> SafeString:
    css = "tag strong" if proposal.waits else "tag"
    return format_html(
        '<span class="{}">{}</span>', css, _("待您决定") if proposal.waits else describe(proposal).state_label
    )


COLUMNS = (
    Column("number", gettext_lazy("编号"), cell=Cell(lambda p, reading: p.number, css="number nowrap")),
    Column("title", gettext_lazy("拟办事项"), cell=Cell(_title, css="title", labelled=False)),
    Column(
        "proposed",
        gettext_lazy("提请新建"),
        cell=Cell(lambda p, reading: title_of(p.proposed)),
        value=lambda p, reading: p.proposed,
        field=s.CharField(help_text=gettext_lazy("提请新建的事项种类")),
    ),
    Column("state", gettext_lazy("状态"), cell=Cell(_state, css="nowrap")),
    Column(
        "made_by",
        gettext_lazy("提请人"),
        cell=Cell(lambda p, reading: p.made_by.name),
        value=lambda p, reading: p.made_by.name,
        field=s.CharField(),
    ),
    Column("organ", gettext_lazy("决定单位"), cell=Cell(lambda p, reading: p.organ.called)),
    Column(
        "made_on",
        gettext_lazy("提请日期"),
        cell=Cell(lambda p, reading: short_day(local_day(p.made_at)), css="nowrap"),
    ),
    Column("received_at", value=lambda p, reading: p.made_at, field=s.DateTimeField()),
    Column(
        "waits",
        value=lambda p, reading: p.waits,
        field=s.BooleanField(help_text=gettext_lazy("待您决定")),
    ),
)


# --- The page of one ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProposalEnd:
    """The record because of which something was proposed, or the one that was opened."""

    number: str
    title: str
    url: str


@dataclass(frozen=True)
class ProposalText:
    """The content of a proposal, and its decision."""

    kind: Annotated[str, gettext_lazy("提请新建的是什么")]
    made_by: str
    made_in: str
    made_at: datetime
    words: str
    reason: str
    answer: Annotated[str, gettext_lazy("不予采纳的理由")]
    source: Annotated[ProposalEnd | None, gettext_lazy("来自哪一件；您看不到的，为 null。")]
    opened: Annotated[ProposalEnd | None, gettext_lazy("由此办理的；您看不到的，为 null。")]
    undecidable: Annotated[bool, gettext_lazy("决定单位目前无人可以决定")]


def _text(view: RecordView) -> ProposalText:
    proposal: Proposal = view.record
    return ProposalText(
        kind=str(title_of(proposal.proposed)),
        made_by=proposal.made_by.name,
        made_in=proposal.made_in.name if proposal.made_in else "",
        made_at=proposal.made_at,
        words=proposal.words,
        reason=proposal.reason,
        answer=proposal.answer,
        source=_end(proposal.source, view.user),
        opened=_end(proposal.link.target, view.user) if proposal.link else None,
        undecidable=proposal.state == ProposalState.OPEN and not deciders(proposal),
    )


def _end(matter: Matter, user: User) -> ProposalEnd | None:
    """Returns the record at one end of a proposal, as far as it exists for this person."""
    found = adapter(matter.kind).describe([matter.pk], user).get(matter.pk)
    return ProposalEnd(matter.key, found.title, found.url) if found else None


def _concerns(user: User) -> bool:
    """Tells whether there is a proposal that this person has made or can decide."""
    return _may_be_concerned(user) and Proposal.objects.for_user(user).exists()


def _may_be_concerned(user: User) -> bool:
    return user.kind == Kind.OFFICIAL and bool(proposable_kinds())


WHOSE = OpenApiParameter(
    "whose", str, enum=["waits", "mine"], description=gettext_lazy("waits 待我决定，mine 我提请的")
)
PROPOSALS = register_kind(
    RecordType(
        kind=Proposal.KIND,
        plural="proposals",
        title=gettext_lazy("提请"),
        model=Proposal,
        acts=PROPOSAL_ACTS,
        final=frozenset({ProposalState.TAKEN, ProposalState.DECLINED, ProposalState.WITHDRAWN}),
        columns=COLUMNS,
        listing=Listing(
            heading=gettext_lazy("提请"),
            address="proposals",
            shown=tuple(column.name for column in COLUMNS if column.cell),
            joined=("organ", "made_by"),
            filters=ProposalFilter,
            order="made_at",
            newest_first=True,
            caption=gettext_lazy("我提请的，以及请本单位决定的"),
            empty=gettext_lazy("没有提请。您提请别人决定的，和等您决定的，都会列在这里。"),
        ),
        describe=describe,
        adapter=ProposalAdapter,
        menu=_concerns,
        with_related=lambda found: found.select_related("organ", "made_by", "made_in", "link"),
        obligations=lambda record: [],
        rest=RestSide(filterset=ProposalRestFilter, filters=(WHOSE,)),
        cards=(Card("proposal", "components/proposal.html", _text, shape=ProposalText), TIMELINE),
    )
)


# --- Making one ---------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose_from(request: DeskRequest, plural: str, number: str, kind: str) -> HttpResponse:
    """Shows the form on which an official proposes a record of a kind because of another; a fault keeps what was
    typed."""
    source = visible_record(request, plural, number)
    back = adapter(source.matter.kind).address(number)
    try:
        with refusals_on_record(kind):
            organ = receiver(kind, source, request.user)
            if request.method == "POST":
                proposal = propose(kind, request.POST, request.user, source)
                messages.success(request, _("已提请%(organ)s决定。") % {"organ": proposal.organ.called})
                return redirect(Proposal.KIND, proposal.number)
    except NotVisible:
        raise Http404 from None
    except Invalid as error:
        if error.form is None:
            raise Http404 from None
        form = error.form
        return come_back(request, form, lambda: _form_page(request, kind, source, organ, form, status=422))
    except ActError as error:
        return refusal_page(request, error, back)
    first = {"title": adapter(source.matter.kind).describe([source.matter.pk], request.user)[source.matter.pk].title}
    form = with_draft(request, request.path, lambda data: ProposalForm(data, initial=first))
    return _form_page(request, kind, source, organ, form)


def _form_page(
    request: DeskRequest, kind: str, source: Any, organ: Organ, form: Any, status: int = 200
) -> HttpResponse:
    matter: Matter = source.matter
    context = {
        "kind": title_of(kind),
        "number": matter.key,
        "organ": organ.called,
        "back_url": adapter(matter.kind).address(matter.key),
        "form": form,
    }
    return render(request, "desk/propose.html", context, status=status)


def _waiting(user: User) -> QuerySet[Proposal]:
    return Proposal.objects.waiting_for(user)


MENU = MenuItem(
    "proposals",
    gettext_lazy("提请"),
    "climb",
    40,
    _may_be_concerned,
    _waiting,
    lambda user: (position(user), opened_by(user)),
    Proposal.objects.for_user,
)

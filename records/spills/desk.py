"""Declares spills as a kind of record, and the page on which one is reported."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from accounts.menu import MenuItem
from accounts.models import User
from massline.acts import ActError
from massline.templatetags.front import short_day
from massline.time import local_day
from records import texts_elsewhere
from records.cards import Card
from records.columns import Cell, Reading, code, time
from records.create_pages import visible_record
from records.exporting import Exported
from records.kinds import RecordType, register, title_of
from records.listing import Listing
from records.publishing.duty import SECRECY
from records.spills.acts import SPILL_ACTS, FrozenText
from records.spills.models import Spill, SpillPlace, SpillState
from records.spills.reporting import PlaceForm, may_report, report
from records.standard_cards import CHAIN, INSTRUCTIONS, OBLIGATIONS, TIMELINE
from records.standard_columns import NUMBER, state_column
from records.view import RecordView
from responsibility.act_pages import refusal_page
from responsibility.people import position_of
from responsibility.subjects import Described, adapter


def describe(spill: Spill) -> Described:
    """Describes it by the number of what was frozen, and by none of its words."""
    return Described(
        title=_("泄密处置 %(kind)s %(number)s") % {"kind": title_of(spill.source_kind), "number": spill.source_key},
        url=reverse(Spill.KIND, args=[spill.number]),
        state_label=spill.get_state_display(),
        category="",
        organ=spill.organ.called,
        handler="",
        state=spill.state,
    )


def empty(rows: QuerySet[Any]) -> None:
    """Empties the reasons of decisions when the words of the record are erased."""
    if pks := list(rows.values_list("pk", flat=True)):
        texts_elsewhere.empty_about(Spill.KIND, *pks)


def _texts(view: RecordView) -> list[FrozenText] | None:
    """Returns the words that the act has just opened; for every other answer none."""
    return getattr(view.record, "frozen_texts", None)


def _of_secrecy_organ(user: User) -> bool:
    return may_report(user) and any(SECRECY in held.duties for held in position_of(user).held)


def _place(spill: Spill, reading: Reading) -> str:
    return spill.get_place_display()


def _received(spill: Spill, reading: Reading) -> str:
    return short_day(local_day(spill.received_at))


FROZEN_TEXTS = Card("frozen_texts", "components/frozen_texts.html", _texts, shape=list[FrozenText])
SUMMARY = Card("spill", "components/spill.html", lambda view: view.record)
COLUMNS = (
    NUMBER,
    code("source", gettext_lazy("冻结的事项"), F("source_key"), cell=Cell(lambda one, _: one.source_key, css="number")),
    state_column(SpillState),
    code("place", gettext_lazy("在哪里"), F("place"), dict(SpillPlace.choices), cell=Cell(_place)),
    code("organ", gettext_lazy("处置机构"), F("organ__name"), cell=Cell(lambda one, _: one.organ.called)),
    time("received", gettext_lazy("报告日期"), "received_at", cell=Cell(_received)),
)
SPILLS = register(
    RecordType(
        kind=Spill.KIND,
        plural="spills",
        title=gettext_lazy("泄密处置"),
        model=Spill,
        acts=SPILL_ACTS,
        final=frozenset({SpillState.RELEASED, SpillState.ERASED}),
        columns=COLUMNS,
        listing=Listing(
            heading=gettext_lazy("泄密处置"),
            address="spills",
            shown=tuple(column.name for column in COLUMNS),
            joined=("organ",),
            caption=gettext_lazy("因报告泄密而冻结的事项：只显示编号"),
            empty=gettext_lazy("没有冻结的事项。"),
        ),
        describe=describe,
        menu=_of_secrecy_organ,
        drafts=False,
        exported=Exported(),
        cards=(SUMMARY, FROZEN_TEXTS, INSTRUCTIONS, TIMELINE, OBLIGATIONS, CHAIN),
    )
)
MENU = MenuItem("spills", gettext_lazy("泄密处置"), "lock", 46, _of_secrecy_organ)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_on(request: DeskRequest, plural: str, number: str) -> HttpResponse:
    """Asks where the secret is, and freezes the record at once."""
    record = visible_record(request, plural, number)
    matter = record.matter
    if not may_report(request.user) or matter.kind == Spill.KIND:
        raise Http404
    form = PlaceForm(request.POST if request.method == "POST" else None)
    back = adapter(matter.kind).address(matter.key)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context: dict[str, Any] = {"form": form, "number": matter.key, "back_url": back}
        return render(request, "desk/spill.html", context, status=status)
    try:
        report(record, form.cleaned_data["place"], request.user, timezone.now())
    except ActError as error:
        return refusal_page(request, error, back)
    messages.success(request, _("%(number)s 已经冻结，并已报告保密审查机构。") % {"number": matter.key})
    return redirect("desk")

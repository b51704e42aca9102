"""The page for one act on many records of a kind: the records chosen on the list, the acts, and a result for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from accounts.models import User
from accounts.separation import refuse_page
from massline.acts import Act
from massline.drafts.box import box_of
from massline.drafts.content import Content
from massline.drafts.forms import come_back, posted_form, show_draft, texts_of
from massline.texts import one_line
from records.bulk import MAX_AT_ONCE, Result, Status, described_by_number, open_to, perform_each
from records.columns import Cell, Column, Reading, named
from records.kinds import BulkAct, RecordType
from records.table import Picks, table
from responsibility.subjects import CHOSEN_IN_MY_WORK

TITLE = gettext_lazy("批量办理")
TAGS = {
    Status.DONE: ("tag strong", gettext_lazy("已办理")),
    Status.ALREADY: ("tag", gettext_lazy("此前已办")),
    Status.REFUSED: ("tag bad", gettext_lazy("未办成")),
}


@dataclass(frozen=True)
class Line:
    """A chosen record. A number that does not exist for this person looks like one that does not exist at all."""

    number: str
    record: Any
    result: Result | None

    @property
    def refused(self) -> bool:
        return self.result is not None and self.result.status == Status.REFUSED

    @property
    def choosable(self) -> bool:
        return self.record is not None and (self.result is None or self.refused)


class WayBack(NamedTuple):
    address: str
    called: Any


class NextStep(NamedTuple):
    """The records to which an act was done, and the names of what can follow."""

    numbers: list[str]
    acts: str


def bulk_path(kind: RecordType) -> URLPattern:
    """Returns the address of the page."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def bulk(request: DeskRequest) -> HttpResponse:
        return bulk_page(kind, request)

    return path(f"desk/{kind.plural}/bulk/", bulk, name=f"{kind.kind}_bulk")


def bulk_page(kind: RecordType, request: DeskRequest) -> HttpResponse:
    """Shows the chosen records and the acts; with an act, does it and shows each result. What failed stays chosen."""
    acts = open_to(kind, request.user)
    if not acts:
        return refuse_page(request, str(TITLE))
    draft = box_of(request).find(request.path)
    if request.method != "POST" and draft is None:
        return redirect(kind.listing.address)
    sent = draft.data if draft and request.method != "POST" else request.POST
    numbers = list(dict.fromkeys(map(one_line, sent.getlist("listed" if "all" in sent else "number"))))
    page = _Page(kind, request, acts)
    if not numbers or len(numbers) > MAX_AT_ONCE:
        return page.render([], fault=_too_many() if numbers else _nothing(kind))
    found = described_by_number(kind, request.user, numbers)  # as they were: what is done may leave one's sight
    lines = [Line(number, found.get(number), None) for number in numbers]
    chosen = next((each for each in acts if each.act.slug == request.POST.get("act")), None)
    if chosen is None:
        left = _sent_for_nothing(request) or draft
        return page.render(lines, forms=_forms_of_draft(left, acts, request.user) if left else {})
    form = chosen.form(request.POST, request.user)
    if not form.is_valid():
        return come_back(request, form, lambda: page.render(lines, forms={chosen.act.slug: form}, status=422))
    given = MultiValueDict({name: request.POST.getlist(name) for name in form.fields})
    came = {result.number: result for result in perform_each(kind, chosen, numbers, request.user, given)}
    tried = [replace(line, result=came[line.number]) for line in lines]
    return page.render(tried, done=chosen, forms={chosen.act.slug: form})  # what was refused may be tried again


def _sent_for_nothing(request: DeskRequest) -> Content | None:
    """Returns what was typed where the page was sent without an act, as Enter in a check box does."""
    form = posted_form(request)
    return Content.of(request.POST, form.labels) if form else None


def _forms_of_draft(draft: Content, acts: Sequence[BulkAct], user: User) -> dict[str, BaseForm]:
    """Builds the forms of the acts as they were left; the one that was sent and refused is judged."""
    forms = {each.act.slug: each.form(draft.data, user) for each in acts}
    for slug, form in forms.items():
        show_draft(draft if slug == draft.data.get("act") else replace(draft, faulty=False), form)
    return forms


def _too_many() -> str:
    return ngettext(
        "一次最多办理 %(most)s 件，请分几次办理。", "一次最多办理 %(most)s 件，请分几次办理。", MAX_AT_ONCE
    ) % {"most": MAX_AT_ONCE}


def _nothing(kind: RecordType) -> str:
    return _("没有选中任何事项，请在%(list)s中勾选。") % {"list": kind.listing.heading}


@dataclass(frozen=True)
class _Page:
    kind: RecordType
    request: DeskRequest
    acts: Sequence[BulkAct]

    def render(
        self,
        lines: list[Line],
        *,
        fault: str = "",
        forms: Mapping[str, BaseForm] | None = None,
        done: BulkAct | None = None,
        status: int = 200,
    ) -> HttpResponse:
        results = [line.result.status for line in lines if line.result]
        shown = [self._act(each, lines, forms or {}) for each in self.acts]
        context = {
            "title": TITLE,
            "listing": self.kind.listing,
            "back": self._back(),
            "next": self._next(done.act, lines) if done else None,
            "fault": fault,
            "rows": _table(self.kind, lines, bool(done)) if lines else "",
            "counts": {status.value: results.count(status) for status in Status},
            "done": done and done.act,
            "again": any(line.choosable for line in lines),
            "acts": shown,
            "texts": {name: label for act in shown for name, label in texts_of(act["form"]).items()},
            "drafts": self.kind.drafts,
        }
        return render(self.request, "records/bulk.html", context, status=422 if fault else status)

    def _back(self) -> "WayBack":
        """Leads back to the list from which the records were chosen, as it was narrowed."""
        query = self.request.GET.copy()
        if CHOSEN_IN_MY_WORK in query:
            query.pop(CHOSEN_IN_MY_WORK)
            return WayBack(f"{reverse('desk')}?{query.urlencode()}".rstrip("?"), _("我的工作"))
        address = f"{reverse(self.kind.listing.address)}?{query.urlencode()}".rstrip("?")
        return WayBack(address, self.kind.listing.heading)

    def _next(self, done: Act, lines: list[Line]) -> "NextStep | None":
        """Offers the acts that follow this one, on the records to which it was done."""
        numbers = [line.number for line in lines if line.result and line.result.status != Status.REFUSED]
        others = (each.act for each in self.acts if each.act.slug != done.slug)
        follow = [act.label for act in others if not act.from_states.isdisjoint(done.to)]
        return NextStep(numbers, _("、").join(map(str, follow))) if numbers and follow else None

    def _act(self, bulk: BulkAct, lines: list[Line], forms: Mapping[str, BaseForm]) -> dict[str, Any]:
        act = bulk.act
        form = forms.get(act.slug) or bulk.form(None, self.request.user)
        return {
            "slug": act.slug,
            "label": act.label,
            "hint": bulk.hint,
            "form": form,
            "not_now": self._not_now(act, lines),
        }

    def _not_now(self, act: Act, lines: list[Line]) -> str:
        """Of how many the state does not allow this act, said before anybody presses the button."""
        states = [line.record.state for line in lines if line.choosable and line.record.state not in act.from_states]
        if not states:
            return ""
        labels = {str(value): str(label) for value, label in self.kind.states}
        named = _("、").join(labels.get(str(state), str(state)) for state in dict.fromkeys(states))
        words = {"many": len(states), "states": named}
        return (
            ngettext(
                "所选事项中有 %(many)s 件在“%(states)s”状态，现在办不了这一步。",
                "所选事项中有 %(many)s 件在“%(states)s”状态，现在办不了这一步。",
                len(states),
            )
            % words
        )


def _table(kind: RecordType, lines: list[Line], done: bool) -> SafeString:
    """Writes the table of chosen records, each with a ticked box while an act can still be done to it."""
    names = [name for name in kind.listing.chosen if not (done and name == "state")]
    columns = [NUMBER, *map(_of_record, named(kind.columns, *names)), *([RESULT] if done else [])]
    return table(
        columns,
        Reading([line.record for line in lines if line.record], timezone.now()),
        lines=lines,
        caption=_("所选事项"),
        picks=Picks("bulk", lambda line: line.number, checked=True, offered=lambda line: line.choosable),
        row_css=lambda line, reading: "red" if line.refused else "",
    )


def _of_record(column: Column) -> Column:
    """Adapts a column of the kind's list to lines that may have no record."""
    cell = column.cell
    assert cell is not None, column.name
    show = cell.show or column.value
    assert show is not None, column.name

    def shown(line: Line, reading: Reading) -> Any:
        return "—" if line.record is None else show(line.record, reading)

    return replace(column, cell=Cell(shown, css=cell.css, labelled=cell.labelled))


def _result(line: Line, reading: Reading) -> SafeString:
    assert line.result is not None
    tag = format_html('<span class="{}">{}</span>', *TAGS[line.result.status])
    return format_html("{} {}", tag, line.result.reason) if line.refused else tag


NUMBER = Column("number", gettext_lazy("编号"), value=lambda line, reading: line.number, cell=Cell(css="nowrap"))
RESULT = Column("result", gettext_lazy("结果"), cell=Cell(_result))

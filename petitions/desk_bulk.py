"""The page for one act on many petitions: what was chosen on the ledger, the acts, and a result for each."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from accounts.separation import refuse_page
from petitions import show
from petitions.bulk import FORMS, MOST, Result, Status, open_to, perform_each
from petitions.models import Demand


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: DeskRequest) -> HttpResponse:
    """Without an act: what was chosen, and what can be done. With one: the result of each; what failed stays chosen."""
    acts = open_to(request.user)
    if not acts:
        return refuse_page(request, str(_("批量办理")))
    if request.method != "POST":
        return redirect("ledger")
    numbers = list(dict.fromkeys(request.POST.getlist("listed" if "all" in request.POST else "number")))
    if not numbers or len(numbers) > MOST:
        return _page(request, acts, [], fault=_too_many() if numbers else _("没有选中任何事项，请在台账中勾选。"))
    act = next((each for each in acts if each.slug == request.POST.get("act")), None)
    if act is None:
        return _page(request, acts, numbers)
    form = FORMS[act.slug](request.POST, request.user)
    if not form.is_valid():
        return _page(request, acts, numbers, failed={act.slug: form})
    rows = _rows(request, numbers)  # as they were: what is done may leave one's sight
    given = {name: request.POST.get(name, "") for name in form.fields}
    results = perform_each(act, numbers, request.user, given)
    return _page(request, acts, numbers, rows=rows, results=results, done=act)


def _too_many() -> str:
    return ngettext("一次最多办理 %(most)s 件，请分几次办理。", "一次最多办理 %(most)s 件，请分几次办理。", MOST) % {
        "most": MOST
    }


def _rows(request: DeskRequest, numbers: list[str]) -> dict[str, dict[str, Any]]:
    """A line for each that exists for this person."""
    found = Demand.objects.for_user(request.user).select_related("petition", "organ", "handler")
    now = timezone.now()
    return {d.petition.number: show.summary(d, now) for d in found.filter(petition__number__in=numbers)}


def _page(
    request: DeskRequest,
    acts: list[Any],
    numbers: list[str],
    *,
    fault: str = "",
    failed: dict[str, Any] | None = None,
    rows: dict[str, Any] | None = None,
    results: list[Result] | None = None,
    done: Any = None,
) -> HttpResponse:
    rows = _rows(request, numbers) if rows is None else rows
    came = {result.number: result for result in results or []}
    lines = [_line(number, rows.get(number), came.get(number)) for number in numbers]
    counts = {status.value: sum(r.status == status for r in came.values()) for status in Status}
    context = {
        "fault": fault,
        "lines": lines,
        "results": bool(results),
        "counts": counts,
        "done": done,
        "again": any(line["choosable"] for line in lines),
        "acts": [
            {"slug": a.slug, "label": a.label, "form": (failed or {}).get(a.slug) or FORMS[a.slug](None, request.user)}
            for a in acts
        ],
    }
    return render(request, "desk/bulk.html", context, status=422 if fault or failed else 200)


def _line(number: str, row: dict[str, Any] | None, result: Result | None) -> dict[str, Any]:
    """A number that does not exist for this person looks like one that does not exist."""
    return {
        "number": number,
        "row": row,
        "url": reverse("petition", args=[number]) if row else "",
        "choosable": row is not None and (result is None or result.status == Status.REFUSED),
        "status": result.status.value if result else "",
        "reason": result.reason if result else "",
    }

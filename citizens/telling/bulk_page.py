"""The page that tells many letters at once, with a result for each."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.desk import DeskRequest
from citizens.telling.bulk import MAX_AT_ONCE, Result, tell_each
from citizens.telling.forms import TellManyForm
from citizens.telling.queue import BULK_ID, address_of, letter_title, queue_page, to_tell
from massline.keys import NotAKey, id_of
from massline.methods import post_only
from records.bulk import Status


@login_required
@never_cache
@post_only("letters")
def tell_many(request: DeskRequest) -> HttpResponse:
    """Records for each letter chosen in the queue that the citizen has been told."""
    wanted = [_id(key) for key in dict.fromkeys(request.POST.getlist("listed" if "all" in request.POST else "letter"))]
    form = TellManyForm(request.POST, auto_id=BULK_ID)
    if not wanted or len(wanted) > MAX_AT_ONCE:
        fault = (
            _("一次最多告知 %(most)s 份，请分几次办理。") % {"most": MAX_AT_ONCE} if wanted else _("没有选中任何文书。")
        )
        return _page(request, fault=fault)
    if not form.is_valid():
        return queue_page(request, many=form, picked=request.POST.getlist("letter"), status=422)
    visible = list(to_tell(request.user).filter(pk__in=[pk for pk in wanted if pk]))
    return _page(request, tell_each(wanted, visible, request.user, **form.cleaned_data))


def _id(key: str) -> int | None:
    try:
        return id_of("letter", key)
    except NotAKey:
        return None


def _page(request: DeskRequest, results: list[Result] | None = None, fault: str = "") -> HttpResponse:
    results = results or []
    counts = {status.value: sum(r.status == status for r in results) for status in Status}
    context = {"lines": [_line(result) for result in results], "counts": counts, "fault": fault}
    return render(request, "desk/letters_bulk.html", context, status=422 if fault else 200)


def _line(result: Result) -> dict[str, Any]:
    letter = result.letter
    return {
        "number": letter.record.matter.key if letter else "",
        "url": address_of(letter.record) if letter else "",
        "letter": letter_title(letter) if letter else "",
        "status": result.status.value,
        "reason": result.reason,
    }

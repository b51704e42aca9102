"""Makes the weekly bulletin of a kind as PDF; the same data always give the same bytes."""

import hashlib
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from audit import events, log
from massline.time import today
from records.documents.pages import not_made
from records.documents.pdf import NotTypeset, as_pdf
from records.figures.periods import finished_weeks
from records.kinds import counted_kinds
from reports import dashboard, figures_cache

TEMPLATE = Path(__file__).parent / "bulletin.typ"
BACK = 12
"""Weeks for which a bulletin can be made."""


@login_required
@never_cache
@require_safe
def bulletin(request: DeskRequest, year: int, number: int) -> HttpResponse:
    """Sends one finished week as PDF, with an event that has its hash."""
    week = next((w for w in finished_weeks(today(), BACK) if w.first.isocalendar()[:2] == (year, number)), None)
    kind = dashboard.chosen_kind(request, [each for each in counted_kinds(request.user) if each.bulletin])
    if week is None or kind is None or kind.bulletin is None:
        raise Http404
    found = figures_cache.latest(kind.kind, "bulletin", request.user, week)
    if found is None:
        context = {"week": week, "title": kind.bulletin.title, "back": dashboard.address(kind)}
        return dashboard.waiting(render(request, "desk/bulletin_wait.html", context))
    paper = kind.bulletin.paper(found)
    try:
        pdf = as_pdf(TEMPLATE, paper)
    except NotTypeset as error:
        return not_made(request, kind.bulletin.title, error, dashboard.address(kind))
    return _handed_out(pdf, paper.title, f"{year}-W{number:02d}", kind.bulletin.prefix)


def _handed_out(pdf: bytes, title: str, week: str, prefix: str) -> HttpResponse:
    facts = {"what": title, "week": week, "sha256": hashlib.sha256(pdf).hexdigest()}
    with transaction.atomic():
        log.record(events.EXPORTED, subject=log.Subject("bulletin", week), facts=facts)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{prefix}-{week}.pdf"'
    return response

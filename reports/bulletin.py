"""The weekly bulletin of a kind as PDF, set by typst; the same data always give the same bytes."""

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from audit import events, log
from massline.time import today
from records.figures.bulletin import Paper
from records.figures.periods import finished_weeks
from records.kinds import counted_kinds
from reports import dashboard, snapshots

TEMPLATE = Path(__file__).parent / "bulletin.typ"
BACK = 12
"""Weeks for which a bulletin can be made."""


@login_required
@never_cache
@require_safe
def bulletin(request: DeskRequest, year: int, number: int) -> HttpResponse:
    """One finished week as PDF; each making is on record with the hash of what was given out."""
    week = next((w for w in finished_weeks(today(), BACK) if w.first.isocalendar()[:2] == (year, number)), None)
    kind = dashboard.chosen_kind(request, [each for each in counted_kinds(request.user) if each.bulletin])
    if week is None or kind is None or kind.bulletin is None:
        raise Http404
    found = snapshots.latest(kind.kind, "bulletin", request.user, week)
    if found is None:
        context = {"week": week, "title": kind.bulletin.title, "back": dashboard.address(kind)}
        return dashboard.waiting(render(request, "desk/bulletin_wait.html", context))
    paper = kind.bulletin.paper(found)
    pdf = compiled(paper)
    with transaction.atomic():
        facts = {"what": paper.title, "week": f"{year}-W{number:02d}", "sha256": hashlib.sha256(pdf).hexdigest()}
        log.record(events.EXPORTED, subject=log.Subject("bulletin", f"{year}-W{number:02d}"), facts=facts)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{kind.bulletin.prefix}-{year}-W{number:02d}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def compiled(paper: Paper) -> bytes:
    """The paper as PDF."""
    return typst.compile(str(TEMPLATE), font_paths=list(_fonts()), sys_inputs=given(paper), format="pdf")


def given(paper: Paper) -> dict[str, str]:
    """The paper as typst takes it: JSON in one string, which can only be printed."""
    return {"data": json.dumps(asdict(paper), ensure_ascii=False, sort_keys=True)}


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    """The faces that come with the project; an office's own FangSong and XiaoBiaoSong come first where they are."""
    paths = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    return tuple(sorted({str(Path(path).parent) for path in paths}))

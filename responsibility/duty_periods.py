"""Adapts periods of recurring duties for the shared parts, and shows the page of one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import Kind, User
from audit.events import EVENTS
from audit.log import Subject
from audit.models import AuditEvent
from massline.time import long_form
from responsibility import fulfilments
from responsibility.adapters import ModelAdapter
from responsibility.chain import chain
from responsibility.models import DutyPeriod, Obligation
from responsibility.people import position_of
from responsibility.presentation import (
    chain_links,
    escalations_about,
    goal_of_event,
    instructions_of,
    obligation_row,
    reached_level,
)
from responsibility.rules import rule
from responsibility.subjects import Described

TITLE = gettext_lazy("经常性职责")
"""What one is called."""


def visible_periods(user: User) -> QuerySet[DutyPeriod]:
    """Queries the periods of this person's organs and those below; inspectors and auditors see all."""
    if not user.is_active:
        return DutyPeriod.objects.none()
    if user.kind in (Kind.INSPECTOR, Kind.AUDITOR):
        return DutyPeriod.objects.all()
    if user.kind != Kind.OFFICIAL:
        return DutyPeriod.objects.none()
    where = position_of(user)
    return DutyPeriod.objects.filter(post__organ__in=where.organs | where.below)


def title(period: DutyPeriod) -> str:
    """Returns the title of a period: the duty, and its days."""
    words = {
        "goal": rule(period.rule).shown_title,
        "since": long_form(period.since),
        "last": long_form(period.last_day),
    }
    return _("%(goal)s（%(since)s至%(last)s）") % words


class DutyPeriods(ModelAdapter):
    """Periods of recurring duties as subjects of obligations. No holiday moves them: they follow the calendar year."""

    def visible(self, user: Any) -> QuerySet[DutyPeriod]:
        return visible_periods(user)

    def described(self, record: DutyPeriod) -> Described:
        return Described(
            title=title(record),
            url=self.address(record.number),
            state_label=record.get_state_display(),
            category="",
            organ=record.post.organ.called,
            handler=record.post.called,
        )


def _timeline(period: DutyPeriod) -> list[dict[str, Any]]:
    """Returns the timeline of a period, oldest first."""
    events = AuditEvent.objects.about(Subject(period.KIND, period.number)).order_by("id")
    return [
        {
            "at": parse_datetime(event.facts.get("at", "")) or event.at,
            "sentence": EVENTS[event.name].say(event.facts | {"goal": goal_of_event(event.facts)}),
        }
        for event in events
        if "rule" in event.facts
    ]


@login_required
@never_cache
@require_safe
def duty_period(request: DeskRequest, number: str) -> HttpResponse:
    """The page of one period: who owes what until when, and how it has climbed."""
    period = get_object_or_404(visible_periods(request.user).select_related("post__organ"), number=number)
    now, steps = timezone.now(), escalations_about(DutyPeriod.KIND, period.pk)
    owed = Obligation.objects.about(DutyPeriod.KIND, period.pk).select_related("organ", "post").order_by("opened_at")
    context = {
        "period": period,
        "goal": rule(period.rule).shown_title,
        "obligations": [obligation_row(o, now, steps=True) for o in owed],
        "timeline": _timeline(period),
        "fulfilled_by": fulfilments.of(period, request.user),
        "chain": chain_links(chain(period.chain_subject(), now), reached_level(steps)),
        "instructions": instructions_of(steps),
    }
    return render(request, "desk/duty_period.html", context)

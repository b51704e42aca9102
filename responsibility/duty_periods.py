"""How the shared parts see one period of a recurring duty, and its page."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import Kind, User
from audit.events import EVENTS
from audit.log import Subject
from audit.models import AuditEvent
from massline.acts import lock_alone
from responsibility import obligations
from responsibility.chain import chain
from responsibility.models import DutyPeriod, Obligation
from responsibility.people import standing
from responsibility.rules import rule
from responsibility.show import escalations_about, goal_in, instructions, links, obligation, reached
from responsibility.subjects import Described, ImportOrigin, Ordered, Work


def visible_periods(user: User) -> QuerySet[DutyPeriod]:
    """What posts of this person's organs owe, and of those below; inspectors and auditors see all."""
    if user.kind in (Kind.INSPECTOR, Kind.AUDITOR):
        return DutyPeriod.objects.all()
    if user.kind != Kind.OFFICIAL:
        return DutyPeriod.objects.none()
    where = standing(user)
    return DutyPeriod.objects.filter(post__organ__in=where.organs | where.below)


def title(period: DutyPeriod) -> str:
    """What is owed, and for which days."""
    words = {
        "goal": rule(period.rule).shown_title,
        "since": formats.date_format(period.since),
        "last": formats.date_format(period.last_day),
    }
    return _("%(goal)s（%(since)s至%(last)s）") % words


class DutyPeriods:
    """Periods of recurring duties as subjects of obligations."""

    def works(self, pks: Collection[int]) -> dict[int, Work]:
        return {period.pk: period.work() for period in DutyPeriod.objects.filter(pk__in=pks).select_related("post")}

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        return {}

    def lock(self, pk: int) -> None:
        lock_alone(DutyPeriod, pk)

    def dates_moved(self, pk: int, record: Any = None) -> None:
        """A period is a matter of the calendar year; no holiday moves it."""

    def last_change(self, record: DutyPeriod, actor: Any) -> str:
        return record.get_state_display()

    def reassign(self, pk: int, organ: int, post: int) -> None:
        obligations.hand_over(DutyPeriod.locked(pk).matter, Work(organ, post=post))

    def takers(self, work: Work, organ: int) -> Q:
        return Q()

    def describe(self, pks: Collection[int], user: Any) -> dict[int, Described]:
        found = visible_periods(user).filter(pk__in=pks).select_related("post__organ")
        return {
            period.pk: Described(
                title=title(period),
                url=self.address(period.number),
                state_label=period.get_state_display(),
                category="",
                organ=period.post.organ.name,
                handler=period.post.name,
            )
            for period in found
        }

    def ordered(self, pks: Collection[int]) -> dict[tuple[int, str, int], Ordered]:
        return {}

    def visible_to(self, user: Any) -> Any:
        return visible_periods(user).values("pk")

    def walled_from(self, user: Any, key: Combinable) -> Exists:
        return Exists(DutyPeriod.objects.none())

    def recused_from(self, user: Any) -> Any:
        return DutyPeriod.objects.none().values("pk")

    def waiting_for(self, user: Any) -> Any:
        return DutyPeriod.objects.none().values("pk")

    def address(self, key: str) -> str:
        return reverse("duty_period", args=[key])


def _timeline(period: DutyPeriod) -> list[dict[str, Any]]:
    """What happened to it, oldest first."""
    events = AuditEvent.objects.about(Subject(period.KIND, period.number)).order_by("id")
    return [
        {
            "at": parse_datetime(event.facts.get("at", "")) or event.at,
            "sentence": EVENTS[event.name].say(event.facts | {"goal": goal_in(event.facts)}),
        }
        for event in events
        if "rule" in event.facts
    ]


@login_required
@never_cache
@require_safe
def duty_period(request: DeskRequest, number: str) -> HttpResponse:
    """One period: who owes what until when, and how it has climbed."""
    period = get_object_or_404(visible_periods(request.user).select_related("post__organ"), number=number)
    now, steps = timezone.now(), escalations_about(DutyPeriod.KIND, period.pk)
    owed = Obligation.objects.about(DutyPeriod.KIND, period.pk).select_related("organ", "post").order_by("opened_at")
    context = {
        "period": period,
        "goal": rule(period.rule).shown_title,
        "obligations": [obligation(o, now, steps=True) for o in owed],
        "timeline": _timeline(period),
        "chain": links(chain(period.work(), now), reached(steps)),
        "instructions": instructions(steps),
    }
    return render(request, "desk/duty_period.html", context)

"""What leaders of the city do: they answer some of what has climbed to them, and read their notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from audit import log
from audit.context import SYSTEM, acting
from massline.acts import perform
from massline.time import instant, local_day
from responsibility import events
from responsibility.acts import LEADER_ACTS
from responsibility.calendar import calendar
from responsibility.deadlines import add_working_days
from responsibility.models import Escalation, Notice

if TYPE_CHECKING:
    from responsibility.demo.play import Play

READ_BY_NOW = timedelta(days=4)
NOT_FIELDS = {"step", "after", "hour", "by", "act"}
"""Of an answer."""


class Leaders:
    """Answer what stories say that they answer; the rest waits on their desks."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self._answers: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._seen = 0

    def will_answer(self, number: str, answers: Iterable[dict[str, Any]]) -> None:
        """Says what is answered when the record of this number climbs to a `step`: `by` whom, which `act`, and when.

        `after` counts working days from the notice, `hour` is in Shanghai; other keys are fields of the act.
        """
        for answer in answers:
            self._answers[number, answer["step"]].append(answer)

    def plan(self) -> None:
        """Plans the answers to what has climbed since the last time."""
        climbed = Escalation.objects.filter(pk__gt=self._seen).select_related("obligation").order_by("pk")
        for escalation in climbed:
            self._seen = escalation.pk
            for answer in self._answers[escalation.obligation.subject_key, escalation.step]:
                self._plan_answer(escalation, answer)

    def _plan_answer(self, escalation: Escalation, answer: dict[str, Any]) -> None:
        told = local_day(escalation.noticed_at)
        day = add_working_days(told - timedelta(days=1), answer["after"] + 1, calendar())
        fields = {name: value for name, value in answer.items() if name not in NOT_FIELDS}
        leader = self.play.people[answer["by"]]

        def do(at: datetime) -> None:
            perform(LEADER_ACTS[answer["act"]], Escalation, escalation.pk, leader, fields, at=at)

        self.play.at(instant(datetime.combine(day, time(answer["hour"], escalation.pk * 7 % 60))), do)


def read_notices(now: datetime) -> None:
    """Old notices have been read, within a working day of their arrival."""
    with acting(SYSTEM):
        log.record(events.NOTICE_READ)
        old = Notice.objects.filter(read_at=None, told_at__lt=now - READ_BY_NOW)
        for notice in old:
            notice.read_at = min(notice.told_at + timedelta(hours=9 + notice.pk % 8), now)
        Notice.objects.bulk_update(old, ["read_at"], batch_size=500)

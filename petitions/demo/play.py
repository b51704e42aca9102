"""Ninety days played forward: what was filed, what was done about it and one sweep a day, in the order of time.

Every step goes through the same code as a page or a request, at its own moment. What has not happened by the moment of
loading does not happen.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from audit import log
from audit.context import SYSTEM, acting, actor_of
from massline.acts import perform
from massline.time import instant, local_day, local_time
from petitions import filing
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.demo import grow
from petitions.demo.data import read
from petitions.forms import ClerkFilingForm, FilingForm
from petitions.models import Channel, Demand, Petitioner, Telling
from petitions.telling.acts import tell
from petitions.telling.models import TellingState
from petitions.transfers.acts import TRANSFER_ACTS
from petitions.transfers.models import Transfer
from petitions.visibility import Citizen
from responsibility import events
from responsibility.acts import LEADER_ACTS
from responsibility.calendar import calendar
from responsibility.clock import add_working_days, next_working_day
from responsibility.models import Appointment, Escalation, EscalationState, Notice
from responsibility.sweep import sweep

SWEPT_AT = time(0, 5)
APART = timedelta(minutes=7)
TOLD_BY_NOW = timedelta(days=3)
"""Whoever had to be told before that has been told; the rest waits in the queue."""
FORGOTTEN, FORGOTTEN_EVERY, NEVER_TOLD = 20, 25, 4
"""So many letters were forgotten until they were late, one of so many; every fourth of them lies there still."""
LEFT_LYING = timedelta(days=12)
"""Long enough ago for what was forgotten to have been found."""
READ_BY_NOW = timedelta(days=4)
MINUTES = (4, 17, 26, 33, 41, 52, 9, 48, 21, 37)


class DemoError(Exception):
    """The files of the demo do not fit the code: which petition and which step."""


class Play:
    """A queue of what happens next, by its moment."""

    def __init__(self, people: dict[str, User], now: datetime) -> None:
        self.people = people
        self.now = now
        self.today: date = local_day(now)
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = count()
        self._titles: dict[str, str] = {}
        self._answers: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._answered: set[int] = set()
        self._tellers: dict[int, list[User]] = {}
        self._to_tell = self._forgotten = 0

    def run(self) -> None:
        petitions = [*read("petitions")["petition"], *grow.petitions()]
        for number, petition in enumerate(petitions):
            self._plan_petition(number, petition)
        for answer in read("leaders")["answer"]:
            self._answers[answer["petition"], answer["step"]].append(answer)
        first = max(petition["day"] for petition in petitions)
        for ago in range(first, -1, -1):
            self._at(self._moment(ago, SWEPT_AT), self._sweep)
        while self._queue:
            moment, _order, happens = heapq.heappop(self._queue)
            happens(moment)
        self._sweep(self.now)
        self._read_notices()

    def _at(self, moment: datetime, happens: Callable[[datetime], None]) -> None:
        if moment <= self.now:
            heapq.heappush(self._queue, (moment, next(self._order), happens))

    def _moment(self, days_ago: int, at: time) -> datetime:
        return instant(datetime.combine(self.today - timedelta(days=days_ago), at))

    # --- Petitions ---------------------------------------------------------------------------------------------------

    def _plan_petition(self, number: int, petition: dict[str, Any]) -> None:
        """The filing and its story. What the file puts later than now happened a moment ago."""
        story = petition.get("story", [])
        minute = MINUTES[number % len(MINUTES)]
        filed = self._moment(petition["day"], time(petition["hour"], minute))
        moments = [filed]
        for order, step in enumerate(story):
            moment = self._moment(petition["day"] - step["after"], time(step["hour"], (minute + 13 * order) % 60))
            if step["by"] != "citizen":
                moment = self._working(moment)
            moments.append(max(moment, moments[-1] + APART))
        late = moments[-1] - self.now + timedelta(minutes=2)
        if late > timedelta(0):
            latest = self.now - timedelta(minutes=2)
            moments = [min(m, latest - APART * (len(story) - n)) for n, m in enumerate(moments)]
        self._at(moments[0], lambda at: self._file(petition, moments[1:], at))

    def _working(self, moment: datetime) -> datetime:
        """Officials act on working days; where the next one lies ahead of now, it was the day itself."""
        local = local_time(moment)
        shifted = instant(datetime.combine(next_working_day(local.date(), calendar()), local.time()))
        return shifted if shifted <= self.now else moment

    def _file(self, petition: dict[str, Any], moments: list[datetime], at: datetime) -> None:
        channel = petition["channel"]
        form_class = FilingForm if channel == Channel.WEB else ClerkFilingForm
        form = form_class({**petition, **petition["petitioner"]})
        if not form.is_valid():
            raise DemoError(f"{petition['title']}: {form.errors.as_json(escape_html=False)}")
        lists = {name: petition.get(name, []) for name in ("complained_about", "representatives")}
        data = {**form.cleaned_data, **lists}
        by = None if channel == Channel.WEB else self.people["clerk"]
        with acting(actor_of(by)):
            filed = filing.file(data, channel=channel, received_at=at, actor=by)
        demand = filed.petition.demands.get()
        self._titles[filed.petition.number] = petition["title"]
        for step, moment in zip(petition.get("story", []), moments, strict=True):
            self._at(moment, lambda then, step=step: self._step(petition, demand, step, then))  # type: ignore[misc]

    def _step(self, petition: dict[str, Any], demand: Demand, step: dict[str, Any], at: datetime) -> None:
        data = {name: value for name, value in step.items() if name not in {"after", "hour", "by", "act"}}
        if step["act"] == "register":
            data = {name: petition[name] for name in ("category", "region", "purpose")} | data
        by_citizen = step["by"] == "citizen"
        actor: Any = Citizen(demand.petition_id) if by_citizen else self.people[step["by"]]
        try:
            if step["act"] == "receipt":  # for an accusation that was handed over
                line = Transfer.objects.get(demand=demand.pk)
                perform(TRANSFER_ACTS["receipt"], Transfer, line.pk, actor, data | {"receipt_on": at.date()}, at=at)
            else:
                act = (CITIZEN_ACTS if by_citizen else OFFICIAL_ACTS)[step["act"]]
                perform(act, Demand, demand.pk, actor, data, at=at)
        except Exception as error:
            fault = getattr(error, "errors", None) or getattr(error, "message", error)
            raise DemoError(f"{petition['title']}, {step['act']} by {step['by']}: {fault}") from error
        for telling in Telling.objects.filter(demand=demand.pk, made_at=at):
            self._plan_telling(telling)

    # --- Tellings, leaders, notices ----------------------------------------------------------------------------------

    def _plan_telling(self, telling: Telling) -> None:
        """Told on the next working day; a few too late, and some of those not at all."""
        owed = telling.owed
        if owed is None:  # that an accusation was handed over
            self._plan_told(telling, telling.made_at, 1, TOLD_BY_NOW)
            return
        assert owed.due_at is not None
        late = telling.made_at < owed.due_at < self.now - LEFT_LYING
        if late and telling.letter != "answered" and self._is_forgotten():  # an opinion may be returned meanwhile
            if self._forgotten % NEVER_TOLD:
                self._plan_told(telling, owed.due_at - timedelta(seconds=1), 2)
        else:
            self._plan_told(telling, telling.made_at, 1, TOLD_BY_NOW)

    def _is_forgotten(self) -> bool:
        self._to_tell += 1
        if self._to_tell % FORGOTTEN_EVERY or self._forgotten == FORGOTTEN:
            return False
        self._forgotten += 1
        return True

    def _plan_told(self, telling: Telling, since: datetime, days: int, rest: timedelta = timedelta(0)) -> None:
        day = add_working_days(local_day(since), days, calendar())
        moment = instant(datetime.combine(day, time(9 + telling.pk % 8, MINUTES[telling.pk % len(MINUTES)])))
        if moment <= self.now - rest:
            self._at(moment, lambda at: self._tell(telling.pk, at))

    def _tell(self, pk: int, at: datetime) -> None:
        telling = Telling.objects.select_related("demand__petition").get(pk=pk)
        user = next((user for user in self._tellers_of(telling.office_id) if telling.roles_of(user)), None)
        if user is None or telling.state != TellingState.WAITING:  # handed over or returned meanwhile
            return
        how = Petitioner.objects.values_list("tell_by", flat=True).get(petition=telling.demand.petition_id)
        with acting(actor_of(user)):
            tell(pk, user, how, at)

    def _tellers_of(self, office: int) -> list[User]:
        """Whoever receives petitions in the organ tells; about whom the petition is, somebody else does."""
        if office not in self._tellers:
            held = Appointment.objects.on(self.today).filter(post__organ=office).select_related("user")
            self._tellers[office] = [a.user for a in held.order_by("-post__is_intake", "-post__is_top", "post")]
        return self._tellers[office]

    def _sweep(self, at: datetime) -> None:
        swept = sweep(at)
        if swept.failed or swept.remaining:
            raise DemoError(f"sweep at {at}: {swept}")
        if swept.escalated:
            self._plan_answers()

    def _plan_answers(self) -> None:
        """Some leaders answer what has climbed to them; what nobody answers here waits on their desks."""
        waiting = Escalation.objects.filter(state=EscalationState.SENT).exclude(pk__in=self._answered)
        for escalation in waiting.select_related("obligation"):
            self._answered.add(escalation.pk)
            title = self._titles.get(escalation.obligation.subject_key, "")
            for answer in self._answers[title, escalation.step]:
                told = local_day(escalation.noticed_at)
                day = add_working_days(told - timedelta(days=1), answer["after"] + 1, calendar())
                moment = instant(datetime.combine(day, time(answer["hour"], MINUTES[escalation.pk % len(MINUTES)])))
                self._at(moment, self._answer_of(escalation.pk, answer))

    def _answer_of(self, pk: int, answer: dict[str, Any]) -> Callable[[datetime], None]:
        def happens(at: datetime) -> None:
            data = {name: answer[name] for name in ("text",) if name in answer}
            perform(LEADER_ACTS[answer["act"]], Escalation, pk, self.people[answer["by"]], data, at=at)

        return happens

    def _read_notices(self) -> None:
        """Old notices have been read, within a working day of their arrival."""
        with acting(SYSTEM):
            old = Notice.objects.filter(read_at=None, told_at__lt=self.now - READ_BY_NOW)
            log.record(events.NOTICE_READ)
            for notice in old:
                notice.read_at = min(notice.told_at + timedelta(hours=9 + notice.pk % 8), self.now)
                notice.save(update_fields=["read_at"])

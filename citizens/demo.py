"""Plays the officials of the demo who tell citizens (告知) on the next working day; they forget a few letters until
these are late, some for good."""

from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import User
from audit.context import acting, actor_of
from citizens.models import CitizenNotification, NotificationState
from citizens.telling.acts import note_served, tell
from massline.time import instant, local_day
from responsibility.calendar import calendar
from responsibility.deadlines import add_working_days
from responsibility.demo.play import Play
from responsibility.models import Appointment

TOLD_BY_NOW = timedelta(days=3)
"""The age from which every letter has been told; newer ones may wait in the queue."""
FORGOTTEN, FORGOTTEN_EVERY, NEVER_TOLD = 20, 25, 4
"""The number of forgotten letters, how seldom one is forgotten, and which of them are never told (every fourth)."""
LEFT_LYING = timedelta(days=12)
"""The time after which a forgotten letter has been found."""

BY_POST, RECEIPT_LOST = timedelta(days=4), 7
"""How long after a letter was sent its receipt comes back, and how seldom one does not (every seventh)."""


class Tellers:
    """The officials who tell citizens in each office, and the letters they forget."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self._of: dict[int, list[User]] = {}
        self._to_tell = self._forgotten = 0

    def plan(self, record: Any, at: datetime) -> None:
        """Plans when the citizen is told each letter that an act has just issued."""
        for letter in CitizenNotification.objects.about(record.KIND, record.pk).filter(made_at=at):
            self._plan(letter)

    def _plan(self, letter: CitizenNotification) -> None:
        owed = letter.owed
        if owed is None:  # the letter about an accusation that was handed over
            self._plan_told(letter, letter.made_at, 1, TOLD_BY_NOW)
            return
        assert owed.due_at is not None
        late = letter.made_at < owed.due_at < self.play.now - LEFT_LYING
        if late and letter.letter != "answered" and self._is_forgotten():  # an opinion may be returned meanwhile
            if self._forgotten % NEVER_TOLD:
                self._plan_told(letter, owed.due_at - timedelta(seconds=1), 2)
        else:
            self._plan_told(letter, letter.made_at, 1, TOLD_BY_NOW)

    def _is_forgotten(self) -> bool:
        self._to_tell += 1
        if self._to_tell % FORGOTTEN_EVERY or self._forgotten == FORGOTTEN:
            return False
        self._forgotten += 1
        return True

    def _plan_told(
        self, letter: CitizenNotification, since: datetime, days: int, rest: timedelta = timedelta(0)
    ) -> None:
        day = add_working_days(local_day(since), days, calendar())
        moment = instant(datetime.combine(day, time(9 + letter.pk % 8, letter.pk * 7 % 60)))
        if moment <= self.play.now - rest:
            self.play.at(moment, lambda at: self._tell(letter.pk, at))

    def _tell(self, pk: int, at: datetime) -> None:
        letter = CitizenNotification.objects.select_related("filing").get(pk=pk)
        user = next((user for user in self._in(letter.office_id) if letter.roles_of(user)), None)
        if user is None or letter.state != NotificationState.WAITING:  # handed over or returned meanwhile
            return
        with acting(actor_of(user)):
            told = tell(pk, user, letter.filing.tell_by, at)
        if told.served_on is None:
            self.play.at(at + BY_POST, lambda at: self._note_served(pk, user, at))

    def _note_served(self, pk: int, user: User, at: datetime) -> None:
        """The receipt has come back: the letter arrived the day before."""
        letter = CitizenNotification.objects.get(pk=pk)
        if letter.roles_of(user) and pk % RECEIPT_LOST:
            with acting(actor_of(user)):
                note_served(pk, user, local_day(at - timedelta(days=1)), at)

    def _in(self, office: int) -> list[User]:
        """Returns the officials of the organ: the receiving post tells, unless its holder is complained about."""
        if office not in self._of:
            held = Appointment.objects.on(self.play.today).filter(post__organ=office).select_related("user")
            self._of[office] = [a.user for a in held.order_by("-post__is_intake", "-post__is_top", "post")]
        return self._of[office]

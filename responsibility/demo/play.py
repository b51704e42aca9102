"""Plays all stories forward: what each does, and one sweep a day between them, in the order of time.

Every step goes through the same code as a page or a request, at its own moment. What has not happened by the moment of
loading does not happen.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count

from accounts.models import User
from massline.time import instant, local_day, local_time
from responsibility.calendar import calendar
from responsibility.deadlines import next_working_day
from responsibility.demo import stories
from responsibility.demo.leaders import Leaders, read_notices
from responsibility.sweep import sweep

SEED = 45
SWEPT_AT = time(0, 5)
ITSELF = "the city"

Deed = Callable[[datetime], object]
"""What happens at a moment, and is given it."""


class DemoError(Exception):
    """A story does not fit the code: which one, and when."""


class Play:
    """A queue of what happens next, by its moment. The stories plan what they do there."""

    def __init__(self, people: dict[str, User], now: datetime, seed: int = SEED) -> None:
        self.people = people
        """By user name."""
        self.now = now
        """When the demo is loaded: nothing happens later."""
        self.today: date = local_day(now)
        self.seed = seed
        self.leaders = Leaders(self)
        self._queue: list[tuple[datetime, int, str, Deed]] = []
        self._order = count()
        self._story = ITSELF
        self._moment: datetime | None = None

    def run(self) -> None:
        for name, story in stories.stories():
            with self._telling(name):
                story(self)
        self._plan_sweeps()
        while self._queue:
            self._moment, _order, name, do = heapq.heappop(self._queue)
            with self._telling(name):
                do(self._moment)
        with self._telling(ITSELF):
            self._sweep(self.now)
            read_notices(self.now)

    # --- What a story uses -------------------------------------------------------------------------------------------

    def at(self, moment: datetime, do: Deed) -> None:
        """Plans what a story does at a moment: none before the one that is played."""
        if self._moment is not None and moment < self._moment:
            raise DemoError(f"planned for {local_time(moment):%Y-%m-%d %H:%M}, which is over")
        if moment <= self.now:
            heapq.heappush(self._queue, (moment, next(self._order), self._story, do))

    def moment(self, days_ago: int, at: time) -> datetime:
        """The time of day in Shanghai, so many days before the demo is loaded."""
        return instant(datetime.combine(self.today - timedelta(days=days_ago), at))

    def on_working_day(self, moment: datetime) -> datetime:
        """The same time on the next working day; the moment itself where that one lies ahead of now."""
        local = local_time(moment)
        shifted = instant(datetime.combine(next_working_day(local.date(), calendar()), local.time()))
        return shifted if shifted <= self.now else moment

    def chance(self, *what: object) -> random.Random:
        """The same for the same story, words and seed, so that another record changes nothing for this one."""
        return random.Random(" ".join(map(str, (self.seed, self._story, *what))))  # noqa: S311 (no secret)

    # --- The days ----------------------------------------------------------------------------------------------------

    def _plan_sweeps(self) -> None:
        if not self._queue:
            return
        first = local_day(self._queue[0][0])
        for ago in range((self.today - first).days, -1, -1):
            self.at(self.moment(ago, SWEPT_AT), self._sweep)

    def _sweep(self, at: datetime) -> None:
        swept = sweep(at)
        if swept.failed or swept.remaining:
            raise DemoError(str(swept))
        if swept.escalated:
            self.leaders.plan()

    @contextmanager
    def _telling(self, story: str) -> Iterator[None]:
        """Whose moments are planned, and who is named when one fails."""
        self._story = story
        try:
            yield
        except Exception as error:
            when = f" at {local_time(self._moment):%Y-%m-%d %H:%M}" if self._moment else ""
            raise DemoError(f"story “{story}”{when}, seed {self.seed}: {error}") from error
        finally:
            self._story = ITSELF

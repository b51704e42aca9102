"""Next year's arrangement by hand, and processes that answer by it.

The days of 2027 are made up here (the real ones are not published): New Year with the Friday to Monday off and the
Saturday after worked, Spring Festival as a plain week, Labour Day.
"""

import subprocess
import sys
from contextlib import suppress
from datetime import date

from django.utils import timezone

from responsibility.calendar import forget, newest
from responsibility.models import ArrangedDay, Arrangement

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕0号）"
OF_2027 = {
    "元旦": (["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"], ["2027-01-09"]),
    "春节": ([f"2027-02-{day:02}" for day in range(5, 13)], ["2027-01-31", "2027-02-20"]),
    "清明节": (["2027-04-03", "2027-04-04", "2027-04-05"], []),
    "劳动节": ([f"2027-05-0{day}" for day in range(1, 6)], ["2027-05-08"]),
    "端午节": (["2027-06-09"], []),
    "中秋节": (["2027-09-15"], []),
    "国庆节": ([f"2027-10-0{day}" for day in range(1, 8)], ["2027-10-09"]),
}


def arrange(year: int = 2027, days: dict[str, tuple[list[str], list[str]]] = OF_2027) -> int:
    """The rows of an arrangement, as a load would write them, behind an event of the caller's; its version."""
    version = newest() + 1
    made = Arrangement.objects.create(version=version, year=year, source=SOURCE, loaded_at=timezone.now())
    for name, (off, work) in days.items():
        for text in (*off, *work):
            ArrangedDay.objects.create(arrangement=made, day=date.fromisoformat(text), name=name, off=text in off)
    forget()
    return version


def sheet(days: dict[str, tuple[list[str], list[str]]] = OF_2027, source: str = f"# 2027 {SOURCE}") -> str:
    """The same as a file for `manage.py load_calendar`."""
    rows = sorted((day, name, kind) for name, of in days.items() for kind, some in zip(("off", "work"), of, strict=True)
                  for day in some)  # fmt: skip
    return "\n".join([*filter(None, [source]), "date,name,kind", *(",".join(row) for row in rows), ""])


ANSWERING = """
import sys, django
django.setup()
from celery import shared_task
from django.core.signals import request_started
from responsibility.calendar import calendar

@shared_task
def say():
    print(calendar().version, calendar().last_loaded, flush=True)

for line in sys.stdin:
    if line.strip() == "task":
        say.apply(throw=True)
    else:
        request_started.send(None)
        say.run()
"""


class Process:
    """Another process of the program: each time it is asked, it answers a request or takes a task."""

    def __init__(self, does: str, environment: dict[str, str]) -> None:
        self.does = does
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [sys.executable, "-c", ANSWERING], env=environment, stdin=pipe, stdout=pipe, text=True
        )

    def ask(self) -> str:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(self.does + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        with suppress(BrokenPipeError):
            self._process.communicate(timeout=20)

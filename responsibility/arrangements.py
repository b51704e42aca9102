"""Loads the State Council's arrangement of a year's holidays (节假日安排) from a file.

    # 2027 国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕…号）
    date,name,kind
    2027-01-01,元旦,off
    2027-01-09,元旦,work

UTF-8 or GB18030. A line that begins with # names the notice behind a year. Every day off and every make-up day (调休)
stands in a line of its own; weekends and plain working days need none. A December day of 元旦 belongs to the year that
follows. A year replaces what is known of it as a whole; a file may hold several.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from massline.files.encodings import encoding_of
from massline.time import today
from responsibility import events
from responsibility.calendar import Arranged, Calendar, calendar, forget, of, year_of
from responsibility.deadlines import EARLIEST, LATEST
from responsibility.models import ArrangedDay, Arrangement

LOCK = 20260103
HEADER = ["date", "name", "kind"]
KINDS = {"off": True, "work": False}
SOURCE = re.compile(r"#\s*([0-9]{4})\s*年?[\s:：]+(\S.*)")
STATUTORY = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""《全国年节及纪念日放假办法》: what every year's arrangement names."""

Days = Mapping[date, Arranged]


class BadFile(Exception):
    """The file cannot be loaded; each fault with its line, in the reader's language."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Sheet:
    """The content of a file, by the year of the arrangement."""

    years: Mapping[int, Days]
    sources: Mapping[int, str]


def parse(raw: bytes) -> Sheet:
    """Parses a file; raises BadFile with every fault at once, by line."""
    faults: list[str] = []
    years: dict[int, dict[date, Arranged]] = defaultdict(dict)
    sources: dict[int, str] = {}
    found_at: dict[date, int] = {}
    for number, line in _lines(raw, sources, faults):
        try:
            day, arranged = _day(line)
            if day in found_at:
                raise ValueError(_("%(day)s 在第 %(n)s 行已经有了") % {"day": day, "n": found_at[day]})
        except ValueError as fault:
            faults.append(_line(number, fault))
        else:
            found_at[day] = number
            years[year_of(day, arranged.name)][day] = arranged
    for year, days in sorted(years.items()):
        first = days.get(date(year, 1, 1))
        if first is None or not first.off:
            words = {"year": year, "n": min(found_at[day] for day in days)}
            faults.append(_("第 %(n)s 行：文件里没有 %(year)s 年 1 月 1 日放假，不是完整的一年安排") % words)
    if not years and not faults:
        faults.append(_("文件里没有一天"))
    if faults:
        raise BadFile(*faults)
    return Sheet(years, sources)


def _lines(raw: bytes, sources: dict[int, str], faults: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yields the rows under the header with their numbers; what begins with # goes to `sources`."""
    header = False
    for number, line in enumerate(_text(raw).splitlines(), start=1):
        if not line.strip(" ,"):
            continue
        if line.startswith("#"):
            if named := SOURCE.fullmatch(line.rstrip(", ")):
                sources[int(named[1])] = named[2][:200]
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if header:
            yield number, cells
        elif cells == HEADER:
            header = True
        else:
            faults.append(_line(number, _("表头应当是 date,name,kind")))
            return


def _text(raw: bytes) -> str:
    encoding = encoding_of([raw])
    if encoding is None:
        raise BadFile(_("文件应当是 UTF-8 或 GB18030 编码的 CSV"))
    return raw.decode(encoding)


def _day(cells: list[str]) -> tuple[date, Arranged]:
    if len(cells) != len(HEADER):
        raise ValueError(_("应当有三栏：日期、节日名称、off 或 work"))
    text, name, kind = cells
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s”不是日期，请写成 2027-01-01") % {"text": text[:40]}) from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(_("%(day)s 超出范围") % {"day": day})
    if not 0 < len(name) <= 64:
        raise ValueError(_("节日名称应当有 1 到 64 个字"))
    if kind not in KINDS:
        raise ValueError(_("“%(text)s”应当是 off（放假）或 work（调休上班）") % {"text": kind[:40]})
    return day, Arranged(name, KINDS[kind])


def _line(number: int, fault: object) -> str:
    return _("第 %(n)s 行：%(fault)s") % {"n": number, "fault": fault}


@dataclass(frozen=True)
class Plan:
    """What loading a file would change."""

    sheet: Sheet
    known: Calendar

    @cached_property
    def changed(self) -> Mapping[int, Days]:
        """The years that the file would change."""
        return {year: days for year, days in sorted(self.sheet.years.items()) if days != self._known_of(year)}

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar after loading."""
        stay = {d: fact for d, fact in self.known.arranged.items() if year_of(d, fact.name) not in self.changed}
        return of(stay | {day: fact for days in self.changed.values() for day, fact in days.items()})

    def _known_of(self, year: int) -> dict[date, Arranged]:
        return {d: fact for d, fact in self.known.arranged.items() if year_of(d, fact.name) == year}

    def missing(self, year: int) -> list[str]:
        """Returns the statutory holidays that the file does not name."""
        names = "、".join(
            fact.name.replace("“五一”", "劳动").replace("“十一”", "国庆") for fact in self.changed[year].values()
        )
        return [name for name in STATUTORY if name not in names]

    def check(self, today: date, *, correct: bool = False) -> "Plan":
        """Returns itself; raises BadFile when it may not be loaded."""
        faults = [*self._without_source(), *self._twice(), *self._gaps()]
        if not faults and not correct:
            faults += self._past(today)
        if faults:
            raise BadFile(*faults)
        return self

    def _without_source(self) -> Iterable[str]:
        for year in self.changed:
            if year not in self.sheet.sources:
                yield _("没有 %(year)s 年安排的来源：请在文件里加一行“# %(year)s 通知的标题和文号”") % {"year": year}

    def _twice(self) -> Iterable[str]:
        """Finds days that two years arrange: a person has to settle which notice is right."""
        for year, days in self.changed.items():
            for day in sorted(days):
                other = self.known.arranged.get(day)
                if other and (of_other := year_of(day, other.name)) not in self.changed and of_other != year:
                    yield _("%(day)s 已经在 %(year)s 年的安排里") % {"day": day, "year": of_other}

    def _gaps(self) -> Iterable[str]:
        known = range(self.calendar.first_loaded.year, self.calendar.last_loaded.year + 1)
        there = {year_of(day, fact.name) for day, fact in self.calendar.arranged.items()}
        for year in known:
            if year not in there:
                yield _("还没有收录 %(year)s 年的安排：年份应当相连，请先收录这一年") % {"year": year}

    def _past(self, today: date) -> Iterable[str]:
        """Finds changes of days that have begun, of a year that is known: only the correction of a mistake makes
        these."""
        before = {year for year in self.changed if self._known_of(year)}
        days = {day for year in before for day in (*self.changed[year], *self._known_of(year))}
        for day in sorted(day for day in days if day <= today):
            if self.known.is_day_off(day) != self.calendar.is_day_off(day):
                yield _("%(day)s 已经到了或者过了，不再改动；收录时录错的，核对后加 --correct 更正") % {"day": day}


@transaction.atomic
def load(sheet: Sheet, *, by: User | None = None, correct: bool = False) -> Plan:
    """Makes the changed years a new version of the calendar; the same file again changes nothing. One at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    forget()
    plan = Plan(sheet, calendar()).check(today(), correct=correct)
    version, now = plan.known.version + 1, timezone.now()
    for year, days in plan.changed.items():
        log.record(
            events.CALENDAR_LOADED,
            subject=log.Subject("calendar", str(year)),
            facts={"year": year, "version": version, "days": len(days), "correct": correct},
        )
        made = Arrangement.objects.create(
            version=version, year=year, source=sheet.sources[year], loaded_by=by, loaded_at=now
        )
        ArrangedDay.objects.bulk_create(
            ArrangedDay(arrangement=made, day=day, name=fact.name, off=fact.off) for day, fact in sorted(days.items())
        )
    return plan

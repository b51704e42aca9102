"""Builds the dashboard of a kind from its figures, each with the address of the list behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from massline.languages import reads_english
from records.figures.cohorts import DUE, DueResult
from records.figures.indicators import FigureSet, Indicator, Opinion, Share
from records.figures.overview import persons
from records.kinds import RecordType
from reports import figures_cache
from responsibility import content_classes

Query = Mapping[str, str]
"""Parameters of an address."""


@dataclass(frozen=True)
class Number:
    """How many records (件次) a list holds, and of how many people (人次) where the kind counts them."""

    value: int
    url: str
    label: Any = ""
    persons: int = 0


@dataclass(frozen=True)
class Rate:
    """A share with the lists behind both of its numbers."""

    percent: str
    enough: bool
    part: Number
    whole: Number


@dataclass(frozen=True)
class BigFigure:
    """A figure at the head of the page: a number, or the main indicator's rate."""

    label: Any
    number: Number | None = None
    share: Rate | None = None
    tone: str = ""


@dataclass(frozen=True)
class TimelyRow:
    indicator: Indicator
    share: Rate
    rest: list[Number]


@dataclass(frozen=True)
class OtherRow:
    indicator: Indicator
    share: Rate


@dataclass(frozen=True)
class OpinionRow:
    label: Any
    satisfied: Share
    levels: list[Number]
    all: Number
    took_part: Rate


@dataclass(frozen=True)
class TableRow:
    """An organ or a class: what is open now, and the main indicator."""

    name: str
    open: Number
    due: Number | None
    overdue: Number | None
    share: Rate


@dataclass(frozen=True)
class BarPart:
    css: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A week of the trend, as it is drawn and as the table beside it says."""

    x: int
    middle: int
    width: int
    parts: list[BarPart]
    first: date
    last: date
    received: Number | None
    share: Rate
    late: Number
    overdue: Number
    pending: Number


@dataclass(frozen=True)
class GridLine:
    y: int
    value: int


@dataclass(frozen=True)
class Trend:
    weeks: list[Bar]
    grid: list[GridLine]
    width: int
    height: int
    ground: int


@dataclass(frozen=True)
class Board:
    """The dashboard of a kind."""

    figures: FigureSet
    as_of: datetime
    old: bool
    big: list[BigFigure]
    timely: list[TimelyRow]
    others: list[OtherRow]
    opinions: list[OpinionRow]
    organs: list[TableRow]
    classes: list[TableRow]
    trend: Trend


BAR, GAP, TALL, LEFT = 30, 14, 150, 34
"""The trend's measures in the units of its own drawing."""


REST = (DueResult.LATE, DueResult.OVERDUE, DueResult.PENDING)


def board(kind: RecordType, found: Mapping[str, Any], now: datetime) -> Board:
    """Builds the dashboard of a kind."""
    return BoardBuilder(kind, found).build(now)


class BoardBuilder:
    """Builds the dashboard of a kind; knows whose lists its numbers open, and for which days."""

    def __init__(self, kind: RecordType, found: Mapping[str, Any]) -> None:
        assert kind.figures
        self.figures, self.found = kind.figures, found
        self.list_url = reverse(kind.listing.address)
        self.period = {"cohort_from": found["first"], "cohort_to": found["last"]}
        self.due = {"due_from": found["due_first"], "due_to": found["due_last"]}

    def build(self, now: datetime) -> Board:
        found, figures = self.found, self.figures
        as_of = datetime.fromisoformat(found["as_of"])
        return Board(
            figures=figures,
            as_of=as_of,
            old=as_of < now - figures_cache.MAX_AGE,
            big=self._big(found["totals"]),
            timely=[self._timely(each, found["rates"][each.name]) for each in figures.timely],
            others=[
                OtherRow(each, self._rate(each, found["rates"][each.name], self.period)) for each in figures.others
            ],
            opinions=[self._opinion(each, found["rates"]) for each in figures.opinions],
            organs=[self._row(row, _called(row), row["code"], "organ", "owed_by") for row in found["organs"]],
            classes=[
                self._row(
                    row, content_classes.name(row["code"]), row["code"] or content_classes.NONE, "category", "category"
                )
                for row in found["classes"]
            ],
            trend=self._trend(found["trend"]),
        )

    def _number(self, value: int, query: Query, label: Any = "", people: int = 0) -> Number:
        return Number(value, f"{self.list_url}?{urlencode(query)}", label, people)

    def _both(self, counts: Mapping[str, int], name: str, **query: str) -> Number:
        return self._number(counts.get(name, 0), query, people=counts.get(persons(name), 0))

    def _rate(self, indicator: Indicator, counts: Mapping[str, int], query: Query) -> Rate:
        share, whole = indicator.share(counts), {"cohort": indicator.name, **query}
        return Rate(
            share.percent,
            share.enough,
            part=self._number(share.part, whole | {"result": indicator.part[0].value}),
            whole=self._number(share.whole, whole),
        )

    def _results(
        self, indicator: Indicator, counts: Mapping[str, int], results: Sequence[Any], query: Query
    ) -> list[Number]:
        asked = {"cohort": indicator.name, **query}
        return [self._number(counts.get(r, 0), asked | {"result": r.value}, r.label) for r in results]

    def _big(self, totals: Mapping[str, int]) -> list[BigFigure]:
        main = self.figures.main
        return [
            BigFigure(_("未办结"), self._both(totals, "open", open="true")),
            *(self._dated(totals) if self.figures.due else ()),
            BigFigure(main.label, share=self._rate(main, self.found["rates"][main.name], self.period)),
        ]

    def _dated(self, totals: Mapping[str, int]) -> tuple[BigFigure, BigFigure]:
        late = self._both(totals, "overdue", open="true", overdue="true")
        return (
            BigFigure(_("本周内到期"), self._both(totals, "due", open="true", **self.due), tone="yellow"),
            BigFigure(_("已超期"), late, tone="red" if totals["overdue"] else ""),
        )

    def _timely(self, indicator: Indicator, counts: Mapping[str, int]) -> TimelyRow:
        rest = self._results(indicator, counts, REST, self.period)
        return TimelyRow(indicator, self._rate(indicator, counts, self.period), rest)

    def _other(self, indicator: Indicator, counts: Mapping[str, int]) -> OtherRow:
        return OtherRow(indicator, self._rate(indicator, counts, self.period))

    def _opinion(self, opinion: Opinion, rates: Mapping[str, Mapping[str, int]]) -> OpinionRow:
        """Builds 满意率 with 参评率 next to it (DOMAIN 3.3), and the three counts."""
        said, turnout = opinion.satisfaction, opinion.turnout
        counts, satisfied = rates[said.name], said.share(rates[said.name])
        return OpinionRow(
            label=opinion.label,
            satisfied=satisfied,
            levels=self._results(said, counts, said.whole, self.period),
            all=self._number(satisfied.whole, {"cohort": said.name, **self.period}),
            took_part=self._rate(turnout, rates[turnout.name], self.period),
        )

    def _row(self, row: Mapping[str, Any], name: str, code: str, by: str, owed: str) -> TableRow:
        """Builds a line whose numbers open lists narrowed `by` its code; the rate's, by what was `owed` then."""
        whose, has_dates = {by: code}, bool(self.figures.due)
        return TableRow(
            name=name,
            open=self._both(row, "open", open="true", **whose),
            due=self._both(row, "due", open="true", **self.due, **whose) if has_dates else None,
            overdue=self._both(row, "overdue", open="true", overdue="true", **whose) if has_dates else None,
            share=self._rate(self.figures.main, row["results"], {**self.period, owed: code}),
        )

    def _trend(self, weeks: Sequence[Mapping[str, Any]]) -> Trend:
        """Builds the bars of what fell due each week, from the ground up: on time, late, not done; and the table beside
        it."""
        most = max([self.figures.main.share(week).whole for week in weeks] + [1])
        most += -most % 4  # so that the lines of the grid stand at whole numbers
        drawn = [self._bar(n, week, most) for n, week in enumerate(weeks)]
        grid = [GridLine(TALL - round(TALL * part / 4), round(most * part / 4)) for part in (0, 2, 4)]
        return Trend(drawn, grid, LEFT + len(weeks) * (BAR + GAP), TALL + 44, TALL)

    def _bar(self, n: int, week: Mapping[str, Any], most: int) -> Bar:
        main, x = self.figures.main, LEFT + n * (BAR + GAP) + GAP // 2
        query = {"cohort_from": week["first"], "cohort_to": week["last"]}
        days = {"received_from": week["first"], "received_to": week["last"]}
        late, overdue, pending = self._results(main, week, REST, query)
        return Bar(
            x=x,
            middle=x + BAR // 2,
            width=BAR,
            parts=_parts(week, most),
            first=date.fromisoformat(week["first"]),
            last=date.fromisoformat(week["last"]),
            received=self._both(week, "received", **days) if self.figures.received else None,
            share=self._rate(main, week, query),
            late=late,
            overdue=overdue,
            pending=pending,
        )


def _parts(week: Mapping[str, int], most: int) -> list[BarPart]:
    ground, parts = 0.0, []
    for result in DUE:
        height = TALL * week.get(result, 0) / most
        ground += height
        if height:
            parts.append(BarPart(result.value, round(TALL - ground, 1), round(height, 1)))
    return parts


def _called(organ: Mapping[str, Any]) -> str:
    """Names an organ of a row in the language of the reader; the rows are kept for readers of every language."""
    return str((reads_english() and organ.get("name_en")) or organ["name"])

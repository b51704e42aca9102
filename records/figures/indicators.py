"""What a kind declares of its figures. Adding an indicator is one declaration in the mechanism's `figures.py`.

DOMAIN 3.3: a rate is taken over the cohort (批次) of what fell due in a period, so that what nobody answered stays in
the denominator; counts stand beside every rate, and each of them opens the list of the records that it counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from records.figures.periods import Period

SAMPLE = 5
"""A rate of fewer than so many says nothing (样本不足): only its counts are shown."""
Counts = Mapping[str, int]
"""How many of a cohort came out how, by result."""


@dataclass(frozen=True)
class Share:
    """A part of a whole: both numbers always, a rate only when the whole is large enough."""

    part: int
    whole: int

    @property
    def enough(self) -> bool:
        return self.whole >= SAMPLE

    @property
    def percent(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.enough else ""


@dataclass(frozen=True)
class Cohort:
    """The cohort that an indicator counts (批次)."""

    found: Callable[[Period, datetime], models.QuerySet[Any]]
    """The rows of a period as of a moment, each with its `organ` and its `result`; of each record one, but where it is
    the items of records that are counted: their list shows the records."""
    record: str = "subject_id"
    """The lookup from such a row to the id of its record."""


@dataclass(frozen=True)
class Indicator:
    """One named rate (指标): what is counted, out of what, and why."""

    name: str
    """In addresses."""
    label: Any
    basis: Any
    """The article or the house rule that it follows (lazy)."""
    numerator: Any
    denominator: Any
    """Both in words (lazy)."""
    cohort: Cohort
    part: tuple[models.TextChoices, ...]
    """The results that the numerator counts: one, whose list the number opens; of satisfaction the good levels."""
    whole: tuple[models.TextChoices, ...]
    """The results that the denominator counts."""

    def share(self, counts: Counts) -> Share:
        return Share(*(sum(counts.get(result, 0) for result in results) for results in (self.part, self.whole)))

    @property
    def formula(self) -> str:
        words = {"numerator": self.numerator, "denominator": self.denominator, "basis": self.basis}
        return _("%(numerator)s ÷ %(denominator)s（%(basis)s）") % words


@dataclass(frozen=True)
class Opinion:
    """The opinion of people on one side: 满意率 is never shown without 参评率 beside it (DOMAIN 3.3)."""

    label: Any
    satisfaction: Indicator
    """Its results are the levels, best first."""
    turnout: Indicator


@dataclass(frozen=True)
class FigureSet:
    """The figures of a kind: its indicators, and what of a record they and the lists behind them read."""

    model: Any
    """Has `KIND`, `organ`, `state` and `objects.for_user(user)`."""
    open: frozenset[str]
    """The states of what is not finished."""
    timely: tuple[Indicator, ...]
    """What falls due: done on time, late, or not (`cohorts.timely`)."""
    main: Indicator
    """The one of them that the trend and the tables show."""
    others: tuple[Indicator, ...] = ()
    """Over cohorts of their own."""
    opinions: tuple[Opinion, ...] = ()
    due: str = "due_at"
    """Its column with the earliest date of what is open; empty where a record keeps none."""
    received: str = "received_at"
    """Its column with the moment at which one came in; empty where none does."""
    category: str = "category"
    """Its column with the content class; empty where it has none."""
    persons: str = ""
    """The lookup to how many people a record speaks for (人次); empty where records are about no people."""
    caption: Any = ""
    """What the table of timeliness shows, for who hears it read (lazy)."""
    trend: Any = ""
    """The heading of the trend (lazy)."""

    @property
    def kind(self) -> str:
        return str(self.model.KIND)

    @property
    def all(self) -> tuple[Indicator, ...]:
        """Lists every indicator, in the order of declaration."""
        said = (each for opinion in self.opinions for each in (opinion.satisfaction, opinion.turnout))
        return (*self.timely, *self.others, *said)

    def named(self, name: str) -> Indicator:
        """Returns the indicator of this name; raises StopIteration for any other."""
        return next(each for each in self.all if each.name == name)

    @property
    def results(self) -> dict[str, Any]:
        """Returns the label of every result that an indicator counts."""
        return {result.value: result.label for each in self.all for result in each.whole}

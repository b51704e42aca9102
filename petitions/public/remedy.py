"""The remedy of a petitioner against an opinion (复查, Art. 35): until which day, and to whom."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from citizens.models import CitizenNotification
from massline.time import local_day, today
from petitions.models import Demand
from petitions.public.letters import REVIEW
from responsibility import deadlines, rules
from responsibility.calendar import calendar
from responsibility.models import Organ

OPINION = "answered"
"""The letter that tells the opinion: the period runs from its receipt."""


@dataclass(frozen=True)
class Remedy:
    """What the petitioner may do against the opinion that stands."""

    organ: str
    """Who reviews it; empty at the top of the tree."""
    until: date | None = None
    """The last day; None until the opinion has been told."""
    until_legal: date | None = None
    """The last day where a day off moved it."""
    provisional: bool = False
    arrived: bool = True
    """Whether it is known on which day the letter arrived; else the period is counted from the day it was sent."""
    over: bool = False


def remedy(demand: Demand) -> Remedy:
    """Returns the remedy against the last opinion about a demand."""
    organ = Organ.objects.filter(children=demand.organ_id).first()
    above = organ.called if organ else ""
    letters = CitizenNotification.objects.about(Demand.KIND, demand.pk).filter(letter=OPINION)
    letter = letters.order_by("-pk").first()  # an earlier one told what was returned
    received = (letter.served_on or _day(letter.told_at)) if letter else None
    rule = rules.applied(REVIEW, received) if received else None
    if letter is None or received is None or rule is None:
        return Remedy(above)
    due = deadlines.compute(rule, received, calendar())
    strict, legal = _day(due.due_strict), _day(due.due_legal)
    return Remedy(
        above,
        until=strict,
        until_legal=legal if legal != strict else None,
        provisional=due.provisional,
        arrived=letter.served_on is not None,
        over=legal is not None and legal < today(),
    )


def _day(moment: Any) -> date | None:
    return None if moment is None else local_day(moment)

"""Conclusions about the organ "other": who is what to one, in every state."""

from datetime import timedelta
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from inspection.models import Conclusion
from tests.chain_lab import event
from tests.inspection_activity_lab import CONCLUSION_INPUT, conclusion_in, does
from tests.inspection_lab import add_office
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays, during

AT_WORK = ("objected", "served")
ALL = (*AT_WORK, "announced", "decided", "settled", "cancelled")
READER = Plays("reader")
OFFICE = (READER, Plays("office"))
LEADER = (READER, Plays("leader"))
TEAM = (READER, Plays("team"))


def cast(*, begun: bool = False, over: bool = False) -> dict[str, tuple[Plays, ...]]:
    """Who plays what before the team has begun or after, while one may still object or after that."""
    office = OFFICE if over else (*OFFICE, during("in_time", ["served"]))
    leader = (*LEADER, Plays("too_late")) if over else LEADER
    waiting = () if begun else (Plays("not_begun"),)
    return {
        "dc_clerk": office,
        "dc_head": (*office, Plays("head")),
        "dc_other": (*office, Plays("team"), Plays("concluder"), Plays("concluded_it"), *waiting),
        "colleague": TEAM,
        "other_leader": leader,
        **dict.fromkeys(("other_receiver", "outsider", "mayor", "secretary"), (READER,)),
        "inspector": (Plays("inspector"),),
        "auditor": (Plays("auditor"),),
        **dict.fromkeys(("leader", "deputy", "clerk", "chief", "district_head", *ADMINISTRATIONS), NOTHING),
    }


def conclusion(city: SimpleNamespace, state: str) -> Conclusion:
    return conclusion_in(city, state)


def begun(city: SimpleNamespace, state: str) -> Conclusion:
    """An announced one of a team on its way."""
    made = conclusion_in(city, state)
    does(city, made.inspection, "dc_other", "go")
    return Conclusion.objects.get(pk=made.pk)


@transaction.atomic
def over(city: SimpleNamespace, state: str) -> Conclusion:
    """One that was served so long ago that nobody may object."""
    made = conclusion_in(city, state)
    event()
    Conclusion.objects.filter(pk=made.pk).update(served_at=timezone.now() - timedelta(days=40))
    return Conclusion.objects.get(pk=made.pk)


GIVEN = Given(
    cases={
        "ordinary": Case(cast(over=False), ALL, conclusion),
        "begun": Case(cast(begun=True), ("announced",), begun),
        "over": Case(cast(over=True), ("served",), over),
    },
    input=CONCLUSION_INPUT,
    words={"any": ALL, "at_work": AT_WORK},
    events={("attach", ""): "attached_inside", ("decide", ""): "conclusion.upheld"},
    hidden={"outsiders": lambda city: conclusion_in(city, "objected", organ="district_department", title="强拆遗留")},
    city=add_office,
)

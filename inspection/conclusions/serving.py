"""Announces an inspection to the organs that it visits, serves its conclusions, and calls it off.

Of an unannounced inspection no organ has a record before its conclusion is served.
"""

from datetime import datetime

from accounts.models import User
from audit import context, log
from inspection.conclusions import events, notices
from inspection.conclusions.acts import CONCLUSION_ACTS
from inspection.models import Conclusion, ConclusionState, Inspection
from massline.acts import perform
from responsibility.models import Notice, Organ
from responsibility.notices import NoticeKind


def announce(inspection: Inspection, user: User, at: datetime) -> None:
    """Creates what each visited organ is told beforehand, and notifies it."""
    for one in inspection.visited.select_related("organ"):
        made = _create(inspection, one.organ, user, at, ConclusionState.ANNOUNCED)
        _notify(made, notices.ANNOUNCED, at)


def serve(inspection: Inspection, organ: Organ, text: str, user: User, at: datetime) -> None:
    """Serves the conclusion on one organ: what was announced before gets its text, the rest is created now."""
    announced = Conclusion.objects.filter(inspection=inspection, organ=organ).first()
    if announced is not None:
        perform(CONCLUSION_ACTS["serve"], Conclusion, announced.pk, user, {"text": text}, at=at)
        return
    made = _create(inspection, organ, user, at, ConclusionState.SERVED, text=text, served_at=at, concluded_by=user)
    _notify(made, notices.SERVED, at)


def call_off(inspection: Inspection, user: User, at: datetime) -> None:
    """Tells the organs to which it was announced that it does not take place."""
    for one in inspection.conclusions.filter(state=ConclusionState.ANNOUNCED):
        perform(CONCLUSION_ACTS["cancel"], Conclusion, one.pk, user, {}, at=at)


def _create(
    inspection: Inspection, organ: Organ, user: User, at: datetime, state: ConclusionState, **more: object
) -> Conclusion:
    number = Conclusion.numbers().draw(at)
    served = state == ConclusionState.SERVED
    facts = {"at": at.isoformat()} | ({"act": "serve"} if served else {})  # the act by which its hands are known
    event = events.SERVED if served else events.ANNOUNCED
    actor = context.actor_of(user)
    log.record(event, subject=log.Subject(Conclusion.KIND, number), actor=actor, facts=facts)
    return Conclusion.objects.create(
        number=number, state=state, inspection=inspection, organ=organ, office=inspection.office,
        category=inspection.category, title=inspection.title, received_at=at, **more,
    )  # fmt: skip


def _notify(made: Conclusion, kind: NoticeKind, at: datetime) -> None:
    people = made.visited_people()
    Notice.objects.bulk_create(Notice.build(kind, user, made.matter, at, post) for user, post in people)

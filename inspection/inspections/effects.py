"""The effects of acts on an inspection's own rows."""

from typing import Any

from django.db.models import Max

from audit import log
from inspection.conclusions.serving import announce, call_off, serve
from inspection.inspections import notices
from inspection.inspections.visiting import visit
from inspection.models import Approval, Check, Outcome, TeamMember
from massline.acts import Doing
from massline.time import local_day
from responsibility.models import Appointment, Notice


def last_item(rows: Any) -> int:
    """Returns the highest number among these items; 0 where there is none."""
    return rows.aggregate(last=Max("item"))["last"] or 0


def forget_read(doing: Doing) -> None:
    """Drops what was read of its rows before this act changed them."""
    for name in ("team_posts", "recused", "_prefetched_objects_cache"):
        doing.record.__dict__.pop(name, None)


class VisitsOrgan:
    def apply(self, doing: Doing) -> None:
        visit(doing.record, doing.data["organ"], doing.actor)
        forget_read(doing)


class JoinsTeam:
    """Adds the post to the team, and notifies its holders."""

    def apply(self, doing: Doing) -> None:
        post = doing.data["member"]
        TeamMember.objects.create(inspection=doing.record, post=post)
        forget_read(doing)
        held = Appointment.objects.answering(local_day(doing.at)).filter(post=post)
        Notice.objects.bulk_create(
            Notice.build(notices.JOINED, one.user_id, doing.record.matter, doing.at, one.post_id)
            for one in held
            if doing.record.chain_subject().may_know(one.user_id)
        )


class RecusesMember:
    def apply(self, doing: Doing) -> None:
        member = doing.data["member"]
        member.recused_at, member.reason = doing.at, doing.data["reason"]
        member.save(update_fields=["recused_at", "reason"])
        forget_read(doing)


class AddsCheck:
    def apply(self, doing: Doing) -> None:
        Check.objects.create(
            inspection=doing.record,
            item=doing.facts["item"],
            question=doing.data["question"],
            organ=doing.data["organ"],
        )


class FillsCheck:
    """Stores what was found at a line; found again, the line says the newest, and the log has each."""

    def apply(self, doing: Doing) -> None:
        one = doing.record.checks.get(item=doing.data["item"])
        one.found, one.finding = doing.data["found"], doing.data["finding"]
        one.found_at, one.found_by = doing.at, doing.actor
        one.save(update_fields=["found", "finding", "found_at", "found_by"])


class Announces:
    """Tells the visited organs of an announced inspection that it comes; of an unannounced one nobody."""

    def apply(self, doing: Doing) -> None:
        if doing.record.announced:
            announce(doing.record, doing.actor, doing.at)
            _back_to(doing)


class CallsOff:
    def apply(self, doing: Doing) -> None:
        doing.record.exclusive = False
        call_off(doing.record, doing.actor, doing.at)
        _back_to(doing)


class Serves:
    """Serves the conclusion of the form on its organ."""

    def apply(self, doing: Doing) -> None:
        serve(doing.record, doing.data["organ"].organ, doing.data["text"], doing.actor, doing.at)
        _back_to(doing)


def _back_to(doing: Doing) -> None:
    """Goes on under the act's own event, after those of conclusions."""
    assert doing.event is not None
    log.resume(doing.event)


class Proposes:
    """Proposes praise or liability of the organ of the form."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def apply(self, doing: Doing) -> None:
        one = doing.data["organ"]
        one.outcome, one.approval = self.outcome, Approval.WAITING
        one.save(update_fields=["outcome", "approval"])


class DecidesOutcome:
    def apply(self, doing: Doing) -> None:
        one = doing.data["organ"]
        one.approval = Approval(doing.data["approved"])
        one.save(update_fields=["approval"])

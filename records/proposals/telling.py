"""Who is told of a proposal: the officials who can decide it today; where there are none, the head of the deciding
organ (主要负责人)."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import log
from audit.context import SYSTEM, acting
from massline.time import today
from records.creating import declares_create
from records.kinds import record_type
from records.proposals import events
from records.proposals.models import Proposal, ProposalState
from responsibility.models import Appointment, Notice

logger = logging.getLogger(__name__)


def deciders(proposal: Proposal) -> list[Appointment]:
    """One appointment of each who can take it up or decline it today."""
    may = declares_create(record_type(proposal.proposed)).may
    return [one for one in _answering(proposal) if may(one.user)]


def _answering(proposal: Proposal, **where: Any) -> list[Appointment]:
    """One appointment of each in the deciding organ who may know of it; not the proposer's."""
    held = (
        Appointment.objects.answering(today())
        .filter(post__organ=proposal.organ, **where)
        .exclude(user=proposal.made_by)
    )
    each, work = held.select_related("user").order_by("user", "post").distinct("user"), proposal.chain_subject()
    return [one for one in each if work.may_know(one.user_id)]


def tell(proposal: Proposal) -> None:
    """Tells of a new proposal."""
    if told := deciders(proposal):
        _notify(proposal, told, proposal.made_at)
    else:
        _tell_heads(proposal, proposal.made_at)


def keep_up() -> None:
    """The daily job: who could decide an open proposal may be there no more. A poison row stops no other."""
    with acting(SYSTEM):
        for pk in list(Proposal.objects.open().values_list("pk", flat=True)):
            try:
                _keep_up(pk, timezone.now())
            except Exception:
                logger.exception("proposal %s could not be kept up", pk)


@transaction.atomic
def _keep_up(pk: int, at: datetime) -> None:
    proposal = Proposal.locked(pk)
    if proposal.state == ProposalState.OPEN and not deciders(proposal):
        _tell_heads(proposal, at)


def _tell_heads(proposal: Proposal, at: datetime) -> None:
    """Tells those who head the deciding organ, each once."""
    known = Notice.objects.filter(
        kind=events.RECEIVED.name, subject_kind=proposal.KIND, subject_key=proposal.number
    ).values_list("recipient", flat=True)
    heads = [one for one in _answering(proposal, post__is_top=True) if one.user_id not in known]
    if heads:
        facts = {"organ": proposal.organ.name, "at": at.isoformat()}
        log.record(events.HEAD_TOLD, subject=log.Subject(proposal.KIND, proposal.number), actor=SYSTEM, facts=facts)
        _notify(proposal, heads, at)


def _notify(proposal: Proposal, held: list[Appointment], at: datetime) -> None:
    Notice.objects.bulk_create(
        Notice.build(events.RECEIVED, one.user_id, proposal.matter, at, one.post_id) for one in held
    )

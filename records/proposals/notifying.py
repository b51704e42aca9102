"""Notifies of a proposal the officials who can decide it today; where there are none, the heads of the deciding organ
(主要负责人)."""

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
    """Returns one appointment of each official who can take the proposal up or decline it today."""
    may = declares_create(record_type(proposal.proposed)).may
    return [one for one in _answering(proposal) if may(one.user)]


def _answering(proposal: Proposal, **where: Any) -> list[Appointment]:
    """Returns one appointment of each official of the deciding organ who may know of the proposal; not the
    proposer's."""
    held = (
        Appointment.objects.answering(today())
        .filter(post__organ=proposal.organ, **where)
        .exclude(user=proposal.made_by)
    )
    each, work = held.select_related("user").order_by("user", "post").distinct("user"), proposal.chain_subject()
    return [one for one in each if work.may_know(one.user_id)]


def notify_new(proposal: Proposal) -> None:
    """Notifies of a new proposal."""
    if found := deciders(proposal):
        _notify(proposal, found, proposal.made_at)
    else:
        _notify_heads(proposal, proposal.made_at)


def notify_heads_of_undecidable() -> None:
    """Does the daily job: the officials who could decide an open proposal may have left. A poison row stops no
    other."""
    with acting(SYSTEM):
        for pk in list(Proposal.objects.open().values_list("pk", flat=True)):
            try:
                _notify_heads_if_undecidable(pk, timezone.now())
            except Exception:
                logger.exception("proposal %s could not be handed to heads", pk)


@transaction.atomic
def _notify_heads_if_undecidable(pk: int, at: datetime) -> None:
    proposal = Proposal.locked(pk)
    if proposal.state == ProposalState.OPEN and not deciders(proposal):
        _notify_heads(proposal, at)


def _notify_heads(proposal: Proposal, at: datetime) -> None:
    """Notifies the heads of the deciding organ, each once."""
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

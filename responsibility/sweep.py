"""The sweep: whatever has come due takes its next step up the chain, oldest first, until nothing is due.

Its cost follows what is due: it reads one partial index on the next moment. Any number of sweepers may run
side by side (SKIP LOCKED, and one row per obligation and step); a poison row moves an hour forward and is
reported, so that it never stops the loop.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Kind, User
from audit import log
from audit.context import SYSTEM, acting
from responsibility import chain as chains
from responsibility import events, ladder, obligations
from responsibility.chain import Link, Relation, Work
from responsibility.models import (
    SHANGHAI,
    Escalation,
    EscalationState,
    Notice,
    NoticeKind,
    Obligation,
)
from responsibility.people import office_people
from responsibility.subjects import Matter, adapter

logger = logging.getLogger(__name__)

BATCH = 200
RETRY_AFTER = timedelta(hours=1)
GAPS = frozenset({chains.Skip.VACANT, chains.Skip.ON_LEAVE, chains.Skip.NO_POST})
"""Reasons for a skipped link that whoever keeps the register of posts can mend."""


@dataclass
class Swept:
    """What one sweep did."""

    now: datetime
    warned: int = 0
    overdue: int = 0
    escalated: int = 0
    remaining: int = 0
    failed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "now": self.now.astimezone(SHANGHAI).isoformat(),
            "warned": self.warned,
            "overdue": self.overdue,
            "escalated": self.escalated,
            "remaining": self.remaining,
        }


def sweep(now: datetime | None = None, batch: int = BATCH) -> Swept:
    """Takes every step that is due at `now`; each obligation takes at most one, for the next counts from it."""
    swept = Swept(now or timezone.now())
    with acting(SYSTEM):
        while _sweep_batch(swept, batch):
            pass
    swept.remaining = Obligation.objects.filter(next_at__lte=swept.now).count() + len(swept.failed)
    return swept


def _sweep_batch(swept: Swept, batch: int) -> int:
    with transaction.atomic():
        due = list(
            Obligation.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("escalation__obligation")
            .filter(next_at__lte=swept.now)
            .order_by("next_at", "id")[:batch]
        )
        climb = Climb(swept.now, due)
        for obligation in due:
            _step_or_postpone(climb, obligation, swept)
    return len(due)


def _step_or_postpone(climb: "Climb", obligation: Obligation, swept: Swept) -> None:
    try:
        with transaction.atomic():
            kind = climb.advance(obligation)
    except Exception:
        logger.exception("sweep failed for obligation %s", obligation.pk)
        obligation.refresh_from_db()
        facts = {"goal": obligation.goal, "at": swept.now.isoformat()}
        log.record(events.SWEEP_FAILED, subject=topic(obligation), facts=facts)
        obligation.next_at = swept.now + RETRY_AFTER
        obligation.save(update_fields=["next_at"])
        swept.failed.append(obligation.subject_key)
    else:
        setattr(swept, kind, getattr(swept, kind) + 1)


def topic(obligation: Obligation) -> log.Subject:
    """What the timeline that tells of it is about: a leader's duty to answer belongs to what they answer for."""
    return obligation.escalation.obligation.subject if obligation.escalation else obligation.subject


class Climb:
    """Steps up the chain for a batch, reading each organ's seats and each record's work once."""

    def __init__(self, now: datetime, due: Iterable[Obligation]) -> None:
        self.now = now
        self.day: date = now.astimezone(SHANGHAI).date()
        self._works: dict[tuple[str, int], Work] = {}
        self._seats: dict[tuple[int, int | None], list[chains.Seat]] = {}
        self._office: dict[int, list[tuple[int, int]]] = {}
        self._admins: list[int] | None = None
        self._read_works([o.escalation.obligation if o.escalation else o for o in due])

    def _read_works(self, due: list[Obligation]) -> None:
        for kind in {o.subject_kind for o in due}:
            pks = {o.subject_id for o in due if o.subject_kind == kind}
            try:
                with transaction.atomic():
                    found = adapter(kind).works(pks)
            except Exception:  # one of them is poison: each is read when its turn comes
                logger.exception("works of %s could not be read together", kind)
                continue
            self._works |= {(kind, pk): work for pk, work in found.items()}

    def advance(self, o: Obligation) -> str:
        """Takes one step; returns what is counted: warned, overdue or escalated."""
        assert o.due_at is not None
        step = o.next_step
        if step in ladder.WARNINGS and self.now >= o.due_at:
            obligations.schedule(o, self.now)
            step = o.next_step if o.next_at and o.next_at <= self.now else step
        if o.escalation:
            return self._remind_leader(o, step)
        work = self._work(o)
        links = chains.chain(work, self.now, self._seats_of(work))
        if step in ladder.WARNINGS:
            return self._warn(o, step, links, work)
        return self._climb(o, step, links, work)

    def _work(self, o: Obligation) -> Work:
        """The record's work, on the organ and post that owe this obligation."""
        key = (o.subject_kind, o.subject_id)
        found = self._works.get(key) or adapter(o.subject_kind).works([o.subject_id])[o.subject_id]
        return Work(o.organ_id, found.content_class, o.post_id, found.recused, found.readers, found.office)

    def _seats_of(self, work: Work) -> list[chains.Seat]:
        key = (work.organ, work.post)
        if key not in self._seats:
            self._seats[key] = chains.seats(work.organ, work.post, self.day)
        return self._seats[key]

    def _warn(self, o: Obligation, step: str, links: list[Link], work: Work) -> str:
        told = [link for link in chains.present(links) if link.relation == Relation.HANDLER]
        self._record(o, events.WARNED, told)
        escalation = self._escalation(
            o, step, work.organ, EscalationState.TOLD, min(o.next_at or self.now, self.now), []
        )
        self._tell(o, escalation, told, NoticeKind.WARNING, work)
        self._plan(o)
        return "warned"

    def _climb(self, o: Obligation, step: str, links: list[Link], work: Work) -> str:
        """Tells the people of this step, or of the next one above where somebody is there to be told."""
        root = max(link.depth for link in links)
        skipped: list[Link] = []
        while True:
            level = [link for link in links if _at_step(link, step)]
            skipped += [link for link in level if link.skip]
            told = chains.present(level)
            if told or obligations.depth(step) >= root:
                break
            step = obligations.following(step)
        o.breached_at = o.breached_at or o.due_at
        event = events.OVERDUE if step == ladder.OVERDUE else events.ESCALATED
        self._record(o, event if told else events.CHAIN_GAP, told)
        answers = bool(told) and step != ladder.OVERDUE
        organ = told[0].organ if told else work.organ
        state = EscalationState.SENT if answers else EscalationState.TOLD
        escalation = self._escalation(o, step, organ, state, o.due_at or self.now, skipped)
        self._tell(o, escalation, told, NoticeKind.ESCALATED if answers else NoticeKind.OVERDUE, work)
        if work.readers is None and (not told or any(link.skip in GAPS for link in skipped)):
            self._tell_admins(o, escalation)
        if answers:
            self._owe_answer(o, escalation, told, work)
        self._plan(o, None if obligations.depth(step) >= root else step)
        return "overdue" if step == ladder.OVERDUE else "escalated"

    def _owe_answer(self, o: Obligation, escalation: Escalation, told: list[Link], work: Work) -> None:
        """The leaders owe an answer of their own, from the moment at which the notice stood in their inbox."""
        matter = Matter("escalation", escalation.pk, o.subject_key)
        owed = Work(told[0].organ, work.content_class, told[0].post)
        for code in ("ML02", "ML03"):
            obligations.open_(matter, code, owed, self.now, escalation=escalation)

    def _remind_leader(self, o: Obligation, step: str) -> str:
        """A leader who has not answered is told so; the matter itself climbs on by its own ladder."""
        assert o.escalation is not None
        work = self._work(o.escalation.obligation)
        told = list(o.escalation.notices.filter(kind=NoticeKind.ESCALATED).select_related("post__organ"))
        o.breached_at = o.breached_at or o.due_at
        posts = "、".join(f"{n.post.organ.name}{n.post.name}" for n in told if n.post)
        log.record(events.OVERDUE, subject=topic(o), facts=self._facts(o, posts))
        reminder = self._escalation(o, step, o.organ_id, EscalationState.TOLD, o.next_at or self.now, [])
        self._notify(o, reminder, [(n.recipient_id, n.post_id) for n in told], NoticeKind.OVERDUE)
        self._tell_office(o, reminder, work)
        self._plan(o, None)
        return "overdue"

    def _plan(self, o: Obligation, climbed: str | None = "") -> None:
        """Sets the next step: after a warning by the clock, after a climb by the ladder, after the root none."""
        if climbed is None:
            o.next_step, o.next_at = "", None
        elif climbed:
            step = obligations.following(climbed)
            o.next_step, o.next_at = step, ladder.after(self.now, obligations.gap(step))
        else:
            obligations.schedule(o, self.now)
        o.save(update_fields=["breached_at", "next_step", "next_at"])

    def _record(self, o: Obligation, event: Any, told: list[Link]) -> None:
        who = "、".join(f"{link.organ_name}{link.post_name}" for link in told)
        log.record(event, subject=topic(o), facts=self._facts(o, who))

    def _facts(self, o: Obligation, told: str) -> dict[str, Any]:
        return {
            "goal": o.goal,
            "rule": o.rule,
            "due": str(o.due_legal),
            "told": told,
            "fell_due": o.due_at.isoformat() if o.due_at else "",
            "at": self.now.isoformat(),
        }

    def _escalation(
        self, o: Obligation, step: str, organ: int, state: EscalationState, since: datetime, skipped: list[Link]
    ) -> Escalation:
        return Escalation.objects.create(
            obligation=o,
            step=step,
            organ_id=organ,
            state=state,
            since=since,
            noticed_at=self.now,
            skipped=[
                {"organ": s.organ_name, "post": s.post_name, "relation": s.relation, "reason": s.skip} for s in skipped
            ],
        )

    def _tell(self, o: Obligation, escalation: Escalation, links: list[Link], kind: NoticeKind, work: Work) -> None:
        self._notify(o, escalation, [(link.user, link.post) for link in links if link.user], kind)
        self._tell_office(o, escalation, work)

    def _tell_office(self, o: Obligation, escalation: Escalation, work: Work) -> None:
        if work.readers is not None:
            people: list[tuple[int, int | None]] = [(user, None) for user in work.readers]
        elif work.office is not None:
            people = [(u, p) for u, p in self._office_people(work.office) if work.may_know(u)]
        else:
            return
        self._notify(o, escalation, people, NoticeKind.OFFICE)

    def _office_people(self, office: int) -> list[tuple[int, int]]:
        if office not in self._office:
            self._office[office] = office_people(office, self.day)
        return self._office[office]

    def _tell_admins(self, o: Obligation, escalation: Escalation) -> None:
        """A gap in the chain is a fault of the register of posts: whoever keeps it is told."""
        if self._admins is None:
            self._admins = list(User.objects.filter(kind=Kind.SYSADMIN, is_active=True).values_list("pk", flat=True))
        self._notify(o, escalation, [(pk, None) for pk in self._admins], NoticeKind.CHAIN_GAP)

    def _notify(
        self, o: Obligation, escalation: Escalation, people: Iterable[tuple[int | None, int | None]], kind: NoticeKind
    ) -> None:
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient_id=user,
                    post_id=post,
                    kind=kind,
                    subject_kind=topic(o).kind,
                    subject_key=o.subject_key,
                    obligation=o,
                    escalation=escalation,
                    told_at=self.now,
                )
                for user, post in people
                if user is not None
            ],
            ignore_conflicts=True,
        )


def _at_step(link: Link, step: str) -> bool:
    depth = ladder.depth_of(step)
    if depth is None:
        return link.depth == 0 and link.relation != Relation.TOP
    return link.depth == depth and link.relation == Relation.TOP

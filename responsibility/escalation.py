"""Plans the steps of an escalation (逐级上报): who is notified at each step, and when the next one comes.

It writes nothing: the sweep writes the planned steps of a batch in one statement.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from accounts.models import Kind, User
from audit import log
from massline.time import local_day
from responsibility import chain as chains
from responsibility import events, ladder, notices, obligations
from responsibility.chain import Link, Relation
from responsibility.models import EscalationState, Obligation
from responsibility.notices import NoticeKind
from responsibility.people import office_people, people_in
from responsibility.subjects import ChainSubject, ImportOrigin, Matter, adapter

NEW_IDS = "SELECT nextval('responsibility_escalation_id_seq') FROM generate_series(1, %s)"


def timeline_subject(obligation: Obligation) -> log.Subject:
    """Returns the record on whose timeline it is told: a leader's duty to answer belongs to what they answer for."""
    return obligation.escalation.obligation.subject if obligation.escalation else obligation.subject


@dataclass(slots=True)
class Step:
    """One step of one obligation, planned and not yet written: its event, and the rows that the event explains.

    Plain columns: there are thousands, and making models of them would cost more than the rest of it.
    """

    obligation: Obligation
    pk: int
    """The id of its escalation."""
    step: str
    organ: int
    since: datetime
    event: tuple[Any, ...]
    state: str = EscalationState.TOLD
    skipped: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    owed: list[Obligation] = field(default_factory=list)
    counted: str = ""
    """What it is counted as: warned, overdue or escalated."""

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Returns the step as the SQL function responsibility_take_steps() reads it."""
        o = self.obligation
        return {
            "event": self.event,
            "escalation_id": self.pk,
            "obligation_id": o.pk,
            "step": self.step,
            "organ_id": self.organ,
            "since": self.since,
            "noticed_at": now,
            "skipped": self.skipped,
            "state": self.state,
            "notices": self.notices,
            "owed": [_columns(obligation) for obligation in self.owed] or None,
            "breached_at": o.breached_at,
            "next_step": o.next_step,
            "next_at": o.next_at,
        }


def _columns(row: models.Model) -> dict[str, Any]:
    return {str(f.column): getattr(row, f.attname) for f in row._meta.concrete_fields}


class StepPlanner:
    """Plans the next steps of a batch, reading each organ's posts and each record's work once. It writes nothing."""

    def __init__(self, now: datetime, due: Collection[Obligation]) -> None:
        self.now = now
        self.day: date = local_day(now)
        self._chain_subjects = _chain_subjects([o.escalation.obligation if o.escalation else o for o in due])
        self._origins = _origins([o for o in due if o.escalation is None])
        self._ids = _new_ids(len(due))
        self._staffed_posts: dict[tuple[int, int | None, str], list[chains.StaffedPost]] = {}
        self._links: dict[ChainSubject, list[Link]] = {}
        self._office: dict[int, list[tuple[int, int]]] = {}
        self._admins: list[int] | None = None
        asked = {n.post_id for o in due if o.escalation for n in o.escalation.notices.all()}
        self._answering = people_in(asked, self.day) if asked else {}

    def next_step(self, o: Obligation) -> Step:
        """Plans an obligation's next step."""
        assert o.due_at is not None
        step = o.next_step
        if step in ladder.WARNINGS and self.now >= o.due_at:
            obligations.schedule(o, self.now)
            step = o.next_step if o.next_at and o.next_at <= self.now else step
        if o.escalation:
            return self._remind_leader(o, step)
        work = self._work(o)
        links = self._links_of(work)
        if step in ladder.WARNINGS:
            return self._warn(o, step, links, work)
        return self._climb(o, step, links, work)

    def _work(self, o: Obligation) -> ChainSubject:
        """Returns the record's work, on the organ and post that owe this obligation."""
        found = self._chain_subjects[o.subject_kind, o.subject_id]
        return ChainSubject(o.organ_id, found.content_class, o.post_id, found.recused, found.office, line=found.line)

    def _links_of(self, work: ChainSubject) -> list[Link]:
        if work not in self._links:
            key = (work.organ, work.post, work.line)
            if key not in self._staffed_posts:
                self._staffed_posts[key] = chains.staffed_posts(work.organ, work.post, self.day, work.line)
            self._links[work] = chains.chain(work, self.now, self._staffed_posts[key])
        return self._links[work]

    def _warn(self, o: Obligation, step: str, links: list[Link], work: ChainSubject) -> Step:
        told = [link for link in chains.present(links) if link.relation == Relation.HANDLER]
        since = min(o.next_at or self.now, self.now)
        taken = self._step(o, events.WARNED, _post_names(told), step, work.organ, since)
        self._notify_links(taken, told, notices.WARNING, work)
        obligations.schedule(o, self.now, taking=step)
        taken.counted = "warned"
        return taken

    def _climb(self, o: Obligation, step: str, links: list[Link], work: ChainSubject) -> Step:
        """Notifies the people of this step, or of the next one above where a post is filled."""
        root = max(link.depth for link in links)
        skipped: list[Link] = []
        while True:
            level = [link for link in links if _at_step(link, step)]
            skipped += [link for link in level if link.skip]
            told = chains.present(level)
            if told or obligations.depth(step) >= root:
                break
            step = obligations.step_above(step)
        o.breached_at = o.breached_at or o.due_at
        event = events.OVERDUE if step == ladder.OVERDUE else events.ESCALATED
        answers = bool(told) and step != ladder.OVERDUE
        organ = told[0].organ if told else work.organ
        taken = self._step(o, event if told else events.CHAIN_GAP, _post_names(told), step, organ, o.due_at or self.now)
        taken.state = EscalationState.SENT if answers else EscalationState.TOLD
        taken.skipped = [
            {"organ": s.organ_name, "post": s.post_name, "relation": s.relation, "reason": s.skip} for s in skipped
        ]
        self._notify_links(taken, told, notices.ESCALATED if answers else notices.OVERDUE, work)
        if not told or any(link.skip in chains.GAPS for link in skipped):
            self._notify_admins(taken)
        if answers:
            taken.owed = self._build_answers(taken, told, work)
        self._schedule_next(o, None if obligations.depth(step) >= root else step)
        taken.counted = "overdue" if step == ladder.OVERDUE else "escalated"
        return taken

    def _build_answers(self, taken: Step, told: list[Link], work: ChainSubject) -> list[Obligation]:
        """Builds the obligations of the leaders: to acknowledge and to instruct, from the moment of the notice in their
        inbox."""
        matter = Matter("escalation", taken.pk, taken.obligation.subject_key)
        owed = ChainSubject(told[0].organ, work.content_class, told[0].post)
        return [obligations.build(matter, code, owed, self.now, escalation=taken.pk) for code in ("ML02", "ML03")]

    def _remind_leader(self, o: Obligation, step: str) -> Step:
        """Reminds the leader who has not answered, or the one who answers in the post by now. The matter itself climbs
        on by its own ladder."""
        assert o.escalation is not None
        work = self._work(o.escalation.obligation)
        told = {n.post_id: n.post for n in o.escalation.notices.all()}  # of the kind that _due() asked for
        people = [(user, pk) for pk in told for user in self._answering.get(pk, ()) if work.may_know(user)]
        reached = {pk for _user, pk in people}
        posts = "、".join(f"{post.organ.name}{post.name}" for pk, post in told.items() if post and pk in reached)
        o.breached_at = o.breached_at or o.due_at
        event = events.OVERDUE if people else events.CHAIN_GAP
        taken = self._step(o, event, posts, step, o.organ_id, o.next_at or self.now)
        self._notify(taken, people, notices.OVERDUE)
        self._notify_office(taken, work)
        if not people:
            self._notify_admins(taken)
        self._schedule_next(o, None)
        taken.counted = "overdue"
        return taken

    def _schedule_next(self, o: Obligation, climbed: str | None) -> None:
        """Sets the next step after a climb, by the ladder; after the root there is none."""
        if climbed is None:
            o.next_step, o.next_at = "", None
        else:
            step = obligations.step_above(climbed)
            o.next_step, o.next_at = step, ladder.moment_after(self.now, obligations.wait_before(step))

    def _step(self, o: Obligation, event: Any, told: str, step: str, organ: int, since: datetime) -> Step:
        facts = obligations.event_facts(o) | {
            "due": str(o.due_legal),
            "told": told,
            "fell_due": o.due_at.isoformat() if o.due_at else "",
            "at": self.now.isoformat(),
        }
        return Step(
            o, next(self._ids), step, organ, since, log.event_arguments(event, subject=timeline_subject(o), facts=facts)
        )

    def _notify_links(self, taken: Step, links: list[Link], kind: NoticeKind, work: ChainSubject) -> None:
        self._notify(taken, [(link.user, link.post) for link in links if link.user], kind)
        self._notify_office(taken, work)

    def _notify_office(self, taken: Step, work: ChainSubject) -> None:
        if work.office is not None:
            people = [(u, p) for u, p in self._office_people(work.office) if work.may_know(u)]
            self._notify(taken, people, notices.OFFICE)

    def _office_people(self, office: int) -> list[tuple[int, int]]:
        if office not in self._office:
            self._office[office] = office_people(office, self.day)
        return self._office[office]

    def _notify_admins(self, taken: Step) -> None:
        """Notifies the system administrators of a gap in the chain: it is a fault of the register of posts, which they
        keep."""
        if self._admins is None:
            self._admins = list(User.objects.filter(kind=Kind.SYSADMIN, is_active=True).values_list("pk", flat=True))
        self._notify(taken, [(pk, None) for pk in self._admins], notices.CHAIN_GAP)

    def _notify(self, taken: Step, people: Iterable[tuple[int | None, int | None]], kind: NoticeKind) -> None:
        """Adds notices to the step. A person notified twice by one step keeps the first: the table has one a step and
        person.

        What was overdue already when it came with an import enters with one notice a person for all of it.
        """
        about, came = timeline_subject(taken.obligation), self._overdue_on_import(taken)
        if came:
            kind, about = came.kind, came.subject
        name = notices.check_registered(kind).name
        taken.notices += [
            {
                "recipient_id": user,
                "post_id": None if came else post,
                "kind": name,
                "subject_kind": about.kind,
                "subject_key": about.key,
                "merge_key": about.key if came else "",
                "obligation_id": None if came else taken.obligation.pk,
                "escalation_id": None if came else taken.pk,
            }
            for user, post in people
            if user is not None
        ]

    def _overdue_on_import(self, taken: Step) -> ImportOrigin | None:
        """Returns the import with which a record came that was overdue by then, when this is its first step."""
        o, first = taken.obligation, taken.step == ladder.OVERDUE
        came = self._origins.get((o.subject_kind, o.subject_id)) if first else None
        return came if came and o.due_at is not None and o.due_at <= came.at else None


def _chain_subjects(due: list[Obligation]) -> dict[tuple[str, int], ChainSubject]:
    """Reads the work behind each obligation, a few queries for each kind of record."""
    found: dict[tuple[str, int], ChainSubject] = {}
    for kind in {o.subject_kind for o in due}:
        works = adapter(kind).chain_subjects({o.subject_id for o in due if o.subject_kind == kind})
        found |= {(kind, pk): work for pk, work in works.items()}
    return found


def _origins(due: list[Obligation]) -> dict[tuple[str, int], ImportOrigin]:
    """Reads the imports that these records came with."""
    return {
        (kind, pk): origin
        for kind in {o.subject_kind for o in due}
        for pk, origin in adapter(kind).import_origins({o.subject_id for o in due if o.subject_kind == kind}).items()
    }


def _new_ids(count: int) -> Iterator[int]:
    """Draws ids for the escalations of a batch: rows that refer to them can be built before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_IDS, [count])
        return iter([pk for (pk,) in cursor.fetchall()])


def _post_names(told: list[Link]) -> str:
    return "、".join(f"{link.organ_name}{link.post_name}" for link in told)


def _at_step(link: Link, step: str) -> bool:
    depth = ladder.depth_of(step)
    if depth is None:
        return link.depth == 0 and link.relation != Relation.TOP
    return link.depth == depth and link.relation == Relation.TOP

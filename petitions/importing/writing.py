"""Writes one valid row of an old ledger as a petition with its own dates and obligations."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from accounts.models import User
from audit import log
from citizens.filing.receipt import take_in
from massline.time import local_day
from petitions import events
from petitions.importing.rows import PetitionRow
from petitions.models import Answer, Demand, Petition, State
from petitions.numbers import NUMBERS
from records.importing.models import Import
from records.importing.rows import Entry
from responsibility import obligations
from responsibility.models import Obligation
from responsibility.rules import applied
from responsibility.subjects import ChainSubject, Matter

AUTHOR = "old-ledger"
IDENTITY = ("name", "phone", "id_number", "email", "address")
"""The identity fields of a row, which are sealed."""


def author() -> User:
    """Returns the account that is the author of imported answers: it belongs to no person and cannot sign in."""
    found, _made = User.objects.get_or_create(
        username=AUTHOR, defaults={"name": "旧台账", "is_active": False, "password": "!"}
    )
    return found


def write(entries: Sequence[Entry], job: Import) -> list[int]:
    """Writes a petition for each row, and returns the ids of the demands."""
    by = author() if any(entry.data.replied_at for entry in entries) else job.asked_by
    numbers = NUMBERS.draw_many([entry.data.received_at for entry in entries])
    return [take_over(entry, job, number, by) for entry, number in zip(entries, numbers, strict=True)]


def take_over(entry: Entry, job: Import, number: str, by: User) -> int:
    """Writes one petition under one event. It gets no tracking code."""
    row: PetitionRow = entry.data
    log.record(
        events.IMPORTED,
        subject=log.Subject("petition", number),
        facts={"source": job.source, "at": row.received_at.isoformat(), "import": job.key},
    )
    texts = entry.texts
    petition = Petition(number=number, channel=texts["channel"], received_at=row.received_at, region=row.region)
    petition.persons = int(texts["persons"])
    for name in ("title", "body", "place", "wish"):
        setattr(petition, name, texts[name])
    given = {name: texts[name] for name in (*IDENTITY, "tell_by")} | {"complained_about": row.complained}
    petition.filing = take_in("petition", given, region=row.region.pk)
    petition.save(force_insert=True)
    demand = _demand(petition, row, texts)
    owed = _owed(demand, row)
    _copy_first_due(demand, owed)
    demand.save(force_insert=True)
    for obligation in owed:
        obligation.subject_id = demand.pk
    Obligation.objects.bulk_create(owed)
    if row.replied_at:
        Answer(
            demand=demand, outcome=texts["outcome"], text=texts["reply"], author=by, answered_at=row.replied_at
        ).save(force_insert=True)
    return int(demand.pk)


def _demand(petition: Petition, row: PetitionRow, texts: Mapping[str, str]) -> Demand:
    demand = Demand(
        petition=petition,
        organ_id=row.organ,
        office_id=row.office,
        category=texts["category"],
        purpose=texts["purpose"],
        received_at=row.received_at,
    )
    if row.replied_at:
        demand.state, demand.outcome = State.CLOSED, texts["outcome"]
    elif row.organ != row.office:
        demand.state = State.FORWARDED
    else:
        demand.state = State.REGISTERED if row.registered_at else State.RECEIVED
    return demand


def _duties(row: PetitionRow) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Yields (rule, opened at, closed at). Receipt counts as acceptance; a date that the ledger lacks is not invented:
    without a day of registration no official is judged by one."""
    received, registered, replied = row.received_at, row.registered_at, row.replied_at
    if replied:
        if registered:
            yield "XF01", received, registered
        yield "XF06", received, replied
    elif row.organ != row.office:
        if registered:
            yield "XF01", received, registered
        yield "XF03", registered or received, None
    else:
        yield "XF01", received, None


def _owed(demand: Demand, row: PetitionRow) -> list[Obligation]:
    """Builds the obligations, closed as they were then, and those still open. Before 1 May 2005 no rule is on
    record."""
    matter = Matter("petition", 0, demand.petition.number)  # the demand's id is not known yet
    found = []
    for code, since, done in _duties(row):
        if applied(code, local_day(since)) is None:
            continue
        obligation = obligations.build(matter, code, _chain_subject(demand, row), since)
        if done:
            obligations.mark_closed(obligation, done)
        found.append(obligation)
    return found


def _chain_subject(demand: Demand, row: PetitionRow) -> ChainSubject:
    return ChainSubject(row.organ, demand.category, row.post, office=row.office)


def _copy_first_due(demand: Demand, owed: list[Obligation]) -> None:
    """Copies the earliest open due date to the demand: the ledger is ordered by it."""
    first = min((o for o in owed if o.closed_at is None), key=lambda o: str(o.due_at), default=None)
    if first:
        demand.opened_at, demand.strict_at, demand.due_at = first.opened_at, first.strict_at, first.due_at

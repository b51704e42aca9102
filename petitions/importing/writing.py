"""How one sound row of an old ledger becomes a petition with its own dates, and with what is owed for it."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from audit import log
from massline import crypto
from massline.time import local_day
from petitions import events
from petitions.complained import name_complained
from petitions.importing.rows import Entry, Places, complained_in, identity_of
from petitions.models import Answer, Demand, Petition, Petitioner, State
from records.importing.models import Import, ImportedFrom
from responsibility import obligations
from responsibility.models import Obligation
from responsibility.rules import applied
from responsibility.subjects import Matter, Work

AUTHOR = "old-ledger"


def author() -> User:
    """Who stands as the author of answers that were taken over: an account of nobody, which cannot sign in."""
    found, _made = User.objects.get_or_create(
        username=AUTHOR, defaults={"name": "旧台账", "is_active": False, "password": "!"}
    )
    return found


def take_over(entry: Entry, job: Import, number: str, by: User, places: Places) -> None:
    """One event, and the rows that it explains. Nobody has the tracking code: it is random and not kept."""
    log.record(
        events.IMPORTED,
        subject=log.Subject("petition", number),
        facts={"source": job.source, "at": entry.received_at.isoformat(), "import": job.key},
    )
    texts = entry.texts
    petition = Petition(number=number, channel=texts["channel"], received_at=entry.received_at, region=entry.region)
    petition.persons = int(texts["persons"])
    for name in ("title", "body", "place", "wish"):
        setattr(petition, name, texts[name])
    petition.tracking_hash = crypto.code_hash(crypto.new_code())
    petition.save(force_insert=True)
    petitioner = Petitioner(petition=petition, tell_by=texts["tell_by"])
    petitioner.put_identity(identity_of(entry))
    petitioner.save(force_insert=True)
    if texts["complained"]:
        name_complained(petition, complained_in(texts["complained"], places))
    demand = _demand(petition, entry)
    owed = _owed(demand, entry)
    _date(demand, owed)
    demand.save(force_insert=True)
    for obligation in owed:
        obligation.subject_id = demand.pk
    Obligation.objects.bulk_create(owed)
    if entry.replied_at:
        Answer(
            demand=demand, outcome=texts["outcome"], text=texts["reply"], author=by, answered_at=entry.replied_at
        ).save(force_insert=True)
    ImportedFrom(
        subject_kind=Demand.KIND, subject_id=demand.pk, taken_by=job, source=job.source, source_key=entry.key,
        digest=entry.digest, taken_at=timezone.now(),
    ).save(force_insert=True)  # fmt: skip


def _demand(petition: Petition, entry: Entry) -> Demand:
    demand = Demand(
        petition=petition,
        organ_id=entry.organ,
        office_id=entry.office,
        category=entry.texts["category"],
        purpose=entry.texts["purpose"],
        received_at=entry.received_at,
    )
    if entry.replied_at:
        demand.state, demand.outcome = State.CLOSED, entry.texts["outcome"]
    elif entry.organ != entry.office:
        demand.state = State.FORWARDED
    else:
        demand.state = State.REGISTERED if entry.registered_at else State.RECEIVED
    return demand


def _duties(entry: Entry) -> Iterator[tuple[str, datetime, datetime | None]]:
    """(rule, owed from, done at). Receipt is taken as acceptance; a date that the ledger does not give is not made up:
    when nothing says when it was registered, nobody is judged by that."""
    received, registered, replied = entry.received_at, entry.registered_at, entry.replied_at
    if replied:
        if registered:
            yield "XF01", received, registered
        yield "XF06", received, replied
    elif entry.organ != entry.office:
        if registered:
            yield "XF01", received, registered
        yield "XF03", registered or received, None
    else:
        yield "XF01", received, None


def _owed(demand: Demand, entry: Entry) -> list[Obligation]:
    """What was owed, ended as it ended then, and what still is. Before 1 May 2005 no rule is on record."""
    matter = Matter("petition", 0, demand.petition.number)  # the demand's id is not known yet
    found = []
    for code, since, done in _duties(entry):
        if applied(code, local_day(since)) is None:
            continue
        obligation = obligations.made(matter, code, _work(demand, entry), since)
        if done:
            obligations.end(obligation, done)
        found.append(obligation)
    return found


def _work(demand: Demand, entry: Entry) -> Work:
    return Work(entry.organ, demand.category, entry.post, office=entry.office)


def _date(demand: Demand, owed: list[Obligation]) -> None:
    """The order of the ledger follows the earliest date of what is open."""
    first = min((o for o in owed if o.closed_at is None), key=lambda o: str(o.due_at), default=None)
    if first:
        demand.opened_at, demand.strict_at, demand.due_at = first.opened_at, first.strict_at, first.due_at

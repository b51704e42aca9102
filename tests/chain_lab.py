"""Organs, posts and people by a line each, for tests of the chain and of what climbs it."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.db import IntegrityError, connection

from accounts.models import Kind, User
from audit import log
from massline.time import SHANGHAI
from responsibility import events, notices
from responsibility.chain import Link
from responsibility.models import Absence, Appointment, Notice, Obligation, Organ, OrganKind, Post, Region
from responsibility.sweep import SweepReport, sweep

SINCE = date(2020, 1, 1)
_numbers = itertools.count(1)


def sh(text: str) -> datetime:
    """A moment in Shanghai: "2026-09-15 10:00", or the beginning of a day."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def region() -> Region:
    return Region.objects.get_or_create(code="980000", defaults={"name": "试验市"})[0]


def organ(name: str, parent: Organ | None = None, kind: str = OrganKind.DEPARTMENT, **more: Any) -> Organ:
    return Organ.objects.create(
        code=f"o{next(_numbers)}", name=name, parent=parent, kind=kind, region=region(), **{"valid_from": SINCE} | more
    )


def person(name: str, kind: str = Kind.OFFICIAL) -> User:
    return User.objects.create(username=f"u{next(_numbers)}", name=name, kind=kind, password="!")


def post(where: Organ, name: str, holder: User | None = None, **more: Any) -> Post:
    made = Post.objects.create(organ=where, name=name, **more)
    if holder is not None:
        appoint(holder, made)
    return made


def appoint(user: User, where: Post, **more: Any) -> Appointment:
    return Appointment.objects.create(user=user, post=where, **{"since": SINCE} | more)


def absent(where: Post | Appointment, since: date, days: int = 10) -> Absence:
    held = where if isinstance(where, Appointment) else where.appointments.get(kind="regular")
    return Absence.objects.create(appointment=held, since=since, until=since + timedelta(days=days))


def acts_for(user: User, away: Absence) -> Appointment:
    """Stands in for the whole stated absence."""
    return appoint(
        user, away.appointment.post, kind="acting", because="absence", absence=away, since=away.since, until=away.until
    )


def shown(links: Iterable[Link]) -> list[tuple[str, int, str, str]]:
    """Each link as (relation, depth, who, why nobody)."""
    return [(str(x.relation), x.depth, "" if x.skip else x.user_name, str(x.skip or "")) for x in links]


def told(kind: str | None = None, **where: Any) -> set[tuple[str, str]]:
    """Who has been told what: (kind, user name as it signs in)."""
    found = Notice.objects.filter(**where)
    if kind:
        found = found.filter(kind=kind)
    return set(found.values_list("kind", "recipient__username"))


def names(kind: str, **where: Any) -> set[str]:
    assert kind in notices.names(lambda known: True)
    return {name for _, name in told(kind, **where)}


def event() -> int:
    """An event to stand behind whatever a test changes by hand."""
    return log.record(events.NOTICE_READ, subject=log.Subject("petition", "by hand"))


def owed_about(demand: Any, rule: str) -> Obligation:
    return Obligation.objects.about("petition", demand.pk).filter(rule=rule).latest("id")


def constraint(error: IntegrityError) -> str:
    """The constraint that the database says was broken; the column, where it has no name."""
    diag = error.__cause__.diag  # type: ignore[union-attr]
    return diag.constraint_name or f"{diag.table_name}.{diag.column_name}"


@contextmanager
def at(moment: str | datetime) -> Iterator[datetime]:
    """Everything inside happens at this moment of Shanghai."""
    when = sh(moment) if isinstance(moment, str) else moment
    with time_machine.travel(when, tick=False):
        yield when


def sweep_at(moment: str | datetime) -> SweepReport:
    with at(moment) as when:
        return sweep(when)


MANY = """
WITH new_filing AS (
    INSERT INTO citizens_filing (kind, tell_by) SELECT 'petition', 'sms' FROM generate_series(1, %(count)s) RETURNING id
), new_petition AS (
    INSERT INTO petitions_petition (filing_id, number, channel, received_at, region_id, title, body, place, wish)
    SELECT id, 'MANY-' || lpad(n::text, 8, '0'), 'web', %(first)s + n * interval '1 minute', %(region)s, '', '', '', ''
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM new_filing) filed
    RETURNING filing_id, number, received_at
), new_demand AS (
    INSERT INTO petitions_demand (petition_id, seq, state, organ_id, office_id, category, purpose, outcome, received_at,
                                  opened_at, strict_at, due_at)
    SELECT filing_id, 1, 'received', %(office)s, %(office)s, '010101', 'request', '', received_at,
           received_at, received_at + interval '15 days', received_at + interval '15 days'
    FROM new_petition RETURNING id, petition_id, received_at, due_at
)
INSERT INTO responsibility_obligation (subject_kind, subject_id, subject_key, rule, edition, goal, requirement,
    organ_id, post_id, opened_at, extended_days, strict_at, due_at, provisional, calendar, calendar_checked, outcome,
    next_step, next_at)
SELECT 'petition', d.id, p.number, 'XF01', '2022', '登记', '', %(office)s, %(post)s, d.received_at, 0, d.due_at,
       d.due_at, false, 1, 1, '', 'overdue', d.due_at
FROM new_demand d JOIN new_petition p ON p.filing_id = d.petition_id
"""


def many_overdue(city: Any, count: int, first: datetime) -> None:
    """So many filings that nobody touched, received a minute after each other, written in one statement."""
    event()
    values = {
        "first": first, "count": count, "region": city.region["990100000000"].pk,
        "office": city.organ["office"].pk, "post": city.post["clerk"].pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MANY, values)

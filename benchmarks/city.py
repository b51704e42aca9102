"""The city of the tests, and petitions in bulk: real ones, brought to their states by real acts, copied set-wise.

Copies are made by plain INSERT … SELECT with every trigger on, under one event, after the event of each
one's filing. Dates are spread over ninety days and their hours; nothing that a copy owes is due to climb before
tomorrow. Whoever reads has a full page among a thousand: a longer page says nothing of a larger table.
"""

from django.db import connections, transaction

from audit import log
from petitions.models import Demand
from responsibility import events
from responsibility.models import Organ, Post
from tests.city import build_city, walk_to

STATES = ("closed", "received", "forwarded", "closed", "handling", "answered", "closed", "accepted", "closed", "closed")
"""One petition of each becomes a tenth of all copies: half of them are closed."""
OPEN_STATES = ("received", "forwarded", "handling", "accepted")
FAR_APART = 1_000_000
"""Copies of the n-th petition have ids from n million on, the same in every table."""

FILED = """
SELECT count(audit_record('petition.filed', true, 'petition', 'XF20260101-' || (%(base)s + g), 'citizen', '', 'citizen',
                          '', '', '{"channel": "web"}', '')) FROM generate_series(%(first)s::int, %(last)s) g
"""
COPY = """
INSERT INTO {table} SELECT made.*
FROM {table} t, generate_series(%(first)s::int, %(last)s) g,
     LATERAL (SELECT %(base)s + g AS id, 'XF20260101-' || (%(base)s + g) AS number,
                     g %% 90 * interval '1 day' + g %% 1440 * interval '1 minute' AS earlier) copy,
     LATERAL jsonb_populate_record(t, jsonb_build_object({changes})) made
WHERE {original}
"""
TABLES = {
    "citizens_filing": ("t.id = %(petition)s", "'id', copy.id, 'code_hash', sha256(copy.number::bytea)"),
    "petitions_petition": (
        "t.filing_id = %(petition)s",
        "'filing_id', copy.id, 'number', copy.number, 'title', t.title || g,"
        "'received_at', t.received_at - copy.earlier",
    ),
    "petitions_demand": (
        "t.id = %(demand)s",
        "'id', copy.id, 'petition_id', copy.id, 'received_at', t.received_at - copy.earlier,"
        "'opened_at', t.opened_at - copy.earlier, 'strict_at', t.strict_at - copy.earlier,"
        "'due_at', t.due_at - copy.earlier,"
        "'category', (ARRAY['010101', '010102', '020101', '030101'])[1 + g %% 4],"
        "'organ_id', CASE WHEN t.organ_id = t.office_id OR g %% 10 < 6 THEN t.organ_id ELSE %(other)s END,"
        "'handler_id', CASE WHEN t.handler_id IS NULL OR g %% 12 = 0 THEN t.handler_id ELSE %(colleague)s END",
    ),
    "responsibility_obligation": (
        "t.id = (SELECT max(o.id) FROM responsibility_obligation o WHERE o.subject_id = %(demand)s)",
        "'id', copy.id, 'subject_id', copy.id, 'subject_key', copy.number, 'opened_at', t.opened_at - copy.earlier,"
        "'strict_at', t.strict_at - copy.earlier, 'due_at', t.due_at - copy.earlier,"
        "'next_at', CASE WHEN t.next_at IS NOT NULL THEN now() + (1 + g %% 20) * interval '1 day' END",
    ),
}


def found_city() -> None:
    build_city()


class Copies:
    """Copies of one petition in each of these states."""

    def __init__(self, states: tuple[str, ...]) -> None:
        self.originals: list[Demand] = [walk_to(state).demand for state in states]
        self.made = 0

    def grow(self, total: int) -> None:
        """Until there are so many petitions in all, and the database knows its own statistics."""
        wanted = total // len(self.originals) - 1
        whose = {
            "other": Organ.objects.get(code="other").pk,
            "colleague": Post.objects.get(name="物业科科员").pk,
            "first": self.made + 1,
            "last": wanted,
        }
        copied = [
            whose | {"base": n * FAR_APART, "petition": original.petition_id, "demand": original.pk}
            for n, original in enumerate(self.originals, 1)
        ]
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for given in copied:
                cursor.execute(FILED, given)
            log.record(events.DEMO_LOADED, using="owner")
            for given in copied:
                for table, (which, changes) in TABLES.items():
                    cursor.execute(COPY.format(table=table, changes=changes, original=which), given)
        self.made = wanted
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

"""The sweep with nothing due, and with much due against the same rows written set-wise in bare SQL."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, connections, transaction
from django.utils import timezone

from audit import log
from benchmarks.city import OPEN_STATES, Copies
from benchmarks.ground import Ground
from benchmarks.measure import Line, Sizes, least_ms, seconds
from responsibility import events
from responsibility.models import Escalation, Obligation
from responsibility.sweep import sweep

LEAST, MOST_GROWTH = 0.40, 1.5
FALL_DUE = """
UPDATE responsibility_obligation SET next_step = 'overdue', next_at = now(), strict_at = now(), due_at = now()
WHERE id IN (SELECT id FROM responsibility_obligation WHERE next_step <> '' AND id %% 2 = %(half)s AND id > 100000
             AND id NOT IN (SELECT obligation_id FROM responsibility_escalation) ORDER BY id LIMIT %(count)s)
"""
SAME_ROWS = (
    "CREATE TEMP TABLE pair ON COMMIT DROP AS SELECT a.id AS done, b.id, b.subject_key"
    " FROM (SELECT obligation_id AS id, row_number() OVER (ORDER BY obligation_id) AS n FROM responsibility_escalation"
    "       WHERE obligation_id %% 2 = 0 AND noticed_at = %(done)s) a"
    " JOIN (SELECT id, subject_key, row_number() OVER (ORDER BY id) AS n FROM responsibility_obligation"
    "       WHERE id %% 2 = 1 AND next_at <= %(now)s) b USING (n)",
    "SELECT count(audit_record('overdue', true, 'petition', subject_key, 'system', '', 'system', '', '',"
    ' \'{"goal": "", "rule": "", "due": "", "told": "", "fell_due": "", "at": ""}\', \'\')) FROM pair',
    "INSERT INTO responsibility_escalation"
    " (obligation_id, step, organ_id, since, noticed_at, skipped, state, instruction)"
    " SELECT p.id, e.step, e.organ_id, e.since, e.noticed_at, e.skipped, e.state, ''"
    " FROM pair p JOIN responsibility_escalation e ON e.obligation_id = p.done",
    "INSERT INTO responsibility_notice"
    " (recipient_id, post_id, kind, subject_kind, subject_key, obligation_id, escalation_id, told_at)"
    " SELECT n.recipient_id, n.post_id, n.kind, n.subject_kind, p.subject_key, p.id, e.id, n.told_at"
    " FROM pair p JOIN responsibility_notice n ON n.obligation_id = p.done"
    " JOIN responsibility_escalation e ON e.obligation_id = p.id",
    "UPDATE responsibility_obligation o SET breached_at = d.breached_at, next_step = d.next_step, next_at = d.next_at"
    " FROM pair p JOIN responsibility_obligation d ON d.id = p.done WHERE o.id = p.id",
)


def run(ground: Ground, sizes: Sizes) -> Iterator[Line]:
    with ground.database("bench_sweep"):
        copies = Copies(OPEN_STATES)
        copies.grow(sizes.small)
        few = least_ms(sweep, 5 * sizes.repeat)
        copies.grow(sizes.large)
        many = least_ms(sweep, 5 * sizes.repeat)
        yield Line.growth(f"empty sweep, {sizes.large:,} : {sizes.small:,} open", many, few, MOST_GROWTH)
        # No city is long without a step, and foreign keys are checked by a plan made when a session begins: where the
        # table was empty then, it is read from end to end.
        _fall_due(0, sizes.due // 4)
        _sweep(sizes.due // 4)
        connection.close()
        _fall_due(0, sizes.due)
        ours = seconds(lambda: _sweep(sizes.due))
        _fall_due(1, sizes.due)
        bare = seconds(_same_rows)
        yield Line.rate(f"sweep of {sizes.due:,} due", sizes.due / ours, "bare SQL", sizes.due / bare, LEAST)


def _fall_due(half: int, count: int) -> None:
    """So many obligations with even ids (0), or with odd ones (1)."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        log.record(events.DEMO_LOADED, using="owner")
        cursor.execute(FALL_DUE, {"half": half, "count": count})
        assert cursor.rowcount == count
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _sweep(count: int) -> None:
    swept = sweep(timezone.now() + timedelta(seconds=1))
    assert swept.overdue >= count and not swept.failed, swept


def _same_rows() -> None:
    """What the sweep wrote about the even ones, about the odd ones: an event each, and every row image."""
    moments = {"now": timezone.now(), "done": Escalation.objects.latest("id").noticed_at}
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:  # who may make a temporary table
        for statement in SAME_ROWS:
            cursor.execute(statement, moments)
    assert not Obligation.objects.filter(next_at__lte=moments["now"]).exists()

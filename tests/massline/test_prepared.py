"""Long statements are planned once a connection, and answer what they would have answered."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction

from massline import prepared

LONG = "/* as long as what exists for a person */" * 50
VALUES: tuple[tuple[Any, str], ...] = (
    (1, "integer"),
    (-(2**31), "integer"),
    (2**31, "bigint"),
    (True, "boolean"),
    (1.5, "numeric"),
    (Decimal("1.50"), "numeric"),
    (date(2026, 2, 28), "date"),
    (time(8, 30), "time without time zone"),
    (datetime(2026, 2, 28, 8, 30, tzinfo=UTC), "timestamp with time zone"),
    (datetime(2026, 2, 28, 8, 30), "timestamp without time zone"),
    (timedelta(days=3), "interval"),
    (UUID(int=7), "uuid"),
)


@pytest.fixture
def new(db: None) -> None:
    """A connection without a plan of before."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection._plans.clear()  # type: ignore[attr-defined]


def ask(sql: str, params: Any = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def plans() -> list[str]:
    return [name for (name,) in ask("SELECT name FROM pg_prepared_statements ORDER BY prepare_time")]


def as_it_is(sql: str, params: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the same statement answers without a plan."""
    with monkeypatch.context() as patch:
        patch.setattr(prepared, "LONG", 10**9)
        return ask(sql, params)


@pytest.mark.parametrize(("value", "kind"), VALUES, ids=str)
def test_a_value_is_taken_for_what_it_was(new: None, value: Any, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = f"SELECT %s, pg_typeof(%s)::text, nullif(0, %s) {LONG}"
    for _again in range(7):  # the database plans with the values five times before it keeps a plan for all
        assert ask(sql, [value, value, None]) == [(value, kind, 0)]
    assert len(plans()) == 1
    assert as_it_is(sql, [value, value, None], monkeypatch) == [(value, kind, 0)]


def test_text_is_what_its_place_makes_of_it(new: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = f"SELECT '甲%%' LIKE %s, %s::date + 1, '[1, 2]'::jsonb @> %s, upper(%s), '{{x,y}}'::text[] = %s {LONG}"
    params = ["%甲%%", "2026-02-28", "[1]", "it's", "{x,y}"]
    expected = [(True, date(2026, 3, 1), True, "IT'S", True)]
    assert ask(sql, params) == as_it_is(sql, params, monkeypatch) == expected and len(plans()) == 1


def test_values_by_name_may_stand_twice(new: None) -> None:
    sql = f"SELECT %(n)s + 1, %(n)s::text, %(word)s::text {LONG}"
    assert ask(sql, {"word": "%s", "n": 4, "unused": 9}) == [(5, "4", "%s")]
    assert len(plans()) == 1


def test_what_cannot_be_planned_without_its_values_runs_as_it_is(new: None) -> None:
    """Two places of one expression are two to a plan, so the database refuses it. Nothing of that is seen."""
    sql = f"SELECT n %% %s, count(*) FROM generate_series(1, 9) AS n GROUP BY n %% %s ORDER BY 1 {LONG}"
    for _again in range(2):
        assert ask(sql, [2, 2]) == [(0, 4), (1, 5)]
    assert ask(f"SELECT 3 = ANY(%s) {LONG}", [[1, 3]]) == [(True,)]
    assert plans() == []


def test_outside_a_transaction_as_well(cloned_db: Any) -> None:
    sql = f"SELECT n %% %s, count(*) FROM generate_series(1, 9) AS n GROUP BY n %% %s ORDER BY 1 {LONG}"
    assert not connection.in_atomic_block
    assert ask(sql, [2, 2]) == ask(sql, [2, 2]) == [(0, 4), (1, 5)]
    assert ask(f"SELECT %s {LONG}", [1]) == [(1,)] and len(plans()) == 1


def test_a_plan_outlives_the_transaction_that_made_it(new: None) -> None:
    with transaction.atomic():
        assert ask(f"SELECT %s {LONG}", [1]) == [(1,)]
        transaction.set_rollback(True)
    assert ask(f"SELECT %s {LONG}", [2]) == [(2,)] and len(plans()) == 1


def test_a_wrong_value_is_refused_as_ever(new: None) -> None:
    with pytest.raises(DataError), transaction.atomic():
        ask(f"SELECT %s::date {LONG}", ["the 31st of February"])
    assert ask(f"SELECT %s::date {LONG}", ["2026-02-28"]) == [(date(2026, 2, 28),)]


def test_a_connection_keeps_those_used_last(new: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 2)
    for word in ("first", "second", "first", "third"):
        assert ask(f"SELECT %s, '{word}' {LONG}", [1]) == [(1, word)]
    first, third = plans()
    assert ask(f"SELECT %s, 'first' {LONG}", [2]) == [(2, "first")] and plans() == [first, third]


def test_short_ones_and_those_that_write_are_left_alone(new: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("SELECT %s", [1]) == [(1,)] and ask(f"VALUES (%s) {LONG}", [1]) == [(1,)]
    assert plans() == []


def test_none_where_connections_are_handed_on(new: None, settings: Any) -> None:
    settings.DATABASE_KEEPS_PLANS = False
    connection.execute_wrappers.remove(prepared.run)
    try:
        prepared.install(connection)
        assert prepared.run not in connection.execute_wrappers
    finally:
        settings.DATABASE_KEEPS_PLANS = True
        prepared.install(connection)
    assert prepared.run in connection.execute_wrappers

"""A paper is cast once with a card, and nothing tells by whom, when or in which order."""

import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from audit.execute_wrapper import WriteOutsideTransactionError
from audit.models import AuditEvent, AuditRow
from audit.watched import excused
from massline.acts import ActError, Invalid
from records.unlinked import BoxCount, UnknownCard, UsedCard, WrongLength, cast, close, count, issue
from tests.chain_lab import constraint
from tests.kinds.models import Slip

TABLES = ("kinds_slip", "kinds_slipcard")
LENGTH = 64


def paper():
    return secrets.token_bytes(LENGTH)


def issued(many):
    """A box and the hashes of its cards."""
    box, cards = uuid4(), [hashlib.sha256(secrets.token_bytes(13)).digest() for _n in range(many)]
    with transaction.atomic():
        issue(Slip, box, cards)
    return box, cards


def owner(sql, *values):
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


# --- casting ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_was_cast_comes_out_sorted_with_its_digest():
    box, cards = issued(5)
    papers = [paper() for _n in range(3)]
    for card, one in zip(cards, papers, strict=False):
        cast(Slip, card, one)
    assert count(Slip, box) == BoxCount(issued=5, cast=3)
    with transaction.atomic():
        closed = close(Slip, box)
    assert (closed.issued, closed.papers) == (5, tuple(sorted(papers)))
    assert closed.digest == hashlib.sha256(b"".join(sorted(papers))).hexdigest()
    assert count(Slip, box) == BoxCount(issued=0, cast=0)
    with pytest.raises(UnknownCard):
        cast(Slip, cards[4], paper())


@pytest.mark.django_db
def test_a_card_is_used_once():
    box, cards = issued(2)
    cast(Slip, cards[0], paper())
    with pytest.raises(UsedCard):
        cast(Slip, cards[0], paper())
    with pytest.raises(UnknownCard):
        cast(Slip, b"x" * 32, paper())
    assert count(Slip, box).cast == 1


@pytest.mark.django_db
@pytest.mark.parametrize("length", [0, LENGTH - 1, LENGTH + 1, 4 * LENGTH])
def test_a_paper_of_another_length_is_refused_and_the_card_stays_good(length):
    _box, cards = issued(1)
    with pytest.raises(WrongLength) as error:
        cast(Slip, cards[0], b"x" * length)
    assert isinstance(error.value, Invalid) and error.value.errors["paper"]
    cast(Slip, cards[0], paper())


@pytest.mark.django_db
def test_boxes_keep_apart():
    (one, cards), (other, others) = issued(2), issued(2)
    cast(Slip, cards[0], paper())
    mine = paper()
    cast(Slip, others[0], mine)
    with transaction.atomic():
        assert close(Slip, other).papers == (mine,)
    assert count(Slip, one) == BoxCount(2, 1)


@pytest.mark.django_db
def test_cards_of_a_box_are_issued_once_and_not_too_many():
    box, cards = issued(2)
    for again, hashes in ((box, [b"x" * 32]), (uuid4(), [secrets.token_bytes(32) for _n in range(501)])):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            issue(Slip, again, hashes)
        assert constraint(error.value) == "kinds_slipcard_issued"
    for hashes, broken in (([b"short"], "kinds_slipcard_length"), ([cards[0]], "kinds_slipcard_pkey")):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            issue(Slip, uuid4(), hashes)
        assert constraint(error.value) == broken


# --- what nobody learns -------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change",
    [
        "SELECT * FROM {}", "SELECT box FROM {}", "SELECT ctid, xmin FROM {}", "SELECT count(*) FROM {}",
        "INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET box = gen_random_uuid()", "DELETE FROM {}", "TRUNCATE {}",
        "LOCK TABLE {} IN SHARE MODE", "COPY {} TO STDOUT",
    ],
)  # fmt: skip
def test_the_application_can_neither_read_nor_change_them(table, change):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(change.format(table))


@pytest.mark.django_db
def test_the_tables_have_no_column_of_time_and_no_relation():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, attname, format_type(atttypid, NULL) FROM pg_attribute "
            "JOIN pg_class c ON c.oid = attrelid WHERE relname = ANY (%s) AND attnum > 0 AND NOT attisdropped",
            [list(TABLES)],
        )
        assert set(cursor.fetchall()) == {
            ("kinds_slip", "key", "uuid"),
            ("kinds_slip", "box", "uuid"),
            ("kinds_slip", "payload", "bytea"),
            ("kinds_slipcard", "hash", "bytea"),
            ("kinds_slipcard", "box", "uuid"),
            ("kinds_slipcard", "used", "boolean"),
        }
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND (conrelid::regclass::text = ANY (%(tables)s) "
            "OR confrelid::regclass::text = ANY (%(tables)s))",
            {"tables": list(TABLES)},
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid::regclass::text = ANY (%s) AND NOT tgisinternal",
            [list(TABLES)],
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_log_learns_nothing():
    before = AuditEvent.objects.count(), AuditRow.objects.count()
    _box, cards = issued(2)
    cast(Slip, cards[0], paper())
    assert (AuditEvent.objects.count(), AuditRow.objects.count()) == before
    assert all(excused()[table] for table in TABLES)


def test_places_and_transactions_tell_no_order(cloned_db):
    """Not even to the owner: after each cast all rows of the box are written anew, in the order of random keys."""
    box, cards = issued(8)
    last = None
    for card in cards[:6]:
        cast(Slip, card, paper())
        (same,) = owner("SELECT DISTINCT xmin::text FROM kinds_slip UNION SELECT xmin::text FROM kinds_slipcard")
        assert same != last, "papers and cards alike have the transaction of the last cast"
        last = same
    keys = [key for (key,) in owner("SELECT key FROM kinds_slip ORDER BY ctid")]
    hashes = [bytes(hash) for (hash,) in owner("SELECT hash FROM kinds_slipcard ORDER BY ctid")]
    assert keys == sorted(keys) and len(keys) == 6 and all(UUID(str(key)).version == 4 for key in keys)
    assert hashes == sorted(cards)
    assert count(Slip, box) == BoxCount(8, 6)


def test_a_refusal_is_no_error_of_the_database(cloned_db):
    """PostgreSQL would write the card and the paper into its own log, with the time."""
    _box, cards = issued(1)
    cast(Slip, cards[0], paper())
    for card, sealed in ((cards[0], paper()), (b"x" * 32, paper()), (cards[0], b"")):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT kinds_slip_cast(%s, %s)", [card, sealed])
            assert cursor.fetchone()[0] in {"used", "unknown", "length"}


def test_a_cast_shares_no_transaction_with_an_event(cloned_db):
    _box, cards = issued(1)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        cast(Slip, cards[0], paper())


# --- the close ----------------------------------------------------------------------------------------------------
def test_a_close_that_fails_keeps_the_box(cloned_db):
    box, cards = issued(2)
    cast(Slip, cards[0], paper())
    with pytest.raises(WriteOutsideTransactionError):
        close(Slip, box)
    with transaction.atomic():
        close(Slip, box)
        transaction.set_rollback(True)
    assert count(Slip, box) == BoxCount(2, 1)


@pytest.mark.parametrize(
    "tampered",
    ["DELETE FROM kinds_slip RETURNING 1", "UPDATE kinds_slipcard SET used = NOT used RETURNING 1"],
)
def test_a_box_that_does_not_add_up_is_not_closed(cloned_db, tampered):
    box, cards = issued(3)
    cast(Slip, cards[0], paper())
    owner(tampered)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        close(Slip, box)
    assert constraint(error.value) == "kinds_slip_as_cast"


# --- at the same moment -------------------------------------------------------------------------------------------
def test_many_at_once_lose_no_paper_and_use_no_card_twice(cloned_db):
    box, cards = issued(10)

    def vote(card):
        try:
            cast(Slip, card, paper())
            return "cast"
        except ActError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(vote, [*cards, *cards]))
    assert said.count("cast") == 10 and said.count("UsedCard") == 10
    with transaction.atomic():
        assert len(set(close(Slip, box).papers)) == 10
    assert owner("SELECT (SELECT count(*) FROM kinds_slip), (SELECT count(*) FROM kinds_slipcard)") == [(0, 0)]

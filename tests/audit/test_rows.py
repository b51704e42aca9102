"""Row images: every change by every way, and what of each column stays in the log."""

import hashlib

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connections, transaction

from audit import context
from audit.columns import RandomSalt
from audit.context import Actor
from audit.execute_wrapper import WriteOutsideTransactionError, is_write
from audit.models import AuditRow
from audit.operations import Watch

pytest_plugins = ["tests.audit_lab"]

ZHANG = Actor("user", "zhang", "张敏")


def test_columns_are_kept_as_declared(lab):
    lab.app(
        "INSERT INTO {t} (title, sealed, state, due, token) "
        "VALUES ('路灯不亮', '\\xff00', 'new', '2026-05-01', 's3cret')"
    )
    (row,) = lab.images()
    (salt,) = lab.owner("SELECT salt FROM {t}")[0]
    image = row["image"]
    assert image["state"] == "new"
    assert image["due"] == "2026-05-01"
    assert image["title"] == {"sha256": hashlib.sha256(bytes(salt) + "路灯不亮".encode()).hexdigest()}
    assert image["sealed"] == {"sha256": hashlib.sha256(bytes(salt) + rb"\xff00").hexdigest()}
    assert image["token"] == {"sha256": hashlib.sha256(bytes(salt) + b"s3cret").hexdigest()}
    assert "salt" not in image
    assert row["secrets"] == ["token", "salt"]
    everything = lab.owner("SELECT string_agg(r::text, '') FROM audit_row r WHERE table_name = %s", [lab.table])[0][0]
    for hidden in ("路灯不亮", "s3cret", bytes(salt).hex()):
        assert hidden not in everything


def test_null_and_empty_stand_as_themselves(lab):
    lab.app("INSERT INTO {t} (title, sealed) VALUES ('', NULL)")
    image = lab.images()[0]["image"]
    assert (image["title"], image["sealed"]) == ("", None)


def test_an_update_keeps_what_it_changed_as_it_was(lab):
    lab.app("INSERT INTO {t} (title, state, token) VALUES ('甲', 'new', 'a')")
    lab.app("UPDATE {t} SET state = 'done', token = 'b'")
    insert, update = lab.images()
    assert update["op"] == "U"
    assert update["was"] == {"state": "new", "token": insert["image"]["token"]}
    assert update["image"] == insert["image"] | {"state": "done", "token": update["image"]["token"]}
    assert update["image"]["token"] != insert["image"]["token"]
    assert update["secrets"] == ["token"]


def test_an_update_that_changes_nothing_leaves_no_image(lab):
    lab.app("INSERT INTO {t} (state) VALUES ('a')")
    lab.app("UPDATE {t} SET state = 'a'")
    assert [row["op"] for row in lab.images()] == ["I"]


def test_a_deleted_row_leaves_its_last_image(lab):
    lab.app("INSERT INTO {t} (state) VALUES ('a')")
    lab.app("DELETE FROM {t}")
    insert, delete = lab.images()
    assert (delete["op"], delete["image"]) == ("D", insert["image"])


def test_a_new_key_is_one_row_gone_and_one_come(lab):
    lab.app("INSERT INTO {t} (id, state) VALUES (1, 'a')")
    lab.app("UPDATE {t} SET id = 2")
    assert [(row["op"], row["row_key"]) for row in lab.images()] == [("I", "1"), ("D", "1"), ("I", "2")]


def test_a_hand_typed_change_shows_and_has_no_event(lab):
    lab.app("INSERT INTO {t} (state) VALUES ('a')")
    lab.owner("UPDATE {t} SET state = 'b'")
    row = lab.images()[-1]
    assert (row["op"], row["event_id"], row["actor"]) == ("U", None, None)
    assert row["session_user_name"] == connections["owner"].settings_dict["USER"]


def test_an_image_does_not_depend_on_the_session(lab):
    change = "INSERT INTO {t} (id, at, sealed, amount) VALUES (%s, '2026-05-01 08:00+08', '\\xff', 1.50)"
    lab.owner(change, [1])
    with transaction.atomic("owner"):
        lab.owner("SET LOCAL TimeZone = 'Asia/Shanghai'; SET LOCAL bytea_output = 'escape'")
        lab.owner(change, [2])
    one, other = (row["image"] for row in lab.images())
    assert one["at"] == other["at"]


def test_personal_values_need_a_salt(lab):
    with pytest.raises(DatabaseError, match="needs its salt"):
        lab.app("INSERT INTO {t} (title, salt) VALUES ('甲', NULL)")
    lab.app("INSERT INTO {t} (title, salt) VALUES ('', NULL)")


def test_a_watch_images_the_rows_that_stand_there(lab):
    with lab.unseen():
        lab.owner("INSERT INTO {t} (title, state) VALUES ('甲', 'a'), ('乙', 'b')")
    lab.owner("INSERT INTO {t} (title) VALUES ('丙')")
    for statement in lab.watch.undo() + lab.watch.statements():
        lab.owner(statement)
    assert [(row["op"], row["row_key"]) for row in lab.images()] == [("I", "3"), ("B", "1"), ("B", "2")]
    (name, columns) = lab.owner(
        "SELECT name, facts -> 'columns' ->> 'title' FROM audit_event WHERE subject_key = %s ORDER BY id DESC LIMIT 1",
        [lab.table],
    )[0]
    assert (name, columns) == ("table_watched", "text, personal")


def test_a_watch_with_other_columns_replaces_the_first(lab):
    lab.app("INSERT INTO {t} (title, state) VALUES ('甲', 'a')")
    for statement in Watch(lab.table, personal=["title", "state"]).statements():
        lab.owner(statement)
    row = lab.images()[-1]
    assert row["op"] == "B"
    assert set(row["image"]["state"]) == {"sha256"}
    lab.owner("SELECT audit_baseline('{t}')")  # nothing more to do
    assert lab.images()[-1] == row


def test_a_watch_quotes_nothing_but_names():
    watch = Watch("t", personal=["a", "b"], secret=["c"], key="k")
    assert "audit_capture('k', '{a,b}', '{c,salt}')" in watch.statements()[0]
    assert "salt" not in Watch("t").statements()[0]


@pytest.mark.django_db
def test_bulk_ways_of_django_are_captured():
    users = get_user_model().objects
    users.bulk_create([users.model(username=f"u{n}", name="x") for n in range(3)])
    users.filter(username="u0").update(name="y")
    two = list(users.filter(username__in=["u1", "u2"]))
    for user in two:
        user.name = "z"
    users.bulk_update(two, ["name"])
    rows = AuditRow.objects.filter(table_name="accounts_user").order_by("id")
    assert [row.op for row in rows if row.image["username"].startswith("u")] == list("IIIUUU")
    assert not any("password" in row.image for row in rows)  # they have none yet: an empty value hides nothing


def test_a_write_outside_a_transaction_is_refused(lab):
    with connections["default"].cursor() as cursor, pytest.raises(WriteOutsideTransactionError):
        cursor.execute(f"INSERT INTO {lab.table} (state) VALUES ('a')")
    assert lab.images() == []


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO x", "  update x", "DELETE FROM x", "MERGE INTO x", "TRUNCATE x", "COPY x FROM STDIN", "CALL p()",
        "WITH a AS (DELETE FROM x RETURNING 1) SELECT * FROM a", "/* hint */ -- note\n INSERT INTO x",
        "SELECT 1; DELETE FROM x", "DO $$ $$", "CREATE TABLE x ()",
    ],
)  # fmt: skip
def test_writes_are_recognised(sql):
    assert is_write(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1", "(SELECT 1) UNION (SELECT 2)", "SAVEPOINT a", "SET LOCAL x = 1", "",
        "WITH a AS (SELECT 1) SELECT * FROM a", "SELECT 1;", "EXPLAIN SELECT 1", "select ';'",
    ],
)  # fmt: skip
def test_reads_are_recognised(sql):
    assert not is_write(sql)


def current_actor():
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('massline.actor', true), current_setting('massline.event', true)")
        return [value or None for value in cursor.fetchone()]


def test_nothing_outlives_the_transaction(lab):
    """A transaction pooler may hand the next transaction to anybody."""
    with context.acting(ZHANG), transaction.atomic():
        lab.app("INSERT INTO {t} (state) VALUES ('a')")
        assert current_actor() == ["zhang", None]
    assert current_actor() == [None, None]
    with transaction.atomic():
        lab.app("SELECT 1")
        lab.app("INSERT INTO {t} (state) VALUES ('b')")
    assert [row["actor"] for row in lab.images()] == ["zhang", "system"]


def test_the_actor_may_change_within_a_transaction(lab):
    with transaction.atomic():
        for who in (ZHANG, context.CITIZEN, ZHANG):
            with context.acting(who):
                lab.app("INSERT INTO {t} (state) VALUES ('a')")
    assert [row["actor"] for row in lab.images()] == ["zhang", "citizen", "zhang"]


def test_the_actor_survives_a_rolled_back_savepoint(lab):
    with context.acting(ZHANG), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            lab.app("INSERT INTO {t} (state) VALUES ('lost')")
            raise ZeroDivisionError
        lab.app("INSERT INTO {t} (state) VALUES ('kept')")
    assert [(row["actor"], row["image"]["state"]) for row in lab.images()] == [("zhang", "kept")]


def test_telling_the_actor_costs_one_statement_a_transaction(lab, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(2):
        for _ in range(2):
            with connections["default"].cursor() as cursor:
                cursor.execute(f"INSERT INTO {lab.table} (state) VALUES ('a')")


def test_a_salt_is_random_and_never_twice_the_same(lab):
    lab.app("INSERT INTO {t} (state) SELECT 'a' FROM generate_series(1, 100)")
    salts = {bytes(salt) for (salt,) in lab.owner("SELECT salt FROM {t}")}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {32}
    assert "gen_random_uuid" in RandomSalt.template

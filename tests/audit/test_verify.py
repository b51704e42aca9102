"""ANCHORS 11: a database administrator edits a row behind the application's back, and verify says which."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from audit import context, log
from audit.context import Actor
from audit.events import READ
from audit.operations import Explain, Watch
from audit.verify import MissingEvent, verify
from tests.audit_lab import laboratory

pytest_plugins = ["tests.audit_lab"]


def found(lab):
    """What verify finds, as (kind, key, columns)."""
    (table,) = verify(lab.table).tables
    return [(one.kind, one.key, one.columns) for one in table.shown]


def command(lab, *options):
    out = StringIO()
    try:
        call_command("audit", "verify", lab.table, *options, stdout=out)
    except SystemExit as exit:
        return exit.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def filled(lab):
    with transaction.atomic():
        log.record(READ)
        lab.app(
            "INSERT INTO {t} (title, sealed, state, due, at, amount, facts, token) "
            "SELECT '标题' || n, '\\xff', 'new', '2026-05-01', now(), n / 3.0, jsonb_build_object('n', n), 'x' "
            "FROM generate_series(1, 5) n"
        )
        lab.app("UPDATE {t} SET state = 'done' WHERE id = 2")
        lab.app("DELETE FROM {t} WHERE id = 5")
    return lab


def test_an_honest_table_is_clean(filled):
    assert found(filled) == []
    code, text = command(filled)
    assert code == 0
    assert f"{filled.table}: 4 rows, 4 images, 0 differences" in text
    assert "ok: every row is as the log says" in text


@pytest.mark.parametrize(
    ("tampering", "difference"),
    [
        ("UPDATE {t} SET due = '2027-01-01' WHERE id = 1", ("differs", "1", ["due"])),
        ("UPDATE {t} SET title = '别的', amount = 9 WHERE id = 1", ("differs", "1", ["amount", "title"])),
        ("UPDATE {t} SET sealed = NULL WHERE id = 1", ("differs", "1", ["sealed"])),
        ("UPDATE {t} SET salt = '\\x00' WHERE id = 1", ("differs", "1", ["sealed", "title", "token"])),
        ("UPDATE {t} SET token = 'y' WHERE id = 1", ("differs", "1", ["token"])),
        ("UPDATE {t} SET token = NULL WHERE id = 1", ("differs", "1", ["token"])),
        ("DELETE FROM {t} WHERE id = 3", ("no row", "3", [])),
        ("INSERT INTO {t} (id, title) VALUES (9, '添加')", ("no image", "9", [])),
    ],
)
def test_tampering_is_found(filled, tampering, difference):
    with filled.unseen():
        filled.owner(tampering)
    assert found(filled) == [difference]
    code, text = command(filled)
    assert code == 1
    assert difference[0] in text
    assert "别的" not in text
    assert "标题" not in text


def test_a_tampered_row_stays_visible_after_an_honest_update(filled):
    with filled.unseen():
        filled.owner("UPDATE {t} SET due = '2027-01-01', title = '别的', token = 'y' WHERE id = 1")
    filled.app("UPDATE {t} SET state = 'later', token = 'z' WHERE id = 1")
    assert found(filled) == [("changed unseen", "1", ["due", "title", "token"])]
    filled.app("DELETE FROM {t} WHERE id = 1")
    assert found(filled) == [("changed unseen", "1", ["due", "title", "token"])]


def rewrite(sql, values):
    """What the owner can do to the log itself."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_append_only")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_append_only")


def test_a_row_put_in_unseen_stays_visible(filled):
    with filled.unseen():
        filled.owner("INSERT INTO {t} (id, state) VALUES (9, 'a')")
    filled.app("UPDATE {t} SET state = 'b' WHERE id = 9")
    assert found(filled) == [("changed unseen", "9", [])]


def test_a_row_taken_out_unseen_and_filed_again_stays_visible(filled):
    with filled.unseen():
        filled.owner("DELETE FROM {t} WHERE id = 1")
    filled.app("INSERT INTO {t} (id, state) VALUES (1, 'a')")
    assert ("changed unseen", "1", []) in found(filled)


def test_a_switched_off_log_is_a_fault(filled):
    filled.owner("ALTER TABLE {t} DISABLE TRIGGER audit_capture")
    code, text = command(filled)
    assert (code, "switched off" in text) == (1, True)
    filled.owner("DROP TRIGGER audit_capture ON {t}")
    code, text = command(filled)
    assert (code, "no trigger watches it" in text) == (1, True)


@pytest.mark.parametrize("how", ["DISABLE", "ENABLE", "ENABLE REPLICA"])
def test_an_unguarded_log_is_a_fault(filled, how):
    """One that is merely enabled is passed by with `session_replication_role = replica`."""
    filled.owner(f"ALTER TABLE audit_row_0000 {how} TRIGGER audit_no_truncate")
    try:
        code, text = command(filled)
    finally:
        filled.owner("ALTER TABLE audit_row_0000 ENABLE ALWAYS TRIGGER audit_no_truncate")
    assert code == 1
    assert "audit_row_0000 does not refuse" in text


@pytest.mark.parametrize("role", ["owner", "app"])
def test_a_change_without_an_event_is_found_though_record_and_log_agree(filled, role):
    getattr(filled, role)("UPDATE {t} SET state = 'by hand' WHERE id = 1")
    assert found(filled) == []
    code, text = command(filled, "--json")
    report = json.loads(text)
    assert (code, report["ok"], report["unexplained"]) == (1, False, 1)
    newest = report["newest_unexplained"][0]
    assert (newest["table"], newest["key"], newest["op"]) == (filled.table, "1", "U")
    assert newest["session_user"] == connections["default" if role == "app" else "owner"].settings_dict["USER"]


def test_a_secret_that_changed_without_an_event_is_named(filled):
    filled.owner("UPDATE {t} SET token = 'y' WHERE id = 1")
    code, text = command(filled)
    assert code == 1
    assert f"U {filled.table} 1 (secret: token) by" in text


def test_an_event_that_is_gone_is_missed_where_images_point_to_it(filled):
    event = filled.images()[0]["event_id"]
    rewrite("DELETE FROM audit_event WHERE id = %s", [event])
    code, text = command(filled)
    assert code == 1
    assert f"event {event}: 7 images, of {filled.table}" in text
    assert found(filled) == []


def test_an_event_that_was_put_in_its_place_is_not_taken_for_it(filled):
    event = filled.images()[0]["event_id"]
    again = "name, public, actor_kind, actor_label) OVERRIDING SYSTEM VALUE VALUES (%s, 'read', false, 'system', 'x')"
    rewrite("DELETE FROM audit_event WHERE id = %s", [event])
    rewrite(f"INSERT INTO audit_event (id, {again}", [event])
    assert command(filled)[0] == 1
    assert verify(filled.table).newest_missing_events == [MissingEvent(event, 7, filled.table)]


@pytest.mark.parametrize(
    ("kind", "key"), [("user", "ghost"), ("user", ""), ("emperor", ""), ("system", "ghost"), ("citizen", "ghost")]
)
def test_an_event_whose_actor_never_was_is_found(filled, kind, key):
    """Put there by the application, which names who acts, or by the owner."""
    with transaction.atomic():
        log.record(READ, actor=Actor(kind, key, "某人"))
    code, text = command(filled)
    assert code == 1
    assert f"{kind} {key}: 1 events" in text
    values = "name, public, actor_kind, actor_key, actor_label"
    filled.owner(f"INSERT INTO audit_event ({values}) VALUES ('read', false, %s, %s, '')", [kind, key])
    assert [(who.kind, who.key, who.events) for who in verify(filled.table).newest_unknown_actors] == [(kind, key, 2)]


def test_an_account_that_was_renamed_has_acted_under_both_names(cloned_db):
    with transaction.atomic():
        log.record(READ)
        zhang = User.objects.create(username="zhang", name="张敏")
    for name in ("zhang", "zhangmin"):
        with transaction.atomic():
            zhang.username = name
            log.record(READ, actor=context.actor_of(zhang))
            zhang.save()
    with transaction.atomic():
        log.record(READ, actor=context.actor_of(zhang))
    assert verify().ok


def test_a_migration_says_what_it_changes(filled):
    """Else its changes have no event, and nobody knows them from tampering."""
    explain = Explain(filled.table)
    with connections["owner"].schema_editor() as editor:
        explain.database_forwards("audit", editor, None, None)
        editor.execute(f"UPDATE {filled.table} SET state = 'migrated'")
    assert command(filled)[0] == 0
    with filled.unseen():
        filled.owner("UPDATE {t} SET due = '2027-01-01' WHERE id = 1")
    with connections["owner"].schema_editor() as editor:
        explain.database_forwards("audit", editor, None, None)
    filled.owner("SELECT audit_baseline('{t}')")  # which that event must not lead to take all columns for new
    assert found(filled) == [("differs", "1", ["due"])]


def test_a_password_that_is_exchanged_behind_the_log_is_seen(cloned_db):
    with transaction.atomic():
        log.record(READ)
        User.objects.create_user("zhang", "a password")
    assert verify("accounts_user").ok
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user DISABLE TRIGGER audit_capture")
        cursor.execute("UPDATE accounts_user SET password = 'another'")
        cursor.execute("ALTER TABLE accounts_user ENABLE ALWAYS TRIGGER audit_capture")
    (table,) = verify("accounts_user").tables
    assert [(one.kind, one.columns) for one in table.shown] == [("differs", ["password"])]


def test_a_migration_that_changes_columns_leaves_a_clean_table(filled):
    filled.owner("ALTER TABLE {t} ADD COLUMN urgency int DEFAULT 3, DROP COLUMN facts, ALTER COLUMN amount TYPE text")
    filled.owner("UPDATE {t} SET urgency = 4 WHERE id = 1")  # as a data migration does
    filled.owner("SELECT audit_baseline('{t}')")
    assert found(filled) == []
    for statement in Watch(filled.table, personal=["title", "sealed", "state"], secret=["token"]).statements():
        filled.owner(statement)
    assert found(filled) == []


def test_a_migration_does_not_launder_a_tampered_row(filled):
    with filled.unseen():
        filled.owner("UPDATE {t} SET due = '2027-01-01' WHERE id = 1")
    filled.owner("ALTER TABLE {t} ADD COLUMN urgency int DEFAULT 3")
    filled.owner("SELECT audit_baseline('{t}')")
    assert found(filled) == [("differs", "1", ["due", "urgency"])]
    filled.app("UPDATE {t} SET state = 'later' WHERE id = 1")
    assert found(filled) == [("changed unseen", "1", ["due"])]


def test_a_table_watched_again_is_clean(filled):
    for statement in filled.watch.undo():
        filled.owner(statement)
    filled.owner("DELETE FROM {t} WHERE id = 1")
    filled.owner("UPDATE {t} SET state = 'x' WHERE id = 2")
    filled.owner("INSERT INTO {t} (id) VALUES (9)")
    for statement in filled.watch.statements():
        filled.owner(statement)
    assert found(filled) == []


def test_erasing_leaves_nothing_to_guess_from(filled):
    """With its salt gone, the hash of a value in an old image can be compared with nothing."""
    filled.app(
        "UPDATE {t} SET title = '', sealed = NULL, "
        "salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) WHERE id = 1"
    )
    assert found(filled) == []
    assert filled.images()[-1]["secrets"] == ["salt"]


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
KEYS = st.integers(1, 6)
VALUES = {
    "title": st.none() | TEXT,
    "state": st.none() | TEXT,
    "sealed": st.none() | st.binary(max_size=6),
    "due": st.none() | st.dates(),
    "amount": st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**6, min_value=0),
}
COLUMN_AND_VALUE = st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))
STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "update", "update all", "delete", "new key"]), KEYS, KEYS, COLUMN_AND_VALUE),
    max_size=12,
)


def do(run, step):
    kind, key, other, (column, value) = step
    if kind == "insert":
        run(f"INSERT INTO {{t}} (id, {column}) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET {column} = %s",
            [key, value, value])  # fmt: skip
    elif kind == "update":
        run(f"UPDATE {{t}} SET {column} = %s WHERE id = %s", [value, key])
    elif kind == "update all":
        run(f"UPDATE {{t}} SET {column} = %s", [value])
    elif kind == "delete":
        run("DELETE FROM {t} WHERE id = %s", [key])
    else:
        run("UPDATE {t} SET id = %s WHERE id = %s AND NOT EXISTS (SELECT FROM {t} WHERE id = %s)", [other, key, other])


TAMPERINGS = st.tuples(st.sampled_from(["update", "delete", "insert"]), KEYS, KEYS, COLUMN_AND_VALUE)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=STEPS, tampering=TAMPERINGS, after=KEYS)
def test_an_honest_table_is_clean_and_one_tampering_is_found(real_database, before, tampering, after):
    with laboratory() as lab:
        for step in before:
            do(lab.app, step)
        assert found(lab) == []

        honest = contents(lab)
        with lab.unseen():
            do(lab.owner, tampering)
        tampered = contents(lab)
        touched = {key for key in honest.keys() | tampered.keys() if honest.get(key) != tampered.get(key)}
        assert {key for kind, key, columns in found(lab)} == touched

        lab.app("UPDATE {t} SET facts = '[1]' WHERE id = %s", [after])  # an honest change hides nothing
        assert {key for kind, key, columns in found(lab)} == touched


def contents(lab):
    return dict(lab.owner("SELECT id::text, (to_jsonb(t) - 'salt')::text FROM {t} t"))

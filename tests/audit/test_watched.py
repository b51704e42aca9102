"""No table escapes the log by being forgotten."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from audit.columns import Columns
from audit.watched import THIRD_PARTY, declared, excused

pytestmark = pytest.mark.django_db

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '^lab_'
"""


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def watched_now():
    return {row[0]: row[1:] for row in rows("SELECT table_name, key, personal, secret, enabled FROM audit_watched()")}


def test_every_table_is_watched_or_excused():
    tables = {name for (name,) in rows(TABLES)}
    forgotten = tables - set(watched_now()) - set(excused())
    assert not forgotten, (
        f"watch them (audit.operations.Watch) or excuse them with a reason (audit/columns.py): {forgotten}"
    )


def test_nothing_is_watched_and_excused():
    assert not set(watched_now()) & set(excused())
    assert all(excused().values())


def test_the_triggers_say_what_the_models_say():
    now = watched_now()
    for table, expected in declared().items():
        assert table in now, f"{table} declares its columns and nothing watches it"
        key, personal, secret, enabled = now[table]
        assert (key, set(personal), set(secret)) == (expected.key, expected.personal, expected.secret), table
        assert enabled, table
    assert set(now) == set(declared()), "watched tables that no model and no list declares"


def test_every_model_of_ours_declares_its_columns():
    ours = {path.parent.name for path in Path(__file__).parent.parent.parent.glob("*/apps.py")}
    for model in apps.get_models():
        if model._meta.managed and model._meta.app_label in ours and model._meta.db_table not in excused():
            assert isinstance(model.__dict__.get("audit"), Columns), f"{model.__name__} says nothing to the log"


def test_declared_columns_exist_and_have_their_salt():
    for model in apps.get_models():
        columns = model.__dict__.get("audit") or THIRD_PARTY.get(model._meta.db_table)
        if not isinstance(columns, Columns):
            continue
        names = {field.column for field in model._meta.concrete_fields}
        assert set(columns.personal) | set(columns.secret) <= names, model
        assert not set(columns.personal) & set(columns.secret), model
        assert not columns.personal or "salt" in names, f"{model.__name__} has personal columns and no salt"


def test_free_text_is_never_plain_by_mistake():
    """A TextField is somebody's words until a model says otherwise by listing it below."""
    plain = {("responsibility", "Obligation")}  # requirement texts come from the rules
    for model in apps.get_models():
        columns = model.__dict__.get("audit")
        if not isinstance(columns, Columns) or (model._meta.app_label, model.__name__) in plain:
            continue
        texts = {field.column for field in model._meta.concrete_fields if isinstance(field, models.TextField)}
        assert texts <= set(columns.personal) | set(columns.secret), model

"""What the records of every kind leave: files of their list for those who may, and no word when they are erased."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.utils import timezone

from audit import log
from audit.events import ERASED
from massline.acts import ActError, perform, permitted
from massline.texts import LineField, ReasonField, TextField
from records import erasing
from records.creating import create
from records.kinds import RecordType
from reports.export_kinds import ExportScope, export_kinds, may_export
from responsibility import readers
from tests.shared.from_outside import erased
from tests.shared.kinds import SIDES, Given, all_kinds, declared, given, grouped

pytestmark = pytest.mark.django_db
MARK = "独一无二七七四八八九九"
"""In every text that somebody may write, and nowhere else."""
WORDS = (forms.CharField, LineField, TextField, ReasonField)
each_kind = grouped("words")


@pytest.fixture(autouse=True)
def kinds_of_tests() -> Iterator[None]:
    with all_kinds():
        yield


# --- Files --------------------------------------------------------------------------------------------------------
@each_kind
def test_what_leaves_of_a_kind_is_what_it_declares(city: SimpleNamespace, kind: str) -> None:
    one, of = declared(kind), given(kind)
    of.city(city)
    record, _texts = _entered(one, of, city)
    number, now = one.number_of(record), timezone.now()
    listed = [sheet for sheet in export_kinds().values() if sheet.kind == kind]
    assert bool(listed) == bool(one.exported)
    shared = {"timelines": "subject_key", "obligations": "subject_key", "escalations": "subject_key"}
    for name in shared if one.exported is None else ():
        sheet = export_kinds()[name]
        assert number not in str(list(sheet.selected(ExportScope(city.auditor, {}, now), sheet.columns(now))))
    for sheet in listed:
        plain = sheet.chosen([], now)
        rows = str(list(sheet.selected(ExportScope(city.auditor, {}, now), plain)))
        assert number in rows, "an auditor takes out the whole list"
        assert MARK not in rows, "and nothing personal unless it was asked for"
        for who, plays in of.cases["ordinary"].cast.items():
            user = getattr(city, who, None)
            if user and not plays and sheet.name in may_export(user):
                assert number not in str(list(sheet.selected(ExportScope(user, {}, now), plain))), who


@each_kind
def test_a_walled_kind_says_what_its_wall_hides(kind: str) -> None:
    if readers.is_walled(kind):
        assert "everybody" in given(kind).hidden, "tests/shared/test_leaks.py tries it"


# --- Erasure ------------------------------------------------------------------------------------------------------
@each_kind
def test_no_word_about_a_record_is_left_when_it_is_erased(city: SimpleNamespace, kind: str) -> None:
    """Not even in the log: in no row of any table."""
    one, of = declared(kind), given(kind)
    of.city(city)
    record, texts = _entered(one, of, city)
    texts += write_in_acts(one, of, record, city)
    assert MARK in dump() or not texts, "the words that are looked for are there"
    if erase := of.erase or (erased if kind in SIDES and SIDES[kind].form else None):
        erase(record)
    else:
        log.record(ERASED, subject=log.Subject(kind, one.number_of(record)))
        erasing.empty(record)
    left = dump()
    at = left.find(MARK)
    assert at < 0, left[max(0, at - 300) : at + 100]


def _entered(one: RecordType, of: Given, city: SimpleNamespace) -> tuple[Any, int]:
    """A record with words in every text that entering one takes, and how many that are."""
    if one.create is None:
        return of.make(city), 0
    user = getattr(city, of.enters[0])
    fields: Any = one.create.build_form(None, user).fields
    said = {name: MARK[: fields[name].max_length] for name in of.entry if type(fields[name]) in WORDS}
    return create(one.kind, {**of.entry, **said}, user), len(said)


def write_in_acts(one: RecordType, of: Given, record: Any, city: SimpleNamespace) -> int:
    """How many texts people could write in acts: all of them that leave the state first."""
    written = 0
    for act in sorted((act for act in one.acts if act.slug not in of.opens), key=lambda act: bool(act.to)):
        for who in of.cases["ordinary"].cast:
            user = getattr(city, who, None)
            if user is None:
                continue
            record.refresh_from_db()
            try:
                permitted(act, record, user)
                fields: Any = act.build_form(record, user, None).fields
                said = {name: MARK for name in of.input_of(act.slug) if type(fields[name]) in WORDS}
                perform(act, one.model, record.pk, user, {**of.input_of(act.slug), **said})
            except ActError:
                continue
            written += len(said)
            break
    return written


def dump() -> str:
    """Every row of every table that the application may read."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone() == (True,):
                cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
                found += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(found)

"""What people from outside meet, for every kind that is open to them: form, box of number and code, public list."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import given as any_of
from hypothesis import strategies as st

from citizens.filing.pages import FilingPage
from citizens.rest.filing import own_fields
from massline.acts import ActError, perform
from tests import database
from tests.api import Api
from tests.city import build_city
from tests.eyes import TOKEN
from tests.reader import reader
from tests.shared.from_outside import actor, erased, filed, opened
from tests.shared.kinds import HIDDEN_FROM, SIDES, all_kinds, declared, given, grouped
from tests.shared.test_api_any_input import JSON, few
from tests.shared.test_naughty import WORST, forms_on, send_strings
from tests.shared.test_rest_of_kinds import WRONG
from tests.shared.test_words_and_files_of_kinds import MARK, WORDS, dump, write_in_acts

PERSON = {
    "name": "独姓名",
    "phone": "13987654321",
    "id_number": "11010519491231002X",
    "email": "only.this.one@example.org",
    "address": "独此一巷九十七号",
}
IDENTITY = (*PERSON.values(), "139 8765 4321")
OTHERS = "独此被反映人"
FILED = [kind for kind, side in SIDES.items() if side.form]
NAMING = [kind for kind in FILED if "complained_about" in SIDES[kind].form.entries]  # type: ignore[union-attr]
"""Those in which whoever files names the people and organs that it is about."""
LISTED = [kind for kind, side in SIDES.items() if side.catalogue]
each_kind = grouped("outside", FILED)


@pytest.fixture(autouse=True)
def kinds_of_tests() -> Iterator[None]:
    with all_kinds():
        yield


@pytest.fixture
def outside(city: SimpleNamespace, kind: str) -> SimpleNamespace:
    """The city with what this kind needs there."""
    given(kind).city(city)
    return city


def whole_filing(kind: str) -> dict[str, Any]:
    """A filing in which everything is said that can be said, with the mark in every text."""
    form = SIDES[kind].form
    assert form is not None
    said = {name: MARK for name, field in own_fields(form).items() if type(field) in WORDS}
    lists = {"complained_about": [{"kind": "person", "name": OTHERS, "organ": MARK}]}
    return {**given(kind).filing, **said, **{name: lists[name] for name in form.entries if name in lists}} | {
        form.person: PERSON
    }


def seen_by_code(record: Any) -> str:
    """All that number and code open, on the page and through REST."""
    browser, status = opened(record.matter.key, record.code)
    assert status == 302
    answer = Api().post("/public/track/", {"number": record.matter.key, "tracking_code": record.code})
    assert answer.status_code == 200
    return browser.get("/track/own/").content.decode() + json.dumps(answer.json(), ensure_ascii=False)


def write_as_citizen(kind: str, record: Any) -> int:
    """How many texts their own acts took in this state, those last that leave it."""
    written = 0
    for act in sorted(SIDES[kind].acts, key=lambda act: bool(act.to)):
        try:
            fields: Any = act.build_form(record, actor(record), None).fields
            said = {name: MARK for name in given(kind).input[act.slug] if type(fields[name]) in WORDS}
            perform(act, type(record), record.pk, actor(record), {**given(kind).input[act.slug], **said})
        except ActError:
            continue
        written += len(said)
        if act.to:
            break
    return written


@contextmanager
def undone() -> Iterator[None]:
    caches["counters"].clear()  # the limits are tested elsewhere
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


# --- Filing -------------------------------------------------------------------------------------------------------
@each_kind
def test_it_is_filed_in_one_transaction_however_it_is_sent(
    django_db_setup: None, django_db_blocker: Any, kind: str
) -> None:
    """With a key and without: where nothing else holds a transaction, as in an office."""
    with django_db_blocker.unblock(), database.passing(f"outside_{kind}"):
        given(kind).city(build_city())
        path, body = f"/public/{declared(kind).plural}/", given(kind).filing
        for headers in ({}, {"Idempotency_Key": "5f1c7a90"}):
            answer = Api().post(path, body, **headers)
            assert answer.status_code == 201, answer.content
            number, code = answer.json()["number"], answer.json()["tracking_code"]
            assert Api().post("/public/track/", {"number": number, "tracking_code": code}).json()["kind"] == kind


@pytest.mark.django_db
@each_kind
def test_no_filing_breaks_it(outside: SimpleNamespace, kind: str) -> None:
    """A right one with one wrong value, of what is filed and of who files; arbitrary JSON and bytes. `Api` looks that
    each refusal is problem details."""
    wrong = cycle(WRONG)
    file_with_wrong_values(kind, lambda: (next(wrong),))
    right, api, path = whole_filing(kind), Api(), f"/public/{declared(kind).plural}/"

    @few
    @any_of(body=st.dictionaries(st.sampled_from([*right, *PERSON, "x"]), JSON, max_size=4) | JSON, raw=st.binary())
    def ask(body: Any, raw: bytes) -> None:
        for sent in (body, raw):
            with undone():
                api.post(path, sent)

    ask()


@pytest.mark.soak
@pytest.mark.django_db
@each_kind
def test_no_filing_with_any_wrong_value_breaks_it(outside: SimpleNamespace, kind: str) -> None:
    file_with_wrong_values(kind, lambda: WRONG)


def file_with_wrong_values(kind: str, values: Callable[[], Iterable[Any]]) -> None:
    """Files what is right, and then with wrong values in one field after the other."""
    form, right, api = SIDES[kind].form, whole_filing(kind), Api()
    assert form is not None
    path = f"/public/{declared(kind).plural}/"
    with undone():
        assert api.post(path, right).status_code == 201
    for name in (*right, *PERSON, "tell_by", "x"):
        for value in values():
            changed = {form.person: {**PERSON, name: value}} if name not in right else {name: value}
            with undone():
                api.post(path, {**right, **changed})


# --- What a code opens --------------------------------------------------------------------------------------------
@pytest.mark.django_db
@each_kind
def test_a_wrong_code_is_answered_as_an_unknown_number(outside: SimpleNamespace, kind: str) -> None:
    """In the box, through REST, and by every act; nor does the code of another of the kind open it."""
    record, another = (filed(kind, given(kind).filing) for _n in range(2))
    number, unknown = record.matter.key, re.sub(r"\d", "9", record.matter.key)
    for code in (another.code, "AAAA-BBBB", "x"):
        assert looked_up(number, code) == looked_up(unknown, code)
        paths = ["/public/track/", *(f"/public/track/acts/{act.slug}/" for act in SIDES[kind].acts)]
        for path in paths:
            refused, nothing = (Api().post(path, {"number": each, "tracking_code": code}) for each in (number, unknown))
            assert refused.status_code == 404 and refused.json() == nothing.json()
    assert opened(number, record.code)[1] == 302


def looked_up(number: str, code: str) -> str:
    """The page of the box, which must open nothing."""
    answer = Client().post("/track/", {"number": number, "tracking_code": code})
    assert answer.status_code == 404 and "tracking" not in answer.cookies
    return TOKEN.sub("", answer.content.decode()).replace(number, "")


@pytest.mark.django_db
@each_kind
def test_no_input_breaks_what_a_code_opens(outside: SimpleNamespace, kind: str) -> None:
    record, api, wrong = filed(kind, given(kind).filing), Api(), cycle(WRONG)
    act_with_wrong_values(kind, record, lambda: (next(wrong),))
    own, paths = own_of(record), paths_of_code(kind)

    @few
    @any_of(path=st.sampled_from(sorted(paths)), more=st.dictionaries(st.text(max_size=8), JSON, max_size=3) | JSON)
    def ask(path: str, more: Any) -> None:
        with undone():
            api.post(path, own | more if isinstance(more, dict) else more)

    ask()


@pytest.mark.soak
@pytest.mark.django_db
@each_kind
def test_no_wrong_value_breaks_what_a_code_opens(outside: SimpleNamespace, kind: str) -> None:
    act_with_wrong_values(kind, filed(kind, given(kind).filing), lambda: WRONG)


def act_with_wrong_values(kind: str, record: Any, values: Callable[[], Iterable[Any]]) -> None:
    """Sends each act of citizens with wrong values in one field after the other."""
    own, api = own_of(record), Api()
    for path, right in paths_of_code(kind).items():
        for name in (*own, *right, "x"):
            for value in values():
                with undone():
                    api.post(path, {**right, **own, name: value})


def own_of(record: Any) -> dict[str, str]:
    return {"number": record.matter.key, "tracking_code": record.code}


def paths_of_code(kind: str) -> dict[str, Mapping[str, Any]]:
    """Each address at which a code does something, with right input."""
    acts = {f"/public/track/acts/{act.slug}/": given(kind).input[act.slug] for act in SIDES[kind].acts}
    return {"/public/track/": {}, **acts}


@pytest.mark.django_db
@each_kind
def test_its_forms_keep_what_was_typed_and_run_none_of_it(outside: SimpleNamespace, kind: str) -> None:
    record, tried = filed(kind, given(kind).filing), 0
    browser, _status = opened(record.matter.key, record.code)
    for client, address in ((Client(raise_request_exception=False), page_of_form(kind)), (browser, "/track/own/")):
        for form in forms_on(client, address):
            send_strings(client, form, WORST, address, first=tried, times=1)
            tried += 1
    assert tried >= 2


def page_of_form(kind: str) -> str:
    """The address of the page on which one is filed."""
    views: Any = get_resolver().reverse_dict
    return next(
        reverse(view)
        for view in views
        if getattr(view, "view_class", None) is FilingPage and view.view_initkwargs == {"kind": kind}
    )


@pytest.mark.django_db
@each_kind
def test_what_a_code_opens_shows_no_identity(outside: SimpleNamespace, kind: str) -> None:
    """A code may be found or overheard: it shows the matter, and neither who filed it nor who is complained about."""
    record = filed(kind, whole_filing(kind))
    before = seen_by_code(record)
    write_in_acts(declared(kind), given(kind), record, outside)
    after = seen_by_code(record)
    assert before != after
    assert [said for said in (*IDENTITY, OTHERS) if said in before + after] == []


# --- Whom it does not exist for -----------------------------------------------------------------------------------
@pytest.mark.django_db
@grouped("outside", NAMING)
def test_whoever_it_is_about_does_not_see_it(outside: SimpleNamespace, kind: str) -> None:
    """Here by its address; in all that somebody can look at: test_leaks.py."""
    one, record = declared(kind), given(kind).hidden["recused"](outside)
    for who in HIDDEN_FROM["recused"]:
        desk, number = reader(getattr(outside, who)), one.number_of(record)
        assert desk.get(f"/desk/{one.plural}/{number}/").status_code == 404, who
        assert number not in desk.get(reverse(one.listing.address)).content.decode(), who


# --- Erasure ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@each_kind
def test_nothing_that_was_given_is_left_when_the_person_is_erased(outside: SimpleNamespace, kind: str) -> None:
    """Not in any row of any table, nor where the code still opens what became of it."""
    answer = Api().post(f"/public/{declared(kind).plural}/", whole_filing(kind), Idempotency_Key="5f1c7a90").json()
    record = declared(kind).model._default_manager.get(**{declared(kind).number: answer["number"]})
    record.code = answer["tracking_code"]  # type: ignore[attr-defined]
    written = write_as_citizen(kind, record)
    write_in_acts(declared(kind), given(kind), record, outside)
    written += write_as_citizen(kind, record)
    named = (MARK, OTHERS) if kind in NAMING else (MARK,)
    assert written and all(said in dump() for said in named), "the words that are looked for are there"
    erased(record)
    left = dump() + seen_by_code(record)
    for said in (MARK, OTHERS, *IDENTITY):
        at = left.find(said)
        assert at < 0, left[max(0, at - 300) : at + 100]


# --- What everybody may look up -----------------------------------------------------------------------------------
@pytest.mark.django_db
@grouped("outside", LISTED)
def test_the_public_list_says_what_its_columns_say(outside: SimpleNamespace, kind: str) -> None:
    """No other personal column of a record, nobody's identity, and nothing of a record that is not public."""
    one, catalogue = declared(kind), SIDES[kind].catalogue
    assert catalogue is not None
    base, anybody = f"public/{one.plural}/", Client()
    states = given(kind).cases["ordinary"].states
    made = [given(kind).make(outside, state) for state in states]
    given(kind).publish(outside, made[states.index(given(kind).publishes or states[-1])])
    number_of = attrgetter(catalogue.number.replace("__", "."))
    public = {number_of(row): row for row in catalogue.rows()}
    assert 0 < len(public) < len(made), "some are public, and some are not"
    listed = anybody.get(f"/{base}").content.decode()
    (row,) = Api().get(f"/{base}").json()["results"]
    assert set(row) == {column.name for column in catalogue.columns}
    for record in made:
        number = one.number_of(record)
        page, answer = anybody.get(f"/{base}{number}/"), Api().get(f"/{base}{number}/")
        assert (page.status_code, answer.status_code) == ((200, 200) if number in public else (404, 404))
        assert (number in listed) == (number in public)
        if shown := public.get(number):
            assert unsaid(record, catalogue.cells(shown), listed + str(row)) == []
            whole = page.content.decode() + json.dumps(answer.json(), ensure_ascii=False)
            assert unsaid(record, catalogue.cells(shown, whole=True), whole) == []


def unsaid(record: Any, cells: Mapping[str, Any], text: str) -> list[str]:
    """What is personal in a record or of who filed it, no cell says, and this text does."""
    personal = {name: str(getattr(record, name)) for name in record.audit.personal}
    if filing := getattr(record, SIDES[record.KIND].filing, None):
        personal |= filing.identity(*filing.FIELDS)
    said = {str(value) for value in cells.values()}
    return [name for name, value in personal.items() if value and value not in said and value in text]

"""REST of every kind: it says in its schema what it does, and no input of any sort breaks it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from drf_spectacular.plumbing import _load_enum_name_overrides
from hypothesis import given as any_of
from hypothesis import strategies as st

from massline.acts import ActError
from records.kinds import RecordType
from responsibility.performing import perform_from_json
from tests.api import V1, Api, drawn_schema
from tests.shared.kinds import KINDS, SIDES, all_kinds, declared, given, grouped, open_acts
from tests.shared.test_api_any_input import JSON, few

pytestmark = pytest.mark.django_db
each_kind = grouped("rest", [kind for kind in KINDS if declared(kind).rest])


@pytest.fixture(autouse=True)
def kinds_of_tests() -> Iterator[None]:
    with all_kinds():
        yield


@pytest.fixture(scope="module")
def schema() -> Any:
    _load_enum_name_overrides.cache_clear()  # another test may have read them before these addresses were made
    with all_kinds():
        return drawn_schema()


# --- What the schema says -----------------------------------------------------------------------------------------
def answer_of(schema: Any, path: str, method: str, status: str = "200") -> Any:
    """The properties that an answer is promised to have."""
    shape = schema["paths"][f"{V1}{path}"][method]["responses"][status]["content"]["application/json"]["schema"]
    return shape_of(schema, shape)


def shape_of(schema: Any, shape: Any) -> Any:
    while "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].split("/")[-1]]
    return shape


def keys_of(schema: Any, shape: Any) -> set[str]:
    shape = shape_of(schema, shape)
    return set(shape.get("properties", {})).union(*(keys_of(schema, part) for part in shape.get("allOf", ())))


@each_kind
def test_every_address_and_every_act_is_in_the_schema(schema: Any, kind: str) -> None:
    one = declared(kind)
    root = f"{V1}/{one.plural}/"
    below = ["", "{number}/", "{number}/timeline/", "{number}/acts/{act}/"] + ["bulk/acts/{act}/"] * bool(one.bulk)
    assert {root + part for part in below} <= set(schema["paths"])
    assert ("post" in schema["paths"][root]) == bool(one.create)
    (act,) = [p for p in schema["paths"][f"{root}{{number}}/acts/{{act}}/"]["post"]["parameters"] if p["name"] == "act"]
    assert set(act["schema"]["enum"]) == {act.slug for act in one.acts}
    for path, operations in schema["paths"].items():
        if path.startswith(root):
            for operation in operations.values():
                errors = [answer for status, answer in operation["responses"].items() if status >= "400"]
                assert errors and all(list(answer["content"]) == ["application/problem+json"] for answer in errors), (
                    path
                )


@grouped("rest", SIDES)
def test_what_citizens_can_ask_is_in_the_schema(schema: Any, kind: str) -> None:
    one, side = declared(kind), SIDES[kind]
    asked = {method for method, there in (("post", side.form), ("get", side.catalogue)) if there}
    assert set(schema["paths"].get(f"{V1}/public/{one.plural}/", ())) == asked
    opened = schema["paths"][f"{V1}/public/track/"]["post"]["responses"]["200"]["content"]["application/json"]
    own = side.form is not None and not side.door
    assert (kind in shape_of(schema, opened["schema"])["discriminator"]["mapping"]) == own
    (act,) = [
        p for p in schema["paths"][f"{V1}/public/track/acts/{{act}}/"]["post"]["parameters"] if p["name"] == "act"
    ]
    assert {each.slug for each in side.acts} <= set(act["schema"]["enum"])


@each_kind
def test_answers_have_the_fields_that_the_schema_promises(schema: Any, city: SimpleNamespace, kind: str) -> None:
    one, of = declared(kind), given(kind)
    of.city(city)
    record = of.make(city)
    api, number = Api(getattr(city, of.cases["ordinary"].officials[0])), one.number_of(record)
    whole = answer_of(schema, f"/{one.plural}/{{number}}/", "get")
    told = api.get(f"/{one.plural}/{number}/").json()
    promised = keys_of(schema, whole)
    optional = promised - set(shape_of(schema, whole).get("required", promised))
    assert set(told) <= promised and promised - set(told) <= optional | set().union(*(a.reveals for a in one.acts))
    (row,) = api.get(f"/{one.plural}/").json()["results"]
    listed = answer_of(schema, f"/{one.plural}/", "get")["properties"]["results"]["items"]
    assert set(row) == keys_of(schema, listed)
    assert {"number", "title", "state", "state_label", "due_legal", "light"} <= set(row), "as every kind's"
    assert {act["slug"] for act in told["acts"]} <= {act.slug for act in one.acts}


# --- Any input ----------------------------------------------------------------------------------------------------
def post_addresses(one: RecordType, number: str) -> list[str]:
    root = f"/{one.plural}/"
    acts = [f"{root}{number}/acts/{act.slug}/" for act in one.acts]
    return [*acts, *([root] * bool(one.create)), *(f"{root}bulk/acts/{each.act.slug}/" for each in one.bulk)]


@contextmanager
def undone() -> Iterator[None]:
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


WRONG = (
    None, True, 5, -(2**70), 1e308, "\0", "\ud800", [], ["\0"], [["x"]], {}, {"x": "\0"}, "一" * 5000, "../%00",
)  # fmt: skip


@each_kind
def test_right_input_with_one_wrong_value_is_refused_or_taken(city: SimpleNamespace, kind: str) -> None:
    """Each field of each act meets a wrong value from somebody who may do it, in process as REST does it; and each act
    one of them through REST."""
    wrong = cycle(WRONG)
    meet_wrong_values(city, kind, lambda: (next(wrong),))


@pytest.mark.soak
@each_kind
def test_right_input_with_any_wrong_value_is_refused_or_taken(city: SimpleNamespace, kind: str) -> None:
    meet_wrong_values(city, kind, lambda: WRONG)


def meet_wrong_values(city: SimpleNamespace, kind: str, values: Callable[[], Iterable[Any]]) -> None:
    one, of = declared(kind), given(kind)
    of.city(city)
    wrong = cycle(WRONG)
    for act, who, record in open_acts(kind, city):
        user, right = getattr(city, who), of.input_of(act.slug)
        for name in right or ("x",):
            for value in values():
                with undone(), suppress(ActError):
                    perform_from_json(act, record, user, {**right, name: value})
        with undone():
            path = f"/{one.plural}/{one.number_of(record)}/acts/{act.slug}/"
            Api(user).post(path, {**right, next(iter(right), "x"): next(wrong)})
    if one.create:
        api = Api(getattr(city, of.enters[0]))
        for name in of.entry:
            for value in values():
                with undone():
                    api.post(f"/{one.plural}/", {**of.entry, name: value})


@each_kind
def test_no_input_breaks_it(city: SimpleNamespace, kind: str) -> None:
    """Arbitrary JSON under the names that forms have, bytes, queries and addresses: a refusal is problem details
    (`Api` looks), and none is an error of ours."""
    one, of = declared(kind), given(kind)
    of.city(city)
    paths = sorted(post_addresses(one, one.number_of(of.make(city))))
    apis = [Api(getattr(city, who)) for who in of.cases["ordinary"].officials[:3]]
    names = sorted({name for said in (*of.input.values(), of.entry) for name in said} | {"numbers", "source", "x"})
    bodies = st.dictionaries(st.sampled_from(names), JSON, max_size=4) | JSON

    @few
    @any_of(data=st.data(), body=bodies, raw=st.binary(max_size=60), query=st.binary(max_size=30))
    def ask(data: st.DataObject, body: Any, raw: bytes, query: bytes) -> None:
        api, path = data.draw(st.sampled_from(apis)), data.draw(st.sampled_from(paths))
        for sent in (body, raw):
            with undone():
                api.post(path, sent)
        asked = data.draw(st.sampled_from(["state", "organ", "category", "overdue", "q", "cursor", "x"]))
        api.get(f"/{one.plural}/?{asked}={quote(query)}")
        api.client.get(f"{V1}/{one.plural}/{quote(raw or b'x', safe='')}/", headers=api.headers)

    ask()

"""Who may enter a record of each kind, and act on many, through REST: by hand, tried by everybody."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from audit.models import AuditEvent
from tests.api import Api
from tests.city import NAMES
from tests.shared.kinds import ADMINISTRATIONS, KINDS, all_kinds, declared, given, grouped
from tests.shared.test_access_matrix import undone

pytestmark = pytest.mark.django_db
EVERYBODY = [*NAMES, "inspector", "auditor", *ADMINISTRATIONS]
each_kind = grouped("posts", KINDS)


@pytest.fixture(autouse=True)
def kinds_of_tests() -> Iterator[None]:
    with all_kinds():
        yield


@each_kind
def test_what_is_said_by_hand_is_declared(kind: str) -> None:
    one, of = declared(kind), given(kind)
    assert bool(of.entry) == bool(of.enters) == bool(one.create)
    assert {act for act, _state in of.bulk} == {each.act.slug for each in one.bulk}


@grouped("posts", [kind for kind in KINDS if declared(kind).create])
def test_only_who_may_enters_one(city: SimpleNamespace, kind: str) -> None:
    """With nothing sent, whoever may is told what is missing; with all that it takes it is there."""
    one, of, may = declared(kind), given(kind), set()
    of.city(city)
    before = one.model._default_manager.count()
    for who in EVERYBODY:
        newest = AuditEvent.objects.latest("pk").pk
        status = Api(getattr(city, who)).post(f"/{one.plural}/", {}).status_code
        refused = AuditEvent.objects.filter(pk__gt=newest, name__in=("create_refused", "page_refused")).count()
        assert (status, refused) in ((422, 0), (403, 1)), (who, status)
        may |= {who} if status == 422 else set()
    assert may == set(of.enters)
    assert Api().post(f"/{one.plural}/", {}).status_code == 401
    assert one.model._default_manager.count() == before
    api = Api(getattr(city, of.enters[0]))
    answer = api.post(f"/{one.plural}/", of.entry)
    assert answer.status_code == 201, answer.content
    timeline = api.get(f"/{one.plural}/{answer.json()['number']}/timeline/")
    assert timeline.status_code == 404 or timeline.json()["results"], "its timeline begins"
    assert one.model._default_manager.filter(**{one.number: answer.json()["number"]}).exists()


@pytest.mark.parametrize(
    ("kind", "act", "state"),
    [
        pytest.param(kind, act, state, marks=pytest.mark.xdist_group(f"{kind}-posts"))
        for kind in KINDS
        for act, state in given(kind).bulk
    ],
)
def test_only_who_may_act_on_one_acts_on_many(city: SimpleNamespace, kind: str, act: str, state: str) -> None:
    one, of, done = declared(kind), given(kind), set()
    of.city(city)
    record = of.make(city, state)
    body = {**of.input_of(act), "numbers": [one.number_of(record)]}
    for who in [*(who for who in of.cases["ordinary"].cast if hasattr(city, who)), ADMINISTRATIONS[0]]:
        with undone():
            answer = Api(getattr(city, who)).post(f"/{one.plural}/bulk/acts/{act}/", body)
            moved = one.model._default_manager.get(pk=record.pk).state != state
        if who in ADMINISTRATIONS:
            assert answer.status_code == 403 and not moved
            continue
        (result,) = answer.json()["results"]
        assert result["ok"] == moved or result["status"] == "already", (who, result)
        assert result["ok"] or result["problem"]["status"] in (403, 404, 409), (who, result)
        done |= {who} if moved else set()
    assert done == set(of.bulk[act, state])
    assert Api().post(f"/{one.plural}/bulk/acts/{act}/", body).status_code == 401

"""A frozen record of every kind is nowhere: not in lists, counts, searches, exports, REST or at its address; no act is
done to it, and once it is released all is as before."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone

from massline.acts import ActError, WrongState, perform
from records.models import Spill
from records.models.sources import WithSource
from records.spills.acts import SPILL_ACTS
from records.spills.reporting import report
from tests.eyes import Eyes, background
from tests.secrecy_lab import add_secrecy
from tests.shared.kinds import KINDS, all_kinds, declared, given, grouped, open_acts
from tests.shared.kinds.spill import INPUT
from tests.shared.test_leaks import assert_unknown, everything, identity, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
FROZEN_KINDS = [kind for kind in KINDS if kind != Spill.KIND]
OF_THEMSELVES = [kind for kind in FROZEN_KINDS if not issubclass(declared(kind).model, WithSource)]


@pytest.fixture
def kind() -> str:
    """Where no group of tests says another."""
    return "repair"


@pytest.fixture
def world(city: SimpleNamespace, kind: str) -> Iterator[SimpleNamespace]:
    with all_kinds():
        given(kind).city(city)
        background()
        yield add_secrecy(city)


def people_of(kind: str, city: SimpleNamespace) -> list[Any]:
    return [getattr(city, who) for who in given(kind).cases["ordinary"].officials]


def freeze(record: Any, city: SimpleNamespace) -> Spill:
    """The report of somebody who sees it and holds no post in the secrecy organ."""
    return report(record, "text", city.outsider, timezone.now())


@grouped("frozen", FROZEN_KINDS)
def test_a_frozen_record_is_nowhere(world: SimpleNamespace, kind: str) -> None:
    people = [one for one in people_of(kind, world) if one not in (world.secrecy, world.secrecy_head)]
    with undone():
        record = given(kind).make(world)
        freeze(record, world)
        hidden = {kind: identity(record, kind)}
        own = {one: everything(one, hidden, there=True) for one in {people[0], people[-1]}}
        assert not declared(kind).model._default_manager.for_user(people[0]).filter(pk=record.pk).exists()
        for one in people:
            assert not declared(kind).model._default_manager.for_user(one).filter(pk=record.pk).exists(), one
        assert_unknown(people[0], declared(kind), hidden[kind][0])
    with undone():
        record = given(kind).make(world)
        hidden = {kind: identity(record, kind)}
        seen = everything(people[0], hidden, there=True)
    assert seen != own[people[0]], "it shows where it is not frozen"
    for one, looked in own.items():
        number, _state = hidden[kind]
        texts = " ".join(text for path, (_status, text) in looked.items() if "desk" not in path)
        assert number not in texts, one


@grouped("frozen_acts", OF_THEMSELVES)
def test_no_act_is_done_to_a_frozen_record(world: SimpleNamespace, kind: str) -> None:
    act, who, record = next(open_acts(kind, world))
    freeze(record, world)
    with pytest.raises(WrongState) as caught:
        perform(act, type(record), record.pk, getattr(world, who), given(kind).input_of(act.slug), seen=record)
    assert "核查" in str(caught.value.message)


@grouped("frozen_release", OF_THEMSELVES)
def test_released_it_is_as_before(world: SimpleNamespace, kind: str) -> None:
    record = given(kind).make(world)
    who = people_of(kind, world)[0]
    model = declared(kind).model
    spill = freeze(record, world)
    assert Eyes(world.secrecy).look(f"/desk/spills/{spill.number}/")[0] == 200
    perform(SPILL_ACTS["release"], Spill, spill.pk, world.secrecy, INPUT["release"])
    for cache in caches.all():
        cache.clear()
    assert model._default_manager.for_user(who).filter(pk=record.pk).exists()


@grouped("frozen_erase", OF_THEMSELVES)
def test_erased_on_order_its_words_are_gone_and_its_number_stays(world: SimpleNamespace, kind: str) -> None:
    record = given(kind).make(world)
    spill = freeze(record, world)
    perform(SPILL_ACTS["erase_on_order"], Spill, spill.pk, world.secrecy, INPUT["erase_on_order"])
    record.refresh_from_db()
    personal = [getattr(record, name) for name in type(record).audit.personal]
    assert not any(personal) and record.matter.key == spill.source_key


def test_a_second_report_finds_it_frozen(world: SimpleNamespace) -> None:
    record = given("repair").make(world)
    freeze(record, world)
    with pytest.raises(ActError):
        freeze(record, world)

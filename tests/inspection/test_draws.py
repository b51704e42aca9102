"""A draw recomputes from its export; a changed pool or seed is noticed; who locked it does not open it."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit.models import AuditEvent
from inspection.draws import checker
from inspection.draws.acts import DRAW_ACTS
from inspection.models import Draw, Task
from massline.acts import Invalid, Refused, perform
from records.creating import create
from responsibility.models import Obligation
from tests.inspection_lab import add_office, task_in

NUMBERS = st.lists(st.from_regex(r"DC20[0-9]{6}-[0-9]{6}", fullmatch=True), min_size=1, max_size=40, unique=True)
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def export_of(pool: list[str], seed: str, size: int) -> dict[str, Any]:
    return {
        "pool": pool, "size": size, "seed": seed, "pool_hash": checker.hash_of_pool(pool),
        "seed_hash": checker.hash_of_seed(seed), "drawn": checker.drawn(pool, seed, size),
    }  # fmt: skip


@given(NUMBERS, SEEDS, st.integers(1, 10), st.randoms())
def test_it_recomputes_in_whatever_order_the_pool_comes(pool: list[str], seed: str, size: int, dice: Any) -> None:
    export = export_of(pool, seed, size)
    assert checker.faults(export) == [] and len(export["drawn"]) == min(size, len(pool))
    dice.shuffle(pool)
    assert checker.faults(export | {"pool": pool}) == []


@given(NUMBERS, SEEDS, SEEDS, st.integers(1, 10))
def test_a_changed_pool_or_seed_is_noticed(pool: list[str], seed: str, other: str, size: int) -> None:
    assume(seed != other)
    export = export_of(pool, seed, size)
    assert "the pool is not the one that was locked" in checker.faults(export | {"pool": pool[1:]})
    assert "the pool is not the one that was locked" in checker.faults(export | {"pool": [*pool, "DC-MORE"]})
    assert "the seed is not the one that was locked" in checker.faults(export | {"seed": other})
    assert checker.faults(export | {"drawn": ["DC-OTHER"]})


def test_an_example_by_hand() -> None:
    """Computed with OpenSSL: `printf NUMBER | openssl dgst -sha256 -mac HMAC -macopt hexkey:SEED`."""
    assert checker.hash_of_pool(["b", "a"]) == checker.hash_of_pool(["a", "b"])
    assert checker.hash_of_pool(["a"]) == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert checker.hash_of_seed("00" * 32) == "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"


@pytest.fixture
def office(city: SimpleNamespace) -> SimpleNamespace:
    add_office(city)
    city.closed = [task_in(city, "closed") for _n in range(3)]
    return city


def locked(office: SimpleNamespace, size: int = 2) -> Draw:
    made = create(Draw.KIND, {"title": "三季度回头看", "size": str(size)}, office.dc_clerk)
    assert isinstance(made, Draw)
    return made


@pytest.mark.django_db
def test_first_the_hashes_are_on_record_and_later_the_seed(office: SimpleNamespace) -> None:
    made = locked(office)
    before = AuditEvent.objects.get(name="draw.locked", subject_key=made.number).facts
    assert before["pool_hash"] == checker.hash_of_pool(task.number for task in office.closed)
    assert made.seed not in json.dumps(before) and before["seed_hash"] == checker.hash_of_seed(made.seed)
    with pytest.raises(Refused, match="锁定抽查范围的人"):
        perform(DRAW_ACTS["open"], Draw, made.pk, office.dc_clerk, {})
    perform(DRAW_ACTS["open"], Draw, made.pk, office.dc_other, {})
    assert AuditEvent.objects.get(name="draw.drawn", subject_key=made.number).facts["seed"] == made.seed


@pytest.mark.django_db
def test_what_is_drawn_is_looked_at_again(office: SimpleNamespace) -> None:
    made = locked(office)
    perform(DRAW_ACTS["open"], Draw, made.pk, office.dc_other, {})
    again = Task.objects.filter(state="rechecking").order_by("number")
    expected = checker.drawn((task.number for task in office.closed), made.seed, 2)
    assert [task.number for task in again] == expected
    owed = Obligation.objects.open().filter(rule="DD11").values_list("subject_key", flat=True)
    assert sorted(owed) == expected


@pytest.mark.django_db
def test_more_than_there_is_cannot_be_drawn(office: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as faulty:
        locked(office, 4)
    assert "只有 3 件" in faulty.value.errors["size"][0]


@pytest.mark.django_db
def test_the_script_checks_what_rest_answers(office: SimpleNamespace, tmp_path: Path) -> None:
    from tests.api import Api

    made = locked(office)
    assert Api(office.dc_head).get(f"/draws/{made.number}/").json()["draw"]["seed"] == "", "nobody sees it before"
    perform(DRAW_ACTS["open"], Draw, made.pk, office.dc_other, {})
    answer = Api(office.inspector).get(f"/draws/{made.number}/").json()
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(answer))
    answer["draw"]["pool"] = answer["draw"]["pool"][:-1]
    bad.write_text(json.dumps(answer))
    script = [sys.executable, "-I", "-S", checker.__file__]
    assert subprocess.run([*script, str(good)], check=False).returncode == 0
    said = subprocess.run([*script, str(bad)], check=False, capture_output=True, text=True)
    assert said.returncode == 1 and "not the one that was locked" in said.stdout

"""Whoever may be meant by what a petitioner wrote is recused, however they wrote it (Art. 28)."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from citizens.tracking.view import complained_about
from petitions.models import Demand
from tests.city import file_petition

pytestmark = pytest.mark.django_db


def complaint(name: str, kind: str = "person", organ: str = "", **more: Any) -> Demand:
    return file_petition(complained_about=[{"kind": kind, "name": name, "organ": organ}], **more).demand


def sees(user: Any, demand: Demand) -> bool:
    listed = Demand.objects.for_user(user).filter(pk=demand.pk).exists()
    assert listed == bool(demand.roles_of(user))
    return listed


WRITTEN = [
    "辛访明", "辛 访明", "辛　访　明", " 辛访明\u200b", "辛访明局长", "局长辛访明", "辛访明（局长）", "信访局辛访明",
    "辛局长", "辛局", "信访局辛局长", "市信访局局长", "信访局长", "辛訪明", "市信訪局局長", "辛訪明局長",
]  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_a_person_is_recognised_however_people_write_them(city: SimpleNamespace, written: str) -> None:
    assert not sees(city.chief, complaint(written))


@pytest.mark.parametrize("registered", ["買買提·艾力", "买买提・艾力", "买买提 艾力", "买买提‧艾力"])
@pytest.mark.parametrize("written", ["买买提·艾力", "買買提•艾力", "买买提．艾力局长", "买买提艾力"])
def test_a_name_in_the_register_is_recognised_in_any_writing(
    city: SimpleNamespace, registered: str, written: str
) -> None:
    city.chief.name = registered
    city.chief.save(update_fields=["name"])
    assert not sees(city.chief, complaint(written))
    assert sees(city.chief, complaint("买买提·艾山"))


@pytest.mark.parametrize("written", WRITTEN[:10])
def test_a_name_in_the_field_for_a_unit_is_a_name_all_the_same(city: SimpleNamespace, written: str) -> None:
    assert not sees(city.chief, complaint(written, kind="organ"))


@pytest.mark.parametrize(
    "written",
    [
        "试水市信访局",
        "市信访局",
        "信访局",
        " 试水市 信访局",
        "試水市信訪局",
        "试水市信访局办信接访科",
        "试水市信访局（窗口）",
        "office",
    ],
)
def test_a_unit_is_recognised_by_its_short_name(city: SimpleNamespace, written: str) -> None:
    demand = complaint(written, kind="organ")
    assert "office" in {named.organ.code for named in demand.petition.filing.complained.all() if named.organ}


def test_who_heads_a_unit_named_by_its_short_name_is_meant_by_their_title(city: SimpleNamespace) -> None:
    assert not sees(city.leader, complaint("局长", organ="市住建局"))
    assert sees(city.other_leader, complaint("局长", organ="市住建局")) is False  # it never was theirs
    assert not sees(city.secretary, complaint("市委书记"))
    assert not sees(city.mayor, complaint("市长"))


@pytest.mark.parametrize("written", ["住房和城乡建设局", "市住建局", "幸福里物业公司", "建筑公司", "王某", "科长"])
def test_a_complaint_about_a_unit_or_a_stranger_recuses_nobody(city: SimpleNamespace, written: str) -> None:
    for kind in ("organ", "person"):
        demand = complaint(written, kind=kind)
        assert all(sees(person, demand) for person in (city.chief, city.clerk, city.mayor, city.inspector))


def test_units_elsewhere_with_the_same_short_name_are_not_meant(city: SimpleNamespace) -> None:
    here = complaint("住建局", kind="organ", region="990102000000")
    assert {c.organ.code for c in here.petition.filing.complained.all()} == {"department", "district_department"}


def test_who_is_meant_twice_is_shown_once(city: SimpleNamespace) -> None:
    demand = complaint("信访局", kind="organ", region="990102000000")
    assert len(complained_about(demand.petition.filing)) == 1


def test_anchor_12_no_gap_between_two_numbers_tells_of_one_handed_over(city: SimpleNamespace) -> None:
    last = [int(file_petition().number[-6:]) for _ in range(20)]
    steps = {after - before for before, after in pairwise(last)}
    assert len(steps) > 15 and any(step < 0 for step in steps)

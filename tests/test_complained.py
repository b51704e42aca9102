"""Whoever may be meant by what a petitioner wrote is recused or walled off, however they wrote it (Art. 28, 30)."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from petitions import filing, show
from petitions.models import Demand, NamedReader, Purpose
from petitions.work import work_of
from responsibility.models import Obligation
from tests.city import SINCE, file_petition

pytestmark = pytest.mark.django_db


def complaint(name: str, kind: str = "person", organ: str = "", **more: Any) -> Demand:
    return file_petition(complained_about=[{"kind": kind, "name": name, "organ": organ}], **more).demand


def sees(user: Any, demand: Demand) -> bool:
    listed = Demand.objects.for_user(user).filter(pk=demand.pk).exists()
    assert listed == bool(demand.roles_of(user))
    return listed


WRITTEN = [
    "辛访明", "辛 访明", "辛　访　明", " 辛访明\u200b", "辛访明局长", "局长辛访明", "辛访明（局长）", "信访局辛访明",
    "辛局长", "辛局", "信访局辛局长", "市信访局局长", "信访局长",
]  # fmt: skip


@pytest.mark.parametrize("purpose", [Purpose.REQUEST, Purpose.ACCUSATION])
@pytest.mark.parametrize("written", WRITTEN)
def test_a_person_is_recognised_however_people_write_them(city: SimpleNamespace, written: str, purpose: str) -> None:
    assert not sees(city.chief, complaint(written, purpose=purpose))


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
        "试水市信访局办信接访科",
        "试水市信访局（窗口）",
        "office",
    ],
)
def test_an_accused_unit_is_recognised_by_its_short_name(city: SimpleNamespace, written: str) -> None:
    demand = complaint(written, kind="organ", purpose=Purpose.ACCUSATION)
    assert not sees(city.chief, demand)
    assert city.chief.pk not in (work_of(demand).readers or ())


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


def test_units_elsewhere_with_the_same_short_name_are_not_accused(city: SimpleNamespace) -> None:
    NamedReader.objects.create(user=city.district_chief, office=city.organ["district_office"], since=SINCE)
    here = complaint("住建局", kind="organ", purpose=Purpose.ACCUSATION, region="990102000000")
    assert sees(city.district_chief, here)
    assert {c.organ.code for c in here.petition.complained.all()} == {"department", "district_department"}


def test_who_is_meant_twice_is_shown_once(city: SimpleNamespace) -> None:
    demand = complaint("信访局", kind="organ", region="990102000000")
    assert len(show.complained(demand)) == 1


def test_an_accusation_of_a_leader_does_not_exist_for_those_under_them(city: SimpleNamespace) -> None:
    NamedReader.objects.create(user=city.clerk, office=city.organ["office"], since=SINCE)
    demand = complaint("辛访明", purpose=Purpose.ACCUSATION)  # who heads the clerk's department
    assert not sees(city.clerk, demand)
    assert city.clerk.pk not in (work_of(demand).readers or ())
    other = complaint("林局正", purpose=Purpose.ACCUSATION)  # another organ's
    assert sees(city.clerk, other)
    assert city.clerk.pk in (work_of(other).readers or ())


def test_anchor_12_no_gap_between_two_numbers_tells_of_an_accusation(city: SimpleNamespace) -> None:
    drawn = [filing._scattered(n) for n in range(filing.MILLION)]
    assert len(set(drawn)) == filing.MILLION and max(drawn) == filing.MILLION - 1  # each once
    last = [int(file_petition().number[-6:]) for _ in range(20)]
    steps = {after - before for before, after in pairwise(last)}
    assert len(steps) > 15 and any(step < 0 for step in steps)
    at = timezone.now()
    assert filing._number(at, 3_000_042)[11:] == f"3{filing._scattered(42):06d}"


def test_an_accusation_that_nobody_near_may_read_goes_to_the_department_above(city: SimpleNamespace) -> None:
    """Art. 30 hides it from the accused; it must not hide it from everybody."""
    NamedReader.objects.create(user=city.district_chief, office=city.organ["district_office"], since=SINCE)
    about = {"purpose": Purpose.ACCUSATION, "region": "990102000000"}
    for written, kind in (("区信访局", "organ"), ("仇局长", "person"), ("东区人民政府", "organ")):
        demand = complaint(written, kind=kind, **about)
        assert sees(city.chief, demand) and not sees(city.district_chief, demand)
        assert work_of(demand).readers == {city.chief.pk}
        owed = Obligation.objects.about("petition", demand.pk).get()
        assert (owed.rule, owed.organ) == ("XF01", city.organ["office"])
    stays = complaint("东区住房和城乡建设局", kind="organ", **about)
    assert sees(city.district_chief, stays) and not sees(city.chief, stays)
    nobody = complaint("市信访局", kind="organ", purpose=Purpose.ACCUSATION)
    assert nobody.office == city.organ["office"] and work_of(nobody).readers == frozenset()

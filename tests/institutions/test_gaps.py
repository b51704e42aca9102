"""A gap is planned by its organ and closed by the legal office with a rule; the matrix shows what no rule covers."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.gaps.matrix import coverage
from institutions.gaps.models import Gap
from massline.acts import Invalid
from records.creating import create
from responsibility.models import Appointment, Obligation
from tests.city import SINCE
from tests.gap_lab import ENTRY, add_rule, does, gap_in
from tests.institutions_lab import in_days, in_force, regulation_in
from tests.reader import page, reader, source

pytestmark = pytest.mark.django_db
MATRIX = "/desk/regulations/matrix/"


@pytest.fixture
def town(city: SimpleNamespace) -> SimpleNamespace:
    return add_rule(city)


def owed(gap: Gap) -> list[tuple[str, Any]]:
    found = Obligation.objects.filter(subject_kind="gap", subject_id=gap.pk, closed_at=None)
    return list(found.values_list("rule", "post__name"))


def cell(who: Any, organ: str, power: str) -> tuple[int, int, int]:
    (row,) = [row for row in coverage(who) if row.organ.code == organ]
    (found,) = [one for one in row.cells if one.power == power]
    return found.rules, found.unowned, found.gaps


def test_an_open_gap_is_owed_by_its_organ_and_then_by_whom_it_names(town: SimpleNamespace) -> None:
    gap = gap_in(town, "found")
    assert owed(gap) == [("IN14", "信访专办岗")]
    assert owed(does(town, gap, "leader", "plan")) == [("IN15", "房屋安全科科员")]
    assert owed(does(town, gap, "legal", "close")) == []
    assert owed(does(town, gap, "legal", "reopen")) == [("IN14", "信访专办岗")]


def test_the_same_gap_is_found_once(town: SimpleNamespace) -> None:
    first = gap_in(town, "found")
    with pytest.raises(Invalid) as caught:
        create("gap", ENTRY | {"title": "又一次"}, town.leader)
    assert first.number in str(caught.value.errors["sort"])
    does(town, first, "legal", "dismiss")
    assert create("gap", ENTRY, town.leader).number != first.number


@pytest.mark.parametrize(("given", "fault"), [({"due_on": in_days(0)}, "due_on"), ({"handler": "clerk"}, "handler")])
def test_a_plan_names_somebody_of_the_organ_and_a_day_to_come(
    town: SimpleNamespace, given: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Invalid) as caught:
        does(town, gap_in(town, "found"), "leader", "plan", **given)
    assert set(caught.value.errors) == {fault}


def test_only_a_rule_in_force_of_the_same_organ_closes_it(town: SimpleNamespace) -> None:
    gap, repealed = gap_in(town, "found"), regulation_in(town, "repealed", title="旧办法")
    for number, said in (("ZD20200101-000000", "没有编号"), (repealed.number, "不是现行有效")):
        with pytest.raises(Invalid) as caught:
            does(town, gap, "legal", "close", regulation=number)
        assert said in str(caught.value.errors["regulation"])


def test_the_matrix_shows_the_rules_the_gaps_and_what_has_neither(town: SimpleNamespace) -> None:
    gap_in(town, "found")
    in_force(town, title="又一个办法", powers=["money", "people"])
    assert cell(town.mayor, "department", "money") == (2, 0, 1)
    assert cell(town.mayor, "department", "people") == (1, 0, 0)
    assert cell(town.mayor, "department", "things") == (0, 0, 0)
    shown = page(town.mayor, MATRIX)
    assert "2 件制度" in shown and "1 处缺口" in shown and "没有制度" in shown


def test_the_filters_of_the_list_are_named(town: SimpleNamespace) -> None:
    gap_in(town, "found")
    shown = source(reader(town.legal), "/desk/gaps/")
    assert "Power" not in shown and "Step" not in shown and "---------" not in shown


def test_a_rule_that_nobody_owns_any_more_is_marked(town: SimpleNamespace) -> None:
    assert cell(town.leader, "department", "money")[1] == 0
    listed = "/desk/regulations/?state=in_force&organ=department&power=money&people=nobody"
    assert "楼道照明" not in page(town.leader, listed)
    held = Appointment.objects.get(post=town.post["deputy"])
    Appointment.objects.filter(pk=held.pk).update(until=SINCE.replace(year=2021))
    assert cell(town.leader, "department", "money")[1] == 1
    shown = source(reader(town.leader), MATRIX)
    assert "1 件没有人落实" in shown and listed.replace("&", "&amp;") in shown
    assert "楼道照明" in page(town.leader, listed), "the number opens its list"


def test_a_cell_opens_the_list_that_it_counts(town: SimpleNamespace) -> None:
    in_force(town, title="只管人的办法", powers=["people"])
    here = "/desk/regulations/?state=in_force&organ=department&power="
    assert f"{here.replace('&', '&amp;')}people" in source(reader(town.mayor), MATRIX)
    assert "只管人的办法" in page(town.mayor, f"{here}people") and "楼道照明" not in page(town.mayor, f"{here}people")


def test_the_matrix_costs_the_same_however_much_it_counts(town: SimpleNamespace) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as sent:
            coverage(town.mayor)
        return len(sent)

    cost()
    before = cost()
    for power in ("people", "things"):
        gap_in(town, "found", power=power)
        in_force(town, title="又一个办法", powers=[power])
    assert cost() == before == 3


def test_who_works_in_one_organ_sees_its_row_alone(town: SimpleNamespace) -> None:
    gap_in(town, "found")
    in_force(town, title="公布的办法")
    assert [row.organ.code for row in coverage(town.other_leader)] == ["department", "other"]
    assert cell(town.other_leader, "department", "money") == (1, 0, 0), "promulgated rules are open, gaps are not"

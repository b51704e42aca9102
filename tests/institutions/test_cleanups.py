"""A cleanup goes through every rule of an organ one by one; none is left out and none is waved through."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from institutions.models import Cleanup
from massline.acts import Invalid, Refused, WrongState
from massline.time import end_of_day
from records.creating import create
from records.spills.reporting import report
from responsibility.models import Obligation
from tests.cleanup_lab import ENTRY, add_rules, does
from tests.institutions_lab import in_days, in_force
from tests.reader import page, reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: SimpleNamespace) -> SimpleNamespace:
    return add_rules(city)


def begin(town: SimpleNamespace, **overrides: str) -> Cleanup:
    made: Cleanup = create("cleanup", ENTRY | overrides, town.leader)
    return made


def test_the_scope_is_what_is_in_force_when_it_begins(town: SimpleNamespace) -> None:
    cleanup = begin(town)
    in_force(town, title="后来的办法")
    assert [one.regulation.title for one in cleanup.items.all()] == ["楼道照明管理办法"] and cleanup.size == 1
    shown = page(town.colleague, f"/desk/cleanups/{cleanup.number}/")
    assert "楼道照明管理办法" in shown and "后来的办法" not in shown and "0 件有了清理意见" in shown


def test_it_is_not_over_before_each_is_judged_with_a_reason(town: SimpleNamespace) -> None:
    in_force(town, title="又一个办法")
    cleanup = begin(town)
    does(town, cleanup, "receiver", "judge")
    with pytest.raises(WrongState, match="还有 1 件"):
        does(town, cleanup, "leader", "close")
    with pytest.raises(Invalid) as caught:
        does(town, cleanup, "receiver", "judge", item=2, verdict="keep", reason="有效")
    assert set(caught.value.errors) == {"reason"}
    does(town, cleanup, "receiver", "judge", item=2, verdict="keep", reason="与新法一致，仍然适用")
    assert does(town, cleanup, "leader", "close").state == "closed"


def test_who_judged_does_not_approve(town: SimpleNamespace) -> None:
    cleanup = begin(town)
    does(town, cleanup, "leader", "judge")
    with pytest.raises(Refused):
        does(town, cleanup, "leader", "close")


@pytest.mark.parametrize("item", [0, 2, 9])
def test_no_rule_outside_the_scope_is_judged(town: SimpleNamespace, item: int) -> None:
    with pytest.raises(Invalid) as caught:
        does(town, begin(town), "receiver", "judge", item=item)
    assert set(caught.value.errors) == {"item"}


def test_its_day_lies_ahead(town: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as caught:
        begin(town, due_on=in_days(0))
    assert set(caught.value.errors) == {"due_on"}


def test_who_has_no_rules_to_go_through_begins_none(town: SimpleNamespace) -> None:
    assert reader(town.other_leader).get("/desk/cleanups/new/").status_code == 403
    assert reader(town.mayor).get("/desk/cleanups/new/").status_code == 200, "the rules of the department below"


def test_the_title_of_a_frozen_rule_is_not_shown(town: SimpleNamespace) -> None:
    cleanup = begin(town)
    address = f"/desk/cleanups/{cleanup.number}/"
    assert page(town.receiver, address).count("楼道照明管理办法") > 1, "in the scope and in the form"
    report(town.rule, "text", town.receiver, timezone.now())
    shown = page(town.receiver, address)
    assert "楼道照明管理办法" not in shown and town.rule.number in shown
    assert does(town, cleanup, "receiver", "judge").items.get().verdict == "amend", "it is judged all the same"


def test_it_is_owed_until_the_day_that_was_set(town: SimpleNamespace) -> None:
    cleanup = begin(town)
    owed = Obligation.objects.get(subject_kind="cleanup", subject_id=cleanup.pk, closed_at=None)
    assert (owed.rule, owed.post) == ("IN16", town.post["receiver"])
    assert Cleanup.objects.get(pk=cleanup.pk).due_at == end_of_day(cleanup.due_on)

"""An inspection: on whose order, of whom, by whom; what repeats is refused; the recheck is by others."""

from types import SimpleNamespace
from typing import Any

import pytest

from inspection.inspections.desk import InspectionAdapter
from inspection.models import Conclusion, Inspection, TeamMember
from massline.acts import Invalid, NotVisible, NotYet, Refused, WrongState
from massline.time import today
from records.creating import create
from responsibility.models import Notice, Obligation
from tests.inspection_activity_lab import (
    conclusion_in,
    does,
    entry,
    inspection_in,
    later,
    plan_in,
    says,
)
from tests.inspection_lab import add_office, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(city: SimpleNamespace) -> SimpleNamespace:
    return add_office(city)


def owed(record: Any) -> set[tuple[str, str]]:
    rows = Obligation.objects.open().about(record.KIND, record.pk)
    return set(rows.values_list("rule", "organ__code"))


def faults(office: SimpleNamespace, **overrides: Any) -> dict[str, list[str]]:
    """What is said beside which field."""
    with pytest.raises(Invalid) as faulty:
        create(Inspection.KIND, entry(**overrides), office.dc_clerk)
    return dict(faulty.value.errors)


def test_it_needs_the_years_plan_or_who_approves_it(office: SimpleNamespace) -> None:
    assert "一事一报" in faults(office, approver="")["plan_item"][0]
    item = f"{plan_in(office, 'approved').year}-1"
    assert "只选一项" in faults(office, plan_item=item)["approver"][0]
    made = create(Inspection.KIND, entry(plan_item=item, approver=""), office.dc_clerk)
    assert owed(made) == {("DC03", "inspection")}, "within the plan the head of the office approves it"
    with pytest.raises(Refused):
        does(office, made, "mayor", "approve")
    assert does(office, made, "dc_head", "approve").state == "approved"


def test_only_items_of_an_approved_plan_are_offered(office: SimpleNamespace) -> None:
    item = f"{plan_in(office, 'draft').year}-1"
    assert set(faults(office, plan_item=item, approver="")) == {"plan_item"}


def test_who_proposed_it_does_not_approve_it(office: SimpleNamespace) -> None:
    item = f"{plan_in(office, 'approved').year}-1"
    made = create(Inspection.KIND, entry(plan_item=item, approver=""), office.dc_head)
    with pytest.raises(Refused, match="提出督查的人"):
        does(office, made, "dc_head", "approve")


def test_what_repeats_is_refused_in_words_unless_it_is_merged(office: SimpleNamespace) -> None:
    first = inspection_in(office, "approved")
    again = {"category": first.category, "first_day": in_days(5), "last_day": in_days(9)}
    said = faults(office, **again)["organ"][0]
    assert first.number in said and "并入" in said
    merged = create(Inspection.KIND, entry(**again, merge_with=first.number), office.dc_clerk)
    assert merged.merged_with == first
    other_matter = create(Inspection.KIND, entry(**again | {"category": "020101"}), office.dc_clerk)
    later_on = create(Inspection.KIND, entry(**again | {"first_day": in_days(6)}), office.dc_clerk)
    assert {other_matter.state, later_on.state} == {"proposed"}


def test_what_was_refused_leaves_its_days_to_others(office: SimpleNamespace) -> None:
    same = inspection_in(office, "dropped").category
    assert inspection_in(office, "proposed", category=same).exclusive


def test_another_organ_that_repeats_is_refused_beside_its_field(office: SimpleNamespace) -> None:
    same = inspection_in(office, "proposed", organ="district_department").category
    made = inspection_in(office, "proposed", category=same)
    with pytest.raises(Invalid) as faulty:
        does(office, made, "dc_clerk", "add_organ")
    assert "重复" in faulty.value.errors["organ"][0]


@pytest.mark.parametrize(
    ("overrides", "field", "says"),
    [
        ({"first_day": in_days(-1)}, "first_day", "不能早于今天"),
        ({"last_day": in_days(-3)}, "last_day", "不能早于开始"),
        ({"category": ""}, "category", ""),
        ({"merge_with": "DH20200101-000000"}, "merge_with", "没有这个编号"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    office: SimpleNamespace, overrides: dict[str, Any], field: str, says: str
) -> None:
    assert says in faults(office, **overrides)[field][0]


def test_a_team_has_two_and_none_of_the_visited_organ(office: SimpleNamespace) -> None:
    head = "dc_other"
    assert "不少于两人" in faults(office, member=head)["member"][0]
    outsider = "outsider"
    assert "回避" in faults(office, member=outsider)["member"][0]
    made = inspection_in(office, "approved")
    with pytest.raises(Invalid) as faulty:
        does(office, made, "dc_other", "recuse")
    assert "先增加一名" in faulty.value.errors["member"][0]
    does(office, made, "dc_clerk", "add_member")
    does(office, made, "dc_other", "recuse")
    assert not Inspection.objects.for_user(office.colleague).exists(), "who is recused sees it no more"
    assert TeamMember.objects.get(post=office.post["colleague"]).reason


def test_the_days_that_were_approved_are_kept(office: SimpleNamespace) -> None:
    made = inspection_in(office, "approved", first_day=in_days(3))
    with pytest.raises(NotYet, match="才能开始"):
        does(office, made, "dc_other", "go")


def test_of_an_unannounced_visit_the_organ_knows_nothing_before_its_conclusion(office: SimpleNamespace) -> None:
    made = inspection_in(office, "going")
    for who in (office.other_leader, office.outsider, office.other_receiver):
        assert not Inspection.objects.for_user(who).exists() and not Conclusion.objects.for_user(who).exists()
        assert not Notice.objects.filter(recipient=who).exists()
        with pytest.raises(NotVisible):
            does(office, made, who.username, "note")
    does(office, made, "dc_other", "serve_conclusion")
    told = Conclusion.objects.for_user(office.other_leader).get()
    assert told.text and Notice.objects.filter(recipient=office.other_leader, kind="conclusion.served").exists()
    assert not Inspection.objects.for_user(office.other_leader).exists(), "what was found inside stays inside"


def test_whoever_belongs_to_the_organ_knows_nothing_of_it_in_another_post_either(office: SimpleNamespace) -> None:
    """A person of the office who holds a post in the visited organ, too; and the people of organs below it."""
    from responsibility.models import Appointment
    from tests.chain_lab import event

    made = inspection_in(office, "approved")
    assert Inspection.objects.for_user(office.dc_head).exists()
    event()
    Appointment.objects.filter(post=office.post["outsider"]).update(until=today())
    Appointment.objects.create(user=office.dc_head, post=office.post["outsider"], since=today())
    moved = type(office.dc_head).objects.get(pk=office.dc_head.pk)
    assert not Inspection.objects.for_user(moved).exists()
    assert moved.pk in Inspection.objects.get(pk=made.pk).chain_subject().recused
    district = create(Inspection.KIND, entry(organ="district"), office.dc_clerk)
    assert office.district_leader.pk in district.recused


def test_an_announced_one_is_told_and_called_off_again(office: SimpleNamespace) -> None:
    told = conclusion_in(office, "announced")
    assert Notice.objects.filter(recipient=office.other_leader, kind="conclusion.announced").exists()
    assert not told.text
    does(office, told.inspection, "dc_head", "call_off")
    assert Conclusion.objects.get(pk=told.pk).state == "cancelled"


def test_an_announced_one_is_served_on_each_organ_in_turn(office: SimpleNamespace) -> None:
    made = inspection_in(office, "proposed", mode="announced")
    does(office, made, "dc_clerk", "add_organ")
    for who, act in (("mayor", "approve"), ("dc_other", "go"), ("dc_other", "serve_conclusion")):
        made = does(office, made, who, act)
    with pytest.raises(WrongState, match="还没有向东区"):
        does(office, made, "dc_other", "conclude")
    assert owed(made) == {("DC04", "inspection")}
    does(office, made, "dc_other", "serve_conclusion", organ="district_department")
    made = does(office, made, "dc_other", "conclude")
    assert made.state == "concluded" and owed(made) == set()
    assert set(made.conclusions.values_list("state", flat=True)) == {"served"}


def test_a_problem_wants_words_and_the_next_open_line_is_chosen(office: SimpleNamespace) -> None:
    made = inspection_in(office, "going")
    does(office, made, "dc_other", "add_check", question="值班电话有人接吗")
    with pytest.raises(Invalid) as faulty:
        does(office, made, "dc_other", "fill_check", finding="")
    assert "finding" in faulty.value.errors
    does(office, made, "colleague", "fill_check")
    from inspection.inspections.forms import FillCheckForm

    assert FillCheckForm(None, Inspection.objects.get(pk=made.pk)).fields["item"].initial == 2


def test_an_objection_is_decided_by_others_within_thirty_days(office: SimpleNamespace) -> None:
    told = says(office, conclusion_in(office, "served"), "other_leader", "object")
    assert owed(told) == {("DC02", "inspection")}
    row = Obligation.objects.open().about(Conclusion.KIND, told.pk).get()
    assert (row.due_strict - today()).days >= 30
    with pytest.raises(Refused, match="回避"):
        says(office, told, "dc_other", "decide")
    done = says(office, told, "dc_clerk", "decide", recheck_decision="changed")
    assert (done.state, done.decision, owed(done)) == ("decided", "changed", set())


def test_an_objection_comes_within_thirty_days(office: SimpleNamespace) -> None:
    told = conclusion_in(office, "served")
    with pytest.raises(NotYet, match="异议期未满"):
        says(office, told, "dc_clerk", "settle")
    with later(40):
        with pytest.raises(WrongState, match="异议期已过"):
            says(office, told, "other_leader", "object")
        assert says(office, told, "dc_clerk", "settle").state == "settled"


def test_praise_and_liability_wait_for_the_head_above(office: SimpleNamespace) -> None:
    made = does(office, inspection_in(office, "concluded"), "dc_clerk", "praise")
    assert owed(made) == {("DC05", "root")}
    says(office, made.conclusions.get(), "other_leader", "settle")
    with pytest.raises(WrongState, match="等待批准"):
        does(office, made, "dc_clerk", "close")
    with pytest.raises(Refused):
        does(office, made, "dc_head", "decide_outcome")
    made = does(office, made, "mayor", "decide_outcome")
    assert made.visited.get().approval == "yes" and owed(made) == set()
    assert does(office, made, "dc_clerk", "close").state == "closed"


def test_it_is_not_closed_before_its_conclusions_hold(office: SimpleNamespace) -> None:
    with pytest.raises(WrongState, match="没有生效"):
        does(office, inspection_in(office, "concluded"), "dc_clerk", "close")


def test_a_task_grows_from_a_conclusion_and_its_organ_sees_it(office: SimpleNamespace) -> None:
    from inspection.models import Task
    from tests.inspection_lab import entry as task_entry

    told = conclusion_in(office, "served")
    made = create(Task.KIND, task_entry(origin="record"), office.dc_clerk, source=told)
    assert Task.objects.for_user(office.handler).filter(pk=made.pk).exists()


def test_the_adapter_reads_whom_they_recuse_at_once(office: SimpleNamespace, django_assert_num_queries: Any) -> None:
    from inspection.inspections.desk import INSPECTIONS

    pks = [inspection_in(office, "proposed", organ=organ).pk for organ in ("other", "district_department")]
    adapter = InspectionAdapter(INSPECTIONS)
    with django_assert_num_queries(2):
        works = adapter.chain_subjects(pks)
    assert office.other_leader.pk in works[pks[0]].recused and office.district_leader.pk in works[pks[1]].recused

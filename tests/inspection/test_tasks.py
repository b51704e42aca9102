"""What a task is owed for, by whom, and who may end it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from audit.models import AuditEvent
from inspection.acts import TASK_ACTS
from inspection.models import FINAL, Task
from massline.acts import ActError, Invalid, NotVisible, NotYet, Refused, WrongState, perform
from massline.time import today
from records.creating import create
from responsibility.models import Appointment, Notice, Obligation
from tests.chain_lab import event
from tests.city import walk_to
from tests.inspection_lab import INPUT, PEOPLE, add_office, does, entry, in_days, task_in
from tests.reader import reader, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(city: SimpleNamespace) -> SimpleNamespace:
    return add_office(city)


def owed(task: Task) -> set[tuple[str, int, str]]:
    """What is open about it: rule, item, and the organ that owes it."""
    rows = Obligation.objects.open().about(Task.KIND, task.pk)
    return set(rows.values_list("rule", "item", "organ__code"))


def test_from_its_draft_to_its_write_off_somebody_owes_something(office: SimpleNamespace) -> None:
    assert owed(task_in(office, "draft")) == {("DD00", 0, "inspection")}
    assert owed(task_in(office, "issued")) == {("DD14", 0, "department")}
    assert owed(task_in(office, "blocked")) == {("DD14", 0, "department"), ("DD12", 0, "other")}
    assert owed(task_in(office, "verified")) == {("DD13", 0, "inspection")}
    assert owed(task_in(office, "rechecking")) == {("DD11", 0, "inspection")}
    assert owed(task_in(office, "closed")) == set()


def test_a_leaders_own_order_needs_no_approval(office: SimpleNamespace) -> None:
    task = create(Task.KIND, entry(ordered_by=""), office.mayor)
    assert (task.state, task.ordered_by, task.office) == (
        "approved", office.post["mayor"], office.organ["inspection"],
    )  # fmt: skip
    assert task.leader == office.post["deputy"], "the deputy in charge of its class is the responsible leader"
    unclassed = create(Task.KIND, entry(category="", ordered_by=""), office.mayor)
    assert unclassed.leader == office.post["leader"], "and without a class the organ's top"


def test_who_drafted_it_does_not_approve_it(office: SimpleNamespace) -> None:
    task = create(Task.KIND, entry(), office.dc_head)
    with pytest.raises(Refused, match="拟立项的人"):
        does(office, task, "dc_head", "approve")
    assert does(office, task, "mayor", "approve").state == "approved"


def test_each_milestone_is_owed_by_itself_in_the_words_of_its_order(office: SimpleNamespace) -> None:
    task = task_in(office, "draft")
    does(office, task, "dc_clerk", "plan_item")
    for who, act in (("dc_head", "approve"), ("dc_clerk", "issue"), ("handler", "sign")):
        task = does(office, task, who, act)
    does(office, task, "handler", "plan_item", goal="换完坏灯", last_day=in_days(40))
    assert owed(task) == {("DD14", 0, "department"), ("DD10", 1, "department"), ("DD10", 2, "department")}
    words = Task.objects.get(pk=task.pk).orders
    assert {item: said.goal for (_rule, item), said in words.items()} == {1: "列出坏灯清单", 2: "换完坏灯"}
    with pytest.raises(WrongState, match="第 1 项阶段目标还没有完成"):
        does(office, task, "leader", "report")
    with pytest.raises(Invalid) as faulty:
        does(office, task, "handler", "feed_back", item=1, reached=True)
    assert "fact" in faulty.value.errors
    does(office, task, "handler", "feed_back", item=1, reached=True, fact="清单共 23 盏")
    assert ("DD10", 1, "department") not in owed(task)


@pytest.mark.parametrize(
    ("field", "day", "says"), [("last_day", 61, "不能晚于整件的时限"), ("last_day", 0, "今天以后"), ("days", 0, "1")]
)
def test_a_milestone_that_cannot_be_is_refused_beside_its_field(
    office: SimpleNamespace, field: str, day: int, says: str
) -> None:
    task = task_in(office, "working")
    value: Any = in_days(day) if field == "last_day" else day
    with pytest.raises(Invalid) as faulty:
        does(office, task, "handler", "plan_item", **{field: value})
    assert says in faulty.value.errors[field][0]


@pytest.mark.parametrize("due_on", ["", "2020-01-01", in_days(0)])
def test_a_task_without_a_day_to_come_is_refused(office: SimpleNamespace, due_on: str) -> None:
    with pytest.raises(Invalid) as faulty:
        create(Task.KIND, entry(due_on=due_on), office.dc_clerk)
    assert set(faulty.value.errors) == {"due_on"}


def test_only_who_ordered_it_postpones_it_and_the_first_day_stays(office: SimpleNamespace) -> None:
    task = task_in(office, "working")
    with pytest.raises(Refused):
        does(office, task, "dc_head", "postpone")
    with pytest.raises(Invalid) as faulty:
        does(office, task, "mayor", "postpone", due_on=in_days(50))
    assert "只能延后" in faulty.value.errors["due_on"][0]
    task = does(office, task, "mayor", "postpone")
    assert (task.first_due_on, task.due_on) == (today() + timedelta(days=60), today() + timedelta(days=90))
    row = Obligation.objects.open().about(Task.KIND, task.pk).get(rule="DD14")
    assert row.due_strict == task.due_on and row.extended_days == 30
    said = AuditEvent.objects.get(name="task.postponed", subject_key=task.number)
    assert said.facts["before"] == in_days(60) and said.facts["day"] == in_days(90)


def test_the_organ_that_it_waits_for_owes_an_answer_and_sees_it_for_so_long(office: SimpleNamespace) -> None:
    task = task_in(office, "working")
    assert not Task.objects.for_user(office.other_leader).exists()
    task = does(office, task, "handler", "coordinate")
    assert Task.objects.for_user(office.other_leader).get() == task
    assert Notice.objects.filter(recipient=office.other_leader, kind="task.waited_for").exists()
    does(office, task, "other_leader", "resume")
    assert owed(task) == {("DD14", 0, "department")}
    assert not Task.objects.for_user(office.other_leader).exists()


def test_who_did_it_never_verifies_it_even_in_the_office(office: SimpleNamespace) -> None:
    """By person, over the whole life of the task: whoever worked on it and moved into the office stays out."""
    task = task_in(office, "reported")
    with transaction.atomic():
        event()
        Appointment.objects.filter(user=office.handler).update(until=today())
        Appointment.objects.filter(post=office.post["dc_other"]).update(until=today())
        Appointment.objects.create(user=office.handler, post=office.post["dc_other"], since=today())
    moved = type(office.handler).objects.get(pk=office.handler.pk)
    with pytest.raises(Refused, match="承办过"):
        perform(TASK_ACTS["verify"], Task, task.pk, moved, INPUT["verify"])
    task = does(office, task, "dc_clerk", "verify")
    with pytest.raises(Refused, match="承办过"):
        perform(TASK_ACTS["write_off"], Task, task.pk, moved, INPUT["write_off"])


def test_two_verify_at_once_and_the_second_is_told_what_happened(office: SimpleNamespace) -> None:
    task = task_in(office, "reported")
    seen = Task.objects.get(pk=task.pk)
    does(office, task, "dc_clerk", "verify")
    with pytest.raises(WrongState) as late:
        perform(TASK_ACTS["verify"], Task, task.pk, office.dc_other, INPUT["verify"], seen=seen)
    assert late.value.keeps_text and "核实" in str(late.value.message)


def test_those_affected_are_waited_for_ten_days(office: SimpleNamespace) -> None:
    task = does(office, task_in(office, "verified"), "dc_clerk", "ask")
    with pytest.raises(NotYet, match="正在征求群众意见"):
        does(office, task, "dc_head", "write_off")
    with transaction.atomic():
        heard = does(office, task, "dc_clerk", "hear")
        assert does(office, heard, "dc_head", "write_off").state == "closed"
        transaction.set_rollback(True)
    with time_machine.travel(timedelta(days=11) + task.asked_at):
        assert does(office, task, "dc_head", "write_off").state == "closed"


def test_what_does_not_hold_is_taken_up_again_with_its_first_day(office: SimpleNamespace) -> None:
    task = does(office, task_in(office, "rechecking"), "dc_other", "recheck", holds="no")
    assert (task.state, owed(task)) == ("working", {("DD14", 0, "department")})


def test_who_is_complained_about_in_its_source_knows_nothing_of_it(office: SimpleNamespace) -> None:
    """The words of the task would tell what the petition says of them."""
    accused = [{"kind": "person", "name": office.leader.name, "organ": "试水市住房和城乡建设局"}]
    filed = walk_to("accepted", complained_about=accused)
    task = create(Task.KIND, entry(origin="record"), office.mayor, source=filed.demand)
    assert Task.objects.for_user(office.handler).filter(pk=task.pk).exists()
    for state, act in (("approved", "issue"), ("issued", "sign")):
        assert task.state == state
        task = does(office, task, "dc_clerk" if act == "issue" else "handler", act)
    assert not Task.objects.for_user(office.leader).filter(pk=task.pk).exists()
    assert office.leader.pk in Task.objects.get(pk=task.pk).chain_subject().recused
    with pytest.raises(NotVisible):
        does(office, task, "leader", "feed_back")
    assert does(office, task, "deputy", "report").state == "reported"


WHO = [username for username, *_ in PEOPLE] + ["mayor", "leader", "deputy", "handler", "other_leader", "inspector"]


def test_whatever_is_done_an_open_task_is_owed_and_every_state_has_a_way_out(office: SimpleNamespace) -> None:
    """Random acts by random people: nothing is owed about what is over, and something about everything else."""
    start = task_in(office, "working")

    @settings(
        max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @any_of(st.data())
    def live(data: st.DataObject) -> None:
        before = transaction.savepoint()
        task = Task.objects.get(pk=start.pk)
        for _step in range(10):
            who = data.draw(st.sampled_from(WHO))
            open_to = [act.slug for act in TASK_ACTS.open_to(task, getattr(office, who)) if act.slug != "attach"]
            if not open_to:
                continue
            try:
                task = does(office, task, who, data.draw(st.sampled_from(sorted(open_to))))
            except ActError:
                continue
            assert bool(owed(task)) == (task.state not in FINAL), task.state
            assert task.state in FINAL or any(act.to and task.state in act.from_states for act in TASK_ACTS)
        transaction.savepoint_rollback(before)

    live()


def test_the_button_says_what_happens(office: SimpleNamespace) -> None:
    assert "立项交办，由督查部门下达</button>" in source(reader(office.mayor), "/desk/tasks/new/")
    assert "拟立项，送批准</button>" in source(reader(office.dc_head), "/desk/tasks/new/")

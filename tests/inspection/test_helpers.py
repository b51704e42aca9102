"""Helping organs (协办) of a task: who names them, to whom they owe, and what they may do."""

from types import SimpleNamespace

import pytest

from inspection.acts import TASK_ACTS
from inspection.models import Milestone, Task
from massline.acts import Invalid, NotVisible, Refused, WrongState
from responsibility.chain import chain
from responsibility.models import Notice, Obligation
from tests.inspection_lab import add_office, does, in_days, task_in
from tests.reader import reader, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(city: SimpleNamespace) -> SimpleNamespace:
    return add_office(city)


def owed(task: Task, rule: str = "DD10") -> set[tuple[int, str]]:
    """What is open of its items: item, and the organ that owes it."""
    rows = Obligation.objects.open().about(Task.KIND, task.pk).filter(rule=rule)
    return set(rows.values_list("item", "organ__code"))


def told(user: str) -> list[str]:
    return list(Notice.objects.filter(recipient__username=user).order_by("pk").values_list("kind", flat=True))


def test_a_helper_named_in_the_draft_owes_its_part_and_is_told_once_the_task_is_issued(office: SimpleNamespace) -> None:
    task = task_in(office, "draft", helped=True)
    assert owed(task) == set() and told("district_leader") == []
    for who, act in (("dc_head", "approve"), ("dc_clerk", "issue")):
        task = does(office, task, who, act)
    assert owed(task) == {(1, "district_department")}
    assert told("district_leader") == told("district_handler") == ["task.help_asked"]
    words = Task.objects.get(pk=task.pk).orders
    assert words["DD10", 1].goal == "清出楼道杂物"


def test_a_helper_named_later_owes_it_at_once_and_the_others_are_not_told_again(office: SimpleNamespace) -> None:
    task = task_in(office, "working", helped=True)
    task = does(office, task, "mayor", "ask_help", organ="other")
    assert owed(task) == {(1, "district_department"), (2, "other")}
    assert told("district_leader") == ["task.help_asked"] and told("other_leader") == ["task.help_asked"]


def test_the_helper_ends_it_by_one_fact_and_the_lead_is_told(office: SimpleNamespace) -> None:
    task = task_in(office, "working", helped=True)
    with pytest.raises(WrongState, match="协办（第 1 项）还没有完成"):
        does(office, task, "leader", "report")
    with pytest.raises(Invalid) as faulty:
        does(office, task, "district_handler", "help", fact="")
    assert set(faulty.value.errors) == {"fact"}
    task = does(office, task, "district_handler", "help")
    one = Milestone.objects.get(task=task)
    assert (one.fact, one.done_by, owed(task)) == ("三个小区的楼道已清空", office.district_handler, set())
    assert "task.helped" in told("handler")
    assert does(office, task, "leader", "report").state == "reported"


def test_a_helper_does_only_what_is_its_own(office: SimpleNamespace) -> None:
    task = task_in(office, "working", helped=True)
    roles = task.roles_of(office.district_leader)
    assert {act.slug for act in TASK_ACTS if act.allowed(task, roles)} == {"help", "note", "attach"}
    for act in ("feed_back", "plan_item", "coordinate", "ask_help", "report"):
        with pytest.raises(Refused):
            does(office, task, "district_leader", act)
    assert not task_in(office, "draft", helped=True).exists_for(office.district_leader)
    with pytest.raises(NotVisible):
        does(office, task, "outsider", "help")


@pytest.mark.parametrize("who", ["handler", "deputy", "leader"])
def test_the_lead_neither_passes_its_work_on_nor_ends_what_a_helper_owes(office: SimpleNamespace, who: str) -> None:
    task = task_in(office, "working", helped=True)
    for act in ("ask_help", "help"):
        with pytest.raises(Refused):
            does(office, task, who, act)
    with pytest.raises(Invalid) as faulty:
        does(office, task, who, "feed_back", item=1, reached=True, fact="我替它清了")
    assert "item" in faulty.value.errors


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("last_day", in_days(61), "不能晚于整件的时限"),
        ("last_day", in_days(0), "今天以后"),
        ("organ", "department", "选择"),
        ("organ", "district_department", "选择"),
    ],
)
def test_a_help_that_cannot_be_is_refused_beside_its_field(
    office: SimpleNamespace, field: str, value: str, says: str
) -> None:
    task = task_in(office, "working", helped=True)
    with pytest.raises(Invalid) as faulty:
        does(office, task, "dc_clerk", "ask_help", **{"organ": "other", field: value})
    assert list(faulty.value.errors) == [field] and says in faulty.value.errors[field][0]


def test_an_organ_that_helped_can_be_asked_again_and_chooses_what_it_ended(office: SimpleNamespace) -> None:
    task = does(office, task_in(office, "working", helped=True), "district_leader", "help")
    task = does(office, task, "dc_clerk", "ask_help", goal="盯住不再堆放")
    assert owed(task) == {(2, "district_department")}
    assert does(office, task, "district_leader", "help", fact="已连查三日").milestones.get(item=2).done_at


def test_it_climbs_in_the_helpers_own_chain(office: SimpleNamespace) -> None:
    task = task_in(office, "working", helped=True)
    row = Obligation.objects.open().about(Task.KIND, task.pk).get(rule="DD10")
    assert row.organ.code == "district_department"
    posts = [link.post for link in chain(task.help_chain_subject(row.organ_id), row.opened_at) if link.post]
    assert office.post["district_leader"].pk in posts and office.post["district_head"].pk in posts
    assert office.post["leader"].pk not in posts


def test_who_helped_verifies_nothing_of_it(office: SimpleNamespace) -> None:
    assert "help" in TASK_ACTS["verify"].other_hands_than
    assert "help" in TASK_ACTS["write_off"].other_hands_than


def test_the_page_shows_who_helps_and_the_plan_leaves_it_out(office: SimpleNamespace) -> None:
    task = task_in(office, "working", helped=True)
    seen = source(reader(office.district_leader), f"/desk/tasks/{task.number}/")
    assert "清出楼道杂物" in seen and "完成协办" in seen and "最迟安全日" not in seen
    does(office, task, "handler", "plan_item")
    seen = source(reader(office.handler), f"/desk/tasks/{task.number}/")
    assert "最迟安全日" in seen and "列出坏灯清单" in seen and "指定协办单位" not in seen

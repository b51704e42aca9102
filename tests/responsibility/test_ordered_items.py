"""What a person orders (四定): several items of one record, each with its own date, end, climbing and words."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from audit.events import EVENTS
from audit.models import AuditEvent, AuditRow
from massline.rest_shapes import members
from responsibility import obligations
from responsibility.deadlines import WrongDays
from responsibility.effects import Closes, Extends, HandsOver, Opens, Reopens
from responsibility.models import Escalation, Obligation, Organ, Post
from responsibility.presentation import goal_of_event, obligation_row
from responsibility.rules import RuleNotValid, rule
from responsibility.subjects import adapter, ordered
from responsibility.sweep import sweep
from tests.chain_lab import constraint, event, organ, person, post, sh
from tests.chore_kind import KIND, ORDERED, Milestone, does, make_chore, milestones, order, second_kind

pytestmark = pytest.mark.django_db
MONDAY = sh("2026-09-07 10:00")
ORDERS = Opens(ORDERED, ordered=milestones)


def of_form(doing):
    return doing.data["item"]


@pytest.fixture
def task():
    """Ordered on a Monday: three milestones, the last of them due on a Saturday."""
    event()
    city = organ("市政府", kind="committee")
    post(city, "市长", person("市长"), is_top=True)
    office = organ("住建局", city)
    post(office, "局长", person("局长"), is_top=True)
    made = make_chore("RW-1", "修路", post(office, "科长", person("科长")), readers=User.objects.all(), pk=7)
    ordered_of_it = {
        1: Milestone("拆除围挡", "不留垃圾", date(2026, 9, 11)),
        2: Milestone("恢复路面", "验收合格", date(2026, 9, 18)),
        3: Milestone("回访住户", "逐户签字", date(2026, 10, 17)),
    }
    order(made, ordered_of_it)
    with second_kind():
        does(made, ORDERS, MONDAY)
        yield made


def item(number):
    return Obligation.objects.get(subject_kind=KIND, item=number)


def test_each_item_has_its_own_date(task):
    found = {o.item: (str(o.due_strict), str(o.due_legal)) for o in Obligation.objects.all()}
    assert found == {
        1: ("2026-09-11", "2026-09-11"),
        2: ("2026-09-18", "2026-09-18"),
        3: ("2026-10-17", "2026-10-19"),
    }


def test_a_rule_that_is_off_opens_nothing(task):
    with pytest.raises(RuleNotValid, match="没有启用"):
        does(task, Opens("DD01"), MONDAY)
    assert not Obligation.objects.filter(rule="DD01").exists()


def test_an_item_closes_alone_and_opens_again_alone(task):
    does(task, Closes(ORDERED, item=of_form), sh("2026-09-10 09:00"), item=2)
    assert [o.item for o in Obligation.objects.open().order_by("item")] == [1, 3]
    does(task, Reopens(ORDERED, item=of_form), sh("2026-09-11 09:00"), item=2)
    assert str(item(2).due_strict) == "2026-09-18"
    does(task, Closes(ORDERED), sh("2026-09-11 10:00"))
    assert not Obligation.objects.open().exists()


def test_an_item_is_extended_alone(task):
    does(task, Extends(ORDERED, item=of_form), sh("2026-09-10 09:00"), item=1, days=3)
    assert [str(item(n).due_strict) for n in (1, 2)] == ["2026-09-14", "2026-09-18"]


def test_an_item_is_handed_over_alone(task):
    other = post(Organ.objects.get(name="住建局"), "科员", person("科员"))
    task.handler = other
    does(task, HandsOver(ORDERED, item=of_form), sh("2026-09-10 09:00"), item=2)
    assert [item(n).post == other for n in (1, 2, 3)] == [False, True, False]
    does(task, HandsOver(), sh("2026-09-10 09:00"))
    assert {o.post for o in Obligation.objects.all()} == {other}


def test_the_same_item_is_not_owed_twice(task):
    with pytest.raises(IntegrityError) as refused:
        does(task, ORDERS, MONDAY)
    assert constraint(refused.value) == "owed_once"


def test_a_day_that_has_passed_cannot_be_ordered(task):
    late = make_chore("RW-2", "修桥", task.handler)
    order(late, {4: Milestone("过期", "", date(2026, 9, 6))})
    with pytest.raises(WrongDays):
        does(late, ORDERS, MONDAY)


def test_an_item_climbs_alone_and_the_timeline_says_it_in_the_words_of_the_order(task):
    sweep(sh("2026-09-12 00:00"))
    sweep(sh("2026-09-17 00:00"))
    assert {(e.obligation.item, e.step) for e in Escalation.objects.exclude(step__startswith="warn")} == {
        (1, "overdue"),
        (1, "top"),
    }
    climbed = AuditEvent.objects.get(name="escalated")
    assert (climbed.facts["rule"], climbed.facts["item"]) == (ORDERED, 1)
    words = {(code, number): said for (_, code, number), said in adapter(KIND).ordered([task.pk]).items()}
    sentence = EVENTS["escalated"].say(climbed.facts | {"goal": goal_of_event(climbed.facts, words)})
    assert sentence == "“拆除围挡”超期未办，已上报住建局局长"


def test_the_words_of_an_order_stand_on_no_obligation_and_in_no_log(task):
    sweep(sh("2026-09-12 00:00"))
    everything = [*Obligation.objects.values_list("goal", "requirement"), *AuditEvent.objects.values_list("facts")]
    images = AuditRow.objects.values_list("image", "was")
    assert "拆除围挡" not in str([*everything, *images])


def test_pages_ask_the_kind_for_the_words(task, client: Client):
    client.force_login(User.objects.get(name="科长"))
    page = client.get("/desk/").content.decode()
    assert all(words in page for words in ("拆除围挡", "恢复路面", "回访住户"))
    sweep(sh("2026-09-12 00:00"))
    sweep(sh("2026-09-17 00:00"))
    client.force_login(User.objects.get(name="局长"))
    climbed = client.get("/desk/escalations/").content.decode()
    assert "拆除围挡" in climbed
    assert "恢复路面" not in climbed
    one = item(1)
    shown = obligation_row(one, MONDAY, words=ordered([one]))
    assert (shown.title, shown.requirement) == ("拆除围挡", "不留垃圾")


def test_a_rule_that_says_it_all_keeps_its_own_words(task):
    made = obligations.open_(task.matter, "XF05", task.chain_subject(), MONDAY)
    with override("en"):
        shown = obligation_row(made, MONDAY, words=ordered([made]))
    assert shown.title == rule("XF05").title_en
    assert "requirement" not in members(shown)
    assert Post.objects.get(pk=made.post_id).name == "科长"

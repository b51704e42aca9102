"""`[[post_duty]]` in a register: an office switches recurring duties of its posts on and off by its own file."""

from datetime import date
from typing import Any

import pytest

from audit.models import AuditEvent, AuditRow
from responsibility.models import DutyPeriod, Obligation, PostDuty
from responsibility.recurring import run_daily
from tests.chain_lab import at
from tests.responsibility.test_load_register import EXAMPLE, faults, line, load

__all__ = ["load"]
MONTHLY = '[[post_duty]]\norgan = "zhujian"\npost = "副局长"\nrule = "CT05"\n'
QUARTERLY = '[[post_duty]]\norgan = "city"\npost = "市长"\nrule = "CT01a"\n'
NONE = "post_duty = []\n"
NOVEMBER, DECEMBER, JANUARY = "2026-11-29 09:00", "2026-12-10 09:00", "2027-01-05 09:00"


def duties() -> list[tuple[Any, ...]]:
    rows = PostDuty.objects.order_by("since", "rule")
    return list(rows.values_list("post__organ__code", "post__name", "rule", "since", "until"))


def load_on(load: Any, moment: str, text: str) -> str:
    with at(moment):
        said: str = load(text)
    return said


def keep_up_on(moment: str) -> list[tuple[str, str]]:
    """The job of that day; the periods after it."""
    with at(moment) as now:
        run_daily(now)
    return [(str(one.since), one.state) for one in DutyPeriod.objects.order_by("since")]


def test_a_duty_begins_on_the_day_of_the_load_and_is_owed(load: Any) -> None:
    said = load_on(load, NOVEMBER, EXAMPLE + MONTHLY + QUARTERLY)
    assert duties() == [
        ("city", "市长", "CT01a", date(2026, 11, 29), None),
        ("zhujian", "副局长", "CT05", date(2026, 11, 29), None),
    ]
    assert "新增经常性职责 zhujian 副局长 CT05" in said
    assert keep_up_on("2026-11-30 00:05") == [("2026-12-01", "owed")]
    owed = Obligation.objects.get()
    assert (owed.rule, owed.post.name, owed.due_legal) == ("CT05", "副局长", date(2026, 12, 31))


def test_a_second_load_changes_nothing(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY)
    before = AuditEvent.objects.count()
    assert load_on(load, DECEMBER, EXAMPLE + MONTHLY) == "没有变化。\n"
    assert AuditEvent.objects.count() == before


def test_what_the_table_leaves_out_ends_that_day(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY + QUARTERLY)
    assert keep_up_on("2026-11-30 00:05") == [("2026-12-01", "owed")]
    said = load_on(load, DECEMBER, EXAMPLE + QUARTERLY)
    assert said.splitlines() == ["更改经常性职责 zhujian 副局长 CT05（until：— → 2026-12-10）"]
    assert duties()[1][3:] == (date(2026, 11, 29), date(2026, 12, 10))
    assert keep_up_on("2026-12-11 00:05")[0] == ("2026-12-01", "released")
    assert load_on(load, JANUARY, EXAMPLE + QUARTERLY) == "没有变化。\n"


def test_an_empty_table_ends_them_all(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY + QUARTERLY)
    load_on(load, DECEMBER, NONE + EXAMPLE)
    assert {until for *_duty, until in duties()} == {date(2026, 12, 10)}


def test_without_the_table_they_stay_and_are_listed(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY)
    said = load_on(load, DECEMBER, EXAMPLE)
    assert said.endswith("库里有、文件里没有，保持原样：\n  经常性职责 zhujian 副局长 CT05\n")
    assert duties()[0][4] is None


def test_a_post_that_the_file_does_not_name_keeps_its_own(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY)
    other = (
        EXAMPLE[: EXAMPLE.index("[[post]]")] + EXAMPLE[EXAMPLE.index("[[person]]") : EXAMPLE.index("[[appointment]]")]
    )
    said = load_on(load, DECEMBER, other + QUARTERLY)
    assert "  经常性职责 zhujian 副局长 CT05\n" in said
    assert [duty[4] for duty in duties()] == [None, None]


def test_one_that_is_given_again_begins_again(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY)
    load_on(load, DECEMBER, NONE + EXAMPLE)
    load_on(load, JANUARY, EXAMPLE + MONTHLY)
    assert [duty[3:] for duty in duties()] == [
        (date(2026, 11, 29), date(2026, 12, 10)),
        (date(2027, 1, 5), None),
    ]


def test_one_that_ends_and_returns_within_a_day_goes_on(load: Any) -> None:
    for text in (EXAMPLE + MONTHLY, NONE + EXAMPLE):
        load_on(load, NOVEMBER, text)
    assert duties()[0][3:] == (date(2026, 11, 29), date(2026, 11, 30)), "no duty ends before it began"
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY)
    assert [duty[3:] for duty in duties()] == [(date(2026, 11, 29), None)]


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ('post = "副局长"', 'post = "巡视员"', "post", "没有“zhujian 巡视员”：文件里和库里都没有登记"),
        ('organ = "zhujian"', 'organ = "nowhere"', "organ", "没有“nowhere”"),
        ('"CT05"', '"CT99"', "rule", "没有编号为 CT99 的期限规则"),
        ('"CT05"', '"CT03"', "rule", "CT03（征求意见结束后逐条答复）不是每月、每季、每半年或者每年一次的职责"),
        ('rule = "CT05"', 'rule = "CT05"\nsince = 2026-01-01', "since", "没有这一项，可以写：organ、post、rule"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(load: Any, old: str, new: str, column: str, words: str) -> None:
    text = EXAMPLE + MONTHLY.replace(old, new)
    (fault,) = faults(load, text)
    rows = MONTHLY.replace(old, new).splitlines()
    number = line(text, "[[post_duty]]") + next(n for n, row in enumerate(rows) if row.startswith(column))
    assert fault.startswith(f"第 {number} 行（post_duty 第 1 条） {column}：") and words in fault


def test_twice_the_same_is_refused(load: Any) -> None:
    (fault,) = faults(load, EXAMPLE + MONTHLY + QUARTERLY + MONTHLY)
    assert "（post_duty 第 3 条）：与第" in fault and fault.endswith("重复（zhujian 副局长 CT05）")


def test_each_change_has_its_event(load: Any) -> None:
    load_on(load, NOVEMBER, EXAMPLE + MONTHLY)
    load_on(load, DECEMBER, NONE + EXAMPLE)
    events = AuditEvent.objects.filter(subject_kind="post_duty").order_by("id")
    assert [(one.name, one.sentence) for one in events] == [
        ("post_duty_given", "登记经常性职责 zhujian 副局长 CT05"),
        ("post_duty_changed", "更改经常性职责 zhujian 副局长 CT05：until"),
    ]
    images = AuditRow.objects.filter(table_name="responsibility_postduty").order_by("id")
    assert [image.event_id for image in images] == [one.pk for one in events]

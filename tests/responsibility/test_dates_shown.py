"""Where a date is shown: the plain count (strict) or the date by law (legal), which differ around a holiday.

Counted by hand. Filed and forwarded on Friday, 18 September 2026. Fifteen days (信访工作条例第二十二条、第二十三条) end
with Saturday, 3 October: National Day, off from 1 to 7 October. By law (民法典第二百零三条) the last day is Thursday,
8 October. Lights go by the strict date; letters, the story, the order of lists and whatever says "overdue" by the
legal one. Lists show both where they differ.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from petitions.models import State
from responsibility.models import Preference
from responsibility.outbox.deliver import deliver
from tests.api import FILING, Api
from tests.chain_lab import at, event, sweep_at
from tests.city import REGISTER, act, file_petition, tell_all, walk_to
from tests.mail_lab import post_office
from tests.petitions.test_public_pages import FORM
from tests.reader import CHINESE, ENGLISH, counting, owed, page, part, reader, row, source, tracked, words

pytestmark = pytest.mark.django_db
FILED = "2026-09-18 10:00"
STRICT, LEGAL = "2026-10-03", "2026-10-08"
LEGAL_IN_WORDS = "2026年10月8日"
BOTH = f"{STRICT} 法定 10-08"
ROUTING, TELLING = "登记并转送、交办", "收到转送、交办后，书面告知信访人"
ROUTING_EN = "Register, then forward or assign"
TELLING_EN = "Written notice to the petitioner (received by forwarding)"
HEAD = r'<div class="record-head">(.*?)<div class="record-grid">'


@pytest.fixture
def forwarded(city: SimpleNamespace) -> Any:
    with at(FILED):
        return walk_to(State.FORWARDED)


# --- What a citizen is promised -------------------------------------------------------------------------------------
def test_the_receipt_of_a_page_has_both_dates_in_both_languages(city: SimpleNamespace) -> None:
    with at(FILED):
        client = reader()
        assert client.post("/file/", FORM).status_code == 302
        assert owed(source(client, "/receipt/"), ROUTING) == (
            f"{ROUTING} 最迟 2026年10月3日 · 还有 15 天 最后一天遇节假日，依法顺延至 2026年10月8日"
            " 依据：《信访工作条例》第二十二条"
        )
        client.cookies["django_language"] = ENGLISH
        english = owed(source(client, "/receipt/"), ROUTING_EN)
    assert english == (
        f"{ROUTING_EN} By 3 October 2026 · 15 days left The last day is a day off; by law it moves to 8 October 2026"
        " Basis: Regulations on Petition Work (2022), Art. 22"
    )


def test_the_receipt_of_rest_has_both_dates(city: SimpleNamespace) -> None:
    with at(FILED):
        answer = Api().post("/public/petitions/", FILING)
    assert answer.status_code == 201
    assert answer.json()["obligations"] == [
        {
            "rule": "XF01", "goal": ROUTING, "basis": "《信访工作条例》第二十二条",
            "due_strict": STRICT, "due_legal": LEGAL, "provisional": False,
        }
    ]  # fmt: skip


def test_the_receipt_of_a_letter_that_a_clerk_entered_has_both_dates(city: SimpleNamespace) -> None:
    with at(FILED):
        entered = reader(city.clerk).post("/desk/petitions/new/", FORM | {"channel": "letter", "nonce": "entered"})
    assert entered.status_code == 201
    assert "最迟 2026年10月3日 · 还有 15 天 最后一天遇节假日，依法顺延至 2026年10月8日" in owed(
        entered.content.decode(), ROUTING
    )


def test_the_petitioner_follows_both_dates_and_how_they_were_counted(forwarded: Any) -> None:
    with at("2026-09-30 08:00"):
        html = tracked(forwarded)
        assert owed(html, TELLING) == (
            f"{TELLING} 临近 最迟 2026年10月3日 · 还有 3 天 最后一天遇节假日，依法顺延至 2026年10月8日"
            " 责任单位：试水市住房和城乡建设局 · 信访专办岗 依据：《信访工作条例》第二十三条"
        )
        how = counting(html, TELLING)
        api = Api().post("/public/track/", {"number": forwarded.number, "tracking_code": forwarded.code}).json()
    assert how.startswith(
        f"这个日期是怎么算的 ：{TELLING} 2026-09-18 — 起算当日不计入期限 2026-09-19 1 第 1 日 2026-09-20 2 第 2 日"
    )
    assert how.endswith(
        "2026-10-03 15 第 15 日，期限届满；当日国庆节放假，顺延 2026-10-04 — 国庆节放假，继续顺延"
        " 2026-10-05 — 国庆节放假，继续顺延 2026-10-06 — 国庆节放假，继续顺延 2026-10-07 — 国庆节放假，继续顺延"
        " 2026-10-08 — 休息日后的第一个工作日，顺延至当日 24 时截止"
    )
    told = {
        o["rule"]: (o["due_strict"], o["due_legal"], o["light"], o["closed_at"] is None) for o in api["obligations"]
    }
    assert told == {"XF03": (STRICT, LEGAL, "yellow", True), "XF01": (STRICT, LEGAL, "none", False)}


# --- What officials see ---------------------------------------------------------------------------------------------
def test_lists_of_officials_have_the_strict_date_and_the_legal_one_that_they_are_ordered_by(
    city: SimpleNamespace, forwarded: Any
) -> None:
    number = forwarded.number
    with at("2026-09-30 08:00"):
        mine = reader(city.receiver)
        assert row(source(mine, "/desk/"), number) == (
            f"临近 {BOTH} 还有 3 天 {number} 楼道照明长期不亮 {TELLING} 已转办，待受理 物业服务"
        )
        assert row(source(mine, "/desk/ledger/"), number).startswith(f"临近 {BOTH} {number} 楼道照明长期不亮")
        html = source(mine, f"/desk/petitions/{number}/")
        assert part(html, HEAD).endswith(f"临近 {TELLING} {STRICT} 还有 3 天")
        english = part(source(reader(city.receiver, ENGLISH), f"/desk/petitions/{number}/"), HEAD)
    assert english.endswith(f"Due soon {TELLING_EN} 3 Oct 2026 3 days left")
    assert "最迟 2026年10月3日 · 还有 3 天 最后一天遇节假日，依法顺延至 2026年10月8日" in owed(html, TELLING)
    assert "按期完成 最迟 2026年10月3日 最后一天遇节假日，依法顺延至 2026年10月8日" in owed(html, ROUTING)


def test_the_queue_of_letters_has_the_strict_date_as_its_light(city: SimpleNamespace, forwarded: Any) -> None:
    with at("2026-09-30 08:00"):
        act(forwarded.demand, "receiver", "accept")
        queue = page(city.receiver, "/desk/letters/")
        english = page(city.receiver, "/desk/letters/", ENGLISH)
    assert f"临近 最迟 {BOTH} 还有 3 天" in queue and TELLING in queue
    assert "Due soon By 3 Oct 2026 by law 8 Oct 3 days left" in english
    assert LEGAL not in queue + english


def test_rest_has_both_dates_in_lists_and_in_full(city: SimpleNamespace, forwarded: Any) -> None:
    with at("2026-09-30 08:00"):
        api = Api(city.receiver)
        (line,) = api.get("/petitions/").json()["results"]
        full = api.get(f"/petitions/{forwarded.number}/").json()
    for shown in (line, full):
        assert (shown["due_strict"], shown["due_legal"], shown["light"]) == (STRICT, LEGAL, "yellow")
    assert [(o["rule"], o["due_strict"], o["due_legal"]) for o in full["obligations"]] == [
        ("XF03", STRICT, LEGAL), ("XF01", STRICT, LEGAL), ("ML06", "2026-09-22", "2026-09-22"),
    ]  # fmt: skip
    last = full["obligations"][0]["steps"][-1]
    assert last == {"date": LEGAL, "counted": False, "number": 0, "why": "休息日后的第一个工作日，顺延至当日 24 时截止"}


# (moment, light, 超期?): red from the end of 3 October, overdue from the end of 8 October
TURNS = [
    ("2026-09-27 23:59", "正常", "green", False),
    ("2026-09-28 00:00", "临近", "yellow", False),  # the third last working day: 28, 29, 30 September
    ("2026-10-03 23:59", "临近", "yellow", False),
    ("2026-10-04 00:00", "超期", "red", False),
    ("2026-10-08 23:59", "超期", "red", False),
    ("2026-10-09 00:00", "超期", "red", True),
]  # fmt: skip


def test_the_light_turns_by_the_strict_date_and_overdue_begins_after_the_legal_one(
    city: SimpleNamespace, forwarded: Any
) -> None:
    number, client, api = forwarded.number, reader(city.receiver), Api(city.receiver)
    for moment, word, light, overdue in TURNS:
        with at(moment):
            assert row(source(client, "/desk/"), number).startswith(f"{word} {STRICT} "), moment
            assert row(source(client, "/desk/ledger/"), number).startswith(f"{word} {STRICT} "), moment
            full = api.get(f"/petitions/{number}/").json()
            assert (full["light"], full["overdue"]) == (light, overdue), moment
            assert (full["obligations"][0]["light"], full["obligations"][0]["overdue"]) == (light, overdue), moment
            for asked, listed in (("true", overdue), ("false", not overdue)):
                assert (number in source(client, f"/desk/ledger/?overdue={asked}")) == listed, moment
                found = api.get("/petitions/", {"overdue": asked}).json()["results"]
                assert [one["number"] for one in found] == [number] * listed, moment


def test_the_ledger_is_in_the_order_of_the_legal_dates(city: SimpleNamespace) -> None:
    """1 and 3 October are both moved to 8 October: what was entered first stands first, whatever its strict date."""
    numbers = []
    for moment in (FILED, "2026-09-16 10:00", "2026-09-15 10:00"):
        with at(moment):
            numbers.append(file_petition().number)
    with at("2026-09-21 10:00"):
        html = source(reader(city.clerk), "/desk/ledger/")
    assert [row(html, number).split()[1:4] for number in numbers] == [
        [STRICT, "法定", "10-08"], ["2026-10-01", "法定", "10-08"], ["2026-09-30", numbers[2], "楼道照明长期不亮"],
    ], "the date that orders them is to be seen"  # fmt: skip
    eighth, eighth_too, thirtieth = (html.index(number) for number in numbers)
    assert thirtieth < eighth < eighth_too


# --- What happened ----------------------------------------------------------------------------------------------------
def test_the_story_says_the_legal_date(city: SimpleNamespace, forwarded: Any) -> None:
    for moment in ("2026-09-28 00:00", "2026-10-08 23:59", "2026-10-09 00:00"):
        sweep_at(moment)
    with at("2026-10-09 08:00"):
        inside, outside = page(city.receiver, f"/desk/petitions/{forwarded.number}/"), words(tracked(forwarded))
        english = words(tracked(forwarded, ENGLISH))
    assert f"2026-09-28 00:00 “{TELLING}”临近到期（{LEGAL_IN_WORDS}），已提醒试水市住房和城乡建设局信访专办岗" in inside
    told = "试水市住房和城乡建设局信访专办岗、试水市住房和城乡建设局分管副局长"
    for story in (inside, outside):
        assert f" 00:00 “{TELLING}”超过期限（{LEGAL_IN_WORDS}），已告知{told}" in story
    assert "临近到期" not in outside
    assert f"“{TELLING_EN}” is past its deadline (8 October 2026); " in english


# (moment, how long there still is): by the plain count, then until the date by law, then since that
COUNTS = [
    ("2026-10-03 23:59", "今天到期"),
    ("2026-10-04 00:00", "法定期限还有 4 天"),
    ("2026-10-08 23:59", "法定期限今天届满"),
    ("2026-10-09 00:00", "已超期 1 天"),
    ("2026-10-14 09:00", "已超期 6 天"),
]


def test_every_page_counts_what_is_left_and_what_is_overdue_alike(city: SimpleNamespace, forwarded: Any) -> None:
    for moment in ("2026-10-09 00:00", "2026-10-14 00:00"):
        sweep_at(moment)
    number = forwarded.number
    for moment, said in COUNTS:
        with at(moment):
            mine = reader(city.receiver)
            assert f"{BOTH} {said} {number} 楼道照明" in row(source(mine, "/desk/"), number), moment
            html = source(mine, f"/desk/petitions/{number}/")
            assert part(html, HEAD).endswith(f"{TELLING} {STRICT} {said}"), moment
            assert f"最迟 2026年10月3日 · {said} " in owed(html, TELLING), moment
            assert f"最迟 2026年10月3日 · {said} " in owed(tracked(forwarded), TELLING), moment
    with at("2026-10-14 09:00"):
        assert "已超期 6 天" in page(city.leader, "/desk/escalations/")


def test_what_climbs_counts_its_days_from_the_legal_date(city: SimpleNamespace, forwarded: Any) -> None:
    """Overdue since 9 October, 00:00. Three working days later (10 October is one, 12, 13) it climbs to the leader,
    who acknowledges within one working day (15 October) and instructs within three (15, 16, 19)."""
    for moment in ("2026-10-09 00:00", "2026-10-13 23:59", "2026-10-14 00:00"):
        swept = sweep_at(moment)
    assert swept.escalated == 1
    with at("2026-10-14 09:00"):
        desk = page(city.leader, "/desk/escalations/")
        (found,) = Api(city.leader).get("/escalations/").json()["results"]
        mine = source(reader(city.leader), "/desk/")
    assert f"超期 {TELLING} · 已超期 6 天 超期起 2026-10-09 00:00 · 送达您 2026-10-14 00:00" in desk
    assert "临近 领导签收 最迟 2026年10月15日 还有 1 天" in desk, "the light beside the leader's date is that date's"
    assert found["since"] == "2026-10-09T00:00:00+08:00"
    assert [(o["rule"], o["due_strict"], o["due_legal"], o["overdue"]) for o in found["due"]] == [
        ("ML02", "2026-10-15", "2026-10-15", False), ("ML03", "2026-10-19", "2026-10-19", False),
    ]  # fmt: skip
    first = f"2026-10-15 还有 1 天 {forwarded.number} 楼道照明长期不亮 领导签收；领导批示"
    assert first in words(mine), "by what is due first"


def test_asking_the_petitioner_moves_no_date(city: SimpleNamespace, forwarded: Any) -> None:
    """No rule of the house stands still while more is asked for or sent in (补正): only a hearing stops XF11."""
    with at("2026-09-22 10:00"):
        act(forwarded.demand, "receiver", "ask", {"question": "是哪一层？"})
        tell_all(forwarded.demand)
        act(forwarded.demand, "citizen", "supplement", {"text": "五层"})
        assert row(source(reader(city.receiver), "/desk/"), forwarded.number).startswith(f"正常 {BOTH} 还有 11 天")
        assert "依法顺延至 2026年10月8日" in owed(tracked(forwarded), TELLING)


def test_what_was_registered_late_keeps_the_date_of_receipt(city: SimpleNamespace) -> None:
    with at(FILED):
        filed = file_petition()
    with at("2026-09-30 10:00"):
        act(filed.demand, "clerk", "register", REGISTER)
        assert row(source(reader(city.clerk), "/desk/"), filed.number).startswith(f"临近 {BOTH} 还有 3 天")
        act(filed.demand, "clerk", "forward", {"organ": "department", "note": ""})
        html = source(reader(city.receiver, CHINESE), "/desk/")
    assert row(html, filed.number).startswith("正常 2026-10-15 还有 15 天"), "fifteen days of its own (第二十三条)"


# --- What leaves the house ------------------------------------------------------------------------------------------
def test_mails_go_as_the_pages_go(city: SimpleNamespace, forwarded: Any) -> None:
    """The digest is a list: the strict date, and whether it is overdue by law. That it has become overdue is said with
    the legal date, as in the story."""
    number = forwarded.number
    with post_office() as post, at("2026-09-20 10:00") as now:
        with transaction.atomic():
            event()
            every_day = {"digest_hour": 8, "working_days_only": False}
            Preference.objects.create(user=city.receiver, email="receiver@office.example", since=now, **every_day)
        for moment in ("2026-10-05 08:00", "2026-10-09 00:00"):
            sweep_at(moment)
            with at(moment):
                deliver()
        with at("2026-10-09 08:00"):
            deliver()
    before, told, after = ((str(mail["Subject"]).strip(), mail.get_content().splitlines()) for mail in post.mails)
    assert before[0] == "每日摘要（10月5日）" and f"· {number} {TELLING} {STRICT} 待办" in before[1]
    assert told[0] == f"已经超期 {number}" and f"事项：{TELLING}，期限 {LEGAL}" in told[1]
    assert after[0] == "每日摘要（10月9日）" and f"· {number} {TELLING} {STRICT} 已超期" in after[1]

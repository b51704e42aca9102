"""What petitioners are told (告知): each letter in full, by whom, at which act, and what leaves the house about it.

Dates by hand. Sixty days from acceptance on 3 August 2026 (第三十四条) end with 2 October, in the National Day holiday:
by law 8 October. Thirty more days, counted from 2 October, end with Sunday, 1 November: by law Monday, the 2nd.
"""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from citizens.models import CitizenNotification
from massline.keys import key_of
from petitions.models import State
from responsibility.outbox.deliver import deliver
from tests.chain_lab import at
from tests.city import ACCEPTED, ANSWER, FORWARDED, WAYS, act, file_petition
from tests.mail_lab import post_office
from tests.reader import ENGLISH, page, reader, source, tracked, words
from tests.responsibility.test_notices_harder import gateway

pytestmark = pytest.mark.django_db
OFFICE, ORGAN = "试水市信访局", "试水市住房和城乡建设局"
EXTEND = {"days": "30", "reason": "涉及三个单位，需要现场勘验"}
ASK = {"question": "是哪一单元的灯？"}

# (moment, who, act, its input, the letter or None, who tells)
STORY: tuple[tuple[str, str, str, dict[str, Any], str, str], ...] = (
    ("2026-08-01 09:00", "clerk", "register", dict(FORWARDED[0][2]), "", ""),
    ("2026-08-01 10:00", "clerk", "forward", dict(FORWARDED[1][2]), "转送告知", OFFICE),
    ("2026-08-02 09:00", "receiver", "object", {"reason": "不属于本单位职责"}, "", ""),
    ("2026-08-02 10:00", "chief", "decide_objection", {"agree": "false", "reason": "属于"}, "", ""),
    ("2026-08-03 09:00", "receiver", "accept", dict(ACCEPTED[2][2]), "受理告知书", ORGAN),
    ("2026-08-03 10:00", "leader", "assign", {"handler": "handler"}, "", ""),
    ("2026-08-04 09:00", "handler", "note", {"text": "已电话联系"}, "", ""),
    ("2026-08-04 10:00", "handler", "ask", ASK, "情况询问", ORGAN),
    ("2026-08-05 09:00", "citizen", "supplement", {"text": "三单元"}, "", ""),
    ("2026-08-05 10:00", "citizen", "urge", {}, "", ""),
    ("2026-09-28 09:00", "leader", "extend", EXTEND, "延长办理期限告知书", ORGAN),
    ("2026-09-29 09:00", "handler", "answer", ANSWER, "信访处理意见书", ORGAN),
    ("2026-09-30 09:00", "chief", "return", {"reason": "未见现场照片"}, "重新办理告知", OFFICE),
    (
        "2026-10-09 09:00",
        "handler",
        "answer",
        {"outcome": "explained", "text": "已说明政策。"},
        "信访处理意见书",
        ORGAN,
    ),
    ("2026-10-10 09:00", "chief", "write_off", {"evidence": "电话回访"}, "办结告知", OFFICE),
    ("2026-10-10 10:00", "citizen", "rate", {"object": "organ", "score": "4", "reason": ""}, "", ""),
)
BODIES = (
    f"已依照《信访工作条例》第二十二条转送{ORGAN}，{ORGAN}应当在收到之日起十五日内（最迟2026年8月17日）书面告知您。",
    f"{ORGAN}已经受理，依照《信访工作条例》第三十四条，应当自受理之日起六十日内（最迟2026年10月8日）办结。",
    f"{ORGAN}需要向您了解以下情况：\n是哪一单元的灯？\n    您可以凭查询码在网上补充说明，也可以直接联系我们。",
    f"因情况复杂，经{ORGAN}负责人批准，依照《信访工作条例》第三十四条，办理期限延长30日，至2026年11月2日。\n"
    "    延长理由：涉及三个单位，需要现场勘验",
    "经调查核实，处理意见如下（予以支持）：\n经现场核查，情况属实，已安排维修。\n    如不服本意见，您可以自收到之日起"
    f"三十日内，依照《信访工作条例》第三十五条，向{ORGAN}的上一级机关、单位请求复查。",
    "经核实需要重新办理，承办单位将继续办理并答复您。",
    "经调查核实，处理意见如下（解释说明）：\n已说明政策。\n    如不服本意见，您可以自收到之日起"
    f"三十日内，依照《信访工作条例》第三十五条，向{ORGAN}的上一级机关、单位请求复查。",
    "经信访部门核实已经办结。您可以凭查询码对信访部门和承办单位分别作出评价。",
)
DAYS = ("8月1日", "8月3日", "8月4日", "9月28日", "9月29日", "9月30日", "10月9日", "10月10日")


def in_full(number: str, body: str, organ: str, day: str) -> str:
    return (
        f"信访人：\n    您好！您提出的信访事项（编号 {number}），{body}"
        f"\n    查询办理进度请使用编号和查询码。\n{organ}\n2026年{day}"
    )


def queue(user: Any, language: str = "zh-hans") -> list[tuple[str, str]]:
    """The heading and the text of each letter that waits for this official, as the page has them."""
    html = source(reader(user, language), "/desk/letters/")
    found = re.findall(r"<summary><strong>(.*?)</strong>.*?<blockquote class=\"lines\">(.*?)</blockquote>", html, re.S)
    return [(words(heading), text) for heading, text in found]


def test_every_act_leaves_the_letter_that_it_owes_and_no_other(city: SimpleNamespace) -> None:
    with at("2026-08-01 08:00"):
        filed = file_petition()
    assert not CitizenNotification.objects.exists(), "who files on a page has the receipt"
    for moment, who, slug, data, letter, _teller in STORY:
        before = CitizenNotification.objects.count()
        with at(moment):
            act(filed.demand, who, slug, data)
        assert CitizenNotification.objects.count() == before + bool(letter), (moment, slug)
    letters = [(letter, teller) for *_act, letter, teller in STORY if letter]
    told = [
        (heading, in_full(filed.number, body, teller, day), teller)
        for (heading, teller), body, day in zip(letters, BODIES, DAYS, strict=True)
    ]
    recalled = next(each for each in told if each[0] == "信访处理意见书")
    told.remove(recalled)
    assert CitizenNotification.objects.get(state="recalled").text == recalled[1], (
        "the opinion that was returned, told by nobody"
    )
    with at("2026-10-10 11:00"):
        assert queue(city.clerk) == [(heading, text) for heading, text, teller in told if teller == OFFICE]
        accepted, asked, *rest = [(heading, text) for heading, text, teller in told if teller == ORGAN]
        assert queue(city.receiver) == [asked, accepted, *rest], "by when: 7 August, 17 August, then in October"
        assert queue(city.other_receiver) == []
        english = queue(city.clerk, ENGLISH) + queue(city.receiver, ENGLISH)
    assert [heading for heading, _text in english] == [
        "Notice of forwarding", "Notice that the case is reopened", "Notice of closure",
        "Question to the petitioner", "Notice of acceptance", "Notice of extension", "Decision on the petition",
    ]  # fmt: skip
    assert english[0][1] == told[0][1], "letters are Chinese whatever language a page has"


def test_who_is_declined_is_told_why_and_where_to_go(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed = file_petition()
        for who, slug, data in WAYS[State.NOT_ACCEPTED]:
            act(filed.demand, who, slug, data)
        ((heading, text),) = queue(city.receiver)
        (forwarded,) = queue(city.clerk)
    assert heading == "不予受理告知书"
    assert text == in_full(
        filed.number,
        "经审查不予受理。理由：已进入诉讼程序\n    您可以向以下机关、单位提出：试水市中级人民法院",
        ORGAN,
        "9月18日",
    )
    assert "十五日内（最迟2026年10月8日）" in forwarded[1], "3 October by the plain count"


def test_a_question_of_the_petition_office_comes_from_it(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed = file_petition()
        act(filed.demand, "clerk", "ask", ASK)
        ((heading, text),) = queue(city.clerk)
    body = f"{OFFICE}需要向您了解以下情况：\n是哪一单元的灯？\n    您可以凭查询码在网上补充说明，也可以直接联系我们。"
    assert (heading, text) == ("情况询问", in_full(filed.number, body, OFFICE, "9月18日"))


def test_what_is_withdrawn_needs_no_letter(city: SimpleNamespace) -> None:
    filed = file_petition()
    act(filed.demand, "citizen", "withdraw", {"reason": "问题已经解决"})
    assert queue(city.clerk) == []


def test_the_third_outcome_stands_in_its_letter(city: SimpleNamespace) -> None:
    filed = file_petition()
    for who, slug, data in WAYS[State.HANDLING]:
        act(filed.demand, who, slug, data)
    act(filed.demand, "handler", "answer", {"outcome": "not_supported", "text": "无事实依据。"})
    opinion = dict(queue(city.receiver))["信访处理意见书"]
    assert "处理意见如下（不予支持）：\n无事实依据。\n" in opinion


def test_each_letter_is_announced_by_mail_with_its_name_and_number_alone(city: SimpleNamespace) -> None:
    with post_office() as post, at("2026-08-03 11:00"):
        filed = file_petition(tell_by="email", email="zhao@home.example")
        for _moment, who, slug, data, _letter, _teller in STORY:
            act(filed.demand, who, slug, data)
        deliver()
        story, english = words(tracked(filed)), words(tracked(filed, ENGLISH))
    letters = [letter for *_act, letter, _teller in STORY if letter]
    letters.remove("信访处理意见书")  # the first, which was returned before anything was sent
    assert [str(mail["Subject"]).strip() for mail in post.mails] == [
        f"信访事项 {filed.number}：{name}" for name in letters
    ]
    assert {mail.get_content().strip() for mail in post.mails} == {  # type: ignore[attr-defined]
        "请凭编号和查询码查看全文：https://massline.example/track/"
    }
    assert {str(mail["To"]) for mail in post.mails} == {"zhao@home.example"}
    for name in letters:
        assert f"已告知：{name}（电子邮件）" in story
    assert "Notified: Notice of acceptance (Email)" in english


def test_a_letter_is_announced_by_sms_in_the_same_words(city: SimpleNamespace) -> None:
    with at("2026-08-03 11:00"), gateway() as asked:
        filed = file_petition(tell_by="sms", phone="+8613912345678")
        for who, slug, data in FORWARDED:
            act(filed.demand, who, slug, data)
        deliver()
    ((_path, said),) = asked
    assert said["title"] == f"信访事项 {filed.number}：转送告知"
    assert said["message"].startswith("请凭编号和查询码查看全文：http") and said["message"].endswith("/track/")


def test_who_told_when_and_how_stands_in_the_list_and_in_the_story(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed = file_petition()
        for who, slug, data in FORWARDED:
            act(filed.demand, who, slug, data)
    pk = CitizenNotification.objects.get().pk
    with at("2026-09-19 15:30"):
        assert reader(city.clerk).post(f"/desk/letters/{key_of('letter', pk)}/", {"how": "letter"}).status_code == 302
        shown, english = page(city.clerk, "/desk/letters/"), page(city.clerk, "/desk/letters/", ENGLISH)
        story = words(tracked(filed))
    assert f"{filed.number} 转送告知 2026-09-19 15:30 书面信函 程登记" in shown and "没有待告知的事项" in shown
    assert f"{filed.number} Notice of forwarding 19 Sep 2026, 15:30 Letter 程登记" in english
    assert "2026年9月19日 15:30 已告知：转送告知（书面信函）" in story

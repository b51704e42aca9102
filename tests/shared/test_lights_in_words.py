"""Lights, states, outcomes and kinds of notices in words, in both languages, wherever somebody reads them."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from petitions.acts import OFFICIAL_ACTS
from petitions.models import Outcome, State
from responsibility import notices
from responsibility.models import EscalationState, Notice
from tests.api import Api
from tests.chain_lab import at, event, sweep_at
from tests.city import WAYS, act, file_petition, tell_all, walk_to
from tests.reader import CHINESE, ENGLISH, owed, page, part, reader, row, source, tracked, words

pytestmark = pytest.mark.django_db
BOTH = (CHINESE, ENGLISH)
LIGHTS = {
    "green": ("正常", "On time"),
    "yellow": ("临近", "Due soon"),
    "red": ("超期", "Overdue"),
    "none": ("无期限", "No deadline"),
}
STATES = {
    "received": ("已收到，待登记", "Received, awaiting registration"),
    "registered": ("已登记，待转办", "Registered, awaiting forwarding"),
    "forwarded": ("已转办，待受理", "Forwarded, awaiting acceptance"),
    "objected": ("承办单位提出异议", "Objection by the authority"),
    "declining": ("拟不予受理，待核实", "To be declined, awaiting verification"),
    "accepted": ("已受理，待分派", "Accepted, awaiting a handler"),
    "handling": ("正在办理", "Being handled"),
    "answered": ("已答复，待核实", "Answered, awaiting verification"),
    "closed": ("已办结销号", "Closed"),
    "not_accepted": ("不予受理", "Declined"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "transferred": ("已转交有权处理的机关", "Passed on to the competent authority"),
}
OUTCOMES = {
    "supported": ("予以支持", "Supported"),
    "explained": ("解释说明", "Explained"),
    "not_supported": ("不予支持", "Not supported"),
}
NOTICES = {
    "warning": ("临近到期", "Due soon"),
    "overdue": ("已经超期", "Overdue"),
    "escalated": ("逐级上报，请您签收并批示", "Escalated: please acknowledge and give an instruction"),
    "office": ("抄送信访部门", "Copy to the petition office"),
    "instructed": ("领导已批示", "A leader has given an instruction"),
    "petition.assigned": ("交您办理", "Assigned to you"),
    "petition.arrived": ("转到本单位", "Forwarded to your authority"),
    "petition.objected": ("承办单位提出异议", "Objection by the authority"),
    "petition.declining": ("承办单位拟不予受理，请核实", "The authority proposes to decline: please verify"),
    "petition.returned": ("退回重新办理", "Sent back to be handled again"),
    "petition.answered": ("已答复，待核实销号", "Answered, awaiting verification"),
    "petition.urged": ("信访人催办", "The petitioner sent a reminder"),
    "petition.supplemented": ("信访人补充材料", "Further material from the petitioner"),
    "petition.dissatisfied": ("信访人评价不满意", "The petitioner was not satisfied"),
    "chain_gap": ("责任链有缺口", "Gap in the chain of responsibility"),
    "proposal.received": ("收到提请，请您决定", "A proposal for you to decide"),
    "proposal.taken_up": ("您的提请已被采纳", "Your proposal was taken up"),
    "proposal.declined": ("您的提请未被采纳", "Your proposal was declined"),
}
CLIMBED = {
    "sent": ("待签收", "Awaiting acknowledgement"),
    "acknowledged": ("已签收，待批示", "Acknowledged, awaiting instruction"),
    "instructed": ("已批示", "Instruction given"),
    "settled": ("事项已办，自动结束", "Dealt with below; ended automatically"),
}

ACTS = {
    "decline": ("不予受理", "Decline"),
    "agree": ("同意不予受理", "Agree to decline"),
    "disagree": ("不同意不予受理", "Do not agree to decline"),
    "reclassify": ("更正分类", "Correct the subject"),
    "extend": ("延长办理期限", "Extend the time limit"),
    "write_off": ("核实销号", "Verify and close"),
}
"""Of buttons whose words are near those of a state: what is to be done, not what was done."""

OTHER_KINDS = {
    "task", "inspection", "conclusion", "whistle", "publication", "spill", "regulation", "regulation_text",
}  # fmt: skip
ELSEWHERE = {"petition.imported", "undelivered", "filter_cleared"}  # each has tests of its own


def test_the_tables_here_have_every_code() -> None:
    assert set(STATES) == set(State.values) and set(OUTCOMES) == set(Outcome.values)
    about_petitions = {name for name in notices.names(lambda kind: True) if name.partition(".")[0] not in OTHER_KINDS}
    assert set(NOTICES) == about_petitions - ELSEWHERE
    assert set(CLIMBED) == set(EscalationState.values) - {EscalationState.TOLD}  # which climbs to nobody's desk


def test_a_button_says_what_is_to_be_done() -> None:
    for slug, labels in ACTS.items():
        for language, word in zip(BOTH, labels, strict=True):
            with translation.override(language):
                assert str(OFFICIAL_ACTS[slug].label) == word


# (moment, light): filed on 18 September; 3 October by the plain count
MOMENTS = [("2026-09-18 10:00", "green"), ("2026-09-28 00:00", "yellow"), ("2026-10-04 00:00", "red")]


def test_a_light_says_the_same_word_on_every_page(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed, closed = walk_to(State.FORWARDED), walk_to(State.WITHDRAWN)
    for moment, light in MOMENTS:
        for language, word in zip(BOTH, LIGHTS[light], strict=True):
            with at(moment):
                desk = reader(city.receiver, language)
                last = ("2026-10-03", "3 Oct 2026")[language == ENGLISH]
                assert row(source(desk, "/desk/"), filed.number).startswith(f"{word} {last}")
                assert row(source(desk, "/desk/ledger/"), filed.number).startswith(f"{word} {last}")
                html = source(desk, f"/desk/petitions/{filed.number}/")
                title = (
                    "收到转送、交办后，书面告知信访人",
                    "Written notice to the petitioner (received by forwarding)",
                )[language == ENGLISH]
                by = ("最迟 2026年10月3日", "By 3 October 2026")[language == ENGLISH]
                head = part(html, r'<div class="record-head">(.*?)<div class="record-grid">')
                assert f"{word} {title} {last}" in head
                assert owed(html, title).startswith(f"{title} {word} {by}")
                assert owed(tracked(filed, language), title).startswith(f"{title} {word} {by}")
                ledger = source(reader(city.clerk, language), "/desk/ledger/")
                assert row(ledger, closed.number).startswith("— "), "what is over has no period, and no light"


def test_a_card_shows_the_light_of_what_climbed_and_beside_the_leaders_date_its_own(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed = walk_to(State.FORWARDED)
    for moment in ("2026-10-09 00:00", "2026-10-14 00:00"):
        sweep_at(moment)
    # the leader's own day is not over: of two days 30 % is left on 15 October at 09:36; what climbed has long been late
    for moment, own in (("2026-10-14 09:00", "yellow"), ("2026-10-16 00:00", "red")):
        for language, late, word in zip(BOTH, LIGHTS["red"], LIGHTS[own], strict=True):
            with at(moment):
                desk = page(city.leader, "/desk/escalations/", language)
                (row,) = Api(city.leader).get("/escalations/").json()["results"]
            mine = ("领导签收 最迟 2026年10月15日", "Leader acknowledges By 15 October 2026")[language == ENGLISH]
            goal = ("收到转送、交办后", "Written notice to the petitioner")[language == ENGLISH]
            assert f"{late} {goal}" in desk and f"{word} {mine}" in desk
            assert (row["light"], row["due"][0]["light"]) == ("red", own)
    with at("2026-10-16 10:00"):
        act(filed.demand, "citizen", "withdraw", {"reason": "已经解决"})
        assert Api(city.leader).get("/escalations/").json()["results"][0]["light"] == "none", "nothing is owed"


def test_a_state_says_the_same_words_on_every_page_and_in_rest(city: SimpleNamespace) -> None:
    longest = file_petition()
    assert says_its_state(city, longest) == State.RECEIVED
    for who, slug, data in WAYS[State.CLOSED]:
        longest.demand = act(longest.demand, who, slug, data)
        says_its_state(city, longest)
    others = State.OBJECTED, State.DECLINING, State.NOT_ACCEPTED, State.WITHDRAWN
    assert [says_its_state(city, walk_to(state)) for state in others] == list(others)


def says_its_state(city: SimpleNamespace, filed: SimpleNamespace) -> str:
    """Looks at all of it, and returns the state that was found everywhere."""
    state = filed.demand.state
    for language, word in zip(BOTH, STATES[state], strict=True):
        assert re.search(rf" {word} \d", row(source(reader(city.clerk, language), "/desk/ledger/"), filed.number))
        desk = source(reader(city.clerk, language), f"/desk/petitions/{filed.number}/")
        assert part(desk, r'<div class="record-head">(.*?)</div>').split(filed.number)[1].startswith(f" {word} ")
        assert part(tracked(filed, language), r'<p class="now">(.*?)</p>') == word
        opened = {"number": filed.number, "tracking_code": filed.code}
        seen = Api().post("/public/track/", opened, Accept_Language=language).json()
        assert (seen["state"], seen["state_label"]) == (state, word)
    return str(state)


def test_an_outcome_says_the_same_words_on_every_page_and_in_rest(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    for outcome in Outcome:
        act(filed.demand, "handler", "answer", {"outcome": outcome, "text": f"意见：{outcome}"})
        for language, word in zip(BOTH, OUTCOMES[outcome], strict=True):
            pages = tracked(filed, language), source(reader(city.handler, language), f"/desk/petitions/{filed.number}/")
            for html in pages:
                newest = words(html[: html.index(f"意见：{outcome}")][-900:])
                assert newest.split()[-len(word.split()) :] == word.split(), language
                issued = ("已作出处理意见：", "gave its decision: ")[language == ENGLISH] + word
                assert issued in words(html)
            opened = {"number": filed.number, "tracking_code": filed.code}
            seen = Api().post("/public/track/", opened, Accept_Language=language).json()["answers"][0]
            assert (seen["outcome"], seen["outcome_label"]) == (outcome, word)
            full = Api(city.handler).get(f"/petitions/{filed.number}/", Accept_Language=language).json()
            assert (full["outcome"], full["outcome_label"]) == (outcome, word)
        act(filed.demand, "chief", "return", {"reason": "再核实"})
    again = tracked(filed)
    assert words(again).count("此前的答复") == 3 and "这份答复经核实已退回" in words(again)
    assert words(tracked(filed, ENGLISH)).count("Earlier answer") == 3


@pytest.mark.parametrize(
    ("done", "slug", "data", "chinese", "english"),
    [
        ("2026-10-02 10:00", "accept", {}, "按期完成", "Done on time"),
        ("2026-10-08 23:59", "accept", {}, "按期完成", "Done on time"),  # after the strict date, before the legal end
        ("2026-10-09 00:00", "accept", {}, "逾期完成", "Done late"),
        ("2026-09-19 10:00", "object", {"reason": "不属于"}, "不再需要", "No longer needed"),
    ],
)
def test_how_an_obligation_ended_is_said_by_the_legal_date(
    city: SimpleNamespace, done: str, slug: str, data: Any, chinese: str, english: str
) -> None:
    with at("2026-09-18 10:00"):
        filed = walk_to(State.FORWARDED)
    with at(done):
        act(filed.demand, "receiver", slug, data)
        tell_all(filed.demand)
        title = "收到转送、交办后，书面告知信访人"
        assert owed(tracked(filed), title).startswith(f"{title} {chinese} 最迟 2026年10月3日 最后一天遇节假日")
        desk = source(reader(city.receiver, ENGLISH), f"/desk/petitions/{filed.number}/")
        title = "Written notice to the petitioner (received by forwarding)"
        assert owed(desk, title).startswith(f"{title} {english} By 3 October 2026 The last day is a day off")


def test_what_was_done_late_is_no_green_light(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed = walk_to(State.FORWARDED)
    with at("2026-10-09 00:00"):
        act(filed.demand, "receiver", "accept")
        tell_all(filed.demand)
        pages = tracked(filed), source(reader(city.receiver), f"/desk/petitions/{filed.number}/")
    for html in pages:
        ended = re.findall(r'<span class="light (\w+)">(.*?)</span>', html, re.S)
        assert {("red", "逾期完成"), ("green", "按期完成")} <= {(colour, words(said)) for colour, said in ended}
        assert ("green", "逾期完成") not in {(colour, words(said)) for colour, said in ended}


def test_the_inbox_says_every_kind_of_notice(city: SimpleNamespace) -> None:
    now = timezone.now()
    with transaction.atomic():
        event()
        for n, kind in enumerate(NOTICES):
            if kind == "escalated":
                continue  # stands only with what climbed: below
            told = {"recipient": city.handler, "kind": kind, "subject_kind": "petition", "told_at": now}
            Notice.objects.create(**told, subject_key=f"XF20260918-{n:06d}")
    for language in BOTH:
        html = source(reader(city.handler, language), "/desk/inbox/")
        for n, (kind, said) in enumerate(NOTICES.items()):
            shown = f">{said[language == ENGLISH]} XF20260918-{n:06d} <" in html
            assert shown == (kind != "escalated"), (kind, language)


def test_what_climbed_says_its_step_and_how_far_the_leader_is(city: SimpleNamespace) -> None:
    with at("2026-09-18 10:00"):
        filed, settled = walk_to(State.FORWARDED), walk_to(State.FORWARDED)
    for moment in ("2026-10-09 00:00", "2026-10-14 00:00"):
        sweep_at(moment)
    with at("2026-10-14 09:00"):
        act(settled.demand, "receiver", "accept")
        tell_all(settled.demand)
        api = Api(city.leader)
        (pk,) = [e["id"] for e in api.get("/escalations/").json()["results"] if e["number"] == filed.number]
        for state, does in (("sent", "acknowledge"), ("acknowledged", "instruct"), ("instructed", "")):
            for language, word in zip(BOTH, CLIMBED[state], strict=True):
                notice = f"{NOTICES['escalated'][language == ENGLISH]} {filed.number}"
                assert notice in page(city.leader, "/desk/inbox/", language)
                shown = Api(city.leader).get(f"/escalations/{pk}/", Accept_Language=language).json()
                assert (shown["state"], shown["state_label"]) == (state, word)
                desk = page(city.leader, "/desk/escalations/", language)
                step = ("上报本单位主要负责人", "Escalated to the authority’s own top leaders")[language == ENGLISH]
                assert f"{filed.number} {word} {step}" in desk
                ended = CLIMBED["settled"][language == ENGLISH]
                assert f"{settled.number} {ended} {step}" in desk
            if does:
                body = {"text": "三日内办结"} if does == "instruct" else {}
                assert api.post(f"/escalations/{pk}/acts/{does}/", body).status_code == 200


@pytest.mark.parametrize(
    ("agree", "chinese", "english"),
    [
        ("true", "异议成立，重新转办", "objection upheld, to be forwarded elsewhere"),
        ("false", "异议不成立，仍由该单位办理", "Objection rejected: the authority keeps the petition"),
    ],
)
def test_the_story_says_how_an_objection_was_decided(
    city: SimpleNamespace, agree: str, chinese: str, english: str
) -> None:
    filed = file_petition()
    for who, slug, data in WAYS[State.OBJECTED]:
        act(filed.demand, who, slug, data)
    act(filed.demand, "chief", "decide_objection", {"agree": agree, "reason": "已核实"})
    assert f"信访部门已对异议作出决定：{chinese}" in words(tracked(filed))
    assert f"The petition office decided on the objection: {english}" in words(tracked(filed, ENGLISH))


def test_a_rating_says_whom_it_is_of(city: SimpleNamespace) -> None:
    filed = walk_to(State.ANSWERED)
    for rated in ("organ", "petition_office"):
        act(filed.demand, "citizen", "rate", {"object": rated, "score": "4", "reason": ""})
    chinese, english = words(tracked(filed)), words(tracked(filed, ENGLISH))
    assert "信访人对承办单位作出评价" in chinese and "信访人对信访部门作出评价" in chinese
    assert "Rating from the petitioner: Handling authority" in english
    assert "Rating from the petitioner: Petition office" in english

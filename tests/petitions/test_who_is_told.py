"""Who is told of each act: whose inbox has a line, and whose queue has a letter to the petitioner. All by hand."""

import base64
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from massline.keys import key_of
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from responsibility.models import Notice
from tests.api import Api
from tests.chain_lab import at, sh
from tests.city import ANSWER, REGISTER, TO_DEPARTMENT, act, file_petition
from tests.people_lab import inbox, inboxes, queues
from tests.transfer_lab import TO_JIWEI, add_discipline

pytestmark = pytest.mark.django_db
AT_DEPARTMENT = "receiver deputy leader"
OFFICE = "clerk chief"
REASON = {"reason": "情况复杂，需要现场核实"}
DECLINE = {"reason": "已进入诉讼程序", "where_to_go": "试水市中级人民法院"}
Told = dict[str, str]
Story = tuple[tuple[str, str, dict[str, Any], Told, Told], ...]
"""Who acts, how, with what -> what stands in whose inbox -> which letter stands in whose telling queue."""

HANDLED: Story = (
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "unmask", {"fields": ["phone"], "reason": "与信访人联系核实情况"}, {}, {}),
    ("clerk", "forward", TO_DEPARTMENT, {"转到本单位": "receiver leader"}, {"转送告知": OFFICE}),
    ("citizen", "supplement", {"text": "又有一处坏了"}, {"信访人补充材料": "receiver leader"}, {}),
    ("receiver", "object", REASON, {"承办单位提出异议": "clerk chief"}, {}),
    ("chief", "decide_objection", {"agree": "false"} | REASON, {}, {}),
    ("receiver", "accept", {}, {}, {"受理告知书": f"{AT_DEPARTMENT} handler"}),
    ("receiver", "note", {"text": "已电话联系"}, {}, {}),
    ("clerk", "reclassify", {"category": "010102"} | REASON, {}, {}),
    ("leader", "assign", {"handler": "handler"}, {"交您办理": "handler"}, {}),
    ("citizen", "hand_in", {}, {}, {}),
    ("handler", "attach", {}, {}, {}),
    ("handler", "ask", {"question": "请问是哪一层？"}, {}, {"情况询问": f"{AT_DEPARTMENT} handler"}),
    ("citizen", "urge", {}, {"信访人催办": "handler"}, {}),
    ("leader", "extend", {"days": 30} | REASON, {}, {"延长办理期限告知书": f"{AT_DEPARTMENT} handler"}),
    ("handler", "answer", ANSWER, {"已答复，待核实销号": OFFICE}, {}),  # returned before it is told
    ("citizen", "rate", {"object": "organ", "score": "2", "reason": ""}, {"信访人评价不满意": "chief leader"}, {}),
    ("leader", "look_into", {"text": "已责成重新核实"}, {}, {}),
    ("chief", "return", REASON, {"退回重新办理": "handler"}, {"重新办理告知": OFFICE}),
    ("handler", "answer", ANSWER, {"已答复，待核实销号": OFFICE}, {"信访处理意见书": f"{AT_DEPARTMENT} handler"}),
    ("chief", "write_off", {"evidence": "电话回访，信访人表示问题已解决"}, {}, {"办结告知": OFFICE}),
)
DECLINED: Story = (
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "forward", TO_DEPARTMENT, {"转到本单位": "receiver leader"}, {"转送告知": OFFICE}),
    ("receiver", "decline", DECLINE, {"承办单位拟不予受理，请核实": OFFICE}, {}),
    ("clerk", "disagree", REASON, {"退回重新办理": "receiver leader"}, {}),
    ("leader", "decline", DECLINE, {"承办单位拟不予受理，请核实": OFFICE}, {}),
    ("clerk", "agree", {"note": "已核实"}, {}, {"不予受理告知书": AT_DEPARTMENT}),
)
DECLINED_BY_THE_OFFICE: Story = (
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "decline", DECLINE, {}, {"不予受理告知书": OFFICE}),
)
OBJECTED_AND_SENT_ON: Story = (
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "forward", TO_DEPARTMENT, {"转到本单位": "receiver leader"}, {"转送告知": OFFICE}),
    ("receiver", "object", REASON, {"承办单位提出异议": "clerk chief"}, {}),
    ("chief", "decide_objection", {"agree": "true"} | REASON, {}, {}),
    ("citizen", "urge", {}, {"信访人催办": "clerk chief"}, {}),
    ("clerk", "forward", {"organ": "other", "note": ""}, {"转到本单位": "other_receiver other_leader"},
     {"转送告知": OFFICE}),
    ("other_receiver", "accept", {}, {}, {"受理告知书": "other_receiver other_leader"}),
    ("other_leader", "ask", {"question": "请问是哪一层？"}, {}, {"情况询问": "other_receiver other_leader"}),
    ("citizen", "withdraw", {"reason": "已经解决"}, {}, {}),
)  # fmt: skip
KEPT_AT_THE_OFFICE: Story = (
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "accept", {}, {}, {"受理告知书": OFFICE}),
    ("chief", "assign", {"handler": "clerk"}, {"交您办理": "clerk"}, {}),
    ("clerk", "answer", ANSWER, {"已答复，待核实销号": OFFICE}, {}),
    ("chief", "return", REASON, {"退回重新办理": "clerk"}, {"重新办理告知": OFFICE}),
)
ABOUT_THE_RECEIVER: Story = (  # and about the head of the petition office: neither is told, nor sees a letter
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "forward", TO_DEPARTMENT, {"转到本单位": "leader"}, {"转送告知": "clerk"}),
    ("citizen", "urge", {}, {"信访人催办": "leader"}, {}),
    ("leader", "object", REASON, {"承办单位提出异议": "clerk"}, {}),
    ("clerk", "decide_objection", {"agree": "false"} | REASON, {}, {}),
    ("leader", "accept", {}, {}, {"受理告知书": "deputy leader handler"}),
    ("deputy", "assign", {"handler": "handler"}, {"交您办理": "handler"}, {}),
    ("handler", "answer", ANSWER, {"已答复，待核实销号": "clerk"}, {"信访处理意见书": "deputy leader handler"}),
)
HANDED_OVER: Story = (
    ("clerk", "register", REGISTER, {}, {}),
    ("clerk", "transfer", TO_JIWEI, {}, {"办理情况告知": "clerk"}),
)
STORIES: dict[str, tuple[Story, dict[str, Any]]] = {
    "handled": (HANDLED, {}),
    "declined": (DECLINED, {}),
    "declined by the office": (DECLINED_BY_THE_OFFICE, {}),
    "objected and sent on": (OBJECTED_AND_SENT_ON, {}),
    "kept at the office": (KEPT_AT_THE_OFFICE, {}),
    "handed over": (HANDED_OVER, {}),
    "about the receiver": (
        ABOUT_THE_RECEIVER,
        {"complained_about": [{"kind": "person", "name": n, "organ": ""} for n in ("钱接文", "辛访明")]},
    ),
}
A_FILE = {"name": "现场记录.txt", "content": base64.b64encode("楼道灯没亮".encode()).decode()}


def perform_by(city: SimpleNamespace, filed: SimpleNamespace, who: str, slug: str, data: dict[str, Any]) -> None:
    """The act; a file comes in through REST, where it is a text."""
    if slug == "hand_in":
        given = {"number": filed.number, "tracking_code": filed.code}
        response = Api().post(f"/public/track/acts/{slug}/", A_FILE | given)
    elif slug == "attach":
        response = Api(getattr(city, who)).post(f"/petitions/{filed.number}/acts/{slug}/", A_FILE | {"public": True})
    else:
        filed.demand = act(filed.demand, who, slug, data)
        return
    assert response.status_code == 200, response.content.decode()


def test_each_act_tells_exactly_these(city: SimpleNamespace) -> None:
    """Each act has a minute of its own; then all the inboxes and all the telling queues of the city are read."""
    add_discipline(city)
    notices: dict[tuple[str, str], set[str]] = {}
    letters: dict[tuple[str, str], set[str]] = {}
    played = {}
    for hour, (name, (story, more)) in enumerate(STORIES.items(), start=9):
        start = sh(f"2026-09-15 {hour:02}:00")
        with at(start) as now:
            filed = file_petition(received_at=now, **more)
        for minute, (who, slug, data, told, letter) in enumerate(story, start=1):
            with at(start + timedelta(minutes=minute)) as now:
                perform_by(city, filed, who, slug, data)
            when = f"{now:%Y-%m-%d %H:%M}"
            played[when] = f"{name}: {who} {slug}"
            notices |= {(when, f"{what} {filed.number}"): set(people.split()) for what, people in told.items()}
            letters |= {(when, what): set(people.split()) for what, people in letter.items()}
    with at("2026-09-15 17:00"):
        wrong = []
        for found, expected in ((inboxes(city), notices), (queues(city), letters)):
            wrong += [(*key, found.get(key), expected.get(key)) for key in sorted(found.keys() | expected.keys())]
        assert [(played[when], line, *sets) for when, line, *sets in wrong if sets[0] != sets[1]] == []


def test_the_stories_play_every_act_that_there_is() -> None:
    played = {slug for story, _more in STORIES.values() for _who, slug, *_rest in story}
    assert played == {each.slug for each in (*OFFICIAL_ACTS, *CITIZEN_ACTS)}


def test_a_petitioner_who_urges_again_and_again_fills_nobodys_inbox(city: SimpleNamespace) -> None:
    """One unread line of a kind for each petition; what was read is told anew; another petition has its own."""
    first, second = file_petition(), file_petition()

    def urge(filed: SimpleNamespace, day: int) -> None:
        with at(timezone.now() + timedelta(days=day)):
            act(filed.demand, "citizen", "urge")

    for filed, day in ((first, 0), (second, 0), (first, 1), (first, 2)):
        urge(filed, day)
    urged = sorted([f"信访人催办 {first.number}", f"信访人催办 {second.number}"])
    assert sorted(what for _when, what in inbox(city.clerk)) == urged
    client = Client()
    client.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    mine = Notice.objects.get(recipient=city.clerk, subject_key=first.number)
    client.post(f"/desk/inbox/{key_of('notice', mine.pk)}/")
    urge(first, 3)
    act(first.demand, "citizen", "supplement", {"text": "又有一处坏了"})
    more = f"信访人补充材料 {first.number}"
    assert sorted(what for _when, what in inbox(city.clerk)) == sorted([*urged, f"信访人催办 {first.number}", more])
    assert sorted(what for _when, what in inbox(city.chief)) == sorted([*urged, more])

"""Nothing of a petition reaches a person whom it is about, and nobody of them has a hand in it (回避, Art. 28)."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from massline.acts import perform
from massline.keys import key_of
from petitions.acts import OFFICIAL_ACTS
from petitions.models import Demand, State
from responsibility.chain import Skip, chain
from responsibility.models import Absence, Appointment, Escalation, Notice, Post
from responsibility.sweep import sweep
from tests.api import V1, token_for
from tests.city import ADMINISTRATION, ANSWER, NAMES, PASSWORD, REGISTER, act, file_petition, walk_to
from tests.eyes import UNKNOWN, Eyes, assert_same_404, background, climbed_to_the_root, differences, everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


RECUSED = ("deputy", "mayor", "colleague", "other_receiver", "inspector", "auditor")


def about(*people: str) -> list[dict[str, str]]:
    names = NAMES | {who: name for who, (name, _kind) in ADMINISTRATION.items()}
    return [{"kind": "person", "name": names[who], "organ": ""} for who in people]


def stands_in(user: User, for_whom: User) -> None:
    """`for_whom` is away, and `user` acts in their post."""
    held = Appointment.objects.get(user=for_whom)
    day = timezone.localdate()
    away = Absence.objects.create(appointment=held, since=day - timedelta(days=10), until=day + timedelta(days=100))
    Appointment.objects.create(
        user=user, post=held.post, kind="acting", because="absence", absence=away, since=away.since, until=away.until
    )


def all_the_way(city: SimpleNamespace, **more: Any) -> SimpleNamespace:
    """Filed long ago, overdue at the office up to the root, forwarded, objected, accepted, handled, overdue again."""
    long_ago = timezone.now() - timedelta(days=100)
    filed = file_petition(title="强拆之后没有补偿", received_at=long_ago, **more)
    climbed_to_the_root()
    for who, slug, data in (
        ("clerk", "register", REGISTER),
        ("clerk", "forward", {"organ": "department", "note": ""}),
        ("receiver", "object", {"reason": "不属于"}),
        ("chief", "decide_objection", {"agree": "false", "reason": "属于"}),
        ("receiver", "accept", {}),
        ("receiver", "ask", {"question": "几楼？"}),
        ("leader", "assign", {"handler": "handler"}),
        ("citizen", "urge", {}),
        ("citizen", "supplement", {"text": "又来了一次"}),
        ("handler", "answer", ANSWER),
        ("leader", "return", {"reason": "重新核实"}),
    ):
        filed.demand = act(filed.demand, who, slug, data)
    return filed


def test_anchor_12_a_person_complained_about_who_stands_in_sees_nothing_and_is_told_nothing(
    city: SimpleNamespace,
) -> None:
    """Who stands in for nobody: tests/shared/test_leaks.py."""
    background()
    stands_in(city.deputy, city.district_head)
    stands_in(city.colleague, city.other_leader)
    before = everything(city, RECUSED)
    filed = all_the_way(city, complained_about=about(*RECUSED))
    climbed_to_the_root()
    assert differences(city, before, filed.number) == []
    told = set(Notice.objects.filter(subject_key=filed.number).values_list("recipient__username", flat=True))
    assert told and not told & set(RECUSED)
    for who in RECUSED:
        assert_same_404(
            Eyes(getattr(city, who)).look(f"/desk/petitions/{filed.number}/"),
            Eyes(getattr(city, who)).look(f"/desk/petitions/{UNKNOWN}/"),
            filed.number,
        )


def test_a_leader_complained_about_sees_nothing_while_another_stands_in(city: SimpleNamespace) -> None:
    """The notice of the one who stands in is addressed to the leader's own post."""
    background()
    stands_in(city.outsider, city.leader)
    before = everything(city, ["leader"])
    filed = walk_to(State.FORWARDED, complained_about=about("leader"), title="强拆之后没有补偿")
    climbed_to_the_root()
    post = city.post["leader"]
    assert Notice.objects.filter(recipient=city.outsider, post=post, kind="escalated").exists()
    assert differences(city, before, filed.number) == []


def test_the_one_who_stands_in_does_not_answer_for_what_is_about_them(city: SimpleNamespace) -> None:
    """Acting in every post above: still no link, still nothing to see."""
    for above in (city.leader, city.secretary):
        stands_in(city.deputy, above)
    before = everything(city, ["deputy"])
    filed = walk_to(State.FORWARDED, complained_about=about("deputy"), title="强拆之后没有补偿")
    climbed_to_the_root()
    assert differences(city, before, filed.number) == []
    links = chain(filed.demand.chain_subject(), timezone.now())
    assert not [x for x in links if x.user == city.deputy.pk and x.skip is None]
    assert {x.skip for x in links if x.user == city.deputy.pk} == {Skip.COMPLAINED_ABOUT}
    assert [x.user for x in links if x.skip is None][-1] == city.mayor.pk


def test_a_person_complained_about_is_never_offered_nor_taken_as_handler(city: SimpleNamespace) -> None:
    stands_in(city.deputy, city.handler)
    filed = walk_to(State.ACCEPTED, complained_about=about("deputy", "colleague"))
    page = Eyes(city.leader).look(f"/desk/petitions/{filed.number}/")[1]
    offered = set(re.findall(r'<option value="(\w+)"', page.split('id="act-assign"')[1].split("</details>")[0]))
    assert offered and not offered & {"deputy", "colleague", "handler"}
    shown = Client().get(
        f"{V1}/petitions/{filed.number}/", headers={"Authorization": f"Bearer {token_for(city.leader)}"}
    )
    (handler,) = next(a for a in shown.json()["acts"] if a["slug"] == "assign")["fields"]
    assert {choice["value"] for choice in handler["choices"]} == offered
    for who in ("deputy", "colleague", "handler"):
        path = f"/petitions/{filed.number}/acts/assign/"
        assert Eyes(city.leader).post("/desk" + path, {"handler": who})[0] == 422
        assert Eyes(city.leader).post(V1 + path, {"handler": who})[0] == 422


def test_a_leader_does_not_reassign_to_a_person_complained_about(city: SimpleNamespace) -> None:
    """Nor to a post in which only such a person sits."""
    filed = walk_to(State.HANDLING, complained_about=about("deputy", "colleague"))
    stands_in(city.colleague, city.receiver)
    for days in (100, 110, 120):
        sweep(timezone.now() + timedelta(days=days))
    e = Escalation.objects.get(step="top", obligation__subject_key=filed.number, obligation__rule="XF06")
    for who in ("deputy", "colleague", "receiver"):
        post = Post.objects.get(pk=city.post[who].pk)
        body = {"post": key_of("post", post.pk), "text": "改派"}
        for path in ("/desk/escalations/{}/acts/reassign/", V1 + "/escalations/{}/acts/reassign/"):
            assert Eyes(city.leader).post(path.format(key_of("escalation", e.pk)), body)[0] == 422
    e.refresh_from_db()
    assert e.state == "sent"


def test_an_organ_complained_about_still_answers(city: SimpleNamespace) -> None:
    """In an ordinary petition the organ may be the very one that must act, and sees what it needs for that."""
    filed = walk_to(
        State.FORWARDED, complained_about=[{"kind": "organ", "name": "试水市住房和城乡建设局", "organ": ""}]
    )
    assert Eyes(city.receiver).look(f"/desk/petitions/{filed.number}/")[0] == 200
    perform(OFFICIAL_ACTS["accept"], Demand, filed.demand.pk, city.receiver, {})


def test_a_namesake_elsewhere_is_not_recused_when_the_organ_is_named(city: SimpleNamespace) -> None:
    namesake = User.objects.create_user("namesake", PASSWORD, name=NAMES["deputy"], kind="official")
    Appointment.objects.create(user=namesake, post=city.post["outsider"], since=timezone.localdate(), kind="acting",
                               because="absence", absence=Absence.objects.create(
                                   appointment=Appointment.objects.get(user=city.outsider),
                                   since=timezone.localdate(), until=timezone.localdate() + timedelta(days=9)),
                               until=timezone.localdate() + timedelta(days=9))  # fmt: skip
    named = [{"kind": "person", "name": NAMES["deputy"], "organ": "试水市住房和城乡建设局"}]
    assert file_petition(complained_about=named).demand.chain_subject().recused == {city.deputy.pk}
    unsure = [{"kind": "person", "name": NAMES["deputy"], "organ": ""}]
    assert file_petition(complained_about=unsure).demand.chain_subject().recused == {city.deputy.pk, namesake.pk}

"""Nothing of an accusation (检举控告, Art. 30) reaches anybody but its named readers; nothing of a petition reaches a
person whom it is about (回避, Art. 28).

The strongest way to see that nothing leaks: everything that somebody can look at, on pages and through REST, is the
same to the letter before the petition comes and after all that can happen to it has happened.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from massline.acts import perform
from petitions.acts import OFFICIAL_ACTS
from petitions.models import Demand, NamedReader, State, Telling
from petitions.work import work_of
from responsibility.chain import Skip, chain
from responsibility.models import Absence, Appointment, Escalation, Notice, NoticeKind, Post
from responsibility.sweep import sweep
from tests.api import V1, token_for
from tests.city import ADMINISTRATION, ANSWER, NAMES, PASSWORD, REGISTER, SINCE, act, file_petition, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
OTHERS = [
    "clerk",
    "mayor",
    "receiver",
    "handler",
    "colleague",
    "deputy",
    "leader",
    "other_leader",
    "district_chief",
    "inspector",
    "auditor",
    "sysadmin",
]
"""One of each kind of person for whom no accusation exists; `chief` is the named reader."""
UNKNOWN = "XF20200101-000009"
LISTS = (
    "/desk/",
    "/desk/inbox/",
    "/desk/undelivered/",
    "/desk/tellings/",
    "/desk/escalations/",
    "/desk/ledger/",
    "/desk/ledger/?q=强拆",
    "/desk/ledger/?q=强",
    "/desk/ledger/?q=开发商的钱",
    "/desk/ledger/?q=幸福里&state=received",
    "/desk/ledger/?q={number}",
    "/desk/ledger/?state=received",
    "/desk/ledger/?state=registered",
    "/desk/ledger/?state=handling",
    "/desk/ledger/?organ=office",
    "/desk/ledger/?organ=department",
    "/desk/ledger/?category=010000",
    "/desk/ledger/?overdue=true",
    "/desk/ledger/?overdue=false",
    V1 + "/petitions/",
    V1 + "/petitions/?q=强拆",
    V1 + "/petitions/?q=带人",
    V1 + "/petitions/?q={number}",
    V1 + "/petitions/?state=received",
    V1 + "/petitions/?organ=department&category=010101",
    V1 + "/petitions/?overdue=true",
    V1 + "/escalations/",
)
"""Every list, with its numbers, filters and searches; the rail with its counts stands on each page of the desk."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


class Eyes:
    """All that somebody can look at."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        self.headers = {"Authorization": f"Bearer {token_for(user)}"}

    def look(self, path: str) -> tuple[int, str]:
        response = self.client.get(path, headers=self.headers if path.startswith(V1) else {})
        return response.status_code, TOKEN.sub("", response.content.decode())

    def post(self, path: str, data: Any) -> tuple[int, str]:
        if path.startswith(V1):
            response = self.client.post(path, data, content_type="application/json", headers=self.headers)
        else:
            response = self.client.post(path, data)
        return response.status_code, TOKEN.sub("", response.content.decode())

    def everything(self, number: str = UNKNOWN) -> dict[str, tuple[int, str]]:
        seen = {path: self.look(path.format(number=number)) for path in LISTS}
        return {path: (status, text.replace(number, UNKNOWN)) for path, (status, text) in seen.items()}


def everything(city: SimpleNamespace, people: Iterable[str]) -> dict[str, dict[str, tuple[int, str]]]:
    return {who: Eyes(getattr(city, who)).everything() for who in people}


def differences(city: SimpleNamespace, before: dict[str, Any], number: str) -> list[str]:
    faults = []
    for who, seen in before.items():
        now = Eyes(getattr(city, who)).everything(number)
        faults += [f"{who} {path}" for path in seen if seen[path] != now[path]]
    return faults


def background() -> None:
    """Something to see for everybody, with nothing left to do about it, so that no sweep changes it."""
    walk_to(State.CLOSED)


def climbed_to_the_root() -> None:
    for days in range(1, 60, 7):
        sweep(timezone.now() + timedelta(days=days))


# --- Accusations --------------------------------------------------------------------------------------------------
ACCUSATIONS: dict[str, tuple[list[dict[str, str]], set[str]]] = {
    "an organ": ([{"kind": "organ", "name": "试水市住房和城乡建设局", "organ": ""}], {"chief"}),
    "a person by name alone": ([{"kind": "person", "name": NAMES["colleague"], "organ": ""}], {"chief"}),
    "a person and their organ": (
        [{"kind": "person", "name": NAMES["leader"], "organ": "试水市住房和城乡建设局"}],
        {"chief"},
    ),
    "somebody unknown": ([{"kind": "person", "name": "查无此人", "organ": "某公司"}], {"chief"}),
    "nobody": ([], {"chief"}),
    "a clerk of the petition office": ([{"kind": "person", "name": NAMES["clerk"], "organ": ""}], {"chief"}),
    "the mayor": ([{"kind": "person", "name": NAMES["mayor"], "organ": ""}], {"chief"}),
    "its own reader": ([{"kind": "person", "name": NAMES["chief"], "organ": ""}], set()),
    "the petition office": ([{"kind": "organ", "name": "试水市信访局", "organ": ""}], set()),
    "the organ above the petition office": (
        [{"kind": "organ", "name": "中共试水市委、试水市人民政府", "organ": ""}],
        set(),
    ),
}


def accusation(complained: list[dict[str, str]], **more: Any) -> SimpleNamespace:
    """One that came long ago."""
    long_ago = timezone.now() - timedelta(days=100)
    return file_petition(
        purpose="accusation",
        title="举报有人参与强拆",
        body="收了开发商的钱，带人强拆。",
        complained_about=complained,
        received_at=long_ago,
        **more,
    )


def lived_through(filed: SimpleNamespace, readers: set[str]) -> None:
    """Whatever can happen to an accusation: registered, asked, noted, supplemented, urged, overdue up to the root."""
    for reader in sorted(readers):
        act(filed.demand, reader, "register", REGISTER | {"purpose": "accusation"})
        act(filed.demand, reader, "ask", {"question": "什么时候的事？"})
        act(filed.demand, reader, "note", {"text": "已向领导口头报告"})
    act(filed.demand, "citizen", "supplement", {"text": "还有录像"})
    act(filed.demand, "citizen", "urge")
    climbed_to_the_root()


UNREADABLE = [against for against, (_named, readers) in ACCUSATIONS.items() if not readers]


def test_anchor_12_nobody_but_a_named_reader_sees_anything_of_an_accusation(city: SimpleNamespace) -> None:
    """Lists, counts, searches, filters, inbox, tellings, my work, what climbed to me: as before, to the letter."""
    background()
    before = everything(city, OTHERS)
    for complained, readers in ACCUSATIONS.values():
        filed = accusation(complained)
        lived_through(filed, readers)
    assert differences(city, before, filed.number) == []
    numbers = Demand.objects.filter(purpose="accusation").values("petition__number")
    assert len(numbers) == len(ACCUSATIONS)
    told = set(Notice.objects.filter(subject_key__in=numbers).values_list("recipient__username", flat=True))
    assert told == {"chief"}


def test_anchor_12_a_reader_who_is_accused_or_of_the_accused_organ_sees_nothing_of_it(city: SimpleNamespace) -> None:
    background()
    before = everything(city, ["chief"])
    for against in UNREADABLE:
        filed = accusation(ACCUSATIONS[against][0])
        lived_through(filed, set())
    assert differences(city, before, filed.number) == []
    assert (
        not Notice.objects.filter(recipient=city.chief)
        .exclude(subject_key="")
        .filter(read_at=None)
        .filter(subject_key__in=Demand.objects.filter(purpose="accusation").values("petition__number"))
    )


@pytest.mark.parametrize("against", ["a person and their organ", "its own reader"])
def test_anchor_12_its_address_answers_as_for_an_unknown_number(city: SimpleNamespace, against: str) -> None:
    complained, readers = ACCUSATIONS[against]
    filed = accusation(complained)
    lived_through(filed, readers)
    data = REGISTER | {"text": "x", "reason": "x"}
    for who in [*OTHERS, *({"chief"} - readers)]:
        eyes = Eyes(getattr(city, who))
        for path in ("/desk/petitions/{}/", V1 + "/petitions/{}/", V1 + "/petitions/{}/timeline/"):
            assert_same_404(eyes.look(path.format(filed.number)), eyes.look(path.format(UNKNOWN)), filed.number)
        for slug in ("register", "note", "no-such-act"):  # all others: test_access_matrix.py
            for path in ("/desk/petitions/{}/acts/{}/", V1 + "/petitions/{}/acts/{}/"):
                got = eyes.post(path.format(filed.number, slug), data)
                assert_same_404(got, eyes.post(path.format(UNKNOWN, slug), data), filed.number)
        for path in hidden_addresses(filed):
            assert eyes.look(path)[0] in (404, 405), path
            assert eyes.post(path, {"how": "sms", "text": "x"})[0] in (404, 405), path
    assert not AuditEvent.objects.filter(name="act_refused").exists()


def assert_same_404(got: tuple[int, str], unknown: tuple[int, str], number: str) -> None:
    assert got[0] == 404
    assert got[1].replace(number, UNKNOWN) == unknown[1]


def hidden_addresses(filed: SimpleNamespace) -> list[str]:
    """The addresses of everything that hangs on it."""
    found = [f"/desk/tellings/{pk}/" for pk in Telling.objects.filter(demand=filed.demand).values_list("pk", flat=True)]
    notices = Notice.objects.filter(subject_key=filed.number)
    found += [f"/desk/inbox/{pk}/" for pk in notices.values_list("pk", flat=True)[:1]]
    steps = Escalation.objects.filter(obligation__subject_key=filed.number)
    for pk in steps.values_list("pk", flat=True)[:1]:
        found += [f"/desk/escalations/{pk}/", f"{V1}/escalations/{pk}/"]
        found += [f"/desk/escalations/{pk}/acts/instruct/", f"{V1}/escalations/{pk}/acts/instruct/"]
    return found


def test_anchor_12_a_named_reader_sees_it_wherever_others_see_theirs(city: SimpleNamespace) -> None:
    filed = accusation(ACCUSATIONS["an organ"][0])
    eyes = Eyes(city.chief)
    for path in ("/desk/ledger/", "/desk/", f"/desk/ledger/?q={filed.number}", "/desk/ledger/?overdue=true"):
        assert filed.number in eyes.look(path)[1], path
    assert filed.number in eyes.look(V1 + "/petitions/?q=强拆")[1]
    status, page = eyes.look(f"/desk/petitions/{filed.number}/")
    assert status == 200 and "收了开发商的钱" in page
    assert AuditEvent.objects.filter(name="read", subject_key=filed.number, actor_key="chief").count() == 1


def test_anchor_12_a_reader_is_one_for_their_office_and_their_days(city: SimpleNamespace) -> None:
    def sees(who: str, filed: SimpleNamespace) -> bool:
        return Eyes(User.objects.get(username=who)).look(f"/desk/petitions/{filed.number}/")[0] == 200

    office, today = city.organ["office"], timezone.localdate()
    here, district = accusation([]), accusation([], region="990102000000")
    assert (sees("chief", here), sees("chief", district)) == (True, False)
    NamedReader.objects.create(user=city.clerk, office=office, since=today + timedelta(days=1))
    NamedReader.objects.create(user=city.receiver, office=office, since=SINCE)  # does not work there
    assert (sees("clerk", here), sees("receiver", here)) == (False, False)
    NamedReader.objects.filter(user=city.clerk).update(since=today)
    assert sees("clerk", here)
    NamedReader.objects.filter(user=city.chief).update(until=today)
    assert not sees("chief", here)
    User.objects.filter(username="clerk").update(is_active=False)
    assert not Demand.objects.for_user(User.objects.get(username="clerk")).exists()


def test_anchor_12_what_is_registered_as_an_accusation_disappears_for_all_others(city: SimpleNamespace) -> None:
    """It had climbed to everybody before anybody noticed what it was."""
    background()
    before = everything(city, OTHERS)
    long_ago = timezone.now() - timedelta(days=100)
    filed = file_petition(title="举报有人参与强拆", received_at=long_ago)
    climbed_to_the_root()
    assert Notice.objects.filter(subject_key=filed.number, recipient=city.mayor, kind=NoticeKind.ESCALATED).exists()
    act(filed.demand, "clerk", "register", REGISTER | {"purpose": "accusation"})
    assert differences(city, before, filed.number) == []
    assert filed.number in Eyes(city.chief).look("/desk/ledger/")[1]


def test_the_clerk_who_registers_it_as_an_accusation_is_told_that_it_has_gone(city: SimpleNamespace) -> None:
    filed, client = file_petition(), Client()
    client.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    response = client.post(
        f"/desk/petitions/{filed.number}/acts/register/", REGISTER | {"purpose": "accusation"}, follow=True
    )
    assert response.redirect_chain == [("/desk/ledger/", 302)]
    assert client.get(f"/desk/petitions/{filed.number}/").status_code == 404


def test_an_accusation_never_becomes_anything_else_and_is_never_forwarded(city: SimpleNamespace) -> None:
    filed, eyes = accusation([]), Eyes(city.chief)
    page = f"/desk/petitions/{filed.number}/acts/"
    assert eyes.post(page + "register/", REGISTER | {"purpose": "request"})[0] == 422
    assert eyes.post(page + "register/", REGISTER | {"purpose": "accusation"})[0] == 302
    for slug in ("forward", "accept", "object", "assign"):
        assert eyes.post(page + f"{slug}/", {"organ": "department", "reason": "x", "handler": "chief"})[0] == 403
    assert Demand.objects.get().state == "registered"


def test_the_petitioner_of_an_accusation_follows_it_like_any_other(city: SimpleNamespace) -> None:
    filed = accusation(ACCUSATIONS["an organ"][0])
    client = Client()
    client.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    page = client.get("/track/petition/")
    assert page.status_code == 200 and "举报有人参与强拆" in page.content.decode()


# --- Persons complained about -------------------------------------------------------------------------------------
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


@pytest.mark.parametrize("acting", [False, True])
def test_anchor_12_a_person_complained_about_sees_nothing_and_is_told_nothing(
    city: SimpleNamespace, acting: bool
) -> None:
    background()
    if acting:
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
    assert Notice.objects.filter(recipient=city.outsider, post=post, kind=NoticeKind.ESCALATED).exists()
    assert differences(city, before, filed.number) == []


def test_the_one_who_stands_in_does_not_answer_for_what_is_about_them(city: SimpleNamespace) -> None:
    """Acting in every post above: still no link, still nothing to see."""
    for above in (city.leader, city.secretary):
        stands_in(city.deputy, above)
    before = everything(city, ["deputy"])
    filed = walk_to(State.FORWARDED, complained_about=about("deputy"), title="强拆之后没有补偿")
    climbed_to_the_root()
    assert differences(city, before, filed.number) == []
    links = chain(work_of(filed.demand), timezone.now())
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
        for path in ("/desk/escalations/{}/acts/reassign/", V1 + "/escalations/{}/acts/reassign/"):
            assert Eyes(city.leader).post(path.format(e.pk), {"post": str(post.pk), "text": "改派"})[0] == 422
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
    assert work_of(file_petition(complained_about=named).demand).recused == {city.deputy.pk}
    unsure = [{"kind": "person", "name": NAMES["deputy"], "organ": ""}]
    assert work_of(file_petition(complained_about=unsure).demand).recused == {city.deputy.pk, namesake.pk}

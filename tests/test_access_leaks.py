"""Nothing of an accusation (检举控告, Art. 30) reaches anybody but its named readers; nothing of a petition reaches a
person whom it is about (回避, Art. 28).

The strongest way to see that nothing leaks: everything that somebody can look at, on pages and through REST, is the
same to the letter before the petition comes and after all that can happen to it has happened.
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from massline.keys import key_of
from petitions.models import Demand, NamedReader, Telling
from responsibility.models import Escalation, Notice, NoticeKind
from tests.api import V1
from tests.city import NAMES, REGISTER, SINCE, act, file_petition
from tests.eyes import OTHERS, UNKNOWN, Eyes, assert_same_404, background, climbed_to_the_root, differences, everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
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
            assert eyes.look(path)[0] in (302, 403, 404, 405), path
            assert eyes.post(path, {"how": "sms", "text": "x"})[0] in (403, 404, 405), path
    assert not AuditEvent.objects.filter(name="act_refused").exists()


def hidden_addresses(filed: SimpleNamespace) -> list[str]:
    """The addresses of everything that hangs on it."""
    tellings = Telling.objects.filter(demand=filed.demand).values_list("pk", flat=True)
    found = [f"/desk/tellings/{key_of('telling', pk)}/{part}" for pk in tellings for part in ("", "cannot/")]
    notices = Notice.objects.filter(subject_key=filed.number)
    found += [f"/desk/inbox/{key_of('notice', pk)}/" for pk in notices.values_list("pk", flat=True)[:1]]
    steps = Escalation.objects.filter(obligation__subject_key=filed.number)
    for pk in (key_of("escalation", pk) for pk in steps.values_list("pk", flat=True)[:1]):
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

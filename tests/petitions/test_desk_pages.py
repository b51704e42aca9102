"""What officials meet: signing in, the ledger, tellings, the inbox, unmasking, and only legal acts."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent, AuditRow
from citizens.models import CitizenNotification
from massline.keys import key_of
from petitions.models import Answer, Demand, Petition, State
from records.models import ActText
from responsibility.models import Notice
from responsibility.sweep import sweep
from tests.city import ANSWER, PASSWORD, REGISTER, act, file_petition, walk_to
from tests.petitions.test_public_pages import FORM, everything_kept

pytestmark = pytest.mark.django_db
SIGN_IN = "/desk/sign-in/"


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return unescape(response.content.decode())


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=name).order_by("id"))


# --- Signing in ---------------------------------------------------------------------------------------------------
def test_signing_in_and_out_is_recorded(city: SimpleNamespace) -> None:
    client = Client()
    assert client.get("/desk/ledger/")["Location"] == f"{SIGN_IN}?next=/desk/ledger/"
    given = {"username": "clerk", "password": PASSWORD, "next": "/desk/ledger/"}
    assert client.post(SIGN_IN, given)["Location"] == "/desk/ledger/"
    assert "程登记" in text(client.get("/desk/ledger/"))
    assert client.get("/desk/sign-out/")["Location"] == "/desk/" and client.get("/desk/ledger/").status_code == 200
    client.post("/desk/sign-out/")
    assert client.get("/desk/ledger/").status_code == 302
    assert [(e.actor_key, e.actor_label) for e in events("signed_in") + events("signed_out")] == [
        ("clerk", "程登记"), ("clerk", "程登记"),
    ]  # fmt: skip


def test_signing_in_never_leads_elsewhere(city: SimpleNamespace) -> None:
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        response = Client().post(SIGN_IN, {"username": "clerk", "password": PASSWORD, "next": target})
        assert response["Location"] == "/desk/"


def test_what_was_typed_into_the_wrong_box_stands_nowhere(city: SimpleNamespace) -> None:
    Client().post(SIGN_IN, {"username": "my-pass-word-1", "password": "my-pass-word-2"})
    assert "my-pass-word" not in everything_kept()
    assert events("sign_in_failed")[0].facts == {"username": ""}


def test_a_session_ends_and_an_account_that_is_closed_is_out_at_once(city: SimpleNamespace) -> None:
    client = Client()
    client.post(SIGN_IN, {"username": "handler", "password": PASSWORD})
    with time_machine.travel(timezone.now() + timedelta(hours=8, minutes=1)):
        assert client.get("/desk/").status_code == 302
    client.post(SIGN_IN, {"username": "handler", "password": PASSWORD})
    assert client.get("/desk/").status_code == 200
    type(city.handler).objects.filter(pk=city.handler.pk).update(is_active=False)
    assert client.get("/desk/").status_code == 302
    assert Client().post(SIGN_IN, {"username": "handler", "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("name", ["\x00", "\ud800", "x" * 5000, "<b>", "'; --"])
def test_whatever_is_typed_as_a_name_is_answered(city: SimpleNamespace, name: str) -> None:
    sent = name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert Client(raise_request_exception=False).post(SIGN_IN, {"username": sent, "password": sent}).status_code == 422


# --- The ledger ---------------------------------------------------------------------------------------------------
def numbers(page: str) -> list[str]:
    return re.findall(r"<td[^>]*>(XF\d{8}-\d{6})</td>", page)


def walked(client: Client, page: str, label: str) -> list[list[str]]:
    """The pages that a link leads to, one after the other; the first is the one given."""
    found = [numbers(page)]
    while link := re.search(
        rf'<a[^>]*href="(\?[^"]+)"[^>]*rel="{label}"|<a[^>]*rel="{label}"[^>]*href="(\?[^"]+)"', page
    ):
        page = text(client.get("/desk/ledger/" + (link[1] or link[2])))
        found.append(numbers(page))
        assert len(found) < 20
    walked.last = page  # type: ignore[attr-defined]
    return found


def test_every_petition_stands_once_on_the_pages_forwards_and_backwards(city: SimpleNamespace) -> None:
    """130 of them, some due at the same moment, some without any date left."""
    start = timezone.now() - timedelta(days=20)
    expected = []
    for n in range(130):
        filed = file_petition(received_at=start + timedelta(hours=n // 3))  # three at a time have the same date
        if n % 5 == 0:
            act(filed.demand, "citizen", "withdraw", {"reason": "解决了"})
        expected.append((n % 5 == 0, 0 if n % 5 == 0 else n // 3, filed.demand.pk, filed.number))
    in_order = [number for *_key, number in sorted(expected)]
    client = signed_in(city.clerk)
    forwards = walked(client, text(client.get("/desk/ledger/")), "next")
    assert [len(page) for page in forwards] == [50, 50, 30]
    assert [number for page in forwards for number in page] == in_order
    backwards = walked(client, walked.last, "prev")  # type: ignore[attr-defined]
    assert backwards == forwards[::-1]
    filtered = walked(client, text(client.get("/desk/ledger/?state=withdrawn")), "next")
    assert [number for page in filtered for number in page] == in_order[104:]


@pytest.mark.parametrize("cursor", ["x", "%00", "a:b:c", "W10:1:1", "é", "." * 3000])
def test_a_cursor_that_is_not_ours_is_refused(city: SimpleNamespace, cursor: str) -> None:
    for path in ("/desk/ledger/", "/desk/", "/desk/inbox/"):
        assert signed_in(city.clerk).get(f"{path}?cursor={cursor}").status_code == 400


def test_filters_narrow_and_go_together(city: SimpleNamespace) -> None:
    lamp, lift = walk_to(State.FORWARDED), file_petition(title="电梯停运两周", category="010102")
    late = file_petition(title="道路破损", received_at=timezone.now() - timedelta(days=60))
    client = signed_in(city.clerk)

    def found(query: str) -> set[str]:
        response = client.get(f"/desk/ledger/?{query}")
        assert response.status_code == 200
        return set(numbers(text(response)))

    assert found("") == {lamp.number, lift.number, late.number}
    assert found("state=forwarded") == {lamp.number}
    assert found("organ=office") == {lift.number, late.number}
    assert found("organ=department") == {lamp.number}
    assert found("category=010102") == {lift.number}
    assert found("category=010000") == found("")
    assert found("overdue=true") == {late.number}
    assert found("overdue=false") == {lamp.number, lift.number}
    assert found("q=电梯") == {lift.number}
    assert found(f"q={late.number.lower().replace('-', '')}") == {late.number}
    assert found("q=电梯&state=forwarded") == set()
    assert found("q=100%25") == set() and found("q=_") == set(), "a wildcard is a letter like any other"
    assert "没有符合条件的事项" in text(client.get("/desk/ledger/?q=查无此事"))


def test_a_filter_set_on_the_page_fetches_the_list_alone(city: SimpleNamespace) -> None:
    demand, client = file_petition(), signed_in(city.clerk)
    whole, listed = text(client.get("/desk/ledger/")), text(client.get("/desk/ledger/", headers={"HX-Request": "true"}))
    assert numbers(whole) == numbers(listed) == [demand.number]
    assert "<nav" in whole and "<select" in whole and "</html>" in whole
    assert "<nav" not in listed and "<select" not in listed and listed.strip().endswith("</div>")


def test_a_list_fetched_after_the_session_ended_leads_to_signing_in(city: SimpleNamespace) -> None:
    fetched = Client().get("/desk/ledger/?state=handling", headers={"HX-Request": "true"}, follow=True)
    assert unquote(fetched.headers["HX-Redirect"]) == f"{SIGN_IN}?next=/desk/ledger/?state=handling"
    assert not fetched.content


@pytest.mark.parametrize("query", ["state=x", "organ=%00", "organ=nowhere", "category=9", "overdue=2", "q=%00",
                                   "q=" + "x" * 5000, "category=%F0%9F", "state[]=x", "cursor="])  # fmt: skip
def test_filters_that_mean_nothing_are_answered(city: SimpleNamespace, query: str) -> None:
    assert signed_in(city.clerk).get(f"/desk/ledger/?{query}").status_code < 500


def test_lights_say_more_than_a_colour(city: SimpleNamespace) -> None:
    file_petition(received_at=timezone.now() - timedelta(days=60))
    page = text(signed_in(city.clerk).get("/desk/ledger/"))
    row = page.split("<tbody>")[1]
    assert "超期" in row and "<svg" in row


# --- Acts on the page ---------------------------------------------------------------------------------------------
def offered(client: Client, number: str) -> set[str]:
    page = client.get(f"/desk/petitions/{number}/")
    return set(re.findall(r'id="act-([\w-]+)"', text(page)))


@pytest.mark.parametrize(
    ("state", "who", "acts"),
    [
        (State.RECEIVED, "clerk", {"register"}),
        (State.REGISTERED, "clerk", {"forward", "accept", "decline"}),
        (State.FORWARDED, "clerk", set()),
        (State.FORWARDED, "receiver", {"object", "accept", "decline"}),
        (State.OBJECTED, "chief", {"decide_objection"}),
        (State.DECLINING, "clerk", {"agree", "disagree"}),
        (State.DECLINING, "receiver", set()),
        (State.ACCEPTED, "deputy", {"assign"}),
        (State.HANDLING, "handler", {"answer"}),
        (State.HANDLING, "leader", {"assign", "extend"}),
        (State.ANSWERED, "handler", set()),
        (State.ANSWERED, "chief", {"return", "write_off"}),
        (State.ANSWERED, "leader", {"return"}),  # the office forwarded it, and verifies it
    ],
)
def test_the_page_offers_exactly_what_may_be_done_now(
    city: SimpleNamespace, state: str, who: str, acts: set[str]
) -> None:
    filed = walk_to(state)
    corrects = {"reclassify"} if who in ("clerk", "chief", "leader") and state != State.RECEIVED else set()
    always = {"note", "ask", "unmask", "transfer"}
    assert offered(signed_in(getattr(city, who)), filed.number) == acts | corrects | always


def test_the_auditor_is_offered_nothing_that_changes_anything(city: SimpleNamespace) -> None:
    assert offered(signed_in(city.auditor), walk_to(State.ANSWERED).number) == {"unmask"}


def test_who_answered_before_is_not_offered_to_write_it_off(city: SimpleNamespace) -> None:
    filed = walk_to(State.REGISTERED)
    for who, slug, data in (
        ("clerk", "accept", {}),
        ("chief", "assign", {"handler": "clerk"}),
        ("clerk", "answer", ANSWER),
        ("chief", "return", {"reason": "不实"}),
        ("chief", "assign", {"handler": "chief"}),
        ("chief", "answer", ANSWER),
    ):
        filed.demand = act(filed.demand, who, slug, data)
    assert "write_off" not in offered(signed_in(city.clerk), filed.number)
    assert "write_off" not in offered(signed_in(city.chief), filed.number)
    assert Answer.objects.count() == 2


def test_an_objection_is_not_offered_after_five_working_days(city: SimpleNamespace) -> None:
    with time_machine.travel("2026-09-15 10:00+08:00", tick=False):
        filed = walk_to(State.FORWARDED)
    path = f"/desk/petitions/{filed.number}/acts/object/"
    # 16, 17, 18 and 21 September, and Sunday the 20th, a working day by the arrangement of 2026
    with time_machine.travel("2026-09-21 23:59+08:00", tick=False):
        client = signed_in(city.receiver)
        assert "object" in offered(client, filed.number)
    with time_machine.travel("2026-09-22 00:00+08:00", tick=False):
        client = signed_in(city.receiver)
        assert "object" not in offered(client, filed.number)
        late = client.post(path, {"reason": "不属于本单位"})
        assert late.status_code == 409 and "期限已于" in text(late)
    assert Demand.objects.get().state == State.FORWARDED


def test_a_refusal_is_on_record_and_changes_nothing(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    inspector = signed_in(city.inspector)
    before = AuditRow.objects.count()
    refused = inspector.post(f"/desk/petitions/{filed.number}/acts/accept/")
    assert refused.status_code == 403 and "没有办理这一步的权限" in text(refused)
    (event,) = events("act_refused")
    assert (event.actor_key, event.subject_key, event.facts) == ("inspector", filed.number, {"act": "accept"})
    assert AuditRow.objects.count() == before


def test_a_fault_keeps_what_was_typed_and_opens_the_form(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    response = signed_in(city.handler).post(
        f"/desk/petitions/{filed.number}/acts/answer/", {"text": "写了很久的处理意见", "outcome": "nonsense"}
    )
    page = text(response)
    assert response.status_code == 422 and "写了很久的处理意见" in page
    assert re.search(r'id="act-answer"[^>]* open', page)
    assert Demand.objects.get().state == State.HANDLING and not Answer.objects.exists()


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "字" * 5000, "<script>alert(1)</script>", "\ufdd0", " \n "])
def test_whatever_is_typed_into_an_act_is_answered(city: SimpleNamespace, value: str) -> None:
    filed, client = walk_to(State.ANSWERED), signed_in(city.chief)
    typed = {"note": "text", "ask": "question", "unmask": "fields", "return": "reason", "write_off": "evidence"}
    for slug, field in typed.items():
        response = client.post(f"/desk/petitions/{filed.number}/acts/{slug}/", {field: value})
        assert response.status_code in (200, 302, 404, 409, 422)
        assert "<script>alert(1)" not in response.content.decode()
    assert "<script>alert(1)" not in client.get(f"/desk/petitions/{filed.number}/").content.decode()


def test_an_act_needs_a_post_and_a_token_of_the_page(city: SimpleNamespace) -> None:
    filed = file_petition()
    path = f"/desk/petitions/{filed.number}/acts/register/"
    assert signed_in(city.clerk).get(path)["Location"] == f"/desk/petitions/{filed.number}/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    assert strict.post(path, REGISTER).status_code == 403
    assert Demand.objects.get().state == State.RECEIVED


# --- Unmasking ----------------------------------------------------------------------------------------------------
def test_unmasking_shows_what_was_asked_for_once_and_leaves_a_record(city: SimpleNamespace) -> None:
    filed, client = walk_to(State.HANDLING), signed_in(city.handler)
    address = f"/desk/petitions/{filed.number}/"
    masked = text(client.get(address))
    assert "宋试民" not in masked and "13900000000" not in masked.replace(" ", "")
    assert client.post(address + "acts/unmask/", {"fields": ["name"], "reason": ""}).status_code == 422
    shown = client.post(address + "acts/unmask/", {"fields": ["name"], "reason": "上门走访以前核对姓名"})
    assert shown.status_code == 200 and "宋试民" in text(shown) and "13900000000" not in text(shown).replace(" ", "")
    assert "no-store" in shown["Cache-Control"]
    assert "宋试民" not in text(client.get(address))
    (event,) = events("petition.unmasked")
    assert (event.actor_key, event.subject_key, event.facts["fields"]) == ("handler", filed.number, ["name"])
    assert ActText.objects.get(act="unmask").text == "上门走访以前核对姓名"
    assert "宋试民" not in everything_kept()


# --- Tellings, inbox, new entries ---------------------------------------------------------------------------------
def test_the_queue_of_tellings_says_what_to_tell_and_records_who_told(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED, told=False)
    office, organ = signed_in(city.clerk), signed_in(city.receiver)
    assert "转送告知" in text(office.get("/desk/letters/")) and "受理告知书" not in text(office.get("/desk/letters/"))
    page = text(organ.get("/desk/letters/"))
    assert "受理告知书" in page and filed.number in page and "第三十四条" in page and "宋试民" not in page
    accepted = CitizenNotification.objects.get(letter="accepted")
    path = f"/desk/letters/{key_of('letter', accepted.pk)}/"
    assert office.post(path, {"how": "sms"}).status_code == 404
    assert signed_in(city.outsider).post(path, {"how": "sms"}).status_code == 404
    organ.post(path, {"how": "smoke signals"})
    accepted.refresh_from_db()
    assert accepted.told_at is None
    assert organ.post(path, {"how": "phone"}).status_code == 302
    organ.post(path, {"how": "letter"})  # once told, it stays as it was told
    accepted.refresh_from_db()
    assert (accepted.told_by, accepted.told_how) == (city.receiver, "phone")
    (told,) = events("told")
    assert (told.actor_key, told.subject_key, told.facts["how"]) == ("receiver", filed.number, "phone")
    assert "已告知：受理告知书" in text(signed_in(city.clerk).get(f"/desk/petitions/{filed.number}/"))


def test_notices_are_mine_and_are_read_one_by_one(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    handler = signed_in(city.handler)
    page = text(handler.get("/desk/inbox/"))
    assert filed.number in page and "未读" in page and "宋试民" not in page
    mine = Notice.objects.get(recipient=city.handler, kind="petition.assigned")
    assert signed_in(city.clerk).post(f"/desk/inbox/{key_of('notice', mine.pk)}/").status_code == 404
    assert handler.post(f"/desk/inbox/{key_of('notice', mine.pk)}/").status_code == 302
    mine.refresh_from_db()
    assert mine.read_at is not None and "未读" not in text(handler.get("/desk/inbox/"))


def test_what_is_overdue_stands_on_top_of_my_work_and_climbs_to_the_leader(city: SimpleNamespace) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        old = walk_to(State.HANDLING, title="早已到期的一件")
    new = walk_to(State.HANDLING, title="刚刚分派的一件")
    page = text(signed_in(city.handler).get("/desk/"))
    assert page.index("早已到期的一件") < page.index("刚刚分派的一件")
    sweep(timezone.now())
    sweep(timezone.now() + timedelta(days=7))
    desk = text(signed_in(city.leader).get("/desk/escalations/"))
    assert old.number in desk and new.number not in desk


def test_a_letter_is_entered_by_whoever_receives_and_once(city: SimpleNamespace) -> None:
    entry = FORM | {"channel": "letter", "nonce": "desk-1"}
    for who in (city.handler, city.leader, city.mayor, city.auditor, city.sysadmin):
        assert signed_in(who).post("/desk/petitions/new/", entry).status_code == 403
    clerk = signed_in(city.clerk)
    assert clerk.post("/desk/petitions/new/", entry | {"channel": "web"}).status_code == 422
    entered = clerk.post("/desk/petitions/new/", entry)
    assert entered.status_code == 201
    petition = Petition.objects.get()
    assert petition.channel == "letter" and petition.number in text(entered)
    assert clerk.post("/desk/petitions/new/", entry).status_code == 201 and Petition.objects.count() == 1
    assert events("petition.filed")[0].actor_key == "clerk"

"""What is received on paper, in person or by telephone: its own day of receipt, who enters it, and how it is told.

Days by hand on the calendar of 2026: off are 25 to 27 September and 1 to 7 October.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from massline.acts import WrongState
from massline.keys import key_of
from petitions.figures.indicators import ACCEPTED
from petitions.models import Demand, Petition, State
from records.figures.overview import results
from records.figures.periods import Period
from responsibility.models import Obligation
from tests.chain_lab import at, owed_about, sh
from tests.city import ANSWER, act, tell_all
from tests.petitions.test_desk_pages import FORM
from tests.reader import page, reader, words

pytestmark = pytest.mark.django_db
NEW = "/desk/petitions/new/"
LETTER = {name: value for name, value in FORM.items() if name != "altcha"} | {"channel": "letter", "nonce": "n1"}
NOBODY = {"name": "", "phone": "", "email": "", "address": ""}


def enter(user: Any, status: int = 201, **given: str) -> str:
    """The words of the answer; of the page with the faults, the page itself."""
    answer = reader(user).post(NEW, LETTER | given)
    assert answer.status_code == status, words(answer.content.decode())
    return words(answer.content.decode()) if status == 201 else answer.content.decode()


def test_the_form_offers_today(city: SimpleNamespace) -> None:
    with at("2026-09-18 09:00"):
        form = reader(city.clerk).get(NEW).content.decode()
    assert 'name="received_on" value="2026-09-18"' in form and 'name="postmarked_on"' in form


@pytest.mark.parametrize(
    ("entered", "received", "strict", "legal"),
    [
        ("2026-09-18 09:00", "2026-09-15", "2026-09-30", "2026-09-30"),  # three days in the post room
        ("2026-09-21 09:00", "2026-09-18", "2026-10-03", "2026-10-08"),
        ("2026-09-18 23:59", "2026-09-18", "2026-10-03", "2026-10-08"),  # today
        ("2026-10-09 09:00", "2026-09-16", "2026-10-01", "2026-10-08"),  # over before anybody opened it
    ],
)
def test_the_period_runs_from_the_day_of_receipt(
    city: SimpleNamespace, entered: str, received: str, strict: str, legal: str
) -> None:
    with at(entered):
        enter(city.clerk, received_on=received)
    demand = Demand.objects.get()
    owes = owed_about(demand, "XF01")
    assert (str(owes.due_strict), str(owes.due_legal), owes.post) == (strict, legal, city.post["clerk"])
    assert (demand.received_at == demand.petition.received_at == demand.opened_at) and demand.due_at == owes.due_at
    assert demand.received_at == sh(received if not entered.startswith(received) else entered)


def test_what_is_entered_in_full_is_registered_in_one_go(city: SimpleNamespace) -> None:
    with at("2026-09-18 09:00"):
        enter(city.clerk, received_on="2026-09-15")
    assert Demand.objects.get().state == State.REGISTERED
    filed, registered = AuditEvent.objects.filter(name__in=("petition.filed", "petition.registered")).order_by("id")
    assert (filed.name, filed.actor_key, registered.actor_key) == ("petition.filed", "clerk", "clerk")
    assert filed.facts["at"].startswith("2026-09-14T16:00") or filed.facts["at"].startswith("2026-09-15T00:00")
    assert registered.facts["category"] == FORM["category"]


def test_what_belongs_to_another_office_is_left_for_it_to_register(city: SimpleNamespace) -> None:
    enter(city.clerk, region="990102000000")
    demand = Demand.objects.get()
    assert (demand.state, demand.office) == (State.RECEIVED, city.organ["district_office"])


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("received_on", "2026-09-19", "收到日期不能晚于今天"),
        ("received_on", "2005-04-30", "2005年5月1日以前收到的，期限没有收录"),
        ("received_on", "2026-08-17", "收到日期在一个月以前，请核对"),
        ("received_on", "0026-09-15", "期限没有收录"),
        ("received_on", "the ides of March", "请填写日期，例如"),
        ("postmarked_on", "2026-09-17", "邮戳日期不能晚于收到日期"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_and_nothing_typed_is_lost(
    city: SimpleNamespace, field: str, given: str, said: str
) -> None:
    with at("2026-09-18 09:00"):
        html = enter(city.clerk, 422, **({"received_on": "2026-09-16"} | {field: given}))
    assert said in words(html)
    for typed in (FORM["title"], FORM["name"], FORM["phone"], given):
        assert typed in html
    assert not Petition.objects.exists()


def test_an_old_day_is_taken_when_it_was_checked(city: SimpleNamespace) -> None:
    with at("2026-09-18 09:00"):
        html = enter(city.clerk, 422, received_on="2026-08-17")
        assert 'type="checkbox" name="sure"' in html and "收到日期核对无误" in html
        assert 'type="hidden" name="sure"' in enter(city.clerk, 422, received_on="2026-09-19")
        enter(city.clerk, received_on="2026-08-18", nonce="n2")  # a month ago to the day
        enter(city.clerk, received_on="2026-08-17", sure="on")
    late = Obligation.objects.filter(rule="XF01").latest("id")
    assert str(late.due_legal) == "2026-09-01", "it was late when it was entered, and says so"
    assert late.is_overdue(sh("2026-09-18"))


def test_a_letter_has_its_post_mark_and_a_visit_has_none(city: SimpleNamespace) -> None:
    with at("2026-09-18 09:00"):
        enter(city.clerk, received_on="2026-09-16", postmarked_on="2026-09-11")
        enter(city.clerk, nonce="n2", channel="visit", postmarked_on="2026-09-11")
    letter, visit = Petition.objects.order_by("pk")
    assert (str(letter.postmarked_on), visit.postmarked_on) == ("2026-09-11", None)
    assert "邮戳 2026-09-11" in page(city.clerk, f"/desk/petitions/{letter.number}/")
    assert "邮戳" not in page(city.clerk, f"/desk/petitions/{visit.number}/")


# --- Who gave no name, no telephone, no address ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"tell_by": "letter", "address": "幸福里3号楼2单元"}, "letter"),
        ({"tell_by": "email", "email": "zhao@home.example"}, "email"),
        ({"tell_by": "sms"}, "letter"),  # nothing to reach them by: it stands in the queue until cannot_tell
        ({"tell_by": "letter"}, "letter"),
    ],
)
def test_a_letter_may_lack_name_and_telephone(city: SimpleNamespace, given: dict[str, str], way: str) -> None:
    enter(city.clerk, **(NOBODY | given))
    petitioner = Petition.objects.get().filing
    assert (petitioner.tell_by, petitioner.name_sealed, petitioner.phone_sealed) == (way, None, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tell_by": "sms", "address": "幸福里3号楼"}, "没有填写电话，不能用短信、电话告知"),
        ({"tell_by": "sms", "phone": "010-12345678"}, "座机和带分机的号码收不到短信"),
        ({"tell_by": "phone", "email": "zhao@home.example"}, "没有填写电话，不能用短信、电话告知"),
        ({"tell_by": "email", "address": "幸福里3号楼"}, "选择用电子邮件告知，请填写电子邮箱"),
        ({"tell_by": "sms", "channel": "visit"}, "请填写：姓名"),
        ({"tell_by": "sms", "channel": "phone", "name": "宋试民"}, "请填写：电话"),
    ],
)
def test_how_they_are_told_must_fit_what_they_gave(city: SimpleNamespace, given: dict[str, str], said: str) -> None:
    html = enter(city.clerk, 422, **(NOBODY | given))
    assert said in words(html) and FORM["title"] in html
    assert not Petition.objects.exists()


def test_who_gave_nothing_cannot_be_told_and_the_queue_says_so(city: SimpleNamespace) -> None:
    enter(city.clerk, **NOBODY)
    act(Demand.objects.get(), "clerk", "forward", {"organ": "department", "note": ""})
    letter, clerk = CitizenNotification.objects.get(), reader(city.clerk)
    assert "没有留下可以告知的地址" in page(city.clerk, "/desk/letters/")
    many = clerk.post("/desk/letters/many/told/", {"letter": key_of("letter", letter.pk), "how": "chosen"})
    assert "没有留下这种方式的联系方式" in many.content.decode()
    cannot = {"unclear": "name", "reason": "来信没有署名，也没有写地址"}
    assert clerk.post(f"/desk/letters/{key_of('letter', letter.pk)}/cannot/", cannot).status_code == 302
    assert Obligation.objects.get(pk=letter.owed_id).outcome == "released"


# --- Departments (Art. 23) ------------------------------------------------------------------------------------------
def received_by_the_department(city: SimpleNamespace, received: str = "2026-09-15") -> Demand:
    with at("2026-09-18 09:00"):
        enter(city.receiver, received_on=received)
    return Demand.objects.select_related("petition").get()


def test_what_a_department_receives_it_enters_keeps_and_owes_notice_of(city: SimpleNamespace) -> None:
    demand = received_by_the_department(city)
    assert (demand.state, demand.organ.code, demand.office.code) == ("registered", "department", "office")
    (owes,) = Obligation.objects.about("petition", demand.pk)
    assert (owes.rule, owes.post, str(owes.due_legal)) == ("XF02", city.post["receiver"], "2026-09-30")
    with at("2026-09-18 10:00"):
        assert "直接收到的，书面告知信访人" in page(city.receiver, "/desk/")
        assert demand.petition.number in page(city.clerk, "/desk/ledger/"), "its petition office sees it"
        with pytest.raises(WrongState):
            act(demand, "clerk", "forward", {"organ": "other", "note": ""})


@pytest.mark.parametrize(
    ("slug", "told", "outcome"),
    [
        ("accept", "2026-09-30 23:59", "met"),
        ("accept", "2026-10-01 00:00", "late"),
        ("decline", "2026-09-21 09:00", "met"),
    ],
)
def test_the_notice_of_a_department_ends_with_the_day_of_telling(
    city: SimpleNamespace, slug: str, told: str, outcome: str
) -> None:
    demand = received_by_the_department(city)
    with at("2026-09-21 08:00"):
        given = {"reason": "不属于本局职责", "where_to_go": "试水市城市管理局"} if slug == "decline" else {}
        act(demand, "receiver", slug, given)
    assert owed_about(demand, "XF02").closed_at is None
    with at(told):
        tell_all(demand)
    done = owed_about(demand, "XF02")
    assert (done.closed_at, done.outcome) == (sh(told), outcome)
    assert not Obligation.objects.filter(rule="ML06").exists(), "one letter, one duty"
    day = sh("2026-09-30").date()
    with at("2026-10-09 09:00"):
        found = results(ACCEPTED.cohort, Period(day, day), sh(told), Demand.objects.for_user(city.chief))
    assert found == {"on_time" if outcome == "met" else "late": 1}


def test_a_department_handles_what_it_received_to_the_end(city: SimpleNamespace) -> None:
    demand = received_by_the_department(city)
    for who, slug, data in (
        ("receiver", "accept", {}),
        ("leader", "assign", {"handler": "handler"}),
        ("handler", "answer", ANSWER),
        ("chief", "write_off", {"evidence": "电话回访"}),
    ):
        demand = act(demand, who, slug, data)
        tell_all(demand)
    assert demand.state == State.CLOSED and not Obligation.objects.open().exists()


def test_only_who_receives_enters(city: SimpleNamespace) -> None:
    for who in (city.handler, city.leader, city.deputy, city.mayor):
        enter(who, 403)
        assert f'href="{NEW}"' not in reader(who).get("/desk/ledger/").content.decode()
    assert f'href="{NEW}"' in reader(city.receiver).get("/desk/ledger/").content.decode()
    assert reader(city.receiver).get("/desk/imports/").status_code == 403

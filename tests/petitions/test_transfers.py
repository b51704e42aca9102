"""Handing an accusation over (移送): what it does, to whom it may go, what is left, and what the citizen hears."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from citizens.models import CitizenNotification
from massline.acts import ActError, Invalid, NotVisible, Refused, perform
from massline.time import today
from petitions.models import OPEN, Demand, Petition, State
from petitions.transfers.models import Transfer
from petitions.transfers.sealing import open_sealed
from records.models import SavedFilter
from responsibility.acts import LEADER_ACTS
from responsibility.models import Appointment, Escalation, Obligation, Post
from tests.api import Api
from tests.chain_lab import at, event, sweep_at
from tests.city import act, file_petition, walk_to
from tests.reader import reader
from tests.transfer_lab import TO_JIWEI, add_discipline, handed_over, receipt

pytestmark = pytest.mark.django_db
SECRET = {"title": "举报林局长收钱", "body": "林局长收了开发商十万元，我亲眼看见。", "wish": "请查处林局长"}


@pytest.fixture(autouse=True)
def disciplined(city: SimpleNamespace) -> SimpleNamespace:
    return add_discipline(city)


def page(user: Any, path: str) -> str:
    return reader(user).get(path).content.decode()


# --- The act ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", sorted(OPEN))
def test_from_every_open_state_it_releases_every_clock_and_opens_its_own(city: SimpleNamespace, state: str) -> None:
    filed = handed_over(state)
    assert (filed.demand.state, filed.demand.sealed, filed.demand.due_at) == ("transferred", True, None)
    owed = Obligation.objects.filter(subject_kind="petition", subject_id=filed.demand.pk)
    assert owed and not owed.open().exists()
    assert owed.order_by("-closed_at")[0].outcome == "released"
    line = filed.line
    assert (line.pages, line.sent_to, line.sent_from, line.sent_by) == (
        3, city.organ["jiwei"], city.organ["office"], city.clerk,
    )  # fmt: skip
    (receipt_owed,) = Obligation.objects.filter(subject_kind="transfer")
    assert (receipt_owed.rule, receipt_owed.post, receipt_owed.subject_key) == (
        "SV04", city.post["letters"], line.number,
    )  # fmt: skip
    assert line.number.startswith("YS") and filed.number[2:] != line.number[2:]


@pytest.mark.parametrize("who", ["receiver", "deputy", "leader", "handler"])
def test_whoever_handles_it_hands_it_over_too(city: SimpleNamespace, who: str) -> None:
    filed = handed_over("handling", by=who)
    assert filed.line.sent_from == city.organ["department"]
    assert CitizenNotification.objects.get(letter="transferred").office == city.organ["department"]


def test_nobody_may_do_anything_else_with_it(city: SimpleNamespace) -> None:
    filed = handed_over()
    for who in ("clerk", "chief", "mayor", "inspector"):
        for slug in ("register", "forward", "note", "ask", "write_off", "decline", "transfer"):
            with pytest.raises((NotVisible, Refused)):
                act(filed.demand, who, slug, {})
    for slug in ("withdraw", "supplement", "urge", "rate", "hand_in"):
        with pytest.raises(ActError) as refused:
            act(filed.demand, "citizen", slug, {"text": "x", "reason": "x"})
        assert refused.value.status == 409


def organs_offered(city: SimpleNamespace, **more: Any) -> list[str]:
    from petitions.transfers.forms import TransferForm

    filed = file_petition(**more)
    (none, _label), *groups = TransferForm(None, filed.demand).fields["organ"].choices
    assert none == "", "none is chosen beforehand: one press would hand over what is no accusation"
    return [code for _group, organs in groups for code, _name in organs]


def test_the_nearest_discipline_organ_is_proposed_and_those_above_it(city: SimpleNamespace) -> None:
    offered = organs_offered(city)
    assert offered[:2] == ["jiwei", "above"] and "office" not in offered
    assert organs_offered(city, region="990102000000")[:2] == ["jiwei", "above"]


@pytest.mark.parametrize(
    ("kind", "name", "not_offered", "first"),
    [
        ("organ", "试水市住房和城乡建设局", {"department"}, "jiwei"),
        ("person", "林局正", {"department"}, "jiwei"),
        ("organ", "试水市纪委监委", {"jiwei"}, "above"),
        ("person", "纪书记", {"jiwei"}, "above"),
        ("person", "曲区长", {"district", "district_office", "district_department"}, "jiwei"),
        ("organ", "中共试水市委、试水市人民政府", {"root", "department", "other", "district"}, "jiwei"),
    ],
)
def test_no_organ_complained_about_is_offered_nor_any_below_it(
    city: SimpleNamespace, kind: str, name: str, not_offered: set[str], first: str
) -> None:
    offered = organs_offered(city, complained_about=[{"kind": kind, "name": name, "organ": ""}])
    assert not not_offered & set(offered) and offered[0] == first
    filed = file_petition(complained_about=[{"kind": kind, "name": name, "organ": ""}])
    with pytest.raises(Invalid):
        act(filed.demand, "clerk", "transfer", {"organ": sorted(not_offered)[0], "pages": 1, "sure": True})


@pytest.mark.parametrize("pages", ["", "0", "-1", "10000", "三"])
def test_the_pages_are_counted(city: SimpleNamespace, pages: str) -> None:
    with pytest.raises(Invalid) as fault:
        act(file_petition().demand, "clerk", "transfer", {**TO_JIWEI, "pages": pages})
    assert list(fault.value.errors) == ["pages"]


def test_one_press_hands_nothing_over(city: SimpleNamespace) -> None:
    """It cannot be taken back: the page says so, and on what ground, beside a tick that nobody has made yet."""
    filed = file_petition()
    with pytest.raises(Invalid) as fault:
        act(filed.demand, "clerk", "transfer", {**TO_JIWEI, "sure": False})
    assert list(fault.value.errors) == ["sure"]
    shown = page(city.clerk, f"/desk/petitions/{filed.number}/")
    assert "移送后不能撤回" in shown and "移送的人也看不到内容" in shown and "第二十二条、第三十条" in shown
    answer = Api(city.clerk).post(f"/petitions/{filed.number}/acts/transfer/", {"organ": "jiwei", "pages": 3})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["sure"])
    filed.demand.refresh_from_db()
    assert filed.demand.state == State.RECEIVED and not Transfer.objects.exists()


def test_through_rest_it_is_gone_afterwards(city: SimpleNamespace) -> None:
    filed = file_petition()
    answer = Api(city.clerk).post(f"/petitions/{filed.number}/acts/transfer/", TO_JIWEI)
    assert answer.json() == {"number": filed.number, "state": "transferred", "gone": True}
    assert Api(city.clerk).get(f"/petitions/{filed.number}/").status_code == 404


# --- Who still reads it -------------------------------------------------------------------------------------------
def test_whoever_handed_it_over_reads_it_until_the_receipt_and_nobody_else(city: SimpleNamespace) -> None:
    filed = handed_over(**SECRET)
    path = f"/desk/transfers/{filed.line.number}/"
    assert SECRET["body"] in page(city.clerk, path)
    for who in (city.chief, city.letters, city.jiwei_head, city.auditor, city.mayor):
        assert "林局长" not in page(who, path)
    receipt(filed.line)
    after = page(city.clerk, path)
    assert "林局长" not in after and "收字〔2026〕17号" in after


def test_somebody_complained_about_does_not_even_see_its_line(city: SimpleNamespace) -> None:
    filed = handed_over(complained_about=[{"kind": "person", "name": "辛访明", "organ": ""}])
    for _time in ("before the receipt", "after it"):
        assert filed.line.number not in page(city.chief, "/desk/transfers/")
        assert reader(city.chief).get(f"/desk/transfers/{filed.line.number}/").status_code == 404
        receipt(filed.line, by="letters") if filed.line.state == "sent" else None


# --- The receipt --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["chief", "letters", "jiwei_head"])
def test_the_receipt_is_entered_by_another_post(city: SimpleNamespace, who: str) -> None:
    line = receipt(handed_over().line, by=who)
    assert (line.state, line.receipt_by.username, line.receipt_number) == ("receipted", who, "收字〔2026〕17号")
    owed = Obligation.objects.get(rule="SV04")
    assert owed.outcome == "met" and owed.closed_at


@pytest.mark.parametrize("who", ["clerk", "mayor", "inspector", "other_leader", "above_head"])
def test_nobody_else_enters_it(city: SimpleNamespace, who: str) -> None:
    line = handed_over().line
    with pytest.raises(ActError):
        receipt(line, by=who)
    path = f"/desk/transfers/{line.number}/acts/receipt/"
    given = {"receipt_number": "1", "receipt_on": "2026-09-15"}
    assert reader(getattr(city, who)).post(path, given).status_code in (403, 404)


def test_whoever_handed_it_over_enters_no_receipt_in_another_post_of_theirs(city: SimpleNamespace) -> None:
    """The same person, in two posts of the office."""
    second = Post.objects.create(organ=city.organ["office"], name="登记二岗", is_intake=True)
    Appointment.objects.create(user=city.clerk, post=second, since=today())
    line = handed_over().line
    with pytest.raises(Refused, match="不能由移送的人自己登记"):
        receipt(line, by="clerk")
    assert receipt(line, by="chief").state == "receipted"


def test_whoever_has_come_into_the_post_since_does_not_enter_it_either(city: SimpleNamespace) -> None:
    line = handed_over().line
    event()
    Appointment.objects.filter(post=city.post["clerk"]).update(until=today())
    Appointment.objects.create(user=city.colleague, post=city.post["clerk"], since=today())
    assert "登记回执" not in reader(city.colleague).get(f"/desk/transfers/{line.number}/").content.decode()
    with pytest.raises(ActError):
        receipt(line, by="colleague")
    line.refresh_from_db()
    assert line.state == "sent"


@pytest.mark.parametrize(
    "given", [{"receipt_number": ""}, {"receipt_on": "2020-01-01"}, {"receipt_on": "2099-01-01"}, {"receipt_on": ""}]
)
def test_a_receipt_has_a_number_and_a_day_that_can_be(city: SimpleNamespace, given: dict[str, str]) -> None:
    with pytest.raises(Invalid) as fault:
        receipt(handed_over().line, data=given)
    assert set(fault.value.errors) == set(given)


# --- What is left of it -------------------------------------------------------------------------------------------
def everywhere(words: str) -> list[str]:
    """The tables of the database in which these words stand in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone() == (True,):
                cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE %s)', [f"%{words}%"])
                found += [table] if cursor.fetchone() == (True,) else []
    return sorted(found)


def test_after_the_receipt_no_row_says_it_and_it_is_not_lost(city: SimpleNamespace) -> None:
    filed = walk_to("answered", complained_about=[{"kind": "person", "name": "丁某某", "organ": "某公司"}], **SECRET)
    act(filed.demand, "citizen", "supplement", {"text": "丁某某也收了开发商的钱"})
    assert {"petitions_petition", "records_acttext"} <= {*everywhere("开发商")}
    act(filed.demand, "clerk", "transfer", TO_JIWEI)
    line = receipt(Transfer.objects.get(demand=filed.demand))
    for words in ("开发商", "林局长", "丁某某", "经现场核查"):
        assert everywhere(words) == [], words
    kept = open_sealed(line)
    assert kept["petition"][0]["body"] == SECRET["body"]
    assert kept["entries"][0]["text"] == "丁某某也收了开发商的钱" and kept["complained"][0]["name"] == "丁某某"
    assert kept["petition"][0]["salt"], "with the salts of the log's hashes, so that its proofs go on"


def test_what_leaders_instructed_about_it_goes_the_same_way(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = walk_to("handling", file_petition(received_at=now))
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    step = Escalation.objects.get(step="top")
    with at("2026-11-22 10:00"):
        perform(LEADER_ACTS["instruct"], Escalation, step.pk, city.leader, {"text": "请查清开发商送钱的事"})
        act(filed.demand, "clerk", "transfer", TO_JIWEI)
        assert everywhere("开发商送钱") == ["responsibility_escalation"]
        line = receipt(Transfer.objects.get(demand=filed.demand))
    assert everywhere("开发商送钱") == []
    assert "请查清开发商送钱的事" in {each["instruction"] for each in open_sealed(line)["escalations"]}


def test_words_that_somebody_sought_it_by_go_with_it(city: SimpleNamespace) -> None:
    filed = walk_to("handling", **SECRET)
    kept = {"name": SECRET["title"], "query": "q=开发商十万元&state=handling"}
    assert reader(city.mayor).post("/desk/ledger/saved/", kept).status_code == 302
    act(filed.demand, "clerk", "transfer", TO_JIWEI)
    receipt(Transfer.objects.get(demand=filed.demand))
    (saved,) = SavedFilter.objects.all()
    assert saved.query == "state=handling" and saved.name.startswith("筛选 ")
    assert "您保存的一个筛选" in page(city.mayor, "/desk/inbox/")


# --- The citizen --------------------------------------------------------------------------------------------------
def test_the_petitioner_reads_neutral_words_and_the_day(city: SimpleNamespace) -> None:
    filed = handed_over("forwarded", **SECRET)
    client = Client()
    client.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    for _time in ("before the receipt", "after it"):
        shown = client.get("/track/own/").content.decode().split("<main")[1].split("</main")[0]
        assert "已转交有权处理的机关" in shown and filed.number in shown
        for word in ("林局长", "举报", "检举", "移送", "纪", "试水市住房和城乡建设局", "登记", "12388"):
            assert word not in shown, word
        assert "<form" not in shown.split('action="/track/own/leave/"')[0].rsplit("<form", 1)[0]
        receipt(filed.line) if Transfer.objects.get().state == "sent" else None
    told = Api().post("/public/track/", {"number": filed.number, "tracking_code": filed.code}).json()
    assert (told["state"], told["title"], told["organ"], told["organ_name"]) == ("transferred", "", "", "")
    assert [event["event"] for event in told["timeline"]] == ["filed", "transferred"]
    assert told["obligations"] == told["answers"] == told["acts"] == []


def test_the_letter_is_neutral_and_told_by_whoever_handed_it_over(city: SimpleNamespace) -> None:
    filed = handed_over(**SECRET)
    letter = CitizenNotification.objects.about("petition", filed.demand.pk).get()
    assert filed.number in letter.text and "已转交有权处理的机关" in letter.text
    assert not any(word in letter.text for word in ("举报", "检举", "移送", "纪", "林局长"))
    receipt(filed.line)
    assert filed.number not in page(city.chief, "/desk/letters/")
    queue = page(city.clerk, "/desk/letters/")
    assert filed.number in queue and "13900000000" not in queue.replace(" ", "")
    from massline.keys import key_of

    path = f"/desk/letters/{key_of('letter', letter.pk)}/"
    assert "13900000000" in reader(city.clerk).post(path + "contact/").content.decode().replace(" ", "")
    assert reader(city.chief).post(path + "contact/").status_code == 404
    assert reader(city.clerk).post(path, {"how": "phone"}).status_code == 302
    letter.refresh_from_db()
    assert letter.told_by == city.clerk
    assert Demand.objects.get(pk=filed.demand.pk).state == State.TRANSFERRED
    assert Petition.objects.get(number=filed.number).title == ""

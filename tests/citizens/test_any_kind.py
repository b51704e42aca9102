"""What citizens file of any kind: one box opens it, one queue tells of it, and it stands apart from everything else."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from audit.models import AuditEvent
from citizens import public_sides
from citizens.models import CitizenNotification, Complained, Filing
from massline.acts import perform
from massline.keys import key_of
from records.links import LED_TO, link
from records.models import ActText
from responsibility.models import Obligation
from tests.api import V1
from tests.city import file_petition
from tests.draft_lab import hidden_fields
from tests.pdf_text import pdf_text
from tests.reader import part, reader
from tests.remarks.desk import ACTS, PUBLIC
from tests.remarks.models import Remark
from tests.secrecy_lab import CLEARED, add_secrecy, do
from tests.shared.kinds.publication import proposed

pytestmark = pytest.mark.django_db
FORM = {
    "title": "窗口中午没人",
    "body": "十二点到两点都没有人值守。",
    "name": "宋试民",
    "phone": "13900000000",
    "tell_by": "sms",
    "checked": "1",
}
ROWS = {"complained-TOTAL_FORMS": "3", "complained-INITIAL_FORMS": "0"}
PERSON = {"name": "宋试民", "phone": "13900000000"}


def sent(**more: Any) -> Any:
    body = {"title": FORM["title"], "body": FORM["body"], "citizen": PERSON} | more
    return Client().post(f"{V1}/public/remarks/", body, content_type="application/json")


@pytest.fixture
def made(remarks: SimpleNamespace) -> SimpleNamespace:
    """A remark that was filed through REST."""
    answer = sent().json()
    return SimpleNamespace(
        number=answer["number"], code=answer["tracking_code"], remark=Remark.objects.get(), city=remarks
    )


def followed(number: str, code: str) -> Client:
    browser = Client()
    assert browser.post("/track/", {"number": number, "tracking_code": code})["Location"] == "/track/own/"
    return browser


def tracked(number: str, code: str) -> Any:
    return Client().post(
        f"{V1}/public/track/", {"number": number, "tracking_code": code}, content_type="application/json"
    )


def answered(made: SimpleNamespace) -> None:
    perform(ACTS["answer"], Remark, made.remark.pk, made.city.leader, {"text": "已安排轮班。"})


def published(made: SimpleNamespace) -> None:
    city = add_secrecy(made.city)
    words = {"title": FORM["title"], "body": FORM["body"]}
    do(proposed(city, made.remark, **words), city.secrecy, "clear", CLEARED)


# --- Filing and following -----------------------------------------------------------------------------------------
def test_it_is_filed_on_a_page_with_a_receipt_and_a_fault_keeps_what_was_typed(remarks: SimpleNamespace) -> None:
    browser = Client()
    faulty = browser.post("/remarks/new/", FORM | ROWS | {"phone": ""})
    assert faulty.status_code == 422 and "十二点到两点都没有人值守。" in faulty.content.decode()
    assert browser.post("/remarks/new/", FORM | ROWS | {"nonce": "one"})["Location"] == "/receipt/"
    assert browser.post("/remarks/new/", FORM | ROWS | {"nonce": "one"})["Location"] == "/receipt/"
    remark = Remark.objects.get()
    assert remark.number in browser.get("/receipt/").content.decode()
    assert remark.filing.identity("name") == {"name": "宋试民"} and remark.filing.kind == "remark"


@pytest.mark.parametrize("phone", ["010-12345678", "010-12345678 转 8001", "13900000000转12"])
def test_what_takes_no_sms_is_told_in_another_way(remarks: SimpleNamespace, phone: str) -> None:
    page = Client().post("/remarks/new/", FORM | ROWS | {"phone": phone})
    assert page.status_code == 422 and "座机和带分机的号码收不到短信" in page.content.decode()
    assert set(sent(citizen=PERSON | {"phone": phone}).json()["errors"]) == {"citizen.tell_by"}
    assert sent(citizen=PERSON | {"phone": phone, "tell_by": "phone"}).status_code == 201


def test_each_kind_has_a_limit_of_its_own(remarks: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PUBLIC.form is not None
    tight = replace(PUBLIC, form=replace(PUBLIC.form, limit=lambda: 1))
    monkeypatch.setitem(public_sides._sides, Remark.KIND, tight)
    assert [sent().status_code for _n in range(2)] == [201, 429]
    filed = Client().post(f"{V1}/public/petitions/", {}, content_type="application/json")
    assert filed.status_code == 422, "the other kind counts for itself"


def test_the_same_key_stands_for_one_filing_a_kind(remarks: SimpleNamespace) -> None:
    both = [
        Client()
        .post(
            f"{V1}/public/remarks/",
            {"title": "一", "body": "二", "citizen": PERSON},
            content_type="application/json",
            headers={"Idempotency-Key": "5f1c7a90"},
        )
        .json()
        for _n in range(2)
    ]
    assert both[0] == both[1] and Remark.objects.count() == 1


def test_number_and_code_open_it_and_the_answer_says_of_which_kind(made: SimpleNamespace) -> None:
    answer = tracked(made.number, made.code).json()
    assert (answer["kind"], answer["number"], answer["title"]) == ("remark", made.number, FORM["title"])
    assert [act["slug"] for act in answer["acts"]] == ["add"] and answer["grown"] == []
    other = file_petition()
    assert tracked(other.number, other.code).json()["kind"] == "petition"
    page = followed(made.number.lower(), made.code).get("/track/own/").content.decode()
    assert FORM["title"] in page and "待回复" in page


def test_a_code_opens_nothing_but_its_own_number(made: SimpleNamespace) -> None:
    other = file_petition()
    unknown = tracked("YJ20260101-000000", made.code)
    for number, code in ((other.number, made.code), (made.number, other.code), (made.number, "AAAA-BBBB")):
        refused = tracked(number, code)
        assert refused.status_code == 404 and refused.json() == unknown.json()


def test_nothing_joins_the_matters_of_one_person(made: SimpleNamespace) -> None:
    other = file_petition(phone="+8613900000000", name="宋试民")
    page = followed(other.number, other.code).get("/track/own/").content.decode()
    assert made.number not in page and FORM["title"] not in page
    assert made.number not in str(tracked(other.number, other.code).json())


def test_what_its_citizen_writes_twice_in_a_row_is_kept_once(made: SimpleNamespace) -> None:
    browser = followed(made.number, made.code)
    for text in ("还有周末", "还有周末", "还有节假日"):
        assert browser.post("/track/own/acts/add/", {"text": text}).status_code == 302
    assert list(ActText.objects.order_by("pk").values_list("text", flat=True)) == ["还有周末", "还有节假日"]
    assert browser.post("/track/own/acts/withdraw/", {"reason": "算了"}).status_code == 404, "an act of another kind"


def test_a_question_heads_the_page_until_it_is_answered_there(made: SimpleNamespace) -> None:
    browser = followed(made.number, made.code)

    def page() -> str:
        return browser.get("/track/own/").content.decode()

    def ask(question: str) -> None:
        perform(ACTS["ask"], Remark, made.remark.pk, made.city.leader, {"question": question})

    assert "办理单位请您说明情况" not in page() and 'id="act-add">' in page(), "folded among the other acts"
    ask("哪几天？")
    ask("哪个窗口？")
    head = part(page(), r'<section class="state asked".*?</section>')
    assert re.search("办理单位请您说明情况 哪几天？ .* 哪个窗口？ .* 补充什么 确认补充 换语言", head)
    assert page().count('action="/track/own/acts/add/"') == 1, "the form stands there and nowhere else"
    faulty = browser.post("/track/own/acts/add/", {"text": ""}).content.decode()
    assert "“补充”没有提交成功" in faulty and "哪个窗口？" in faulty
    browser.post("/track/own/acts/add/", {"text": "每个工作日，一号窗口。"})
    assert "办理单位请您说明情况" not in page() and "一号窗口" in page()
    ask("还有吗？")
    assert "哪几天？" not in part(page(), r'<section class="state asked".*?</section>')
    answered(made)
    assert "办理单位请您说明情况" not in page(), "nothing is asked that can no longer be answered"


def test_their_own_words_stand_on_the_page_as_they_filed_them(
    made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = followed(made.number, made.code)
    own = part(browser.get("/track/own/").content.decode(), r'<dl class="own">.*?</dl>')
    assert own == f"一句话 {FORM['title']} 您的意见 {FORM['body']}"
    monkeypatch.setitem(public_sides._sides, Remark.KIND, replace(PUBLIC, shows_own=lambda remark: False))
    assert FORM["body"] not in browser.get("/track/own/").content.decode()


@pytest.mark.parametrize("drafts", [True, False])
def test_an_act_that_failed_is_said_in_its_form_and_in_the_title_of_the_page(
    made: SimpleNamespace, drafts: bool
) -> None:
    browser = followed(made.number, made.code)
    assert "请改正：" not in browser.get("/track/own/").content.decode()
    sent = hidden_fields(browser, "/track/own/", "/track/own/acts/add/") if drafts else {}
    answer = browser.post("/track/own/acts/add/", sent | {"text": " "})
    if drafts:
        assert (answer.status_code, answer["Location"]) == (303, "/track/own/#error-summary-add")
        answer = browser.get("/track/own/")
    page = answer.content.decode()
    assert f"<title>请改正：{made.number}" in page
    form = page.partition('id="act-add" open')[2].partition("</form>")[0]
    assert "“补充”没有提交成功" in form
    assert re.search('id="error-summary-add" autofocus>.*<a href="#add_text">', form, re.S)


def test_a_kind_with_a_door_of_its_own_is_not_opened_here(
    made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(public_sides._sides, Remark.KIND, replace(PUBLIC, door="signpost"))
    for code in (made.code, "wrong"):
        led = Client().post("/track/", {"number": made.number, "tracking_code": code})
        assert (led["Location"], "tracking" in led.cookies) == ("/where-to-turn/", False)
        refused = tracked(made.number, code)
        assert (refused.status_code, refused.json()["page"]) == (422, "/where-to-turn/")


# --- Officials ----------------------------------------------------------------------------------------------------
def test_whoever_is_complained_about_is_recused(remarks: SimpleNamespace) -> None:
    assert sent(complained_about=[{"kind": "person", "name": "林局正"}]).status_code == 201
    remark = Remark.objects.get()
    assert list(Complained.objects.values_list("user", flat=True)) == [remarks.leader.pk]
    pages = ("/desk/remarks/", f"/desk/remarks/{remark.number}/")
    seen = {who: [reader(getattr(remarks, who)).get(page) for page in pages] for who in ("leader", "handler")}
    assert remark.number not in seen["leader"][0].content.decode() and seen["leader"][1].status_code == 404
    assert remark.number in seen["handler"][0].content.decode() and seen["handler"][1].status_code == 200
    assert remarks.leader.pk in remark.chain_subject().recused


def test_letters_of_every_kind_stand_in_one_queue(made: SimpleNamespace) -> None:
    answered(made)
    letter, organ = CitizenNotification.objects.get(), made.remark.organ.name
    assert (
        letter.text
        == f"您好：\n    您的意见（{made.number}），{organ}已经回复：已安排轮班。\n{organ}\n"
        + letter.text.rsplit("\n", 1)[1]
    )
    desk = reader(made.city.receiver)
    page = desk.get("/desk/letters/").content.decode()
    assert made.number in page and "意见回复" in page and "139****0000" in page
    key = key_of("letter", letter.pk)
    assert "139 0000 0000" in desk.post(f"/desk/letters/{key}/contact/").content.decode()
    assert desk.post(f"/desk/letters/{key}/", {"how": "phone"}).status_code == 302
    owed = Obligation.objects.get(rule="ML06")
    assert owed.outcome == "met" and AuditEvent.objects.get(name="told").subject_key == made.number
    assert reader(made.city.clerk).get("/desk/letters/").content.decode().count(made.number) == 0


def test_its_citizen_downloads_the_letters_that_were_told_and_nobody_elses(made: SimpleNamespace) -> None:
    answered(made)
    letter, browser = CitizenNotification.objects.get(), followed(made.number, made.code)
    address = f"/track/own/letters/{key_of('letter', letter.pk)}/"
    assert address not in browser.get("/track/own/").content.decode(), "it waits to be told, and may be recalled"
    assert browser.get(address).status_code == 404
    reader(made.city.receiver).post(f"/desk/letters/{key_of('letter', letter.pk)}/", {"how": "phone"})
    listed = part(browser.get("/track/own/").content.decode(), rf'<a [^>]*href="{address}"[^>]*>.*?</li>')
    assert re.fullmatch(r"意见回复 PDF · \d{4}年\d+月\d+日 告知", listed)
    said = "".join(pdf_text(b"".join(browser.get(address).streaming_content)).split())
    assert said == "意见回复" + "".join(letter.text.split()) + "—1—"
    other = file_petition()
    assert followed(other.number, other.code).get(address).status_code == 404
    assert Client().get(address)["Location"] == "/track/"


# --- What everybody may look up ------------------------------------------------------------------------------------
def test_only_what_is_public_is_in_the_catalogue(made: SimpleNamespace) -> None:
    public, listed = Client(), f"{V1}/public/remarks/"
    assert FORM["title"] not in public.get("/public/remarks/").content.decode()
    assert public.get(f"/public/remarks/{made.number}/").status_code == 404
    assert public.get(listed).json() == {"results": [], "next": None, "previous": None}
    answered(made)
    published(made)
    assert re.findall(rf'href="/public/remarks/({made.number})/"', public.get("/public/remarks/").content.decode())
    one = public.get(f"/public/remarks/{made.number}/").content.decode()
    assert FORM["body"] in one and "宋试民" not in one
    assert [row["title"] for row in public.get(listed).json()["results"]] == [FORM["title"]]
    assert public.get(f"{listed}{made.number}/").json()["body"] == FORM["body"]


def test_a_code_shows_what_grew_out_of_its_matter_once_that_is_cleared(made: SimpleNamespace) -> None:
    source = file_petition()
    link(source.demand.matter, made.remark.matter, LED_TO.name, by=made.city.clerk, at=timezone.now())
    assert tracked(source.number, source.code).json()["grown"] == []
    assert made.number not in followed(source.number, source.code).get("/track/own/").content.decode()
    answered(made)
    published(made)
    (grown,) = tracked(source.number, source.code).json()["grown"]
    assert (grown["kind"], grown["number"], grown["state_label"]) == ("remark", made.number, "已回复")
    assert made.number in followed(source.number, source.code).get("/track/own/").content.decode()
    assert tracked(made.number, made.code).json()["grown"] == [], "nothing leads back"


# --- Erasing ------------------------------------------------------------------------------------------------------
def test_one_command_erases_a_person_of_whatever_kind(made: SimpleNamespace) -> None:
    answered(made)
    call_command("erase_person", made.number, by="auditadmin", ground="个人信息保护法第四十七条")
    remark = Remark.objects.get()
    assert (remark.title, remark.body) == ("", "") and remark.filing.identity("name") == {"name": ""}
    assert Filing.objects.get().erased_at and CitizenNotification.objects.get().text == ""
    assert not ActText.objects.exclude(text="").exists()
    assert AuditEvent.objects.get(name="person_erased").subject_key == made.number


def test_each_kind_is_filed_by_its_own_form_in_the_schema(remarks: SimpleNamespace) -> None:
    paths = SchemaGenerator(urlconf="tests.shared.kinds.urls").get_schema(request=None, public=True)["paths"]
    filed = {kind: paths[f"/api/v1/public/{kind}/"]["post"]["operationId"] for kind in ("petitions", "remarks")}
    assert filed == {"petitions": "petitions_file", "remarks": "remarks_file"}

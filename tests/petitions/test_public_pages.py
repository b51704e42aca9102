"""What citizens meet: the form, its limit and proof of work, the receipt."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from citizens.models import Complained
from massline import crypto
from petitions.models import Demand, Petition

pytestmark = pytest.mark.django_db
FORM = {
    "title": "楼道照明长期不亮", "body": "三单元楼道灯坏了两个月。", "category": "010101", "region": "990100000000",
    "purpose": "request", "wish": "请尽快修好", "place": "幸福里3号楼", "name": "宋试民", "phone": "13900000000",
    "tell_by": "sms", "email": "", "id_number": "", "address": "", "altcha": "", "nonce": "nonce-1", "checked": "1",
    "complained-TOTAL_FORMS": "3", "complained-INITIAL_FORMS": "0",
    "complained-0-kind": "organ", "complained-0-name": "幸福里物业", "complained-0-organ": "",
    "complained-1-kind": "person", "complained-1-name": "王某", "complained-1-organ": "幸福里物业",
    "complained-2-kind": "organ", "complained-2-name": "", "complained-2-organ": "",
}  # fmt: skip


def text(response: Any) -> str:
    return unescape(response.content.decode())


# --- Filing -------------------------------------------------------------------------------------------------------
def test_a_petition_filed_in_a_browser_stands_in_the_ledger_of_the_petition_office(
    city: SimpleNamespace, citizen: Client
) -> None:
    assert citizen.post("/file/", FORM).headers["Location"] == "/receipt/"
    demand = Demand.objects.select_related("petition", "office").get()
    assert (demand.state, demand.office.name, demand.organ) == ("received", "试水市信访局", demand.office)
    named = Complained.objects.order_by("id").values_list("kind", "name", "organ_name")
    assert list(named) == [("organ", "幸福里物业", ""), ("person", "王某", "幸福里物业")]
    clerk = Client()
    clerk.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    assert demand.petition.number in text(clerk.get("/desk/ledger/"))


def test_faults_stand_beside_their_fields_and_in_the_summary_and_nothing_is_lost(citizen: Client) -> None:
    wrong = FORM | {"title": "", "phone": "12", "tell_by": "email", "id_number": "11010519491231002X1",
                    "complained-2-organ": "某局"}  # fmt: skip
    response = citizen.post("/file/", wrong)
    page = text(response)
    assert response.status_code == 422 and not Petition.objects.exists()
    summary = page.split('id="error-summary"')[1].split("</div>")[0]
    targets = re.findall(r'href="#([\w-]+)"', summary)
    assert targets == ["id_title", "id_phone", "id_email", "id_id_number", "id_complained-2-name"]
    for target in targets:
        assert page.count(f'id="{target}"') == 1, "each link of the summary leads to a field"
        assert f'id="{target}_error"' in page, "and beside the field stands what is wrong"
    for name, value in wrong.items():
        if value and name not in ("altcha", "complained-TOTAL_FORMS"):
            assert f">{value}<" in page or f'value="{value}"' in page or f"\n{value}<" in page, name
    assert re.search(r'value="010101"[^>]* selected', page) and re.search(r'value="990100000000" selected', page)
    assert re.search(r'name="tell_by" value="email"[^>]* checked', page)


def test_sent_twice_it_is_filed_once(citizen: Client) -> None:
    first = citizen.post("/file/", FORM).cookies["receipt"].value
    second = citizen.post("/file/", FORM)
    assert second.status_code == 302 and Petition.objects.count() == 1
    opened = [crypto.open_token("receipt", token, 60) for token in (first, second.cookies["receipt"].value)]
    assert opened[0] == opened[1]


def test_another_text_on_the_same_page_is_asked_about_and_can_be_sent(citizen: Client) -> None:
    citizen.post("/file/", FORM)
    response = citizen.post("/file/", FORM | {"title": "电梯也坏了"})
    page = text(response)
    assert response.status_code == 409 and Petition.objects.count() == 1
    assert "电梯也坏了" in page and "王某" in page
    nonce = re.search(r'name="nonce" value="(\w+)"', page)
    assert nonce and nonce[1] != FORM["nonce"]
    assert citizen.post("/file/", FORM | {"title": "电梯也坏了", "nonce": nonce[1]}).status_code == 302
    assert Petition.objects.count() == 2


def test_a_form_without_a_region_that_anybody_serves_keeps_its_text(citizen: Client) -> None:
    for region in ("", "000000", "990100000000' OR 1=1"):
        response = citizen.post("/file/", FORM | {"region": region})
        assert response.status_code == 422 and FORM["title"] in text(response)


# --- The limit and the proof of work ------------------------------------------------------------------------------
def proof(citizen: Client) -> str:
    """What the script of the form does."""
    given = citizen.get("/altcha/challenge/").json()
    number = next(
        n for n in range(given["maxnumber"] + 1)
        if hashlib.sha256(f"{given['salt']}{n}".encode()).hexdigest() == given["challenge"]
    )  # fmt: skip
    solved = {name: given[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(solved).encode()).decode()


@pytest.fixture
def strict(settings: Any) -> None:
    settings.FILING_LIMIT, settings.ALTCHA_MAX_NUMBER = 1, 1000


def test_too_many_without_a_proof_of_work_must_wait_and_keep_their_text(citizen: Client, strict: None) -> None:
    assert citizen.post("/file/", FORM).status_code == 302
    response = citizen.post("/file/", FORM | {"nonce": "nonce-2", "title": "第二件事"})
    assert response.status_code == 429 and Petition.objects.count() == 1
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "第二件事" in text(response) and "王某" in text(response)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert citizen.post("/file/", FORM | {"nonce": "nonce-2"}).status_code == 302


def test_faults_and_looks_do_not_count_towards_the_limit(citizen: Client, strict: None) -> None:
    for _again in range(5):
        citizen.get("/file/")
        assert citizen.post("/file/", FORM | {"title": ""}).status_code == 422
    assert citizen.post("/file/", FORM).status_code == 302


def test_another_address_has_its_own_limit_and_forged_headers_none(citizen: Client, strict: None) -> None:
    assert citizen.post("/file/", FORM).status_code == 302
    forged = citizen.post("/file/", FORM | {"nonce": "n2", "title": "n2"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert forged.status_code == 429
    assert citizen.post("/file/", FORM | {"nonce": "n3", "title": "n3"}, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_proof_of_work_passes_once(citizen: Client, strict: None) -> None:
    citizen.post("/file/", FORM)
    solved = proof(citizen)
    assert citizen.post("/file/", FORM | {"nonce": "n2", "title": "n2", "altcha": solved}).status_code == 302
    assert citizen.post("/file/", FORM | {"nonce": "n3", "title": "n3", "altcha": solved}).status_code == 429
    assert citizen.post("/file/", FORM | {"nonce": "n3", "title": "n3", "altcha": proof(citizen)}).status_code == 302
    assert Petition.objects.count() == 3


def test_a_proof_written_down_in_another_way_is_the_same_proof(citizen: Client, strict: None) -> None:
    citizen.post("/file/", FORM)
    solved = proof(citizen)
    assert citizen.post("/file/", FORM | {"nonce": "n2", "title": "n2", "altcha": solved}).status_code == 302
    plain = json.loads(base64.b64decode(solved))
    for n, more in enumerate(({"took": 1}, {"number": str(plain["number"])}, {"salt": plain["salt"].rstrip("&")})):
        again = base64.b64encode(json.dumps(plain | more, indent=1).encode()).decode()
        assert citizen.post("/file/", FORM | {"nonce": f"n3-{n}", "altcha": again}).status_code == 429
    assert Petition.objects.count() == 2


@pytest.mark.parametrize("how", ["wrong number", "foreign key", "no json", "not base64", "too old", "a list"])
def test_a_bad_proof_is_none(citizen: Client, strict: None, how: str) -> None:
    citizen.post("/file/", FORM)
    solved = json.loads(base64.b64decode(proof(citizen)))
    moment = timezone.now() + timedelta(minutes=31 if how == "too old" else 0)
    payload = {
        "wrong number": lambda: json.dumps(solved | {"number": solved["number"] + 1}).encode(),
        "foreign key": lambda: json.dumps(solved | {"signature": "0" * 64}).encode(),
        "no json": lambda: b"\xff\x00{",
        "too old": lambda: json.dumps(solved).encode(),
        "a list": lambda: b"[1, 2]",
    }
    sent = "***" if how == "not base64" else base64.b64encode(payload[how]()).decode()
    with time_machine.travel(moment, tick=False):
        citizen.post("/file/", FORM | {"nonce": "same hour"})
        assert citizen.post("/file/", FORM | {"nonce": "n2", "title": "n2", "altcha": sent}).status_code == 429


# --- Whatever is typed --------------------------------------------------------------------------------------------
NAUGHTY = [
    "\x00", "a\x00b", "'; DROP TABLE petitions_petition; --", "<script>alert(1)</script>", "{{ 7*7 }}{% now 'Y' %}",
    "%s%s%n", "😀" * 40, "\u202eabc", "﷽" * 20, "‮​﻿", "A" * 5000, "字" * 5000, "٣", "\r\n\r\n", "Ω≈ç√∫˜µ≤≥÷",
    "../../etc/passwd", "1" * 400, "-1", "NaN", "\u2028", "\ufdd0", "\U0010ffff", "null", "[]", "０１０１０１",
]  # fmt: skip

EVERYWHERE = ["\x00", "a\x00b", "<script>alert(1)</script>", "字" * 5000, "1" * 400, "\ufdd0", "０１０１０１"]


@pytest.mark.parametrize("field", ["title", "body", "wish", "place", "name", "phone", "email", "id_number", "address",
                                   "category", "region", "purpose", "tell_by", "nonce", "altcha", "complained-0-kind",
                                   "complained-0-name", "complained-0-organ"])  # fmt: skip
def test_whatever_is_typed_is_answered(citizen: Client, field: str) -> None:
    for value in NAUGHTY if field in ("title", "complained-0-name") else EVERYWHERE:
        response = citizen.post("/file/", FORM | {field: value})
        assert response.status_code in (302, 409, 422), (value, response.status_code)
        if response.status_code != 302:
            assert "<script>alert(1)" not in response.content.decode()
            assert FORM["complained-1-name"] in text(response), "nothing typed is lost"


@pytest.mark.parametrize("total", ["", "-1", "x", "11", "99999999999", "\x00", "0"])
def test_a_tampered_number_of_rows_is_answered(citizen: Client, total: str) -> None:
    response = citizen.post("/file/", FORM | {"complained-TOTAL_FORMS": total})
    assert response.status_code in (302, 422)
    assert citizen.post("/file/", {"title": "x"}).status_code == 422


@pytest.mark.parametrize("total", ["x", "-1", ""])
def test_rows_whose_number_is_unreadable_are_kept_and_asked_about(citizen: Client, total: str) -> None:
    asked = citizen.post("/file/matter/", FORM | {"complained-TOTAL_FORMS": total})
    page = asked.content.decode()
    assert asked.status_code == 422 and "ManagementForm" not in page
    assert "这几行可能没有完整传到" in page and FORM["complained-1-name"] in page
    assert 'name="complained-TOTAL_FORMS" value="3"' in page, "the page can be sent again as it is"


@pytest.mark.parametrize("raw", [b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\x80", b"\x00", b"\xf4\x90\x80\x80"])
@pytest.mark.parametrize("how", ["multipart", "urlencoded"])
def test_bytes_that_are_no_text_are_answered(citizen: Client, raw: bytes, how: str) -> None:
    """Lone surrogates, overlong forms, NUL: a browser never sends them."""
    fields = {name.encode(): value.encode() for name, value in FORM.items()} | {b"title": raw, b"\xed\xa0\x80": raw}
    if how == "multipart":
        parts = [b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % pair for pair in fields.items()]
        body, kind = b"".join(parts) + b"--b--\r\n", "multipart/form-data; boundary=b"
    else:
        quoted = b"&".join(b"%s=%s" % (k, "".join(f"%{c:02x}" for c in v).encode()) for k, v in fields.items())
        body, kind = quoted, "application/x-www-form-urlencoded"
    response = citizen.post("/file/", body, content_type=kind)
    assert response.status_code in (302, 400, 422)


def test_too_much_is_refused_in_plain_words(citizen: Client) -> None:
    assert citizen.post("/file/", FORM | {f"x{n}": "1" for n in range(600)}).status_code == 400
    assert citizen.post("/file/", FORM | {"body": "x" * 2_000_000}).status_code in (400, 413)
    assert citizen.post("/file/", b"--b\r\nnonsense", content_type="multipart/form-data; boundary=b").status_code < 500


# --- The receipt --------------------------------------------------------------------------------------------------
def test_the_receipt_shows_number_code_and_what_happens_next_until_it_is_saved(citizen: Client) -> None:
    cookie = citizen.post("/file/", FORM).cookies["receipt"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    kept = crypto.open_token("receipt", cookie.value, 60)
    number, code = kept["number"], kept["tracking_code"]
    assert len(crypto.plain_code(code)) * 5 >= 80
    page = text(citizen.get("/receipt/"))
    assert number in page and f'data-code="{code}"' in page and "<svg" in page
    assert f"/track/#number={number}&code={code}" in page
    assert "二十二条" in page and kept["obligations"][0]["due_strict"][:4] in page
    assert code not in cookie.value
    assert FORM["title"] in page and "收件单位" in page and "试水市信访局" in page.split("</section>")[0]
    for way in ("复制编号和查询码", "打印", "存成图片", "查看进度"):
        assert way in page.split('id="tracking-code"')[1].split(FORM["title"])[0], "right below number and code"
    assert "离开后不能再看到查询码" in page, "asked before anything disappears"
    seen = citizen.post("/track/", {"number": number, "tracking_code": code}, follow=True)
    assert FORM["title"] in text(seen) and code in text(citizen.get("/receipt/"))
    saved = citizen.post("/receipt/", {"saved": "1"})
    assert number in text(saved) and code not in text(saved) and "<svg" not in text(saved).split("<main")[1]
    assert citizen.get("/receipt/").headers["Location"] == "/track/"
    assert citizen.get("/track/own/").headers["Location"] == "/track/", "the next person at the device finds nothing"


def test_the_receipt_is_gone_with_the_browser_and_not_with_the_look_at_the_matter(citizen: Client) -> None:
    cookie = citizen.post("/file/", FORM).cookies["receipt"]
    assert not cookie["max-age"] and not cookie["expires"], "closed browsers keep nothing"
    kept = crypto.open_token("receipt", cookie.value, 60)
    citizen.post("/track/", {"number": kept["number"], "tracking_code": kept["tracking_code"]})
    left = citizen.post("/track/own/leave/", follow=True)
    assert left.redirect_chain == [("/receipt/", 302)] and "请确认查询码已经保存" in text(left)
    assert citizen.get("/track/own/").headers["Location"] == "/track/"
    citizen.post("/receipt/", {"saved": "1"})
    assert citizen.post("/track/own/leave/")["Location"] == "/track/"


def test_a_receipt_in_english_says_in_english_what_is_owed(citizen: Client) -> None:
    citizen.post("/file/", FORM)
    page = text(citizen.get("/receipt/", headers={"Accept-Language": "en"}))
    assert "Register, then forward or assign" in page and "Regulations on Petition Work" in page
    assert "登记并转送" not in page and "信访工作条例" not in page


def test_without_a_cookie_of_ours_there_is_no_receipt(citizen: Client) -> None:
    for forged in ("", "x", "é", "A" * 4000, crypto.seal_token("tracking", {"number": "x"})):
        citizen.cookies["receipt"] = forged
        assert citizen.get("/receipt/").headers["Location"] == "/track/"


def everything_kept() -> str:
    """Every row of every table, the log included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for name in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [name])
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT t::text FROM {name} t")
                found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_the_code_stands_nowhere_in_the_database_nor_in_the_logs(
    citizen: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    cookie = citizen.post("/file/", FORM).cookies["receipt"]
    code = crypto.open_token("receipt", cookie.value, 60)["tracking_code"]
    number = crypto.open_token("receipt", cookie.value, 60)["number"]
    citizen.post("/track/", {"number": number, "tracking_code": code})
    citizen.get("/track/own/")
    kept = everything_kept() + caplog.text + "".join(capfd.readouterr())
    assert number in kept
    for form in (code, crypto.plain_code(code), code.lower(), code.encode().hex(), "宋试民", "13900000000"):
        assert form not in kept

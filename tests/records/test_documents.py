"""Documents of a kind that no app has: had as PDF by whoever sees the record, on record, and safe whatever they say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
import typst
from django.test import Client
from django.urls import include, path

from audit.models import AuditEvent
from records import kinds
from records.documents.document import LETTER, Document, DocumentData, OfficialLetter, paragraphs
from records.documents.pages import document_paths
from records.documents.pdf import NotTypeset, as_pdf
from records.record_page import record_paths
from records.rest.schema import KindSchema
from records.rest.side import RestSide
from records.rest.urls import rest_paths
from tests.api import Api, token_for
from tests.kinds.lab import ERRANDS, errand, paper_kinds
from tests.kinds.models import Errand
from tests.kinds.urls import urlpatterns as of_the_kinds
from tests.naughty import naughty
from tests.pdf_text import pdf_pages, pdf_text
from tests.reader import ENGLISH, page, reader, source

pytestmark = pytest.mark.django_db
SLIP_TEMPLATE = Path(__file__).parent.parent / "kinds" / "slip.typ"
MADE = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
MARKUP = '#eval("1+1") #panic("x") @label $x^2$ *局* _b_ `c` \\ <l> //d /*e*/ [f] "引号" </script> 𠮷野家'


@dataclass(frozen=True, kw_only=True)
class Slip(DocumentData):
    number: str
    what: str
    organ: str


def _slip(one: Errand, user: Any) -> Slip:
    return Slip(title="交办单", made_at=MADE, number=one.number, what=one.title, organ=one.organ.name)


def _heads(one: Errand, user: Any) -> bool:
    return bool(user.username == "leader")


SLIP = Document(name="slip", title="交办单", template=SLIP_TEMPLATE, data=_slip)
KIND = replace(ERRANDS, documents=(SLIP, replace(SLIP, name="order", title="督办单", may=_heads)))
urlpatterns = [
    path("api/", include(list(rest_paths(KIND)))),
    *document_paths(KIND),
    *record_paths(KIND),
    *of_the_kinds,
]
HERE = "/desk/errands/E-1/"
PDF = HERE + "documents/slip/"


@pytest.fixture
def found(city: SimpleNamespace) -> Iterator[Errand]:
    """An errand of the department."""
    with paper_kinds(__name__), pytest.MonkeyPatch.context() as patch:
        patch.setitem(kinds._kinds, Errand.KIND, KIND)
        yield errand("E-1", city.organ["department"])


def printed(user: Any, path: str = PDF, language: str = "zh-hans") -> Any:
    return reader(user, language).get(path)


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def letter(*said: str, title: str = "告知书") -> OfficialLetter:
    return OfficialLetter(
        title=title, made_at=MADE, number="", addressee="某某：", paragraphs=said, organ="某局", day="2026年9月15日"
    )


def packed(text: str) -> str:
    """Without blanks and places where a line may break."""
    return "".join(text.replace("\u200b", "").split())


def test_the_page_lists_documents_and_each_is_had_as_pdf(city: SimpleNamespace, found: Errand) -> None:
    html = source(reader(city.handler), HERE)
    assert re.search(rf'<h2>文书</h2>.*?<a href="{PDF}"[^>]*>.*?交办单</a>', html, re.S)
    answer = printed(city.handler)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E4%BA%A4%E5%8A%9E%E5%8D%95-E-1.pdf"
    assert pdf_pages(content(answer)) == [f"交办单E-1事由跑一趟承办{found.organ.name}— 1 —"]


def test_a_document_is_there_for_whoever_may_have_it(city: SimpleNamespace, found: Errand) -> None:
    order = HERE + "documents/order/"
    assert order in source(reader(city.leader), HERE) and printed(city.leader, order).status_code == 200
    assert order not in source(reader(city.handler), HERE) and printed(city.handler, order).status_code == 404
    assert printed(city.handler, HERE + "documents/other/").status_code == 404
    assert printed(city.outsider).status_code == 404, "who does not see the errand"
    assert reader().get(PDF).status_code == 302
    assert AuditEvent.objects.filter(name="document_printed").count() == 1


def test_each_handing_out_is_on_the_timeline_of_officials(city: SimpleNamespace, found: Errand) -> None:
    before = page(city.leader, HERE)
    printed(city.handler)
    (event,) = AuditEvent.objects.filter(name="document_printed")
    assert (event.subject_kind, event.subject_key, event.actor_label) == ("errand", "E-1", city.handler.name)
    assert not event.public and event.facts == {"document": "errand.slip"}
    assert "打印了文书“交办单”" not in before and "打印了文书“交办单”" in page(city.leader, HERE)
    assert "Printed the document “交办单”" in page(city.leader, HERE, ENGLISH)


def test_the_same_data_give_the_same_file_which_is_fit_for_an_archive(city: SimpleNamespace, found: Errand) -> None:
    first = content(printed(city.handler))
    assert first == content(printed(city.leader, language=ENGLISH))
    with pikepdf.open(BytesIO(first)) as pdf, pdf.open_metadata() as said:
        assert said.pdfa_status == "2B"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260915020000")


def test_markup_is_printed_as_it_is() -> None:
    assert MARKUP in pdf_text(as_pdf(LETTER, letter(MARKUP)))
    assert pdf_text(as_pdf(LETTER, letter("正文", title=MARKUP))).startswith(MARKUP)


def test_any_text_can_be_printed() -> None:
    """All of them on one paper; nothing of ASCII is lost."""
    said = [text for text in naughty() if text]
    pages = pdf_pages(as_pdf(LETTER, letter(*said), seconds=60))
    found = packed("".join(re.sub(r"— \d+ —$", "", one) for one in pages))
    for text in said:
        if text.isascii() and text.isprintable():
            assert packed(text) in found, text


def test_a_character_of_no_font_is_printed_as_a_mark() -> None:
    found = pdf_text(as_pdf(LETTER, letter("王🐉先生👍🏽和\x1b、“ไทย”、𠮷\U0010ffff")))
    assert "王〓先生〓〓和〓、“〓〓〓”、𠮷〓" in found


def test_a_line_of_thousands_of_characters_stays_on_the_paper() -> None:
    """22 lines a page of some 28 Chinese characters, and about twice as many Latin ones."""
    for char, most in (("x", 1300), ("长", 28 * 22), ("ж", 1300)):
        found = [one.count(char) for one in pdf_pages(as_pdf(LETTER, letter(char * 5000)))]
        assert sum(found) == 5000 and max(found) < most, char


def test_paragraphs_have_no_blanks_around_them_nor_signs_that_nobody_sees() -> None:
    assert paragraphs("\n    一、\u202e反\r\n\n　二 \u200b\n") == ("一、反", "二")


def test_a_signature_does_not_stand_alone_on_a_page() -> None:
    for lines in range(15, 25):
        last = pdf_pages(as_pdf(LETTER, letter(*["一行"] * lines)))[-1]
        assert last.startswith(("告知书", "一行")) and last.endswith(
            ("某局2026年9月15日— 1 —", "某局2026年9月15日— 2 —")
        )


def test_faces_that_are_not_installed_are_replaced_by_those_that_come_with_us() -> None:
    if {"FangSong", "FangSong_GB2312", "STFangsong"} & set(typst.Fonts().families()):
        pytest.skip("this machine has an office's own faces")
    with pikepdf.open(BytesIO(as_pdf(LETTER, letter("正文")))) as pdf:
        assert "NotoSerifSC" in str(pdf.pages[0].resources["/Font"]["/f0"].BaseFont)


FAULTY = {
    "a fault": '#panic("x")',
    "no field of this name": '#import "layout.typ": *\n#data.nothing',
    "a file of the machine": '#read("/etc/passwd")',
    "a file above": '#read("../../etc/passwd")',
    "a package of the network": '#import "@preview/cetz:0.2.2": *',
    "no end": "#let f(n) = f(n + 1)\n#f(0)",
    "too slow": "#let n = 0\n#while n < 2000000000 { n += 1 }",
}


@pytest.mark.parametrize("why", FAULTY)
def test_a_faulty_template_makes_nothing(why: str, tmp_path: Path, caplog: Any) -> None:
    template = tmp_path / "faulty.typ"
    template.write_text(FAULTY[why])
    with pytest.raises(NotTypeset):
        as_pdf(template, letter("正文"), seconds=3)
    assert "document_not_typeset" in caplog.text and "正文" not in caplog.text


def test_whoever_asked_reads_that_it_was_not_made(
    city: SimpleNamespace, found: Errand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "faulty.typ"
    template.write_text(FAULTY["a fault"])
    monkeypatch.setitem(SLIP.__dict__, "template", template)
    answer = printed(city.handler)
    html = answer.content.decode()
    assert answer.status_code == 503 and "“交办单”没有生成" in html and f'href="{HERE}"' in html
    assert "panic" not in html and not AuditEvent.objects.filter(name="document_printed").exists()


# --- REST ---------------------------------------------------------------------------------------------------------
SLIP_IN_REST = "/errands/E-1/documents/slip/"


def test_rest_says_which_documents_there_are_for_its_reader(city: SimpleNamespace, found: Errand) -> None:
    slip = {"name": "slip", "title": "交办单", "url": PDF}
    assert Api(city.handler).get("/errands/E-1/").json()["documents"] == [slip]
    order = {"name": "order", "title": "督办单", "url": HERE + "documents/order/"}
    assert Api(city.leader).get("/errands/E-1/").json()["documents"] == [slip, order]
    assert KindSchema(KIND, RestSide()).detail().fields["documents"].child.fields.keys() == slip.keys()
    assert "documents" not in KindSchema(ERRANDS, RestSide()).detail().fields


def test_rest_hands_out_the_same_file_and_puts_it_on_record(city: SimpleNamespace, found: Errand) -> None:
    answer = Api(city.handler).get(SLIP_IN_REST, Accept="application/pdf")
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "private, no-store"
    assert AuditEvent.objects.get(name="document_printed").actor_label == city.handler.name
    assert content(answer) == content(printed(city.handler))


def test_rest_hands_out_nothing_to_others(city: SimpleNamespace, found: Errand) -> None:
    """To whom the errand or the document does not exist, to administrations, and to nobody without a token."""
    for user, address, status in (
        (city.outsider, SLIP_IN_REST, 404),
        (city.handler, "/errands/E-1/documents/order/", 404),
        (city.handler, "/errands/E-1/documents/slip-2/", 404),
        (city.handler, "/errands/E-2/documents/slip/", 404),
        (city.sysadmin, SLIP_IN_REST, 403),
        (None, SLIP_IN_REST, 401),
    ):
        assert Api(user).get(address).status_code == status, address
    assert not AuditEvent.objects.filter(name="document_printed").exists()


def test_rest_says_that_it_was_not_made(
    city: SimpleNamespace, found: Errand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "faulty.typ"
    template.write_text(FAULTY["a fault"])
    monkeypatch.setitem(SLIP.__dict__, "template", template)
    bearer = {"Authorization": f"Bearer {token_for(city.handler)}"}
    answer = Client().get("/api/v1" + SLIP_IN_REST, headers=bearer)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["title"] == "文书没有生成" and "再试" in answer.json()["detail"]


def test_a_document_is_one_or_several() -> None:
    with pytest.raises(ValueError, match="either one or several"):
        replace(SLIP, several=lambda record, user: ())
    with pytest.raises(ValueError, match="either one or several"):
        Document(name="slip", title="交办单")


def test_a_document_without_a_template_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="no such template"):
        replace(SLIP, template=SLIP_TEMPLATE.with_name("none.typ"))

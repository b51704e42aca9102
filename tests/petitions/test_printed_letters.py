"""Letters to petitioners as PDF: word for word what is told, for the organ that tells it and for nobody else."""

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command

from audit.models import AuditEvent
from citizens.models import CitizenNotification, NotificationState
from petitions.models import State
from tests.api import Api
from tests.chain_lab import at
from tests.city import ANSWER, act, file_petition, tell_all, walk_to
from tests.eyes import UNKNOWN
from tests.pdf_text import pdf_text
from tests.petitions.test_letters import STORY
from tests.reader import CHINESE, ENGLISH, page, reader, source, tracked, words

pytestmark = pytest.mark.django_db


def address(number: str, letter: str = "") -> str:
    return f"/desk/petitions/{number}/" + (f"documents/{letter}/" if letter else "")


def offered(user: Any, number: str, language: str = CHINESE) -> list[str]:
    """The documents that the petition's page lists for this person."""
    html = source(reader(user, language), address(number))
    found = re.findall(rf'<a href="{address(number)}documents/([\w-]+)/" [^>]*type="application/pdf">', html)
    return list(found)


def answer(user: Any, number: str, letter: str, language: str = CHINESE) -> Any:
    return reader(user, language).get(address(number, letter))


def printed(user: Any, number: str, letter: str, language: str = CHINESE) -> str:
    """The words of the PDF without blanks and the number of its only page."""
    found = answer(user, number, letter, language)
    assert found.status_code == 200
    said = "".join(pdf_text(b"".join(found.streaming_content)).split())
    assert said.endswith("—1—")
    return said.removesuffix("—1—")


def test_each_letter_is_printed_in_the_words_that_are_told(city: SimpleNamespace) -> None:
    """Its title, and then the text of the queue; it was printed before it was told or after that."""
    with at("2026-08-01 08:00"):
        filed = file_petition()
    for n, (moment, who, slug, data, title, teller) in enumerate(STORY):
        with at(moment):
            act(filed.demand, who, slug, data)
            if not title:
                continue
            made = CitizenNotification.objects.latest("pk")
            many = CitizenNotification.objects.filter(letter=made.letter).count()
            name = made.letter if many == 1 else f"{made.letter}-{many}"
            user = city.clerk if made.office == city.organ["office"] else city.receiver
            if n % 2:
                tell_all(filed.demand)
            assert made.office.name == teller
            assert printed(user, filed.number, name) == title + "".join(made.text.split())
    with at("2026-10-10 11:00"):
        assert offered(city.clerk, filed.number) == ["forwarded", "returned", "closed"]
        assert offered(city.receiver, filed.number) == [
            "accepted", "extended", "answered", "answered-2", "asked",
        ]  # fmt: skip


def test_two_letters_of_the_same_name_are_both_printed(city: SimpleNamespace) -> None:
    """Each under an address of its own, told apart by number and day; the log says which was printed."""
    with at("2026-08-01 08:00"):
        filed = walk_to(State.HANDLING)
    for moment, question in (("2026-08-04 10:00", "哪一单元？"), ("2026-08-06 10:00", "哪一层？")):
        with at(moment):
            act(filed.demand, "handler", "ask", {"question": question})
    assert offered(city.receiver, filed.number) == ["accepted", "asked", "asked-2"]
    html = words(source(reader(city.receiver), address(filed.number)))
    assert "情况询问（第 1 份，2026年8月4日） PDF 情况询问（第 2 份，2026年8月6日） PDF" in html
    html = words(source(reader(city.receiver, ENGLISH), address(filed.number)))
    assert "Question to the petitioner (no. 2, 6 August 2026)" in html
    assert "哪一单元？" in printed(city.receiver, filed.number, "asked")
    assert "哪一层？" in printed(city.receiver, filed.number, "asked-2")
    assert [event.facts for event in AuditEvent.objects.filter(name="document_printed").order_by("id")] == [
        {"document": "petition.asked"}, {"document": "petition.asked", "number": 2},
    ]  # fmt: skip
    told = answer(city.receiver, filed.number, "asked-2")["Content-Disposition"]
    assert unquote(told) == f"inline; filename*=utf-8''情况询问-{filed.number}-2.pdf"
    for name in ("asked-1", "asked-3", "asked-0", "asked-02", "accepted-2"):
        assert answer(city.receiver, filed.number, name).status_code == 404, name


def test_programs_read_which_letters_there_are_and_print_them(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    here = f"/petitions/{filed.number}/"
    assert Api(city.receiver).get(here).json()["documents"] == [
        {"name": "accepted", "title": "受理告知书", "url": address(filed.number, "accepted")}
    ]
    assert [one["name"] for one in Api(city.clerk).get(here).json()["documents"]] == ["forwarded"]
    found = Api(city.receiver).get(here + "documents/accepted/")
    assert "已经受理" in pdf_text(b"".join(found.streaming_content))
    assert Api(city.clerk).get(here + "documents/accepted/").status_code == 404


def test_a_letter_is_chinese_whatever_language_its_reader_has(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    assert printed(city.receiver, filed.number, "accepted") == printed(city.receiver, filed.number, "accepted", ENGLISH)
    told = answer(city.receiver, filed.number, "accepted", ENGLISH)["Content-Disposition"]
    assert unquote(told) == f"inline; filename*=utf-8''受理告知书-{filed.number}.pdf"
    html = words(source(reader(city.receiver, ENGLISH), address(filed.number)))
    assert "Documents Notice of acceptance PDF" in html


def test_a_declined_petition_has_its_notice(city: SimpleNamespace) -> None:
    filed = walk_to(State.NOT_ACCEPTED)
    said = printed(city.receiver, filed.number, "declined")
    assert said.startswith("不予受理告知书信访人：您好！") and "试水市中级人民法院" in said


def test_only_the_organ_that_tells_it_has_it(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    assert offered(city.leader, filed.number) == ["accepted"]
    for who in (city.clerk, city.mayor, city.auditor, city.inspector):
        assert "accepted" not in offered(who, filed.number)
        assert answer(who, filed.number, "accepted").status_code == 404
    for letter in ("answered", "transferred", "other"):
        assert answer(city.receiver, filed.number, letter).status_code == 404, letter
    assert not AuditEvent.objects.filter(name="document_printed").exists()


def test_it_does_not_exist_for_whom_the_petition_does_not(city: SimpleNamespace) -> None:
    """The leader is complained about, and heads the organ that tells."""
    about = [{"kind": "person", "name": "林局正", "organ": "试水市住房和城乡建设局"}]
    filed = walk_to(State.ACCEPTED, complained_about=about)
    assert offered(city.receiver, filed.number) == ["accepted"]
    for who in (city.leader, city.other_receiver, city.outsider):
        found, unknown = (answer(who, number, "accepted") for number in (filed.number, UNKNOWN))
        assert found.status_code == unknown.status_code == 404
        assert words(found.content.decode()) == words(unknown.content.decode())


def test_an_opinion_that_was_taken_back_is_not_printed(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    act(filed.demand, "handler", "answer", ANSWER)
    act(filed.demand, "chief", "return", {"reason": "没有写明依据"})
    assert CitizenNotification.objects.get(letter="answered").state == NotificationState.RECALLED
    assert "answered" not in offered(city.receiver, filed.number)
    assert answer(city.receiver, filed.number, "answered").status_code == 404
    act(filed.demand, "handler", "answer", ANSWER | {"text": "依据是第三条。"})
    assert "依据是第三条。" in printed(city.receiver, filed.number, "answered")


def test_printing_is_on_the_timeline_of_officials_alone(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    printed(city.receiver, filed.number, "accepted")
    assert "打印了文书“受理告知书”" in page(city.leader, address(filed.number))
    assert "Printed the document “Notice of acceptance”" in page(city.leader, address(filed.number), ENGLISH)
    assert "打印" not in words(tracked(filed).split('id="timeline"')[-1])


def test_what_is_erased_is_not_printed(city: SimpleNamespace) -> None:
    filed = walk_to(State.CLOSED)
    assert offered(city.clerk, filed.number) == ["forwarded", "closed"]
    call_command("erase_person", filed.number, "--by", "chief", "--ground", "个人信息保护法第四十七条")
    assert offered(city.clerk, filed.number) == []
    assert answer(city.clerk, filed.number, "closed").status_code == 404

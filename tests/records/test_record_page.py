"""The page of a record is made from the declaration of its kind: an errand has no page of its own anywhere."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from records import links
from records.links import CONCERNS
from responsibility import obligations
from tests.chain_lab import at, event, sh
from tests.kinds.lab import errand, paper_kinds
from tests.kinds.models import Errand
from tests.people_lab import opens
from tests.reader import owed, part, reader, source, words

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]
DAY, LATER = "2026-09-15 10:00", "2026-09-16 10:00"
PATH, RUN = "/desk/errands/E-1/", "/desk/errands/E-1/acts/run/"
MOST = 15


@pytest.fixture(autouse=True)
def papers() -> Iterator[None]:
    with paper_kinds():
        yield


@pytest.fixture
def one(city: SimpleNamespace) -> Errand:
    """An errand of the department, by which an answer is owed."""
    with at(DAY) as now, transaction.atomic():
        event()
        made = errand("E-1", city.organ["department"])
        made.handler_id = city.post["handler"].pk
        made.save(update_fields=["handler"])
        obligations.open_(made.matter, "XF03", made.chain_subject(), now)
    return made


def card(html: str, heading: str) -> str:
    """The words of the card under this heading."""
    (found,) = [c for c in re.findall(r'<section class="card".*?</section>', html, re.S) if f"<h2>{heading}</h2>" in c]
    return words(found)


def test_a_page_has_a_head_the_kinds_own_card_and_those_of_every_kind(city: SimpleNamespace, one: Errand) -> None:
    with at(LATER):
        html = source(reader(city.handler), PATH)
    head = part(html, r'<div class="record-head">.*?<div class="record-grid">')
    assert head.startswith("跑一趟 E-1 待跑 ") and one.organ.name in head and "还有" in head
    assert card(html, "去哪里") == f"去哪里 到{one.organ.name}去，3天内回来"
    assert one.organ.name in owed(html, card(html, "期限").split()[1])
    assert "现在责任在这一级" in card(html, "责任链")
    assert card(html, "办理经过") == "办理经过" and "批示" not in words(html) and "相关事项" not in words(html)


def test_an_errand_of_others_has_no_page(city: SimpleNamespace, one: Errand) -> None:
    with at(LATER):
        assert not opens(city.outsider, PATH)
        assert reader(city.outsider).post(RUN, {"found": "酱油"}).status_code == 404


def test_an_act_is_done_on_the_page_and_told_by_its_timeline(city: SimpleNamespace, one: Errand) -> None:
    with at(LATER):
        browser = reader(city.handler)
        assert 'id="act-run"' in source(browser, PATH)
        done = browser.post(RUN, {"found": "酱油"}, follow=True)
        assert done.redirect_chain == [(PATH, 302)]
        html = done.content.decode()
    assert "已办理：跑完" in words(html) and "跑完了" in card(html, "办理经过")
    assert 'id="act-run"' not in html and "这一步不需要您办理。" in words(html)


def test_a_fault_keeps_the_page_and_what_was_typed(city: SimpleNamespace, one: Errand) -> None:
    with at(LATER):
        faulty = reader(city.handler).post(RUN, {"found": "长" * 101})
    html = faulty.content.decode()
    assert faulty.status_code == 422 and "长" * 101 in html and "去哪里" in html
    assert reader(city.handler).get(RUN)["Location"] == PATH, "an address for forms leads to their page"


def statements(city: SimpleNamespace) -> int:
    browser = reader(city.handler)
    browser.get(PATH)
    with CaptureQueriesContext(connection) as sent:
        assert browser.get(PATH).status_code == 200
    return len(sent)


def test_a_page_costs_the_same_however_much_happened(city: SimpleNamespace, one: Errand) -> None:
    with at(LATER):
        link_to(city, one, 1)
        few = statements(city)
        for item in range(1, 9):
            with transaction.atomic():
                event()
                obligations.open_(one.matter, "XF03", one.chain_subject(), sh(DAY), item=item)
            link_to(city, one, item + 1)
        assert statements(city) == few <= MOST


def link_to(city: SimpleNamespace, one: Errand, n: int) -> None:
    with transaction.atomic():
        event()
        other = errand(f"M-{n}", one.organ)
        links.link(one.matter, other.matter, CONCERNS.name, by=city.leader, at=sh(LATER))

"""What an official types into an act is never lost: neither by a reload, nor by a session that ends, nor by a colleague
who was quicker."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.test import Client

from massline.drafts.models import Draft
from petitions.models import Demand
from tests.city import act, walk_to
from tests.draft_lab import hidden_fields, keep, sign_in_again, signed_in, text

pytestmark = pytest.mark.django_db
WORDS = "电话里说每天夜里十一点以后最响，儿童无法入睡。"


@pytest.fixture
def demand(city: SimpleNamespace) -> Demand:
    return walk_to("handling").demand  # type: ignore[no-any-return]


@pytest.fixture
def handler(city: SimpleNamespace) -> Client:
    return signed_in(city.handler)


def page_of(demand: Demand) -> str:
    return f"/desk/petitions/{demand.number}/"


def act_of(demand: Demand, slug: str) -> str:
    return f"{page_of(demand)}acts/{slug}/"


def test_a_text_that_was_not_sent_is_there_after_a_reload(handler: Client, demand: Demand) -> None:
    page = page_of(demand)
    assert WORDS not in text(handler.get(page))
    answer = keep(handler, page, act_of(demand, "note"), text=WORDS)
    assert answer.status_code == 200 and answer.json()["saved"]
    shown = text(handler.get(page))
    assert WORDS in shown and "没有提交的内容" in shown
    assert 'id="act-note" open' in shown, "the act stands open"
    assert "note_text_error" not in shown, "half a text is not judged"


def test_it_can_be_thrown_away(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "note")
    keep(handler, page, address, text=WORDS)
    answer = handler.post("/drafts/drop/", hidden_fields(handler, page, address))
    assert answer.status_code == 303 and answer["Location"] == f"{page}#act-note"
    assert WORDS not in text(handler.get(page)) and not Draft.objects.exists()


def test_it_is_gone_once_it_is_sent(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "note")
    sent = hidden_fields(handler, page, address)
    keep(handler, page, address, text=WORDS)
    assert handler.post(address, sent | {"text": WORDS}).status_code == 302
    assert not Draft.objects.exists() and "没有提交的内容" not in text(handler.get(page))


def test_faults_lead_to_the_page_where_reload_and_back_work(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "unmask")
    answer = handler.post(address, hidden_fields(handler, page, address) | {"reason": "太短"})
    assert answer.status_code == 303 and answer["Location"] == f"{page}#error-summary-unmask"
    for _time in range(2):
        shown = text(handler.get(page))
        assert "太短" in shown and "理由至少十个字" in shown


def test_without_a_cookie_the_faults_stand_on_the_answer(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "unmask")
    sent = hidden_fields(handler, page, address)
    del handler.cookies["drafts"]
    answer = handler.post(address, sent | {"reason": "太短"})
    assert answer.status_code == 422 and "理由至少十个字" in text(answer)
    assert not Draft.objects.exists()


def test_a_session_that_ends_keeps_the_text_for_its_account(
    handler: Client, demand: Demand, city: SimpleNamespace
) -> None:
    page, address = page_of(demand), act_of(demand, "note")
    sent = hidden_fields(handler, page, address) | {"text": WORDS}
    del handler.cookies["sessionid"]
    answer = handler.post(address, sent, follow=True)
    assert answer.redirect_chain[0][0].startswith("/desk/sign-in/?next=/desk/petitions/")
    assert "您的内容已保留" in text(answer) and WORDS not in text(answer)
    sign_in_again(handler, city.chief)
    assert WORDS not in text(handler.get(page)), "another account is offered nothing"
    sign_in_again(handler, city.handler)
    assert WORDS in text(handler.get(page))


def test_without_a_cookie_an_ended_session_gives_the_text_back(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "note")
    sent = hidden_fields(handler, page, address) | {"text": WORDS}
    handler.cookies.clear()
    answer = handler.post(address, sent)
    assert answer.status_code == 403 and WORDS in text(answer) and "备注" in text(answer)
    assert not Draft.objects.exists()


def test_a_page_that_a_sign_in_made_too_old_keeps_the_text(city: SimpleNamespace, demand: Demand) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in_again(browser, city.handler)
    page, address = page_of(demand), act_of(demand, "note")
    sent = hidden_fields(browser, page, address) | {"text": WORDS, "csrfmiddlewaretoken": "x" * 64}
    answer = browser.post(address, sent, follow=True)
    assert "页面已过期" in text(answer) and WORDS in text(answer)
    assert answer.redirect_chain == [(f"{page}#act-note", 303)]


def test_an_act_that_came_too_late_shows_its_text_and_what_happened(
    handler: Client, demand: Demand, city: SimpleNamespace
) -> None:
    page, address = page_of(demand), act_of(demand, "ask")
    sent = hidden_fields(handler, page, address) | {"question": WORDS}
    withdraw(demand)
    answer = handler.post(address, sent)
    assert answer.status_code == 303 and answer["Location"] == f"{page}#refused-ask"
    for _time in range(2):
        shown = text(handler.get(page))
        assert WORDS in shown and "没有办成" in shown and "撤回" in shown


def a_quarter_of_an_hour_passes() -> None:
    Draft.objects.update(saved_at=F("saved_at") - timedelta(minutes=15))


def test_who_comes_later_finds_the_text_and_no_old_alarm(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "ask")
    sent = hidden_fields(handler, page, address) | {"question": WORDS}
    withdraw(demand)
    handler.post(address, sent)
    a_quarter_of_an_hour_passes()
    shown = text(handler.get(page))
    assert WORDS in shown and "写过的内容" in shown
    assert "没有办成" not in shown and "note warn" not in shown and "autofocus" not in shown


def test_who_comes_later_finds_a_faulty_text_unjudged(handler: Client, demand: Demand) -> None:
    page, address = page_of(demand), act_of(demand, "unmask")
    handler.post(address, hidden_fields(handler, page, address) | {"reason": "太短"})
    a_quarter_of_an_hour_passes()
    shown = text(handler.get(page))
    assert "太短" in shown and "没有提交的内容" in shown and "理由至少十个字" not in shown


def test_what_came_too_late_can_be_kept_as_a_note(handler: Client, demand: Demand, city: SimpleNamespace) -> None:
    page, address = page_of(demand), act_of(demand, "ask")
    sent = hidden_fields(handler, page, address) | {"question": WORDS}
    withdraw(demand)
    handler.post(address, sent)
    answer = handler.post("/drafts/", hidden_fields(handler, page, "/drafts/") | {"text": WORDS})
    assert answer.status_code == 303 and answer["Location"] == f"{page}#act-note"
    shown = text(handler.get(page))
    assert WORDS in shown and "没有办成" not in shown


def withdraw(demand: Demand) -> None:
    act(demand, "citizen", "withdraw", {"reason": "问题已经解决，不再反映。"})

"""Forms of the desk beside the acts on a record: settings, letters, files. None loses what was chosen or typed."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from citizens.models import CitizenNotification
from massline.keys import key_of
from responsibility.models import Preference
from tests.city import tell_all, walk_to
from tests.draft_lab import hidden_fields, keep, sign_in_again, signed_in, text
from tests.file_lab import pdf

pytestmark = pytest.mark.django_db
SETTINGS = "/desk/preferences/"
LETTERS, MANY = "/desk/letters/", "/desk/petitions/bulk/"
TOO_BAD = "han 在 example.org"


def session_ends(browser: Client) -> None:
    del browser.cookies["sessionid"]


# --- Settings -----------------------------------------------------------------------------------------------------
def test_the_settings_keep_an_address_when_the_session_ends(city: SimpleNamespace) -> None:
    browser = signed_in(city.handler)
    sent = hidden_fields(browser, SETTINGS) | {"email": "han@example.org", "digest_hour": "8"}
    session_ends(browser)
    assert "您的内容已保留" in text(browser.post(SETTINGS, sent, follow=True))
    sign_in_again(browser, city.handler)
    page = text(browser.get(SETTINGS))
    assert 'value="han@example.org"' in page and 'value="8" selected' in page
    assert not Preference.objects.exists()


def test_a_faulty_address_leads_to_a_page_that_can_be_reloaded(city: SimpleNamespace) -> None:
    browser = signed_in(city.handler)
    answer = browser.post(SETTINGS, hidden_fields(browser, SETTINGS) | {"email": TOO_BAD})
    assert answer.status_code == 303 and answer["Location"] == f"{SETTINGS}#error-summary"
    for _time in range(2):
        page = text(browser.get(SETTINGS))
        assert f'value="{TOO_BAD}"' in page and 'id="error-summary"' in page


# --- Letters ------------------------------------------------------------------------------------------------------
def test_a_letter_keeps_what_was_chosen_and_typed(city: SimpleNamespace) -> None:
    walk_to("forwarded", told=False)
    letter, browser = CitizenNotification.objects.get(state="waiting"), signed_in(city.clerk)
    tell, cannot = f"{LETTERS}{key_of('letter', letter.pk)}/", f"{LETTERS}{key_of('letter', letter.pk)}/cannot/"
    keep(browser, LETTERS, tell, how="letter")
    sent = hidden_fields(browser, LETTERS, f"{cannot}#letter-{key_of('letter', letter.pk)}")
    typed = {"unclear": "address", "reason": "信封退回两次，门牌号已不存在。"}
    session_ends(browser)
    assert "您的内容已保留" in text(browser.post(cannot, sent | typed, follow=True))
    sign_in_again(browser, city.clerk)
    page = text(browser.get(LETTERS))
    assert 'value="letter" selected' in page and typed["reason"] in page


def test_a_colleague_who_told_the_letter_takes_no_text_away(city: SimpleNamespace) -> None:
    """Not even one that was not finished: the form that asks for the rest stands in the queue no more."""
    demand, browser = walk_to("forwarded", told=False).demand, signed_in(city.clerk)
    key = key_of("letter", CitizenNotification.objects.get(state="waiting").pk)
    sent = hidden_fields(browser, LETTERS, f"{LETTERS}{key}/cannot/#letter-{key}") | {"reason": "信封退回两次。"}
    tell_all(demand)
    CitizenNotification.objects.update(told_by=city.chief)
    answer = browser.post(f"{LETTERS}{key}/cannot/", sent)
    assert answer.status_code == 409 and "信封退回两次。" in text(answer)


# --- Many at once -------------------------------------------------------------------------------------------------
def forwarding(city: SimpleNamespace, **more: str) -> dict[str, Any]:
    """What is sent of two petitions, one of which can be forwarded and the other not."""
    numbers = [walk_to(state).number for state in ("registered", "closed")]
    browser = signed_in(city.clerk)
    page = text(browser.post(MANY, {"number": numbers}))
    (token,) = re.findall(r'name="draft" value="([^"]+)"', page)
    sent = {"number": numbers, "draft": token, "note": "按辖区办理，月底前回复。"} | more
    return {"page": text(browser.post(MANY, sent)), "sent": sent}


def test_a_page_of_many_that_is_sent_without_an_act_keeps_the_words(city: SimpleNamespace) -> None:
    """Enter in a check box presses no act; nor is anything judged then."""
    shown = forwarding(city, act="")
    assert shown["sent"]["note"] in shown["page"] and 'class="error"' not in shown["page"]


def test_what_could_not_be_done_to_some_is_tried_again_with_the_same_words(city: SimpleNamespace) -> None:
    shown = forwarding(city, act="forward", organ="department")
    assert "办理 1 件，此前已办 0 件，未办成 1 件" in shown["page"]
    assert shown["sent"]["note"] in shown["page"] and 'value="department" selected' in shown["page"]


# --- Files --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("script", [True, False])
def test_a_file_that_comes_after_the_session_says_so(city: SimpleNamespace, script: bool) -> None:
    """And is no fault of the network: the answer is none that the script cannot read."""
    number = walk_to("handling").number
    page = f"/desk/petitions/{number}/"
    browser, said = Client(), "登录已失效，文件没有添加"
    sent: dict[str, Any] = {"file": SimpleUploadedFile("现场.pdf", pdf())}
    if script:
        answer = browser.post(f"{page}files/", sent, headers={"Accept": "application/json"})
        assert answer.status_code == 403 and said in answer.json()["message"]
    else:
        answer = browser.post(f"{page}files/", sent, follow=True)
        assert answer.redirect_chain[0][0] == f"/desk/sign-in/?next={page}files/"
        assert said in text(answer)

"""What a citizen types into the filing form is there after a reload, a fault, another language; and gone once it is
filed, or when they say that they are finished on this device."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from citizens.public_sides import public_side
from massline.drafts.models import Draft
from petitions.models import Demand, Petition
from responsibility import content_classes
from tests.draft_lab import hidden_fields, keep, text
from tests.petitions.test_public_pages import FORM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
PAGE = "/file/matter/"
TYPED = {
    "title": "楼道照明长期不亮",
    "body": "三单元楼道灯坏了两个月，\n多次找物业无果。",
    "complained-0-name": "幸福里物业",
}


@pytest.fixture
def citizen() -> Client:
    return Client()


def assert_typed(page: str) -> None:
    for words in TYPED.values():
        assert words in page


def test_a_reload_keeps_what_was_typed_and_judges_nothing(citizen: Client) -> None:
    assert keep(citizen, PAGE, **TYPED).status_code == 200
    page = text(citizen.get(PAGE))
    assert_typed(page)
    assert "没有提交的内容" in page and "error-summary" not in page and 'class="error"' not in page


def test_another_browser_is_offered_nothing(citizen: Client) -> None:
    keep(citizen, PAGE, **TYPED)
    assert "幸福里物业" not in text(Client().get(PAGE))


def test_a_fault_leads_to_a_page_that_can_be_reloaded(citizen: Client) -> None:
    answer = citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED)
    assert answer.status_code == 303 and answer["Location"] == f"{PAGE}#error-summary"
    for _time in range(2):
        page = text(citizen.get(PAGE))
        assert_typed(page)
        assert "error-summary" in page and "请填写：姓名" in page
        assert "没有提交的内容" not in page, "what is wrong is said, not that it came back"


def test_the_faults_are_said_in_the_language_of_the_page(citizen: Client) -> None:
    sent = hidden_fields(citizen, PAGE) | TYPED
    citizen.post(PAGE, sent)
    answer = citizen.post("/drafts/", sent | {"redraw": "language:en"})
    assert answer.status_code == 303 and answer["Location"] == f"{PAGE}#language"
    page = text(citizen.get(PAGE))
    assert_typed(page)
    assert 'lang="en"' in page


@pytest.mark.parametrize(("redraw", "shown"), [("language:en", 'lang="en"'), ("size:large", 'data-size="large"')])
def test_language_and_size_redraw_the_form_with_its_text(citizen: Client, redraw: str, shown: str) -> None:
    page = text(citizen.get(PAGE))
    assert f'name="redraw" value="{redraw}"' in page, "the button is there without script"
    answer = citizen.post("/drafts/", hidden_fields(citizen, PAGE) | TYPED | {"redraw": redraw}, follow=True)
    assert_typed(text(answer))
    assert shown in text(answer)


def test_what_was_filed_is_offered_no_more(citizen: Client) -> None:
    sent = hidden_fields(citizen, PAGE)
    keep(citizen, PAGE, **TYPED)
    assert Draft.objects.count() == 1
    answer = citizen.post(PAGE, FORM | sent)
    assert answer["Location"] == "/receipt/" and Petition.objects.count() == 1
    assert not Draft.objects.exists() and "幸福里物业" not in text(citizen.get(PAGE))


def test_what_was_filed_before_is_filed_again_only_when_it_is_meant(citizen: Client) -> None:
    citizen.post(PAGE, FORM | hidden_fields(citizen, PAGE))
    answer = citizen.post(PAGE, FORM | hidden_fields(citizen, PAGE), follow=True)
    assert "同样的内容刚才已经提交成功" in text(answer) and Petition.objects.count() == 1
    meant = fields_of(text(answer))
    assert meant["again"] == "1"
    assert citizen.post(PAGE, FORM | meant)["Location"] == "/receipt/" and Petition.objects.count() == 2


def fields_of(page: str) -> dict[str, Any]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def test_who_is_finished_on_this_device_leaves_nothing(citizen: Client) -> None:
    keep(citizen, PAGE, **TYPED)
    answer = citizen.post("/drafts/finish/", follow=True)
    assert "都已清除" in text(answer) and not Draft.objects.exists()
    assert not citizen.cookies["drafts"].value
    assert "幸福里物业" not in text(citizen.get(PAGE))


@pytest.fixture
def none_kept() -> Iterator[None]:
    """The form of petitions, as if its kind kept no drafts; frozen like every declaration."""
    form = public_side("petition").form
    object.__setattr__(form, "drafts", False)
    yield
    object.__setattr__(form, "drafts", True)


@pytest.mark.usefixtures("none_kept")
def test_a_kind_may_keep_none(citizen: Client) -> None:
    page = text(citizen.get(PAGE))
    assert 'name="draft"' not in page and 'name="redraw"' not in page and "drafts" not in citizen.cookies
    assert citizen.post(PAGE, TYPED).status_code == 422, "a fault is shown at once"


# --- The box of classes -------------------------------------------------------------------------------------------
def filed_with(citizen: Client, **given: str) -> Any:
    return citizen.post(PAGE, FORM | hidden_fields(citizen, PAGE) | {"category": ""} | given, follow=True)


def test_words_that_were_typed_and_not_chosen_come_back(citizen: Client) -> None:
    page = text(filed_with(citizen, category_words="路灯总是坏"))
    assert "“路灯总是坏”还没有选定类别" in page and 'data-typed="路灯总是坏"' in page
    assert not Petition.objects.exists()


def test_words_that_name_one_class_choose_it(citizen: Client) -> None:
    named = next(one for one in content_classes.table().values() if not content_classes.children().get(one.code))
    assert "/receipt/" in str(filed_with(citizen, category_words=f" {named.name_zh} ").redirect_chain)
    assert Demand.objects.get().category == named.code

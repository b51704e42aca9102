"""Before a petition is filed, the citizen reads all of it on one page, and can change each answer."""

import re
from typing import Any

import pytest
from django.test import Client

from petitions.models import Petition
from tests.draft_lab import hidden_fields, text
from tests.petitions.test_public_pages import FORM
from tests.reader import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
PAGE = "/file/matter/"
CHECK = "/file/matter/?check"
TYPED = {name: value for name, value in FORM.items() if name not in ("checked", "nonce", "altcha")}
AS_READ = (
    "请求解决问题（投诉、求助）", "楼道照明长期不亮", "三单元楼道灯坏了两个月。", "请尽快修好", "试水市", "幸福里3号楼",
    "幸福里物业", "王某 · 幸福里物业", "宋试民", "13900000000", "短信",
)  # fmt: skip


@pytest.fixture
def citizen() -> Client:
    return Client()


def to_check(citizen: Client, **more: str) -> Any:
    """Sends the form as a browser that keeps drafts does."""
    return citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED | more)


def test_it_is_shown_as_it_will_be_filed_and_filed_from_there(citizen: Client) -> None:
    answer = to_check(citizen)
    assert (answer.status_code, answer["Location"]) == (303, CHECK) and not Petition.objects.exists()
    read = words(text(citizen.get(CHECK)))
    for answered in AS_READ:
        assert answered in read
    assert "电子邮箱 没有填写" in read and "城乡" in read
    sent = hidden_fields(citizen, CHECK, PAGE)
    assert [citizen.post(PAGE, sent)["Location"] for _press in range(2)] == ["/receipt/"] * 2
    petition = Petition.objects.get()
    assert (petition.title, petition.body, petition.place) == (FORM["title"], FORM["body"], FORM["place"])
    assert petition.filing.complained.count() == 2
    assert citizen.get(CHECK)["Location"] == PAGE, "what was filed is not there to be filed once more"


def test_a_change_leads_to_its_field_with_everything_typed(citizen: Client) -> None:
    to_check(citizen)
    page = text(citizen.get(CHECK))
    targets = re.findall(r'name="change" value="([^"]+)"', page)
    form = text(citizen.get(PAGE))
    assert len(targets) > 12 and all(f'id="{target}"' in form for target in targets)
    answer = citizen.post(PAGE, hidden_fields(citizen, CHECK, PAGE) | {"change": "id_title"})
    assert answer["Location"] == f"{PAGE}#id_title" and not Petition.objects.exists()
    back = text(citizen.get(PAGE))
    assert FORM["title"] in back and FORM["body"] in back and "error-summary" not in back


def test_it_works_in_a_browser_that_keeps_nothing(citizen: Client) -> None:
    page = text(citizen.post(PAGE, TYPED | {"nonce": "one"}))
    assert "核对后提交" in page and not Petition.objects.exists()
    sent = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    changed = text(Client().post(PAGE, sent | {"change": "id_title"}))
    assert FORM["body"] in changed and 'name="title"' in changed
    assert Client().post(PAGE, sent)["Location"] == "/receipt/"
    assert Petition.objects.get().filing.complained.count() == 2


def test_faults_lead_to_the_form_and_not_to_the_check(citizen: Client) -> None:
    assert to_check(citizen, phone="12")["Location"] == f"{PAGE}#error-summary"
    assert citizen.get(CHECK)["Location"] == PAGE
    assert "error-summary" in text(citizen.get(PAGE))


def test_what_is_forged_on_the_check_page_is_judged_again(citizen: Client) -> None:
    to_check(citizen)
    sent = hidden_fields(citizen, CHECK, PAGE) | {"phone": "12"}
    assert citizen.post(PAGE, sent)["Location"] == f"{PAGE}#error-summary" and not Petition.objects.exists()


def test_too_many_are_told_so_where_they_pressed(citizen: Client, settings: Any) -> None:
    settings.FILING_LIMIT = 0
    to_check(citizen)
    answer = citizen.post(PAGE, hidden_fields(citizen, CHECK, PAGE))
    assert answer["Location"] == CHECK
    assert "提交得太多了" in text(citizen.get(CHECK)) and not Petition.objects.exists()


@pytest.mark.parametrize(("redraw", "shown"), [("language:en", 'lang="en"'), ("size:large", 'data-size="large"')])
def test_language_and_size_stay_on_the_check(citizen: Client, redraw: str, shown: str) -> None:
    to_check(citizen)
    answer = citizen.post("/drafts/", hidden_fields(citizen, CHECK, PAGE) | {"redraw": redraw}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{CHECK}#{redraw.partition(':')[0]}", "the button keeps the focus"
    assert shown in text(answer) and FORM["title"] in text(answer)

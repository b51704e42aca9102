"""A citizen need not know the class of their matter: until it is registered, it is shown as not yet classified."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from massline.acts import Invalid
from petitions.models import Demand
from tests.api import FILING, Api
from tests.city import REGISTER, act, file_petition
from tests.petitions.test_public_pages import FORM
from tests.reader import CHINESE, ENGLISH, page, reader, row, source
from tests.reports.test_dashboard import look

pytestmark = pytest.mark.django_db
NOT_YET = {CHINESE: "待分类", ENGLISH: "Not yet classified"}


@pytest.fixture
def open_one(city: SimpleNamespace) -> Any:
    return file_petition(category="")


def test_the_page_offers_not_to_know(city: SimpleNamespace, citizen: Client) -> None:
    shown = source(citizen, "/file/matter/")
    assert '<option value="" selected>我不清楚</option>' in shown
    assert citizen.post("/file/matter/", FORM | {"category": ""})["Location"] == "/receipt/"
    assert Demand.objects.get().category == ""


@pytest.mark.parametrize("given", [{}, {"category": None}, {"category": ""}])
def test_programs_leave_it_out(city: SimpleNamespace, given: dict[str, Any]) -> None:
    body = {name: value for name, value in FILING.items() if name != "category"} | given
    assert Api().post("/public/petitions/", body).status_code == 201
    assert Demand.objects.get().category == ""


@pytest.mark.parametrize("language", NOT_YET)
def test_officials_read_that_it_is_not_yet_classified(city: SimpleNamespace, open_one: Any, language: str) -> None:
    said, client = NOT_YET[language], reader(city.clerk, language)
    assert said in row(source(client, "/desk/ledger/?category=none"), open_one.number)
    assert said in page(city.clerk, f"/desk/petitions/{open_one.number}/", language)


def test_the_ledger_is_narrowed_to_what_waits_for_a_class(city: SimpleNamespace, open_one: Any) -> None:
    other = file_petition()
    found = source(reader(city.clerk), "/desk/ledger/?category=none")
    assert open_one.number in found and other.number not in found
    rows = Api(city.clerk).get("/petitions/", {"category": "none"}).json()["results"]
    assert [(each["number"], each["category"], each["category_name"]) for each in rows] == [
        (open_one.number, None, "待分类")
    ]


def test_figures_count_it_on_a_line_of_its_own(city: SimpleNamespace, open_one: Any) -> None:
    line = row(look(city.clerk), "category=none")
    assert line.startswith("待分类 1")


def test_it_is_registered_with_a_class_alone(city: SimpleNamespace, open_one: Any) -> None:
    with pytest.raises(Invalid) as refused:
        act(open_one.demand, "clerk", "register", REGISTER | {"category": ""})
    assert list(refused.value.errors) == ["category"]
    act(open_one.demand, "clerk", "register", REGISTER)
    assert Demand.objects.get().category == REGISTER["category"]

"""Accusations (检举控告) are not received here: the first question, where to turn, and what programs hear."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client

from petitions.models import Petition
from responsibility.duties import DISCIPLINE
from responsibility.models import Organ, OrganKind, Region
from tests.api import FILING, Api
from tests.city import has_duty
from tests.petitions.test_public_pages import FORM

pytestmark = pytest.mark.django_db
NUMBERS = ("12388", "12380", "12309", "110")
TYPED = re.compile(r"<(?:textarea|select|input(?![^>]*type=\"hidden\"))")


def page_of(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def discipline(city: SimpleNamespace) -> Organ:
    organ = Organ.objects.create(
        code="jiwei", name="试水市纪委监委", kind=OrganKind.DEPARTMENT, region=city.region["990100000000"],
        address="清风路6号", telephone="0000-8800388", hours="工作日 8:30—12:00",
    )  # fmt: skip
    return has_duty(organ, DISCIPLINE)


# --- The first question -------------------------------------------------------------------------------------------
def test_the_form_begins_with_a_question_about_the_situation(city: SimpleNamespace) -> None:
    """Three plain links, so that it works without script."""
    main = page_of("/file/").split("<main")[1].split("</main")[0]
    assert re.findall(r'href="([^"]+)"', main) == ["/file/matter/", "/where-to-turn/", "/file/both/"]
    assert not TYPED.search(main)


def test_who_has_both_reads_what_not_to_write_even_after_a_fault(city: SimpleNamespace) -> None:
    word = "谁违纪违法、有什么证据和线索，请不要写在这里"
    assert word in page_of("/file/both/") and word not in page_of("/file/matter/")
    faulty = Client().post("/file/both/", FORM | {"title": ""})
    assert faulty.status_code == 422 and word in unescape(faulty.content.decode())
    assert Client().post("/file/both/", FORM).headers["Location"] == "/receipt/"


def test_no_form_offers_an_accusation(city: SimpleNamespace) -> None:
    clerk = Client()
    clerk.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    for client, path in ((Client(), "/file/matter/"), (Client(), "/file/both/"), (clerk, "/desk/petitions/new/")):
        page = client.get(path).content.decode()
        assert 'value="request"' in page and 'value="accusation"' not in page
    assert Client().post("/file/matter/", FORM | {"purpose": "accusation"}).status_code == 422
    assert not Petition.objects.exists()


# --- Where to turn ------------------------------------------------------------------------------------------------
def test_the_signpost_says_where_to_turn_and_lets_nothing_be_typed(city: SimpleNamespace) -> None:
    discipline(city)
    page = page_of("/where-to-turn/")
    for said in (*NUMBERS, "试水市纪委监委", "清风路6号", "0000-8800388", "工作日 8:30—12:00"):
        assert said in page, said
    assert page.index("110") < page.index("12388"), "danger comes first"
    assert not TYPED.search(page)
    english = page_of("/where-to-turn/", Accept_Language="en")
    assert "Where to report misconduct" in english and all(number in english for number in NUMBERS)


def test_an_organ_that_is_no_more_is_no_place_to_turn_to(city: SimpleNamespace) -> None:
    organ = discipline(city)
    organ.valid_until = "2026-01-01"
    organ.save()
    assert "试水市纪委监委" not in page_of("/where-to-turn/")


def test_the_organs_of_a_province_stand_before_the_citys(city: SimpleNamespace) -> None:
    discipline(city)
    province = Region.objects.create(code="990000000000", name="试水省")
    above = Organ.objects.create(code="above", name="试水省纪委监委", kind=OrganKind.DEPARTMENT, region=province)
    has_duty(above, DISCIPLINE)
    page = page_of("/where-to-turn/")
    assert page.index("试水省纪委监委") < page.index("试水市纪委监委")


# --- Programs -------------------------------------------------------------------------------------
def test_rest_answers_an_accusation_with_the_directions_and_keeps_nothing(city: SimpleNamespace) -> None:
    discipline(city)
    answer = Api().post("/public/petitions/", FILING | {"purpose": "accusation"}, Idempotency_Key="accusation-1")
    problem = answer.json()
    assert answer.status_code == 422 and list(problem["errors"]) == ["purpose"]
    assert all(number in problem["detail"] for number in NUMBERS)
    listed = {place["telephone"]: place for place in problem["where_to_turn"]}
    assert {*listed} == {"12388", "12380", "12309", "0000-8800388"}
    assert listed["0000-8800388"]["address"] == "清风路6号"
    assert problem["page"] == "/where-to-turn/" and not Petition.objects.exists()
    assert Api().post("/public/petitions/", FILING, Idempotency_Key="accusation-1").status_code == 201


def test_an_accusation_is_refused_whatever_else_is_wrong(city: SimpleNamespace) -> None:
    assert "where_to_turn" in Api().post("/public/petitions/", {"purpose": "accusation"}).json()
    assert "where_to_turn" not in Api().post("/public/petitions/", {"purpose": ["accusation"]}).json()

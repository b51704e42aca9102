"""Nobody's organ is chosen beforehand when something is forwarded: the first of a list is not where it belongs."""

import re
from types import SimpleNamespace

import pytest

from petitions.models import Demand, State
from tests.api import Api
from tests.city import walk_to
from tests.reader import reader, source, words

pytestmark = pytest.mark.django_db
SELECT = re.compile(r'<select name="organ".*?</select>', re.S)
OPTION = re.compile(r"<option(?P<attributes>[^>]*)>(?P<label>[^<]*)</option>")


def first_choice(html: str) -> tuple[str, str]:
    """What a browser sends of the list when nobody touches it."""
    select = SELECT.findall(html)[0]
    options = [(m["attributes"], m["label"].strip()) for m in OPTION.finditer(select)]
    attributes, label = next((each for each in options if "selected" in each[0]), options[0])
    value = re.search(r'value="([^"]*)"', attributes)
    assert value
    return value[1], label


def test_the_page_sends_no_organ_until_one_is_chosen(city: SimpleNamespace) -> None:
    filed, clerk = walk_to(State.REGISTERED), reader(city.clerk)
    path = f"/desk/petitions/{filed.number}/"
    assert first_choice(source(clerk, path)) == ("", "请选择")
    refused = clerk.post(f"{path}acts/forward/", {"organ": "", "note": "请依法办理"})
    assert refused.status_code == 422 and "请依法办理" in words(refused.content.decode()), "nothing typed is lost"
    assert Demand.objects.get().state == State.REGISTERED


def test_neither_does_the_page_for_many(city: SimpleNamespace) -> None:
    filed, clerk = walk_to(State.REGISTERED), reader(city.clerk)
    chosen = {"number": [filed.number]}
    page = clerk.post("/desk/petitions/bulk/", chosen).content.decode()
    assert first_choice(page) == ("", "请选择")
    refused = clerk.post("/desk/petitions/bulk/", chosen | {"act": "forward", "organ": "", "note": ""})
    assert refused.status_code == 422 and Demand.objects.get().state == State.REGISTERED


@pytest.mark.parametrize("body", [{}, {"organ": ""}, {"organ": None}, {"note": "请办理"}])
def test_rest_asks_for_the_organ(city: SimpleNamespace, body: dict[str, object]) -> None:
    filed, api = walk_to(State.REGISTERED), Api(city.clerk)
    one = api.post(f"/petitions/{filed.number}/acts/forward/", body)
    assert one.status_code == 422 and "organ" in one.json()["errors"]
    many = api.post("/petitions/bulk/acts/forward/", body | {"numbers": [filed.number]})
    (result,) = many.json()["results"]
    assert result["status"] == "refused" and "organ" in result["problem"]["errors"]
    assert Demand.objects.get().state == State.REGISTERED
    fields = api.get(f"/petitions/{filed.number}/").json()["acts"][0]["fields"]
    organ = next(field for field in fields if field["name"] == "organ")
    assert organ["required"] and "" not in [choice["value"] for choice in organ["choices"]]

"""Entering a letter, visit or call: the code goes the way that the petition came, and one page registers it."""

from types import SimpleNamespace
from typing import Any

import pytest

from petitions.models import Demand
from tests.petitions.test_public_pages import FORM
from tests.reader import reader, words

pytestmark = pytest.mark.django_db


def entered(user: Any, **more: Any) -> str:
    answer = reader(user).post("/desk/petitions/new/", FORM | more)
    assert answer.status_code == 201
    return words(answer.content.decode())


@pytest.mark.parametrize(
    ("channel", "said"), [("letter", "随回信寄出"), ("visit", "当面交给信访人"), ("phone", "在电话里")]
)
def test_the_code_goes_the_way_that_the_petition_came(city: SimpleNamespace, channel: str, said: str) -> None:
    others = {"随回信寄出", "当面交给信访人", "在电话里"} - {said}
    shown = entered(city.clerk, channel=channel)
    assert said in shown and not any(each in shown for each in others)


def test_one_page_registers_where_the_clerk_may_and_else_says_who_does(city: SimpleNamespace) -> None:
    assert "来件已经登记，不用再登记。" in entered(city.clerk, channel="letter")
    assert Demand.objects.get().state == "registered"
    elsewhere = entered(city.clerk, channel="letter", region="990102000000", nonce="another")
    assert "由东区信访局核对、登记，您不用再登记。" in elsewhere
    assert Demand.objects.latest("pk").state == "received"

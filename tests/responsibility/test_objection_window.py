"""Until when an organ may object that a petition is not its own (第二十三条第三款): five working days from the day on
which it arrived there, whatever went before. All days by hand, of weeks without a holiday.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.api import Api
from tests.chain_lab import at
from tests.city import REGISTER, TO_DEPARTMENT, act, file_petition

pytestmark = pytest.mark.django_db
REASON = {"reason": "不属于本单位职责"}


@pytest.fixture
def waited(city: SimpleNamespace) -> Any:
    """Filed on Monday, 22 June 2026, and forwarded nine days later: on Wednesday, 1 July."""
    with at("2026-06-22 10:00"):
        filed = file_petition()
        act(filed.demand, "clerk", "register", REGISTER)
    with at("2026-07-01 16:00"):
        act(filed.demand, "clerk", "forward", TO_DEPARTMENT)
    return filed


def offered(user: Any, number: str) -> bool:
    return "object" in {one["slug"] for one in Api(user).get(f"/petitions/{number}/").json()["acts"]}


def objects(user: Any, number: str) -> tuple[int, str]:
    answer = Api(user).post(f"/petitions/{number}/acts/object/", REASON)
    return answer.status_code, answer.json().get("title", "") + answer.json().get("detail", "")


def test_it_runs_from_arrival_and_not_from_receipt(city: SimpleNamespace, waited: Any) -> None:
    """2, 3, 6, 7 and 8 July are the five days; the eighth lasts until midnight."""
    with at("2026-07-09 00:00"):
        assert not offered(city.receiver, waited.number)
        status, said = objects(city.receiver, waited.number)
        assert status == 409 and "2026年7月8日" in said
    with at("2026-07-08 23:59"):
        assert offered(city.receiver, waited.number)
        assert objects(city.receiver, waited.number)[0] == 200


def test_an_objection_that_was_dismissed_begins_no_new_window(city: SimpleNamespace, waited: Any) -> None:
    with at("2026-07-07 10:00"):
        act(waited.demand, "receiver", "object", REASON)
    with at("2026-07-08 15:00"):
        act(waited.demand, "chief", "decide_objection", {"agree": "false", "reason": "属于"})
        assert offered(city.receiver, waited.number)
    with at("2026-07-09 00:00"):
        assert not offered(city.receiver, waited.number)


def test_the_next_organ_has_five_days_of_its_own(city: SimpleNamespace, waited: Any) -> None:
    """It arrives on Wednesday, 15 July: 16, 17, 20, 21 and 22 July."""
    with at("2026-07-07 10:00"):
        act(waited.demand, "receiver", "object", REASON)
    with at("2026-07-15 09:00"):
        act(waited.demand, "chief", "decide_objection", {"agree": "true", "reason": "确不属于"})
        act(waited.demand, "clerk", "forward", {"organ": "other", "note": ""})
        assert offered(city.other_receiver, waited.number)
    with at("2026-07-23 00:00"):
        assert not offered(city.other_receiver, waited.number)
        status, said = objects(city.other_receiver, waited.number)
        assert status == 409 and "2026年7月22日" in said
    with at("2026-07-22 23:59"):
        assert objects(city.other_receiver, waited.number)[0] == 200


def test_the_same_organ_has_five_more_days_when_it_comes_back(city: SimpleNamespace, waited: Any) -> None:
    with at("2026-07-07 10:00"):
        act(waited.demand, "receiver", "object", REASON)
    with at("2026-07-15 09:00"):
        act(waited.demand, "chief", "decide_objection", {"agree": "true", "reason": "确不属于"})
        act(waited.demand, "clerk", "forward", TO_DEPARTMENT)
    with at("2026-07-22 23:59"):
        assert offered(city.receiver, waited.number)
    with at("2026-07-23 00:00"):
        assert not offered(city.receiver, waited.number)

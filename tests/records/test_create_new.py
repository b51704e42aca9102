"""A record that no other one led to is entered on its kind's own page, at `desk/{plural}/new/`."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from audit.models import AuditEvent
from tests.reader import reader
from tests.repairs.models import Repair
from tests.shared.kinds import all_kinds

pytestmark = pytest.mark.django_db
PAGE = "/desk/repairs/new/"
KEY = re.compile(r'name="request" value="([^"]+)"')


@pytest.fixture(autouse=True)
def repairs() -> Iterator[None]:
    with all_kinds():
        yield


def test_whoever_may_enter_one_comes_to_its_page_and_twice_sent_is_entered_once(city: SimpleNamespace) -> None:
    desk = reader(city.leader)
    key = KEY.search(desk.get(PAGE).content.decode())
    assert key
    sent = {"title": "大门关不上", "request": key[1]}
    first, second = desk.post(PAGE, sent), desk.post(PAGE, sent)
    made = Repair.objects.get()
    assert first["Location"] == second["Location"] == f"/desk/repairs/{made.number}/"
    assert "大门关不上" in desk.get(first["Location"]).content.decode()


def test_a_fault_keeps_what_was_typed(city: SimpleNamespace) -> None:
    answer = reader(city.leader).post(PAGE, {"title": "门" * 51, "request": "a key"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "门" * 51 in page and 'value="a key"' in page
    assert 'href="/desk/repairs/"' in page, "back to the list"


def test_whoever_may_not_is_refused_and_that_is_on_record(city: SimpleNamespace) -> None:
    assert reader(city.handler).get(PAGE).status_code == 403
    assert AuditEvent.objects.latest("pk").name == "create_refused"
    assert reader(city.handler).post(PAGE, {"title": "大门关不上"}).status_code == 403
    assert not Repair.objects.exists()

"""What is over is in nobody's hands: no handler, no period, and no organ that is at work on it."""

from types import SimpleNamespace

import pytest

from petitions.models import State
from tests.city import walk_to
from tests.reader import page, reader, row, source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "shown"), [(State.HANDLING, True), (State.CLOSED, False)])
def test_nobody_handles_what_is_over(city: SimpleNamespace, state: str, shown: bool) -> None:
    filed = walk_to(state)
    name = city.handler.name
    line = row(source(reader(city.clerk), "/desk/ledger/"), filed.number)
    assert ((name in line), ("正常" in line)) == (shown, shown)
    assert "无期限" not in line
    head = source(reader(city.clerk), f"/desk/petitions/{filed.number}/").partition('class="record-grid"')[0]
    assert (f"· {name}" in head) == shown


def test_a_list_that_filters_left_empty_offers_to_drop_them(city: SimpleNamespace) -> None:
    assert "没有符合条件的事项。 清除条件，看全部" in page(city.clerk, "/desk/ledger/?state=closed")
    assert "清除条件" not in page(city.clerk, "/desk/ledger/")

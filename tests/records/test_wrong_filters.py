"""A filter in an address that nobody understands narrows nothing, and the page says so instead of leaving it out."""

from types import SimpleNamespace

import pytest

from tests.city import file_petition
from tests.kinds.lab import paper_kinds
from tests.reader import ENGLISH, page, reader, source, words

pytestmark = pytest.mark.django_db
SAID = "这些筛选条件没有看懂，没有用上："


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("received_from=abc", "收到日，自（abc）。"),
        ("cohort=zzz&q=楼道", "统计指标（zzz）。"),
        ("state=zzz&overdue=perhaps", "状态（zzz）、期限（perhaps）。"),
        ("overdeu=true", "overdeu。"),
        ("state=" + "z" * 100, f"状态（{'z' * 40}）。"),
    ],
)
def test_the_ledger_says_which_filter_it_did_not_understand(city: SimpleNamespace, query: str, said: str) -> None:
    number = file_petition().number
    html = source(reader(city.clerk), f"/desk/ledger/?{query}")
    assert f"{SAID}{said}" in words(html) and number in html
    part = reader(city.clerk).get(f"/desk/ledger/?{query}", headers={"HX-Request": "true"}).content.decode()
    assert f"{SAID}{said}" in words(part), "also where the filter was set on the page"


def test_what_was_understood_stays_and_is_what_can_be_kept(city: SimpleNamespace) -> None:
    html = source(reader(city.clerk), "/desk/ledger/?q=楼道&received_from=abc")
    assert 'value="楼道"' in html and 'value="abc"' in html
    assert 'href="?q=%E6%A5%BC%E9%81%93"' in html, "the way to the list without the wrong one"
    assert 'name="query" value="q=%E6%A5%BC%E9%81%93"' in html


@pytest.mark.parametrize("query", ["", "q=&state=&cursor=&format=json", "open=true&due_from=2026-01-01"])
def test_what_is_understood_or_empty_needs_no_word(city: SimpleNamespace, query: str) -> None:
    assert SAID not in page(city.clerk, f"/desk/ledger/?{query}")


def test_every_kind_has_it(city: SimpleNamespace) -> None:
    with paper_kinds():
        for path in ("/desk/errands/", "/desk/transfers/"):
            assert f"{SAID}x。" in page(city.clerk, f"{path}?x=1"), path


def test_the_dashboard_says_it_too(city: SimpleNamespace) -> None:
    shown = page(city.mayor, "/desk/dashboard/?period=zzz&kind=nothing&x=1")
    assert f"{SAID}统计期（zzz）、统计事项（nothing）、x。" in shown
    assert "Not understood and left out: Period (zzz)" in page(city.mayor, "/desk/dashboard/?period=zzz", ENGLISH)
    for query in ("", "period=", "period=week", "kind=petition"):
        assert SAID not in page(city.mayor, f"/desk/dashboard/?{query}")

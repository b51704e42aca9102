"""What narrows and orders a list: who handles it, the days of receipt, the order; and what the page says of it."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from petitions.models import Demand, State
from records import list_pages
from tests.api import Api
from tests.chain_lab import at, sh
from tests.city import file_petition, walk_to
from tests.kinds.lab import errand, paper_kinds
from tests.kinds.models import Errand
from tests.reader import ENGLISH, page, reader, source, words

pytestmark = pytest.mark.django_db
NOW = "2026-09-20 10:00"
CHIP = re.compile(r'<li><span>(.*?)</span><a href="([^"]*)" aria-label="([^"]*)"', re.S)


@pytest.fixture
def papers() -> Iterator[None]:
    with paper_kinds():
        yield


def ledger(user: Any, **query: str) -> list[str]:
    """The numbers of the petitions on the page of the ledger and in REST, which are the same."""
    with at(NOW):
        shown = reader(user).get("/desk/ledger/", query).content.decode()
        rest = [row["number"] for row in Api(user).get("/petitions/", query).json()["results"]]
    assert re.findall(r'name="number" value="([^"]+)"', shown) in (rest, []), "only who may act on many has boxes"
    assert all(number in shown for number in rest)
    return rest


def test_mine_is_what_my_post_or_my_organ_has_in_hand(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00"):
        assigned, forwarded, filed = walk_to(State.HANDLING), walk_to(State.FORWARDED), file_petition()
    assert ledger(city.handler, mine="me") == [assigned.number]
    assert set(ledger(city.leader, mine="organ")) == {assigned.number, forwarded.number}
    assert set(ledger(city.clerk)) == {assigned.number, forwarded.number, filed.number}
    assert ledger(city.clerk, mine="organ") == [filed.number]
    assert ledger(city.auditor, mine="organ") == ledger(city.auditor, mine="me") == []


def test_days_of_receipt_are_whole_days_and_the_order_is_the_readers(city: SimpleNamespace) -> None:
    moments = ("2026-09-01 00:00", "2026-09-01 23:59", "2026-09-02 00:00")
    first, late, next_day = (file_petition(received_at=sh(moment)).number for moment in moments)
    assert ledger(city.clerk, received_to="2026-09-01", sort="newest") == [late, first]
    assert ledger(city.clerk, received_from="2026-09-02") == [next_day]
    assert ledger(city.clerk, received_from="2026-09-01", received_to="2026-09-02", sort="oldest") == [
        first,
        late,
        next_day,
    ]
    assert "按收到时间排列" in page(city.clerk, "/desk/ledger/?sort=newest")
    assert "按法定截止日期排列" in page(city.clerk, "/desk/ledger/")


def test_petitions_are_narrowed_by_channel_purpose_and_region(city: SimpleNamespace) -> None:
    web, letter = file_petition(), file_petition(channel="letter", region="990102000000")
    Demand.objects.filter(pk=letter.demand.pk).update(purpose="consultation")
    assert ledger(city.auditor, channel="letter") == ledger(city.auditor, purpose="consultation") == [letter.number]
    assert set(ledger(city.auditor, region="990100000000")) == {web.number, letter.number}, "with the regions in it"
    assert ledger(city.auditor, region="990102000000") == [letter.number]


def test_each_filter_in_use_is_said_and_can_be_dropped(city: SimpleNamespace) -> None:
    file_petition()
    query = "state=received&mine=organ&category=010000&organ=office&received_from=2026-01-01&q=楼道&sort=newest"
    html = source(reader(city.clerk), f"/desk/ledger/?{query}")
    chips = {words(said): (address, label) for said, address, label in CHIP.findall(html)}
    assert list(chips) == [
        "编号或文字：楼道",
        "状态：已收到，待登记",
        f"承办单位：{city.organ['office'].name}",
        "内容分类：城乡建设",
        "承办范围：本单位承办的",
        "收到日，自：2026年1月1日",
    ]
    address, label = chips["承办范围：本单位承办的"]
    assert "mine" not in address and "state=received" in address and "sort=newest" in address
    assert label == "去掉“承办范围：本单位承办的”"
    assert "Scope: Handled by my authority" in page(city.clerk, f"/desk/ledger/?{query}", ENGLISH)
    assert not CHIP.findall(source(reader(city.clerk), "/desk/ledger/?sort=newest"))


def test_more_filters_are_open_while_one_of_them_is_in_use(city: SimpleNamespace) -> None:
    clerk = reader(city.clerk)
    assert '<details class="more" open>' in source(clerk, "/desk/ledger/?channel=web")
    assert '<details class="more">' in source(clerk, "/desk/ledger/?state=received")


@pytest.mark.urls("tests.kinds.urls")
def test_a_list_says_how_many_it_has_as_far_as_it_counts(
    city: SimpleNamespace, papers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = errand("E-0", city.organ["department"])
    assert "共 1 件" in page(city.leader, "/desk/errands/")
    Errand.objects.bulk_create(Errand(number=f"E-{n}", title="跑", organ=first.organ) for n in range(1, 60))
    assert "共 60 件" in page(city.leader, "/desk/errands/")
    assert "60 cases" in page(city.leader, "/desk/errands/", ENGLISH)
    monkeypatch.setattr(list_pages, "MAX_COUNTED", 59)
    assert "59 件以上" in page(city.leader, "/desk/errands/")


@pytest.mark.urls("tests.kinds.urls")
def test_every_kind_can_be_read_through_in_the_order_of_receipt(city: SimpleNamespace, papers: None) -> None:
    """Errands have no column of their own for it, and their list begins with the newest."""
    organ = city.organ["department"]
    Errand.objects.bulk_create(
        Errand(number=f"E-{n}", title="跑", organ=organ, received_at=sh(f"2026-09-{1 + n % 19:02d} 10:00"))
        for n in range(60)
    )
    numbers, address = [], "/errands/?sort=oldest"
    while address:
        answer = Api(city.leader).get(address).json()
        numbers += [row["number"] for row in answer["results"]]
        address = (answer["next"] or "").partition("/api/v1")[2]
    assert numbers == [one.number for one in Errand.objects.order_by("received_at", "pk")]

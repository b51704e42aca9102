"""Search in content classes: a record is found by the name of its class, as by a word of its texts."""

from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from massline import pages
from petitions.desk.declaration import PETITIONS
from petitions.desk.search import SEARCH
from records import search
from records.list_pages import narrowed, page_of
from records.search import Search
from tests.api import Api
from tests.city import file_petition
from tests.reader import reader, source

pytestmark = pytest.mark.django_db
NOISE, DEEDS = "030101", "010102"


def found(user: Any, typed: str, **query: Any) -> list[str]:
    chosen = narrowed(PETITIONS, user, {"q": typed, **query})
    return [demand.petition.number for demand in page_of(PETITIONS, chosen, {"q": typed}).rows]


def test_petitions_are_found_by_the_name_of_their_class(city: SimpleNamespace) -> None:
    noise = file_petition(category=NOISE, title="楼下天天唱歌", body="睡不着")
    file_petition(category=DEEDS, title="办不下证", body="一年了")
    written = file_petition(category=DEEDS, title="噪音污染也没人管", body="一年了")
    for typed in ("噪音污染", "噪音污染 ", "污染", "噪音汙染"):
        assert found(city.clerk, typed) == [written.number, noise.number], typed
    assert found(city.clerk, "noise") == [noise.number]
    results = Api(city.clerk).get("/petitions/", {"q": "噪音污染"}).json()["results"]
    assert [row["number"] for row in results] == [written.number, noise.number]


def test_a_single_character_or_a_linking_word_names_no_class(city: SimpleNamespace) -> None:
    file_petition(category=NOISE, title="楼下天天唱歌", body="睡不着")
    file_petition(category=DEEDS, title="办不下证", body="一年了")
    for typed in ("音", "and", "030101"):
        assert found(city.clerk, typed) == [], typed


def test_a_wide_class_is_meant_only_by_its_whole_name(city: SimpleNamespace) -> None:
    deeds = file_petition(category=DEEDS, title="办不下证", body="一年了")
    assert found(city.clerk, "住房保障与房地产") == found(city.clerk, "城乡建设") == [deeds.number]
    assert found(city.clerk, "住房保障") == []


WORDS = ("噪音污染", "污染", "唱歌", "楼", "睡不着", "房产证")


@pytest.mark.parametrize("small", [False, True])
def test_each_word_stands_in_a_text_or_in_the_name_of_the_class(
    city: SimpleNamespace, small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An oracle over pairs of words, with a common word's windows too."""
    if small:
        monkeypatch.setattr(pages.keyset, "__kwdefaults__", pages.keyset.__kwdefaults__ | {"size": 50})
        monkeypatch.setattr(search, "WINDOW", 3)
        monkeypatch.setattr(search, "WIDER", range(2, 5))
        monkeypatch.setattr(search, "FEW", 2)
        monkeypatch.setattr(Search, "_expected", lambda self, query: 10**6)
    names = {NOISE: "噪音污染", DEEDS: "房产证登记、办理"}
    filed = {}
    titles = ("楼下唱歌", "房产证", "睡不着", "噪音 污染了楼道", "污染", "楼道睡不着唱歌噪音污染")
    for n, (category, title) in enumerate(product(names, titles)):
        one = file_petition(
            category=category,
            title=title,
            body="见标题",
            place="",
            wish="",
            received_at=timezone.now() - timedelta(days=n),
        )
        filed[one.number] = f"{title}\n{names[category]}"
    for one, other in product(WORDS, repeat=2):
        expected = [number for number, said in filed.items() if one in said and other in said]
        assert found(city.clerk, f"{one} {other}") == expected, (one, other)


def test_an_everyday_word_offers_the_class_and_does_not_drown_what_holds_it(city: SimpleNamespace) -> None:
    file_petition(category=NOISE, title="楼下天天唱歌", body="睡不着")
    file_petition(category=NOISE, title="噪声太大", body="睡不着")
    page = source(reader(city.clerk), "/desk/ledger/?q=噪声&state=received")
    assert "楼下天天唱歌" not in page and f'href="/desk/ledger/?state=received&amp;category={NOISE}"' in page
    page = source(reader(city.clerk), "/desk/ledger/?q=噪声 唱歌")
    assert "没有符合条件的事项" in page and f'?category={NOISE}&amp;q=%E5%94%B1%E6%AD%8C"' in page
    assert "按内容分类查看" not in source(reader(city.clerk), f"/desk/ledger/?q=噪声&category={NOISE}")


def test_a_class_costs_no_further_statement_and_is_read_by_its_index(city: SimpleNamespace) -> None:
    for category in (NOISE, DEEDS):
        file_petition(category=category, title="楼下天天唱歌", body="睡不着")
    asked = []
    for typed in ("睡不着", "噪音污染"):
        with CaptureQueriesContext(connection) as counted:
            source(reader(city.clerk), f"/desk/ledger/?q={typed}")
        asked.append(len(counted))
    assert asked[0] == asked[1]
    query = SEARCH.parse("噪音污染 唱歌")
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):  # which leaves a bitmap of what an index was asked for
            cursor.execute(f"SET LOCAL enable_{way} = off")
        sql, params = SEARCH._select([], named=query.classes)
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "demand_of_class" in plan and "petition_bigrams" in plan and "Filter:" not in plan, plan

"""Filters under a name of one's own: what is kept, for whom, how many."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from audit.models import AuditEvent, AuditRow
from massline.keys import key_of
from records.models import SavedFilter
from tests.city import file_petition

pytestmark = pytest.mark.django_db
PATH = "/desk/ledger/saved/"
LAMPS = urlencode({"q": "楼道", "state": "received"})


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def save(user: Any, name: str, query: str = LAMPS) -> str:
    return signed_in(user).post(PATH, {"name": name, "query": query}, follow=True).content.decode()


def kept(user: Any) -> dict[str, str]:
    return dict(SavedFilter.objects.filter(user=user).values_list("name", "query"))


def test_the_filter_of_the_ledger_is_kept_and_offered_above_it(city: SimpleNamespace) -> None:
    file_petition()
    client = signed_in(city.clerk)
    assert "保存这个筛选" not in client.get("/desk/ledger/").content.decode()
    assert "保存这个筛选" in client.get("/desk/ledger/?" + LAMPS).content.decode()
    page = save(city.clerk, "楼道的事")
    assert "楼道的事" in page and f'href="/desk/ledger/?{LAMPS.replace("&", "&amp;")}"' in page
    assert kept(city.clerk) == {"楼道的事": LAMPS}
    assert "楼道的事" not in signed_in(city.chief).get("/desk/ledger/").content.decode(), "one's own only"


def test_only_what_the_ledger_knows_is_kept(city: SimpleNamespace) -> None:
    save(city.clerk, "干净", LAMPS + "&cursor=abc&page=2&next=//evil.example&organ=&x=1")
    assert kept(city.clerk) == {"干净": LAMPS}
    for query in ("state=nonsense", "organ=nowhere", "", "cursor=abc", "x=1", "q=" + "x" * 2000, "q=%00"):
        assert "已保存筛选" not in save(city.clerk, "坏的", query), query
    assert set(kept(city.clerk)) == {"干净"}


def test_a_name_is_taken_once_and_twenty_are_enough(city: SimpleNamespace) -> None:
    for n in range(SavedFilter.MAX):
        save(city.clerk, f"第{n}个")
    assert "最多保存 20 个筛选" in save(city.clerk, "再一个")
    assert "已经有同名的筛选" in save(city.clerk, "第3个", "state=closed")
    assert len(kept(city.clerk)) == 20 and kept(city.clerk)["第3个"] == LAMPS
    save(city.chief, "第3个")
    assert kept(city.chief) == {"第3个": LAMPS}
    with pytest.raises(IntegrityError, match="one_filter_a_name"), transaction.atomic():
        SavedFilter.objects.create(user=city.clerk, kind="petition", name="第3个", query="state=closed")


def test_it_is_deleted_by_its_owner_alone(city: SimpleNamespace) -> None:
    save(city.clerk, "楼道的事")
    path = f"{PATH}{key_of('filter', SavedFilter.objects.get().pk)}/remove/"
    assert signed_in(city.chief).post(path).status_code == 404
    assert signed_in(city.clerk).get(path)["Location"] == "/desk/ledger/" and kept(city.clerk)
    assert signed_in(city.clerk).post(path).status_code == 302
    assert kept(city.clerk) == {}
    assert Client().post(PATH, {"name": "x", "query": LAMPS}).status_code == 302 and not SavedFilter.objects.exists()


def test_the_log_knows_that_it_was_kept_but_not_the_words(city: SimpleNamespace) -> None:
    save(city.clerk, "宋试民的事", urlencode({"q": "宋试民"}))
    SavedFilter.objects.get()
    assert AuditEvent.objects.filter(name="filter_saved", actor_key="clerk").count() == 1
    image = str(AuditRow.objects.filter(table_name="records_savedfilter").values())
    assert "宋试民" not in image and "%E5" not in image


def test_a_name_is_text_on_the_page(city: SimpleNamespace) -> None:
    page = save(city.clerk, "<img src=x>")
    assert "<img src=x>" not in page and "&lt;img src=x&gt;" in page


def test_those_of_another_kind_of_record_are_not_of_this_list(city: SimpleNamespace) -> None:
    other = SavedFilter.objects.create(user=city.clerk, kind="task", name="楼道的事", query="state=open")
    client = signed_in(city.clerk)
    assert "楼道的事" not in client.get("/desk/ledger/").content.decode()
    assert client.post(f"{PATH}{key_of('filter', other.pk)}/remove/").status_code == 404
    assert "已保存筛选" in save(city.clerk, "楼道的事"), "the name is free here"
    assert SavedFilter.objects.filter(pk=other.pk).exists()

"""While Valkey is away citizens file and officials sign in; and every limit holds all the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory, override_settings

from massline import crypto
from massline.models import Count
from massline.stack.home import Home
from massline.stack.valkey import Valkey
from massline.web import over_limit, used_before
from tests.city import PASSWORD, filing_data


def caches_at(url: str) -> dict[str, Any]:
    options = {"socket_timeout": 1, "socket_connect_timeout": 1}
    return {
        "default": {"BACKEND": "massline.cache.ForgivingCache", "LOCATION": url},
        "counters": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "OPTIONS": options},
    }


@pytest.fixture
def away() -> Iterator[Any]:
    with override_settings(CACHES=caches_at("redis://127.0.0.1:1/0")):
        yield caches["default"]


def request(address: str = "203.0.113.1") -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=address)


def form(**more: str) -> dict[str, Any]:
    data = filing_data() | {
        "region": "990100000000",
        "complained-TOTAL_FORMS": "0",
        "complained-INITIAL_FORMS": "0",
        "checked": "1",
    }
    data.pop("complained_about")
    return data | more


def test_what_is_merely_kept_is_lost_and_nothing_is_raised(away: Any) -> None:
    assert away.get("a") is None
    assert away.get("a", default=0) == 0
    assert away.add("a", 1) is True
    assert away.incr("a") == 0
    away.set("a", 1)
    away.delete("a")


@pytest.mark.django_db
def test_signing_in_and_filing_go_on(away: Any, city: Any, client: Client) -> None:
    signed_in = client.post("/desk/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert client.post("/file/", form()).headers["Location"] == "/receipt/"


@pytest.mark.django_db
def test_wrong_passwords_have_to_wait_all_the_same(away: Any, city: Any) -> None:
    wrong = {"username": "clerk", "password": "wrong"}
    assert [Client().post("/desk/sign-in/", wrong).status_code for _n in range(9)] == [422] * 5 + [429] * 4


@pytest.mark.django_db
def test_filings_are_limited_all_the_same(away: Any, city: Any, settings: Any) -> None:
    settings.FILING_LIMIT = 3
    answers = [Client().post("/file/", form(title=f"第{n}件", nonce=f"nonce-{n}")).status_code for n in range(5)]
    assert answers == [302] * 3 + [429] * 2


@pytest.mark.django_db
def test_a_proof_of_work_is_new_once(away: Any) -> None:
    assert [used_before("altcha:abc", 3600) for _n in range(3)] == [False, True, True]


@pytest.mark.django_db
def test_limits_of_different_scopes_do_not_use_up_each_other(settings: Any) -> None:
    assert [over_limit("file", request(), 2) > 0 for _n in range(3)] == [False, False, True]
    assert [over_limit("attach", request(), 2) > 0 for _n in range(3)] == [False, False, True]
    assert over_limit("file", request("203.0.113.2"), 2) == 0, "another address"


@pytest.mark.django_db
def test_limits_of_filing_and_of_adding_files_are_two(city: Any, settings: Any) -> None:
    settings.FILING_LIMIT = 2
    client = Client()
    for n in range(2):
        assert client.post("/file/", form(title=f"第{n}件", nonce=f"nonce-{n}")).status_code == 302
    assert client.post("/receipt/files/", {}).status_code == 422, "no file was chosen; the limit is not reached"
    assert client.post("/file/", form(title="再一件", nonce="nonce-x")).status_code == 429


@pytest.mark.django_db
def test_the_table_holds_keyed_hashes_and_forgets(away: Any) -> None:
    over_limit("file", request("203.0.113.77"), 5)
    (kept,) = Count.objects.all()
    assert b"203.0.113" not in bytes(kept.key) and len(bytes(kept.key)) == 16
    assert bytes(kept.key) != crypto.keyed_hash("count", "203.0.113.77")[:16]


@pytest.mark.django_db
def test_when_valkey_dies_a_used_proof_stays_used_and_limits_go_on(tmp_path: Path) -> None:
    valkey = Valkey(Home.at(tmp_path / "home"))
    valkey.start()
    try:
        with override_settings(CACHES=caches_at(valkey.url)):
            assert not used_before("altcha:xyz", 3600)
            assert over_limit("file", request(), 1) == 0
            assert not Count.objects.filter(n__gt=1).exists()
            valkey.stop()
            assert used_before("altcha:xyz", 3600)
            assert over_limit("file", request(), 1) == 0, "counted anew, elsewhere"
            assert over_limit("file", request(), 1) > 0
    finally:
        valkey.stop()

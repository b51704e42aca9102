"""While Valkey is away citizens file and officials sign in; limits come back with it."""

import pytest
from axes.handlers.proxy import AxesProxyHandler
from django.core.cache import caches
from django.test import override_settings

AWAY = {"default": {"BACKEND": "massline.cache.ForgivingCache", "LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.fixture
def away():
    with override_settings(CACHES=AWAY):
        AxesProxyHandler.get_implementation(force=True)
        yield caches["default"]
    AxesProxyHandler.get_implementation(force=True)


def test_nothing_is_raised_and_nothing_is_counted(away):
    assert away.get("a") is None
    assert away.get("a", default=0) == 0
    assert away.add("a", 1) is True
    assert away.incr("a") == 0
    away.set("a", 1)
    away.delete("a")


@pytest.mark.django_db
def test_signing_in_and_filing_go_on(away, city, client):
    from tests.city import PASSWORD, filing_data

    signed_in = client.post("/desk/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert signed_in.status_code == 302
    data = filing_data() | {"region": "990100000000", "complained-TOTAL_FORMS": "0", "complained-INITIAL_FORMS": "0"}
    data.pop("complained_about")
    assert client.post("/file/", data).headers["Location"] == "/receipt/"

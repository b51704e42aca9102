"""Nothing here follows or rates people: no column, no field of REST, no cookie and no page of another's.

A citizen is not scored, ranked or profiled; of an official nobody counts clicks, places or hours (个人信息保护法第六条:
限于实现处理目的的最小范围). The words stand here by hand; what has one of them and is meant otherwise is named below.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from tests.city import walk_to
from tests.shared.kinds import all_kinds

pytestmark = pytest.mark.django_db
WORDS = {
    "score", "scores", "rank", "ranking", "rating", "risk", "credit", "trust", "reputation", "profile", "segment",
    "behaviour", "behavior", "mood", "sentiment", "click", "clicks", "view", "views", "visit", "visits", "pageviews",
    "latitude", "longitude", "lat", "lng", "geo", "location", "place", "position", "hours", "minutes", "idle", "online",
    "presence", "device", "fingerprint", "agent", "referrer", "referer", "utm", "analytics", "tracking", "tracker",
    "ip", "face", "voice", "keystrokes",
}  # fmt: skip
MEANT = {
    "Organ.hours": "when an office is open",
    "Rating.score": "what a citizen thinks of an organ",
    "Petition.place": "where it happened, as the petitioner says",
    "Petition.tracking_hash": "of the code by which a petitioner opens their own petition",
    "Spill.place": "in which part of a record a secret may stand",
    "Ride.online": "a seat that was booked from outside",
}
MEANT_IN_REST = {
    "place": "where it happened, as the petitioner says",
    "tracking_code": "by which a petitioner opens their own petition",
    "score": "what a citizen thinks of an organ",
    "ratings": "those",
    "hours": "when an office is open",
}
COOKIES = {"sessionid", "drafts", "csrftoken", "django_language", "size", "tracking", "receipt", "messages", "filing"}


def parts(name: str) -> set[str]:
    return set(re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_"))


def test_no_column_of_a_table_follows_or_rates_anybody() -> None:
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if parts(field.name) & WORDS
    }
    assert found - set(MEANT) == set()


def properties(shape: Any) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from shape.get("properties", ())
        shape = list(shape.values())
    if isinstance(shape, list):
        for each in shape:
            yield from properties(each)


def test_no_field_of_rest_follows_or_rates_anybody() -> None:
    out = io.StringIO()
    with all_kinds(), redirect_stderr(io.StringIO()):
        call_command("spectacular", "--format", "openapi-json", stdout=out)
    found = {name for name in properties(json.loads(out.getvalue())) if parts(name) & WORDS}
    assert found - set(MEANT_IN_REST) == set()


def test_no_page_sets_another_cookie_or_fetches_anything_from_elsewhere(city: SimpleNamespace) -> None:
    filed, anybody, official = walk_to("handling"), Client(), Client()
    official.force_login(city.leader, "django.contrib.auth.backends.ModelBackend")
    anybody.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    public = ("/", "/file/", "/file/matter/", "/where-to-turn/", "/track/", "/track/own/", "/desk/sign-in/")
    desk = ("/desk/", "/desk/inbox/", "/desk/ledger/", "/desk/dashboard/", f"/desk/petitions/{filed.number}/")
    for client, paths in ((anybody, public), (official, desk)):
        for path in paths:
            page = client.get(path).content.decode()
            fetched = re.findall(r"<(?:script|link|img|iframe|source|form)\b[^>]*?(?:src|href|action)=\"([^\"]*)", page)
            assert [address for address in fetched if re.match(r"(?:[a-z]+:)?//", address)] == [], path
        assert set(client.cookies) <= COOKIES, set(client.cookies)

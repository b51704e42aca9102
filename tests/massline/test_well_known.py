"""What programs ask every site for: the icon, what crawlers may read, whom to tell of a weakness."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import Resolver404, resolve

from massline.env import Env

ADDRESS = "/.well-known/security.txt"


def test_the_icon_is_the_seal(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"].endswith("img/seal.svg")


def test_crawlers_stay_out_of_what_belongs_to_one_person(client: Client) -> None:
    found = client.get("/robots.txt")
    assert found.headers["Content-Type"].startswith("text/plain")
    agent, *closed = found.content.decode().splitlines()
    assert agent == "User-agent: *"
    paths = [line.removeprefix("Disallow: ") for line in closed]
    assert {"/desk/", "/track/", "/receipt/", "/api/"} <= set(paths)
    for path in paths:
        assert any(leads(path + more) for more in ("", "drop/", "v1/docs/", "challenge/")), f"{path} is an address"


def leads(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


@pytest.mark.django_db
def test_a_weakness_is_told_to_the_contact_until_its_last_day(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT, settings.SECURITY_EXPIRES = "mailto:security@example.org", date(2027, 6, 30)
    settings.SITE = "https://example.org"
    with time_machine.travel("2027-06-30T15:59:00Z", tick=False):
        found = client.get(ADDRESS)
    assert found.content.decode().splitlines() == [
        "Contact: mailto:security@example.org", "Expires: 2027-06-30T16:00:00Z", "Preferred-Languages: zh, en",
        f"Canonical: https://example.org{ADDRESS}",
    ]  # fmt: skip
    with time_machine.travel("2027-06-30T16:00:00Z", tick=False):
        assert client.get(ADDRESS).status_code == 404


@pytest.mark.django_db
def test_without_a_contact_there_is_no_such_page(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("value", ["tomorrow", "2027-02-30", "30.6.2027"])
def test_the_last_day_is_a_day(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must be a day"):
        Env({"X": value}).day("X")

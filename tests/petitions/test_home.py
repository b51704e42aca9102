"""The front page: the two ways, and from which day each period runs."""

import re
from html import unescape

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_each_period_says_from_which_day_it_runs(citizen: Client) -> None:
    page = unescape(citizen.get("/").content.decode())
    periods = re.findall(r'class="when">([^<]*)<small>([^<]*)</small>', page)
    assert periods == [
        ("15 日内", "自收到之日起"), ("15 日内", "自承办单位收到之日起"), ("60 日内", "自受理之日起"),
        ("30 日内", "自收到书面答复之日起"),
    ]  # fmt: skip


def test_the_two_ways_come_before_all_else(citizen: Client) -> None:
    opening = citizen.get("/").content.decode().split("<h2")[0]
    assert re.findall(r'class="choice[^"]*" href="([^"]*)"', opening) == ["/file/", "/track/"]

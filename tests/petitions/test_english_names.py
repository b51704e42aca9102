"""Regions and organs in English: what the register calls them there, else their Chinese names."""

from types import SimpleNamespace
from typing import Any

import pytest

from massline.time import today
from petitions.models import State
from reports import figures_cache
from reports.dashboard import period_of
from responsibility.models import Organ, Post, Region
from tests.api import Api
from tests.chain_lab import at, event
from tests.city import walk_to
from tests.reader import CHINESE, ENGLISH, page, reader, row, source, tracked, words

pytestmark = pytest.mark.django_db
NAMES = {"试水市信访局": "Shishui Petition Office", "试水市住房和城乡建设局": "Shishui Housing Bureau"}


@pytest.fixture
def named(city: SimpleNamespace) -> SimpleNamespace:
    """The city and its department with an English name; the district east of it has none."""
    event()
    Region.objects.filter(name="试水市").update(name_en="Shishui City")
    for name, name_en in NAMES.items():
        Organ.objects.filter(name=name).update(name_en=name_en)
    return city


def test_the_filing_form_and_the_front_page_name_the_places(named: SimpleNamespace) -> None:
    for address in ("/", "/file/matter/"):
        english, chinese = (source(reader(None, language), address) for language in (ENGLISH, CHINESE))
        assert ">Shishui City</option>" in english and ">东区</option>" in english
        assert ">试水市</option>" in chinese and "Shishui" not in chinese
    assert "Shishui Petition Office" in page(None, "/", ENGLISH)


def test_a_petitioner_reads_which_organ_handles_it_and_what_it_did(named: SimpleNamespace) -> None:
    with at("2026-09-15 10:00"):
        filed = walk_to(State.ANSWERED)
        english, chinese = words(tracked(filed, ENGLISH)), words(tracked(filed))
    assert english.count("Shishui Housing Bureau") >= 3  # who handles it, the answer, the story
    assert "试水市住房和城乡建设局" in chinese and "Shishui" not in chinese


def test_rest_names_the_regions_in_the_language_that_is_asked_for(named: SimpleNamespace) -> None:
    def first(language: str) -> Any:
        return Api().get("/public/regions/", accept_language=language).json()[0]["name"]

    assert (first("en"), first("zh-hans")) == ("Shishui City", "试水市")


def test_posts_and_the_links_of_the_chain_have_their_english_names(named: SimpleNamespace) -> None:
    event()
    Post.objects.filter(pk=named.post["clerk"].pk).update(name_en="Registration Officer")
    with at("2026-09-15 10:00"):
        filed = walk_to(State.REGISTERED)
        address = f"/desk/petitions/{filed.number}/"
        english, chinese = page(named.clerk, address, ENGLISH), page(named.clerk, address)
    assert "Shishui Petition Office · Registration Officer" in english
    assert "试水市信访局 · " in chinese and "Registration Officer" not in chinese


def test_the_dashboard_names_organs_and_its_tabs_in_english(named: SimpleNamespace) -> None:
    with at("2026-09-15 10:00"):
        walk_to(State.HANDLING)
        figures_cache.compute("petition", "overview", named.mayor, period_of("weeks", today()))
        english = page(named.mayor, "/desk/dashboard/", ENGLISH)
    assert "Shishui Housing Bureau" in english and "Petitions Tasks" in english


def test_an_official_reads_the_names_in_lists_filters_and_on_the_record(named: SimpleNamespace) -> None:
    with at("2026-09-15 10:00"):
        filed = walk_to(State.FORWARDED)
        english = reader(named.clerk, ENGLISH)
        ledger, record = source(english, "/desk/ledger/"), words(source(english, f"/desk/petitions/{filed.number}/"))
    assert ">Shishui Housing Bureau</option>" in ledger and ">Shishui City</option>" in ledger
    assert "Shishui Housing Bureau" in row(ledger, filed.number)
    assert "Forwarded, awaiting acceptance Shishui Housing Bureau" in record
    assert "Responsible: Shishui Housing Bureau" in record and "试水市住房和城乡建设局" not in record

"""From the foot of every public page citizens come to what is public, and from open drafts to the form for comments."""

import pytest
from django.test import Client

from tests.reader import ENGLISH, page

pytestmark = pytest.mark.django_db


def test_from_the_front_page_to_a_list_and_on_to_the_form() -> None:
    browser = Client()
    assert 'href="/public/"' in browser.get("/").content.decode()
    lists = browser.get("/public/").content.decode()
    headings = {"regulations": "现行有效的制度", "regulation-texts": "公开征求意见", "tasks": "督查结果"}
    for address, heading in headings.items():
        assert f'<a href="/public/{address}/">{heading}</a>' in lists
        assert heading in browser.get(f"/public/{address}/").content.decode()
    assert 'href="/comments/new/"' in browser.get("/public/regulation-texts/").content.decode()
    assert 'href="/comments/new/"' not in browser.get("/public/regulations/").content.decode()


def test_it_reads_in_english() -> None:
    assert "Public information" in page(None, "/public/", ENGLISH)

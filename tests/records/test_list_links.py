"""Links above a list: apps that lists do not know put them there, for the users who may follow them."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from records import list_links
from records.list_links import ListLink, links_above
from tests.kinds.lab import ERRANDS, SEALED, paper_kinds
from tests.people_lab import look
from tests.reader import reader

pytestmark = pytest.mark.django_db
LINK = '<a class="button plain" href="{}">'


@pytest.fixture(autouse=True)
def papers() -> Iterator[None]:
    with paper_kinds():
        yield


@pytest.fixture
def walks(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> ListLink:
    """A map of what a list shows, for the head of the petition office alone."""

    def url(request: Any, kind: Any) -> str:
        return f"/map/{kind.plural}/?{request.GET.urlencode()}" if request.user == city.chief else ""

    link = ListLink("看地图", "chart", url)
    monkeypatch.setattr(list_links, "_links", [*list_links._links, link])
    return link


def test_who_may_follow_it_finds_it_above_every_list(city: SimpleNamespace, walks: ListLink) -> None:
    for path, url in (("/desk/transfers/", "/map/transfers/?"), ("/desk/ledger/?q=x", "/map/petitions/?q=x")):
        page = look(city.chief, path)
        assert LINK.format(url) in page and "看地图</a>" in page, path
        assert "/map/" not in look(city.auditor, path), path


def test_a_filter_set_on_the_page_narrows_where_it_leads(city: SimpleNamespace, walks: ListLink) -> None:
    answer = reader(city.chief).get("/desk/ledger/?state=closed", headers={"HX-Request": "true"}).content.decode()
    assert LINK.format("/map/petitions/?state=closed") in answer and "<h1>" not in answer


def test_an_export_of_a_second_kind_names_it(city: SimpleNamespace) -> None:
    ledger = look(city.auditor, "/desk/ledger/?state=handling&cursor=")
    assert LINK.format("/desk/exports/new/?state=handling") in ledger
    request: Any = RequestFactory().get("/desk/errands/")
    request.user = city.leader
    (link,) = links_above(ERRANDS, request)
    assert link.url == "/desk/exports/new/?kind=errand"
    assert links_above(SEALED, request) == [], "nothing leaves of a kind that declares nothing"
    request.user = city.handler
    assert links_above(ERRANDS, request) == []

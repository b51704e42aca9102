"""Figures of every kind: errands declare theirs, and stand on the dashboard and in a bulletin beside petitions."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from massline.time import today
from petitions.models import State
from records import kinds
from records.figures.filter import CohortFilter
from records.kinds import RecordType, register
from records.list_pages import list_paths
from reports.dashboard import period_of
from reports.tasks import compute
from responsibility import obligations
from tests.chain_lab import at, event, sh
from tests.city import walk_to
from tests.kinds.figures import COUNTED, FIGURES, RULE, CountedFilter
from tests.kinds.lab import ERRANDS, errand, paper_kinds
from tests.kinds.models import Errand
from tests.kinds.urls import urlpatterns as of_kinds
from tests.reader import page, part, reader, row, source

urlpatterns = [*list_paths(COUNTED, "desk/errands/"), *of_kinds]
pytestmark = pytest.mark.django_db
NOW = "2026-09-15 10:00"
PATH = "/desk/dashboard/"
STORIES = {
    "E-1": ("2026-08-03 10:00", "2026-08-10 10:00"),
    "E-2": ("2026-08-03 10:00", "2026-08-11 10:00"),
    "E-3": ("2026-08-03 10:00", "2026-08-12 10:00"),
    "E-4": ("2026-08-03 10:00", "2026-08-20 10:00"),
    "E-5": ("2026-08-03 10:00", None),
    "E-6": ("2026-09-03 10:00", None),
}
"""When each had to be run from, and when it was: the fifteen days of 3 August end with the 18th, those of 3 September
with the 18th, too. Three in time, one too late, one not at all, one still has time."""


@pytest.fixture(autouse=True)
def counted() -> Iterator[pytest.MonkeyPatch]:
    cache.clear()
    with paper_kinds(__name__), pytest.MonkeyPatch.context() as patch:
        patch.setitem(kinds._kinds, Errand.KIND, COUNTED)
        yield patch


@pytest.fixture
def world(city: SimpleNamespace) -> SimpleNamespace:
    for number, (since, done) in STORIES.items():
        _play(city, number, since, done)
    with at("2026-09-01 10:00"):
        walk_to(State.HANDLING)
    return city


def _play(city: SimpleNamespace, number: str, since: str, done: str | None) -> None:
    with at(since) as now, transaction.atomic():
        event()
        one = errand(number, city.organ["department"])
        owed = obligations.open_(one.matter, RULE, one.chain_subject(), now)
    if done:
        with at(done) as now, transaction.atomic():
            event()
            obligations.close(owed, now)
            Errand.objects.filter(pk=one.pk).update(state="done")


def look(user: Any, query: str = "?kind=errand") -> str:
    """The dashboard of errands with the figures of this moment."""
    with at(NOW):
        cache.clear()
        for kind in ("petition", "errand"):
            weeks = period_of("weeks", today())
            compute(kind, "overview", user.pk, weeks.first.isoformat(), weeks.last.isoformat())
        return source(reader(user), PATH + query)


def opened(user: Any, html: str) -> Iterator[tuple[str, int, set[str]]]:
    """Each number of a page that opens the list of errands: its address, what it says, and what stands there."""
    for url, number in re.findall(r'href="(/desk/errands/\?[^"]*)"[^>]*>(\d+)</a>', html):
        address = url.replace("&amp;", "&")
        with at(NOW):
            yield address, int(number), set(re.findall(r"\bE-\d\b", page(user, address)))


def test_two_indicators_stand_on_the_dashboard(world: SimpleNamespace) -> None:
    html = look(world.leader)
    assert row(html, "按期跑完率</td>") == "按期跑完率 50.0% 3 ／ 6 1 1 1"
    assert row(html, 'title="已经跑完 ÷ 全部跑腿（跑腿规矩）"') == "跑完率 66.7% 4 ／ 6"
    assert (
        part(html, r'<ul class="figures">.*?</ul>') == "未办结 2 件 本周内到期 1 件 已超期 1 件 按期跑完率 50.0% 3 ／ 6"
    )
    assert row(html, world.organ["department"].name) == f"{world.organ['department'].name} 2 1 1 50.0% 3 ／ 6"
    for absent in ("群众评价", "人次", "信访部门", "信访工作"):
        assert absent not in part(html, r"<main\b.*</main>"), absent


def test_each_number_opens_the_list_of_what_it_counts(world: SimpleNamespace) -> None:
    lists = dict[str, set[str]]()
    for address, number, listed in opened(world.leader, look(world.leader)):
        assert len(listed) == number, address
        lists[address] = listed
    assert {"E-5"} in lists.values() and {"E-1", "E-2", "E-3"} in lists.values() and len(lists) > 20
    late = next(address for address in lists if "result=late" in address)
    assert lists[late] == {"E-4"}
    with at(NOW):
        assert "统计口径：按期跑完率 · 2026年6月29日至2026年9月20日 · 超期办理" in page(world.leader, late)


def test_whom_nothing_exists_for_counts_nothing(world: SimpleNamespace) -> None:
    html = look(world.other_leader)
    assert row(html, "按期跑完率</td>") == "按期跑完率 — 0 ／ 0 0 0 0"


def test_the_page_begins_with_the_first_kind_and_leads_to_the_others(world: SimpleNamespace) -> None:
    html = look(world.leader, "")
    assert part(html, r'<nav class="periods[^>]*统计事项.*?</nav>') == "信访事项 督查事项 跑腿"
    assert "信访部门及时受理率" in html and "按期跑完率" not in html
    assert 'href="/desk/dashboard/?kind=errand"' in html
    assert 'href="?kind=errand&amp;period=month"' in look(world.leader)


def test_a_kind_is_counted_for_those_whose_menu_has_it(world: SimpleNamespace, counted: pytest.MonkeyPatch) -> None:
    counted.setitem(kinds._kinds, Errand.KIND, replace(COUNTED, menu=lambda user: user.pk == world.mayor.pk))
    assert "按期跑完率" in look(world.mayor)
    html = look(world.leader)
    assert "按期跑完率" not in html and "跑腿" not in html
    with at(NOW):
        assert reader(world.leader).get("/desk/dashboard/bulletins/2026-W34/?kind=errand").status_code == 404


def test_what_records_do_not_have_is_not_shown(world: SimpleNamespace, counted: pytest.MonkeyPatch) -> None:
    bare = replace(COUNTED, figures=replace(FIGURES, due="", received="", category=""))
    counted.setitem(kinds._kinds, Errand.KIND, bare)
    html, department = look(world.leader), world.organ["department"].name
    assert part(html, r'<ul class="figures">.*?</ul>') == "未办结 2 件 按期跑完率 50.0% 3 ／ 6"
    assert row(html, department) == f"{department} 2 50.0% 3 ／ 6"
    for absent in ("分类别", "收到"):
        assert absent not in part(html, r"<main\b.*</main>"), absent


def test_a_kind_may_have_a_bulletin_of_its_own(world: SimpleNamespace) -> None:
    with at(NOW):
        for kind in ("petition", "errand"):
            compute(kind, "bulletin", world.leader.pk, "2026-08-17", "2026-08-23")
        own = reader(world.leader).get("/desk/dashboard/bulletins/2026-W34/?kind=errand")
        first = reader(world.leader).get("/desk/dashboard/bulletins/2026-W34/")
    assert own.content.startswith(b"%PDF-") and 'filename="ptzb-2026-W34.pdf"' in own["Content-Disposition"]
    assert 'filename="xfzb-2026-W34.pdf"' in first["Content-Disposition"]
    assert "当周到期5件，按期跑完3件。" in _summary(world)
    assert 'href="/desk/dashboard/bulletins/2026-W37/?kind=errand"' in look(world.leader)


def _summary(world: SimpleNamespace) -> str:
    assert COUNTED.bulletin
    weeks = period_of("last_week", sh("2026-08-25").date())
    return " ".join(COUNTED.bulletin.paper(COUNTED.bulletin.week(world.leader, weeks, sh(NOW))).summary.sentences)


def test_a_kind_without_a_bulletin_offers_none(world: SimpleNamespace, counted: pytest.MonkeyPatch) -> None:
    counted.setitem(kinds._kinds, Errand.KIND, replace(COUNTED, bulletin=None))
    assert 'id="bulletins"' not in look(world.leader)
    with at(NOW):
        assert reader(world.leader).get("/desk/dashboard/bulletins/2026-W34/?kind=errand").status_code == 404


def test_a_list_has_no_filter_for_what_its_records_do_not_have() -> None:
    class BareFilter(CohortFilter):
        figures = replace(FIGURES, due="", received="", category="")

    dated = {"due_from", "due_to", "received_from", "received_to", "sort"}
    assert set(CountedFilter.base_filters) - set(BareFilter.base_filters) == dated


@pytest.mark.parametrize("query", ["cohort=answered&cohort_from=2026-01-01&cohort_to=2026-12-31", "result=satisfied"])
def test_the_indicators_of_another_kind_are_none_of_this(world: SimpleNamespace, query: str) -> None:
    """The list says so beside its filters' faults, and shows nothing that the address did not ask for."""
    assert not CountedFilter(dict(part.split("=") for part in query.split("&")), Errand.objects.all()).form.is_valid()


def test_figures_whose_list_does_not_open_them_are_refused() -> None:
    deaf: RecordType = replace(COUNTED, kind="deaf", plural="deafs", listing=ERRANDS.listing)
    with pytest.raises(ValueError, match="does not open its figures"):
        register(deaf)

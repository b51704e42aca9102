"""The dashboard: who may look, what it costs, that nothing leaks into it, and that it never computes by itself."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from massline.time import today
from petitions.models import Demand, State
from reports import figures_cache
from reports.dashboard import PERIODS, period_of
from reports.tasks import compute
from responsibility.models import Appointment
from responsibility.sweep import sweep
from tests.city import file_petition, walk_to
from tests.shared.test_query_counts import counted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
PATH = "/desk/dashboard/"
MAY = {
    "clerk": True, "chief": True, "receiver": True, "handler": True, "deputy": True, "leader": True, "mayor": True,
    "colleague": True, "other_leader": True, "district_chief": True, "inspector": True, "auditor": True,
    "sysadmin": False, "secadmin": False, "auditadmin": False,
}  # fmt: skip
"""Whoever has a ledger has its figures; the three administrations read no petition and no figure."""
TOKEN = re.compile(r'name="(?:csrfmiddlewaretoken|draft)" value="[\w=-]+"')


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def look(user: User, query: str = "") -> str:
    """The page with figures of this moment."""
    cache.clear()
    period = period_of("weeks", today())
    compute("petition", "overview", user.pk, period.first.isoformat(), period.last.isoformat())
    response = client_of(user).get(PATH + query)
    assert response.status_code == 200
    return TOKEN.sub("", response.content.decode())


@pytest.mark.parametrize("who", MAY)
def test_who_may_look(city: Any, who: str) -> None:
    response = client_of(getattr(city, who)).get(PATH)
    assert response.status_code == (200 if MAY[who] else 403)
    assert ('href="/desk/dashboard/"' in response.content.decode()) == MAY[who]
    assert AuditEvent.objects.filter(name="page_refused").exists() != MAY[who]


def test_nobody_looks_before_signing_in(db: None) -> None:
    assert Client().get(PATH).status_code == 302


def test_a_first_look_waits_and_a_second_shows(city: Any) -> None:
    walk_to(State.HANDLING)
    first = client_of(city.mayor).get(PATH)
    assert first["Refresh"] and "正在统计" in first.content.decode()
    page = look(city.mayor)
    assert "统计截至" in page and "2026-09-15 10:00" in page and "正在统计" not in page
    assert 'href="/desk/ledger/?open=true">1</a>' in page


def test_old_figures_are_shown_with_their_time(city: Any) -> None:
    look(city.mayor)
    with time_machine.travel("2026-09-15 10:05+08:00", tick=False):
        page = client_of(city.mayor).get(PATH).content.decode()
    assert "2026-09-15 10:00" in page and "正在更新" in page


def test_another_post_never_shows_the_figures_of_the_last_one(city: Any) -> None:
    walk_to(State.HANDLING)
    assert 'open=true">1</a>' in look(city.leader)
    Appointment.objects.filter(user=city.leader).update(until=today())
    assert "正在统计" in client_of(city.leader).get(PATH).content.decode()


@pytest.mark.parametrize("period", [*PERIODS, "nonsense", ""])
def test_periods(city: Any, period: str) -> None:
    assert client_of(city.mayor).get(PATH, {"period": period}).status_code == 200


def test_what_a_figure_opens_says_what_it_is(city: Any) -> None:
    walk_to(State.HANDLING)
    page = client_of(city.mayor).get(
        "/desk/ledger/?cohort=answered&cohort_from=2026-11-01&cohort_to=2026-11-30&result=pending&owed_by=department"
    )
    text = page.content.decode()
    assert "按期办结率 · 2026年11月1日至2026年11月30日 · 未到期未办 · 试水市住房和城乡建设局" in text
    assert 'name="cohort" value="answered"' in text  # narrowing further keeps it
    assert Demand.objects.get().petition.number in text


@pytest.mark.parametrize(
    "query",
    [
        "cohort=answered",
        "cohort=answered&cohort_from=x&cohort_to=y",
        "cohort=nothing&cohort_from=2026-01-01&cohort_to=2026-01-02",
        "cohort=routed&cohort_from=0001-01-01&cohort_to=9999-12-31&result=on_time&owed_by=none",
        "due_from=0001-01-01&due_to=9999-12-31&received_from=0001-01-01&received_to=9999-12-31",
        "open=maybe&result=late",
    ],
)
def test_addresses_by_hand_are_answered(city: Any, query: str) -> None:
    walk_to(State.HANDLING)
    client = client_of(city.mayor)
    assert client.get(f"/desk/ledger/?{query}").status_code == 200


def test_what_was_handed_over_is_in_no_figure(city: Any) -> None:
    people = [who for who, may in MAY.items() if may]
    walk_to(State.HANDLING)
    before = {who: look(getattr(city, who)) for who in people}
    walk_to(State.TRANSFERRED, received_at=timezone.now() - timedelta(days=40))
    sweep(timezone.now())
    assert {who: look(getattr(city, who)) for who in people} == before


def test_a_person_complained_about_has_it_in_no_figure(city: Any) -> None:
    people = ("mayor", "auditor")
    before = {who: look(getattr(city, who)) for who in people}
    about = [
        {"kind": "person", "name": "金市安", "organ": "中共试水市委、试水市人民政府"},
        {"kind": "person", "name": "申计明", "organ": ""},
    ]
    filed = walk_to(State.FORWARDED, complained_about=about)
    recused = [who for who in people if not filed.demand.roles_of(User.objects.get(username=who))]
    assert recused
    assert {who: look(getattr(city, who)) for who in recused} == {who: before[who] for who in recused}
    assert 'open=true">1</a>' in look(city.secretary)


def test_a_look_costs_the_same_however_much_there_is(city: Any) -> None:
    walk_to(State.HANDLING)
    look(city.mayor)
    with counted() as few:
        client_of_mayor = client_of(city.mayor).get(PATH)
    for _n in range(12):
        walk_to(State.CLOSED)
        file_petition(received_at=timezone.now() - timedelta(days=30))
    look(city.mayor)
    with counted() as many:
        client_of(city.mayor).get(PATH)
    assert client_of_mayor.status_code == 200
    assert len(few) == len(many) <= 25, "\n".join(statement[:150] for statement in many)
    for statement in many:  # the page reads no petition at all, but for the number on the rail
        assert "responsibility_obligation" not in statement or "responsibility_escalation" in statement, statement


def test_computing_takes_a_fixed_number_of_statements(city: Any) -> None:
    def cost() -> int:
        user = User.objects.get(username="mayor")
        with counted() as sent:
            figures_cache.compute("petition", "overview", user, period_of("weeks", today()))
        return len(sent)

    walk_to(State.CLOSED)
    walk_to(State.HANDLING)
    few = cost()
    made = [walk_to(state) for state in (State.CLOSED, State.HANDLING, State.FORWARDED) for _n in range(5)]
    assert len(made) == 15
    assert cost() == few <= 16


def test_figures_lost_with_the_cache_are_computed_again(city: Any) -> None:
    walk_to(State.HANDLING)
    shown: SimpleNamespace = SimpleNamespace(first=look(city.mayor))
    cache.clear()
    assert "正在统计" in client_of(city.mayor).get(PATH).content.decode()
    assert look(city.mayor) == shown.first


def test_the_english_dashboard_has_no_full_width_strokes(city: Any) -> None:
    walk_to(State.CLOSED)
    look(city.mayor)
    client = client_of(city.mayor)
    assert "／" in client.get(PATH).content.decode()
    client.cookies["django_language"] = "en"
    assert "／" not in client.get(PATH).content.decode()

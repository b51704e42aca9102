"""A record that fulfils a recurring duty and the period of the duty show each other, each as far as it exists for the
reader."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from audit.models import AuditEvent, AuditRow
from massline.acts import Doing
from records.links import links_of
from records.models import Link
from responsibility.models import DutyPeriod, PostDuty
from responsibility.recurring import Fulfils, run_daily
from tests.chain_lab import at, event, sh
from tests.kinds.lab import WalledKind, errand, paper_kinds
from tests.kinds.models import Errand
from tests.people_lab import look, rest
from tests.reader import page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]
DAY, LATER = "2026-11-20 10:00", "2026-11-25 10:00"
GOAL = "召开支部委员会会议、党小组会"


@pytest.fixture(autouse=True)
def papers(city: SimpleNamespace) -> Iterator[WalledKind]:
    with paper_kinds() as walled:
        yield walled


@pytest.fixture
def period(city: SimpleNamespace) -> DutyPeriod:
    """The handler of the department owes something in November."""
    event()
    PostDuty.objects.create(post=city.post["handler"], rule="OL01", since="2026-11-01", until="2026-12-01")
    with at("2026-11-02 00:05") as now:
        run_daily(now)
    return DutyPeriod.objects.get()


def fulfil(city: SimpleNamespace, record: Errand, actor: Any) -> int:
    """An act on this record does what the handler owes; its event."""
    with at(DAY):
        made = event()
        doing = Doing(None, record, actor, {}, sh(DAY), frozenset(), "", made)  # type: ignore[arg-type]
        Fulfils("OL01", post=lambda _doing: city.post["handler"].pk).apply(doing)
    return made


def duty_page(period: DutyPeriod) -> str:
    return f"/desk/duties/{period.number}/"


def test_each_shows_the_other(city: SimpleNamespace, period: DutyPeriod) -> None:
    event()
    one = errand("E-1", city.organ["department"])
    made = fulfil(city, one, city.handler)
    link = Link.objects.get()
    assert (link.relation, link.event, link.made_by, link.made_at) == ("fulfils", made, city.handler, sh(DAY))
    with at(LATER):
        duty, record = look(city.leader, duty_page(period)), page(city.leader, "/desk/errands/E-1/")
        said = rest(city.leader, "/errands/E-1/")["links"]
    assert "由此履行" in duty and 'href="/desk/errands/E-1/"><span class="number">E-1</span> 跑一趟</a>' in duty
    assert f"履行的职责 · 经常性职责 {period.number} {GOAL}（2026年11月1日至2026年11月30日）" in record
    assert f"履行的职责：经常性职责 {period.number}" in record, "on its timeline too"
    assert [(one["relation"], one["kind"], one["number"]) for one in said] == [
        ("fulfils", "duty_period", period.number)
    ]


def test_who_sees_the_duty_alone_does_not_learn_of_the_record(city: SimpleNamespace, period: DutyPeriod) -> None:
    event()
    fulfil(city, errand("E-2", city.organ["other"]), None)
    with at(LATER):
        duty = look(city.leader, duty_page(period))
        assert "已履行" in duty and "E-2" not in duty and "由此履行" not in duty
        assert "E-2" not in look(city.handler, duty_page(period))


def test_who_sees_the_record_alone_does_not_learn_of_the_duty(city: SimpleNamespace, period: DutyPeriod) -> None:
    event()
    one = errand("E-2", city.organ["other"])
    fulfil(city, one, None)
    with at(LATER):
        look(city.other_leader, duty_page(period), 404)
        assert period.number not in look(city.other_leader, "/desk/errands/E-2/")
        assert links_of(one, city.other_leader) == []


def test_what_comes_too_late_for_the_period_is_not_joined(city: SimpleNamespace, period: DutyPeriod) -> None:
    event()
    first, second = errand("E-1", city.organ["department"]), errand("E-3", city.organ["department"])
    fulfil(city, first, city.handler)
    fulfil(city, second, city.handler)
    assert Link.objects.get().source_key == "E-1"
    assert links_of(second, city.leader) == []


def test_nothing_is_joined_before(city: SimpleNamespace, period: DutyPeriod) -> None:
    with at(LATER):
        assert "由此履行" not in look(city.leader, duty_page(period))


def test_the_link_belongs_to_the_act(city: SimpleNamespace, period: DutyPeriod) -> None:
    event()
    made = fulfil(city, errand("E-1", city.organ["department"]), city.handler)
    image = AuditRow.objects.get(table_name="records_link")
    assert image.event_id == made and not AuditEvent.objects.filter(name="linked").exists()


def test_the_duty_is_named_in_the_readers_language(city: SimpleNamespace, period: DutyPeriod) -> None:
    event()
    fulfil(city, errand("E-1", city.organ["department"]), city.handler)
    with at(LATER):
        assert "Duty fulfilled · Recurring duty" in page(city.leader, "/desk/errands/E-1/", "en")
        assert "Fulfilled by" in page(city.leader, duty_page(period), "en")

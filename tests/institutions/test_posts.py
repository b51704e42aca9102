"""Every night the system looks whether those whom a regulation names are there; the organ owes what is wrong."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from institutions.models import Regulation
from institutions.posts import check_posts
from massline.time import today
from records.timeline import timeline
from responsibility.models import Appointment, Obligation
from tests.chain_lab import appoint, event
from tests.institutions_lab import add_legal_office, does, in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: SimpleNamespace) -> SimpleNamespace:
    return add_legal_office(city)


def owed(regulation: Regulation) -> list[Obligation]:
    return list(Obligation.objects.open().about(Regulation.KIND, regulation.pk).filter(rule="IN17"))


def leave(town: SimpleNamespace, who: str) -> None:
    event()
    Appointment.objects.filter(post=town.post[who]).update(until=today())


def test_a_post_that_nobody_holds_is_owed_by_the_organ_until_somebody_does(town: SimpleNamespace) -> None:
    regulation = in_force(town)
    check_posts()
    assert owed(regulation) == []
    leave(town, "handler")
    check_posts()
    check_posts()
    (one,) = owed(regulation)
    assert (one.organ, one.post) == (town.organ["department"], town.post["receiver"]), (
        "once, by the organ that issued it"
    )
    assert "责任岗位有问题：有岗位无人负责" in [line.sentence for line in timeline(regulation.matter, public=False)]
    event()
    appoint(town.colleague, town.post["handler"], since=today())
    check_posts()
    assert owed(regulation) == []


def test_another_owner_puts_it_right_the_next_night(town: SimpleNamespace) -> None:
    regulation = in_force(town)
    leave(town, "handler")
    check_posts()
    does(town, regulation, "leader", "set_duties", owner="deputy")
    check_posts(timezone.now() + timedelta(days=1))
    assert owed(regulation) == []


def test_who_decides_neither_carries_out_nor_supervises(town: SimpleNamespace) -> None:
    regulation = in_force(town)
    does(town, regulation, "leader", "set_duties", supervisor="leader")
    check_posts()
    assert len(owed(regulation)) == 1
    (noted,) = AuditEvent.objects.filter(name="regulation.posts_at_fault")
    assert noted.facts["what"] == ["two_in_one"] and noted.actor_kind == "system"

"""How much waits at an item of the menu: the numbers follow every wall and every post at once, though the statement
that reads them is compiled once for a person in a position."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts import menu
from accounts.models import User
from massline import compiled
from massline.time import today
from petitions.models import State
from responsibility import notices
from responsibility.models import Appointment, Escalation, Notice
from responsibility.subjects import Matter
from tests.chain_lab import appoint, event, person
from tests.city import ADMINISTRATION, NAMES, act, file_petition, tell_all, walk_to
from tests.eyes import climbed_to_the_root
from tests.transfer_lab import TO_JIWEI, add_discipline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """What is compiled in a test, which nothing was before."""
    monkeypatch.setattr(compiled, "_kept", {})
    return compiled._kept


def waiting(who: User) -> dict[str, int]:
    """What the menu of a new request says, where something waits."""
    user = User.objects.get(pk=who.pk)  # a request reads them anew, with the posts that they hold
    return {item.address: count for item, count in menu._counted(user) if count}


def climbed() -> SimpleNamespace:
    """It lay in the office until everybody above was told."""
    filed = file_petition(received_at=timezone.now() - timedelta(days=100))
    climbed_to_the_root()
    return filed


def test_what_is_walled_off_is_counted_no_more(city: SimpleNamespace) -> None:
    add_discipline(city)
    filed = climbed()
    everybody = [User.objects.get(username=who) for who in (*NAMES, *ADMINISTRATION)]
    before = {who.username: waiting(who) for who in everybody}
    assert before["mayor"]["escalations"] and before["mayor"]["inbox"] and before["clerk"]["inbox"]
    act(filed.demand, "clerk", "transfer", TO_JIWEI)
    assert Notice.objects.filter(subject_key=filed.number, recipient=city.mayor, read_at=None).exists()
    now = {who.username: waiting(who) for who in everybody}
    assert now.pop("clerk") == {"letters": 1}, "whoever handed it over still tells the petitioner so"
    assert not any(now.values())


def test_whoever_is_complained_about_has_nothing_counted(city: SimpleNamespace) -> None:
    filed = climbed()
    assert waiting(city.mayor)["escalations"]
    event()
    filed.petition.filing.complained.create(kind="person", name="金市安", user=city.mayor)
    assert "escalations" not in waiting(city.mayor)


def test_another_post_is_another_count(city: SimpleNamespace) -> None:
    climbed()
    assert waiting(city.mayor)["escalations"] and "escalations" not in waiting(city.leader)
    event()
    left = Appointment.objects.get(user=city.mayor)
    Appointment.objects.filter(pk=left.pk).update(until=today())
    appoint(city.leader, left.post, since=today())
    assert "escalations" not in waiting(city.mayor) and waiting(city.leader)["escalations"]


def test_an_answer_and_a_reading_are_counted_at_once(city: SimpleNamespace) -> None:
    climbed()
    before = waiting(city.mayor)
    event()
    Notice.objects.filter(recipient=city.mayor).update(read_at=timezone.now())
    Escalation.objects.update(state="settled")
    assert before.keys() == {"escalations", "inbox"} and waiting(city.mayor) == {}


def test_of_notices_that_one_stands_for_one_is_counted(city: SimpleNamespace) -> None:
    event()
    now = timezone.now()
    for n in range(3):
        Notice.build(notices.UNDELIVERED, city.chief.pk, Matter("message", n, f"{n}"), now).save()
    assert waiting(city.chief) == {"inbox": 1}


def test_nobody_is_shown_the_count_of_another_in_the_same_place(city: SimpleNamespace) -> None:
    event()
    told, other = person("甲"), person("乙")
    Notice.build(notices.UNDELIVERED, told.pk, Matter("message", 1, "1"), timezone.now()).save()
    assert (waiting(told), waiting(other)) == ({"inbox": 1}, {})


def test_a_count_is_compiled_once_for_a_person(city: SimpleNamespace, kept: dict[Any, Any]) -> None:
    waiting(city.mayor)
    before = dict(kept)
    waiting(city.mayor)
    assert before and kept == before
    waiting(city.leader)
    assert len(kept) == 2 * len(before)


def test_letters_wait_at_the_organ_that_tells_them(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED, told=False)
    assert waiting(city.clerk)["letters"] == waiting(city.chief)["letters"] == 1
    assert "letters" not in waiting(city.receiver) and "letters" not in waiting(city.auditor)
    tell_all(filed.demand)
    assert "letters" not in waiting(city.clerk)

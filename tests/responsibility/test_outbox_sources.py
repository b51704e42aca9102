"""Several mechanisms tell people without an account by one outbox, each of its own records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from responsibility.models import Message, Notice
from responsibility.outbox import sources
from responsibility.outbox.channels import Outgoing
from responsibility.outbox.deliver import deliver
from responsibility.outbox.queue import fill
from tests.chain_lab import at
from tests.mail_lab import Post, post_office

NOON = "2026-11-23 12:00"
pytestmark = pytest.mark.django_db


@dataclass
class Letters:
    """A source with one record, whose number another source has as well."""

    name: str
    above: Any
    label: str = "告知代办人"
    people: str = "代办人"
    told: list[int] = field(default_factory=list)

    def ready(self, open_channels: frozenset[str], now: datetime) -> list[tuple[int, str]]:
        waiting = not Message.objects.filter(source=self.name, source_id=1).exists()
        return [(1, "email")] if waiting and "email" in open_channels else []

    def compose(self, message: Message) -> Outgoing | None:
        return Outgoing(f"{self.name}@example.org", self.name, "请查看", message.message_id)

    def sent(self, message: Message, at: datetime) -> None:
        self.told.append(message.source_id or 0)

    def answers_for(self, message: Message) -> list[tuple[int, int | None]]:
        return [(self.above.pk, None)]


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture
def two(city: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Letters, Letters]:
    monkeypatch.setattr(sources, "_sources", {})
    tasks, visits = Letters("task", city.leader), Letters("visit", city.chief)
    sources.register("task", tasks)
    sources.register("visit", visits)
    return tasks, visits


def test_each_source_tells_its_own_record_of_the_same_number(two: tuple[Letters, Letters], post: Post) -> None:
    with at(NOON):
        deliver()
        deliver()
    assert sorted(post.to()) == ["task@example.org", "visit@example.org"]
    assert [source.told for source in two] == [[1], [1]]
    assert set(Message.objects.values_list("source", "source_id", "state")) == {
        ("task", 1, "sent"),
        ("visit", 1, "sent"),
    }


def test_a_failure_is_shown_above_whoever_had_to_tell_in_the_words_of_the_source(
    two: tuple[Letters, Letters], city: Any, client: Client, post: Post
) -> None:
    post.answers["task@example.org"] = "550 nobody here"
    with at(NOON):
        deliver()
        assert [*Notice.objects.filter(kind="undelivered").values_list("recipient", flat=True)] == [city.leader.pk]
        client.force_login(city.leader)
        page = client.get("/desk/undelivered/").content.decode()
    assert "代办人" in page
    assert "告知代办人" in page
    assert [source.told for source in two] == [[], [1]]


def test_what_a_source_left_behind_that_is_gone_is_dropped(
    two: tuple[Letters, Letters], post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(NOON):
        fill()
        monkeypatch.delitem(sources._sources, "visit")
        deliver()
    assert dict(Message.objects.values_list("source", "state")) == {"task": "sent", "visit": "dropped"}


def test_a_name_stands_for_one_source(two: tuple[Letters, Letters]) -> None:
    with pytest.raises(ValueError, match="task"):
        sources.register("task", two[1])

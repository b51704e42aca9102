"""What a timeline says of a record of any kind: the words of its codes, of its orders, and the texts of its acts."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from audit import context, log
from audit.events import ACT_REFUSED, EVENTS, Event
from massline.acts import Doing
from records import kinds, timeline
from records.effects import Writes
from records.events import CREATE_REFUSED
from records.models import ActText
from tests.chore_kind import KIND, ORDERED, Milestone, make_chore, order, second_kind
from tests.kinds.models import Chore

STAMPED = Event("task_stamped", "盖章：%(outcome)s", public=True)
NOTED = Event("task_noted", "记下一笔", public=False)


@pytest.fixture
def task(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chore]:
    """A task that orders one thing, of a kind with two events and words of its own."""
    for one in (STAMPED, NOTED):
        monkeypatch.setitem(EVENTS, one.name, one)
    monkeypatch.setattr(timeline, "_words", dict(timeline._words))
    timeline.register_words([STAMPED], {"outcome": {"supported": "已盖", "torn": "作废"}})
    monkeypatch.setitem(kinds._kinds, KIND, SimpleNamespace(citizen="来访群众"))
    with second_kind():
        made = make_chore("DB-1", "拆除围挡", city.post["handler"], pk=7)
        order(made, {1: Milestone("拆除围挡", "", date(2026, 9, 11))})
        yield made


def happens(task: Chore, event: Event, actor: log.Actor = context.SYSTEM, **facts: object) -> int:
    with transaction.atomic():
        return log.record(event, subject=log.Subject(KIND, task.number), actor=actor, facts=facts)


def said(task: Chore, *, public: bool = False) -> list[str]:
    return [one.sentence for one in timeline.timeline(task.matter, public=public)]


def test_a_code_is_said_in_the_words_of_its_own_event(task: Chore) -> None:
    happens(task, STAMPED, outcome="supported")
    happens(task, STAMPED, outcome=["torn", "of another time"])
    assert said(task) == ["盖章：已盖", "盖章：作废、of another time"], "petitions call the first 予以支持"


def test_citizens_read_public_events_and_texts_and_nobody_s_name(task: Chore, city: SimpleNamespace) -> None:
    happens(task, STAMPED, context.actor_of(city.handler), outcome="torn")
    happens(task, NOTED)
    with transaction.atomic():
        for public, text in ((False, "内部的话"), (True, "给您的话")):
            event = log.record(STAMPED, subject=log.Subject(KIND, task.number), facts={"outcome": "torn"})
            writes(task, city.handler, event, public=public, text=text)
    inside, outside = (timeline.timeline(task.matter, public=public) for public in (False, True))
    assert [one.detail for one in inside] == ["", "", "内部的话", "给您的话"]
    assert [one.detail for one in outside] == ["", "", "给您的话"]
    assert inside[0].actor == city.handler.name and {one.actor for one in outside} == {""}


def test_who_acted_is_called_as_the_kind_calls_them(task: Chore) -> None:
    happens(task, NOTED, context.CITIZEN)
    happens(task, NOTED)
    with override("en"):
        assert [one.actor for one in timeline.timeline(task.matter, public=False)] == ["来访群众", "System"]


def test_what_was_ordered_is_said_in_the_words_of_the_order(task: Chore) -> None:
    happens(task, EVENTS["overdue"], rule=ORDERED, item=1, due="2026-09-11", told="")
    assert "“拆除围挡”" in said(task)[0]


@pytest.mark.parametrize(
    ("act", "chinese", "english"),
    [
        ("stamp", "办理“盖章”被拒绝", "Refused: 盖章"),
        ("acknowledge", "办理“签收”被拒绝", "Refused: Acknowledge"),
        ("of another time", "办理“of another time”被拒绝", "Refused: of another time"),
    ],
    ids=["of the kind", "of another kind", "gone"],
)
def test_a_refused_act_is_called_as_its_button_is(
    task: Chore, monkeypatch: pytest.MonkeyPatch, act: str, chinese: str, english: str
) -> None:
    stamp = SimpleNamespace(slug="stamp", label="盖章")
    monkeypatch.setitem(kinds._kinds, KIND, SimpleNamespace(citizen="", acts=[stamp]))
    happens(task, ACT_REFUSED, act=act)
    assert said(task) == [chinese]
    with override("en"):
        assert said(task) == [english]


def test_a_refused_creation_names_the_kind(task: Chore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._kinds, "errand", SimpleNamespace(title="跑腿"))
    assert timeline.sentence(CREATE_REFUSED.name, {"kind": "errand"}) == "新建“跑腿”被拒绝"


def test_another_records_events_are_not_among_them(task: Chore) -> None:
    happens(task, STAMPED, outcome="torn")
    with transaction.atomic():
        log.record(NOTED, subject=log.Subject("petition", task.number))
        log.record(NOTED, subject=log.Subject(KIND, "DB-11"))
    assert len(said(task)) == 1


def test_an_empty_text_leaves_no_row(task: Chore, city: SimpleNamespace) -> None:
    event = happens(task, NOTED)
    writes(task, city.handler, event, text="")
    assert not ActText.objects.about(KIND, task.pk).exists()


def writes(task: Chore, by: User, event: int, *, text: str, public: bool = False) -> None:
    act = SimpleNamespace(slug="note")
    doing = Doing(act, task, by, {"reason": text}, timezone.now(), frozenset(), "", event)  # type: ignore[arg-type]
    Writes("reason", public).apply(doing)

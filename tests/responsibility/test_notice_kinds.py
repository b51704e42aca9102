"""Kinds of notices belong to their mechanism: one that only these tests know reaches the inbox and the mail."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from audit.log import Subject
from responsibility import notices
from responsibility.effects import Notifies
from responsibility.models import Notice, Preference
from responsibility.notices import NoticeKind, UnknownNoticeKind
from responsibility.outbox.deliver import deliver
from responsibility.subjects import ImportOrigin
from tests.chain_lab import at, event, names, sweep_at
from tests.chore_kind import ChoreAdapter, does, make_chore, owe, second_kind
from tests.kinds.models import Chore
from tests.mail_lab import post_office
from tests.reader import page, reader

pytestmark = pytest.mark.django_db
FILED, READ, LATE = "2026-09-15 10:00", "2026-09-15 11:00", "2026-12-10 10:00"
NUMBER = "DB20260915-000007"


def how_many(told: Sequence[Notice], user: Any) -> dict[int, str]:
    return {notice.pk: f"{user.name}有两件" for notice in told}


RETURNED = NoticeKind("chore.returned", "任务退回", at_once=True)
PRESSED = NoticeKind("chore.pressed", "催促任务", once_unread=True)
TAKEN_OVER = NoticeKind(
    "chore.imported", "接收的任务已经超期", numbered=False, page=lambda notice: "/desk/chores/", details=how_many
)


@pytest.fixture
def tasks() -> Iterator[ChoreAdapter]:
    with second_kind() as found, pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices, "_kinds", dict(notices._kinds))
        notices.register(RETURNED, PRESSED, TAKEN_OVER)
        yield found


@pytest.fixture
def task(city: SimpleNamespace, tasks: ChoreAdapter) -> Chore:
    return make_chore(NUMBER, "督办一件", city.post["handler"], readers=[city.handler], pk=7)


def tell(task: Chore, kind: NoticeKind, user: Any) -> None:
    with at(FILED) as now:
        event()
        does(task, Notifies(kind, lambda record: [(user.pk, record.handler_id)]), now)


def test_a_kind_of_a_mechanism_reaches_the_inbox(city: SimpleNamespace, task: Chore) -> None:
    tell(task, RETURNED, city.handler)
    with at(READ):
        html = reader(city.handler).get("/desk/inbox/").content.decode()
    assert f'<a href="/desk/chores/{NUMBER}/">任务退回 {NUMBER}</a>' in html


def test_a_kind_that_cannot_wait_is_mailed_at_once(city: SimpleNamespace, task: Chore) -> None:
    with at(FILED) as now:
        event()
        Preference.objects.create(user=city.handler, email="h@office.example", since=now, digest_hour=None)
    tell(task, PRESSED, city.handler)
    tell(task, RETURNED, city.handler)
    with at(READ), post_office() as post:
        deliver()
    assert [mail["subject"] for mail in post.mails] == [f"任务退回 {NUMBER}"], "the other one can wait"


def test_who_presses_often_leaves_one_unread_notice(city: SimpleNamespace, task: Chore) -> None:
    for kind in (PRESSED, PRESSED, RETURNED, RETURNED):
        tell(task, kind, city.handler)
    told = [*Notice.objects.order_by("kind").values_list("kind", flat=True)]
    assert told == ["chore.pressed", "chore.returned", "chore.returned"]


def test_what_presses_is_one_notice_a_record_until_it_is_read(city: SimpleNamespace, task: Chore) -> None:
    with at(FILED):
        other = make_chore("DB20260915-000008", "督办另一件", city.post["handler"], readers=[city.handler], pk=8)
    for each in (task, other, task):
        tell(each, PRESSED, city.handler)
    assert [*Notice.objects.order_by("id").values_list("subject_key", flat=True)] == [NUMBER, other.number]
    event()
    Notice.objects.filter(subject_key=NUMBER).update(read_at=timezone.now())
    tell(task, PRESSED, city.handler)
    assert Notice.objects.filter(subject_key=NUMBER).count() == 2, "what was read is no longer in the way"


def test_what_came_overdue_is_told_by_the_kind_of_its_mechanism(
    city: SimpleNamespace, tasks: ChoreAdapter, task: Chore
) -> None:
    """One notice a person for two tasks, in the words of the mechanism; then the next step climbs as always."""
    with at(FILED) as now:
        event()
        for one in (task, make_chore("DB20260915-000008", "另一件", city.post["handler"], readers=[city.handler])):
            owe(one, now)
            tasks.origins[one.pk] = ImportOrigin(TAKEN_OVER, Subject("batch", "B1"), now + timedelta(days=80))
    sweep_at(LATE)
    assert names("chore.imported") >= {"handler"} and not names("overdue")
    assert Notice.objects.filter(recipient=city.handler).count() == 1
    with at(LATE):
        shown = page(city.handler, "/desk/inbox/")
    assert "接收的任务已经超期 未读" in shown and f"{city.handler.name}有两件" in shown
    sweep_at("2026-12-20 10:00")
    assert names("escalated") >= {"leader"}


def test_a_kind_that_nobody_registered_is_refused(city: SimpleNamespace, tasks: ChoreAdapter, task: Chore) -> None:
    unknown, same_name = NoticeKind("chore.gossip", "听说"), NoticeKind("chore.returned", "别的意思")
    for kind in (unknown, same_name):
        with pytest.raises(UnknownNoticeKind):
            tell(task, kind, city.handler)
        with pytest.raises(UnknownNoticeKind):
            Notice.build(kind, city.handler.pk, task.matter, timezone.now())
    with at(FILED) as now:
        event()
        owe(task, now)
        tasks.origins[7] = ImportOrigin(unknown, Subject("batch", "B1"), now + timedelta(days=80))
    assert sweep_at(LATE).failed == [NUMBER]
    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", ["", "Task", "chore.", "task.sent.back", "1st", "task returned"])
def test_a_malformed_name_is_refused(tasks: ChoreAdapter, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        notices.register(NoticeKind(name, "任务退回"))


def test_a_name_stands_for_one_kind(tasks: ChoreAdapter) -> None:
    with pytest.raises(ValueError, match="registered twice"):
        notices.register(NoticeKind("chore.returned", "别的意思"))


def test_a_notice_of_a_mechanism_that_is_gone_shows_its_bare_kind(city: SimpleNamespace) -> None:
    with at(FILED) as now:
        event()
        about = {"subject_kind": "visit", "subject_key": "V1", "told_at": now}
        Notice.objects.create(recipient=city.handler, kind="visit.planned", **about)
    with at(READ):
        assert "visit.planned V1" in page(city.handler, "/desk/inbox/")

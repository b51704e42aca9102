"""Two daily jobs at the same moment, while somebody fulfils: each period is opened once, and ends once."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from audit.models import AuditEvent
from audit.verify import verify
from responsibility.models import DutyPeriod, Obligation, PostDuty
from responsibility.recurring import Fulfils, run_daily
from tests.at_once import all_at_once
from tests.chain_lab import SINCE, at, event, organ, person, post
from tests.chore_kind import build_chore, does, second_kind

POSTS = 12


def test_each_period_is_opened_once_and_ends_once(cloned_db: str) -> None:
    with transaction.atomic():
        event()
        office = organ("住建局")
        posts = [post(office, f"科长{n}", person(f"科长{n}")) for n in range(POSTS)]
        PostDuty.objects.bulk_create(PostDuty(post=one, rule="OL01", since=SINCE) for one in posts)
    with second_kind(), at("2026-11-20 00:05"):
        all_at_once(run_daily, run_daily, lambda: _fulfil(posts))
        assert Counter(DutyPeriod.objects.values_list("since__month", "state")) == {
            (11, "fulfilled"): POSTS, (12, "owed"): POSTS
        }  # fmt: skip
    with at("2027-01-01 00:05"):
        all_at_once(run_daily, run_daily, run_daily)
    assert Counter(DutyPeriod.objects.values_list("since__month", "state")) == {
        (11, "fulfilled"): POSTS, (12, "missed"): POSTS, (1, "owed"): POSTS
    }  # fmt: skip
    assert Obligation.objects.filter(subject_kind=DutyPeriod.KIND).count() == 3 * POSTS
    once = AuditEvent.objects.filter(subject_kind=DutyPeriod.KIND, name__startswith="period_")
    assert set(Counter(once.values_list("subject_key", "name")).values()) == {1}
    assert Counter(once.values_list("name", flat=True)) == {
        "period_opened": 3 * POSTS, "period_fulfilled": POSTS, "period_missed": POSTS
    }  # fmt: skip
    assert verify("responsibility_dutyperiod", "responsibility_obligation").ok


def _fulfil(posts: list) -> None:
    for n, one in enumerate(posts):
        with transaction.atomic():
            does(build_chore(f"RW-{n}", "会议", one, pk=n), Fulfils("OL01"), timezone.now())

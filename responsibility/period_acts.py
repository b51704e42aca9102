"""The acts on one period of a recurring duty (经常性职责). The system does them: people act on other records."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from massline.acts import Act, Acts, Doing, WrongState
from massline.time import local_day
from responsibility import events, obligations
from responsibility.effects import Closes, Releases
from responsibility.models import DutyPeriod, Escalation, EscalationState, Obligation, PeriodState, Post
from responsibility.people import people_in
from responsibility.rules import rule
from responsibility.subjects import Matter


class DutyPosts:
    """Finds the posts that owe duties on a day: a vacant post's duty falls to the top post of its organ."""

    def __init__(self, posts: Collection[Post], day: date) -> None:
        tops = list(Post.objects.filter(organ__in={post.organ_id for post in posts}, is_top=True).order_by("pk"))
        self._held = people_in([*{post.pk for post in posts}, *(top.pk for top in tops)], day)
        self._tops = {top.pk for top in tops}
        self._instead = {top.organ_id: top.pk for top in reversed(tops) if top.pk in self._held}

    def owing(self, post: Post) -> int:
        """Returns the post that owes this post's duty: itself when it is held, or when the top post is vacant too."""
        return post.pk if post.pk in self._held else self._instead.get(post.organ_id, post.pk)

    def owing_now(self, post: Post, so_far: Post) -> int:
        """Returns the post that owes this post's duty from now on, after `so_far` has owed it: a post chosen by a
        leader keeps it while it is held."""
        put_there = so_far.pk != post.pk and so_far.pk not in self._tops and so_far.pk in self._held
        return so_far.pk if put_there else self.owing(post)


def misplaced(periods: QuerySet[DutyPeriod], day: date) -> dict[int, int]:
    """Returns by period the post that should owe it now and does not."""
    rows = list(periods.owed().select_related("post"))  # type: ignore[attr-defined]
    owed = Obligation.objects.open().filter(subject_kind=DutyPeriod.KIND, subject_id__in=[row.pk for row in rows])
    so_far = {o.subject_id: o.post for o in owed.select_related("post")}
    duty_posts = DutyPosts([*(row.post for row in rows), *so_far.values()], day)
    wanted = {row.pk: duty_posts.owing_now(row.post, so_far[row.pk]) for row in rows if row.pk in so_far}
    return {pk: post for pk, post in wanted.items() if post != so_far[pk].pk}


def fully_escalated() -> QuerySet[Obligation]:
    """Returns the obligations of missed periods that climb no more: every leader whom they reached has answered, and
    one of them has instructed or no post is above."""
    steps = Escalation.objects.filter(obligation=OuterRef("pk"))
    missed = DutyPeriod.objects.filter(state=PeriodState.MISSED)
    owed = Obligation.objects.open().filter(subject_kind=DutyPeriod.KIND, subject_id__in=missed.values("pk"))
    return owed.exclude(Exists(steps.filter(state__in=Escalation.OPEN))).filter(
        Q(next_at=None) | Exists(steps.filter(state=EscalationState.INSTRUCTED))
    )


def facts_of(period: DutyPeriod) -> dict[str, Any]:
    """Returns the facts of a period's events."""
    last = period.last_day
    goal = rule(period.rule).title
    return {"goal": goal, "rule": period.rule, "since": period.since.isoformat(), "last": last.isoformat()}


class ClosesMissed:
    """Closes the period's obligation as missed."""

    def apply(self, doing: Doing) -> None:
        obligations.close_missed(doing.record.matter, doing.at)


class HandsOverVacant:
    """Hands the period's obligation to the post that should owe it."""

    def apply(self, doing: Doing) -> None:
        owed = obligations.find_open(doing.record.matter, doing.record.rule)
        obligations.hand_over_one(owed.pk, doing.facts["to"])


class PeriodAct(Act):
    roles = frozenset({"system"})
    from_states = frozenset({PeriodState.OWED})
    basis = "经常性职责每期履行一次，期满未履行的不能补办"

    def facts(self, doing: Doing) -> dict[str, Any]:
        return facts_of(doing.record)


class Fulfil(PeriodAct):
    """履行: an act on another record (`by`) fulfilled the duty."""

    slug, label = "fulfil", _("履行")
    to = (PeriodState.FULFILLED,)
    event = events.PERIOD_FULFILLED
    effects = (Closes(),)

    def __init__(self, by: Matter | None = None) -> None:
        self.by = by

    def facts(self, doing: Doing) -> dict[str, Any]:
        by = {"by_kind": self.by.kind, "by_key": self.by.key} if self.by else {}
        return super().facts(doing) | by


class Miss(PeriodAct):
    """期满未履行: missed for good. Its obligation goes on climbing, until the leaders have answered."""

    slug, label = "miss", _("期满未履行")
    to = (PeriodState.MISSED,)
    event = events.PERIOD_MISSED

    def check(self, doing: Doing) -> None:
        if doing.record.until > local_day(doing.at):
            raise WrongState


class Release(PeriodAct):
    """不再需要: the post has this duty no longer for the whole period."""

    slug, label = "release", _("不再需要")
    to = (PeriodState.RELEASED,)
    event = events.PERIOD_RELEASED
    effects = (Releases(),)


class HandOver(PeriodAct):
    """改由其他岗位承担: its post has become vacant, or is held again."""

    slug, label = "hand_over", _("改由其他岗位承担")
    event = events.PERIOD_HANDED_OVER
    effects = (HandsOverVacant(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        found = misplaced(DutyPeriod.objects.filter(pk=doing.record.pk), local_day(doing.at))
        if not found:
            raise WrongState
        to = found[doing.record.pk]
        return super().facts(doing) | {"to": to, "post": str(Post.objects.select_related("organ").get(pk=to))}


class Settle(PeriodAct):
    """逐级上报结束: the leaders who had to answer for what was missed have answered."""

    slug, label = "settle", _("逐级上报结束")
    from_states = frozenset({PeriodState.MISSED})
    event = events.PERIOD_SETTLED
    effects = (ClosesMissed(),)

    def check(self, doing: Doing) -> None:
        if not fully_escalated().filter(subject_id=doing.record.pk).exists():
            raise WrongState


PERIOD_ACTS = Acts(Fulfil, Miss, Release, HandOver, Settle)

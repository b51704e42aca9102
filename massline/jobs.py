"""Long jobs that a user started on a page: a row says what, how far it is, and which worker has leased it.

A task finds its job by a query and holds it by a lease. A killed worker loses the lease when it runs out, and the
next run goes on from `done`: what a job does must be safe to repeat from its last committed step.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    WAITING = "waiting", _("等待处理")
    RUNNING = "running", _("正在处理")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


class LostLease(Exception):
    """Another worker has the job now: stop, and change nothing more."""


class Job(models.Model):
    """The common columns of imports and exports. Instants are UTC."""

    LEASE: ClassVar = timedelta(seconds=60)
    ATTEMPTS: ClassVar = 5

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    """Why it was not finished, for the user who asked for it."""

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, given_up: Callable[[Self], object] = lambda job: None) -> Self | None:
        """Returns the oldest job that no worker has in hand, now leased to the caller; None when there is none.
        `given_up` puts on record that one was tried for the last time, in the transaction in which its row says so."""
        now = timezone.now()
        free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, leased_until__lte=now)
        with transaction.atomic():
            job = cls._default_manager.select_for_update(skip_locked=True).filter(free).order_by("id").first()
            if job is None:
                return None
            job.state, job.leased_until, job.attempts = JobState.RUNNING, now + cls.LEASE, job.attempts + 1
            if job.attempts > cls.ATTEMPTS:
                job.state, job.leased_until, job.ended_at = JobState.FAILED, None, now
                job.fault = str(_("多次尝试未能完成，请联系系统管理员"))
                given_up(job)
            job.save(update_fields=["state", "leased_until", "attempts", "ended_at", "fault"])
        return job if job.state == JobState.RUNNING else cls.claim(given_up)

    def advance(self, done: int) -> None:
        """Says how far it is and renews the lease, in the transaction of the step; raises LostLease."""
        self.change(done=done, leased_until=timezone.now() + self.LEASE)

    def finish(self, fault: str = "") -> None:
        """Ends it, well or with a fault; raises LostLease."""
        state = JobState.FAILED if fault else JobState.DONE
        self.change(state=state, leased_until=None, ended_at=timezone.now(), fault=fault[:200])

    def change(self, **changes: object) -> None:
        """Changes the job for the worker with this attempt (a later one has a higher count); raises LostLease."""
        mine = type(self)._default_manager.filter(pk=self.pk, attempts=self.attempts, state=JobState.RUNNING)
        if not mine.update(**changes):
            raise LostLease
        for name, value in changes.items():
            setattr(self, name, value)

    @property
    def percent(self) -> int | None:
        return None if not self.total else min(100, self.done * 100 // self.total)

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

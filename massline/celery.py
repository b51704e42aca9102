"""The Celery app. A message is only a wake-up: it carries no data, and losing it delays work and never loses any."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from celery import Celery, signals
from celery.beat import PersistentScheduler
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.dispatch import receiver
from django_structlog.celery import signals as structlog_signals
from django_structlog.celery.steps import DjangoStructLogInitStep

from massline.health import leave_mark

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "massline.settings")

app = Celery("massline")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    # While the broker is away, a request that wakes a task goes on after a moment: the task finds its work anyway.
    broker_transport_options={"visibility_timeout": 3600, "socket_connect_timeout": 2, "socket_timeout": 20},
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    task_soft_time_limit=240,
    task_time_limit=300,
    timezone="Asia/Shanghai",
    beat_scheduler="massline.celery:BeatScheduler",
    beat_schedule_filename=str(Path(settings.HOME) / "beat-schedule"),
    beat_schedule={
        "sweep": {"task": "responsibility.sweep", "schedule": 60.0, "options": {"expires": 55}},
        "recompute": {"task": "responsibility.recompute", "schedule": 60.0, "options": {"expires": 55}},
        "imports": {"task": "records.imports", "schedule": 60.0, "options": {"expires": 55}},
        "exports": {"task": "reports.exports", "schedule": 60.0, "options": {"expires": 55}},
        "outbox": {"task": "responsibility.outbox", "schedule": 30.0, "options": {"expires": 25}},
        "files": {"task": "records.files", "schedule": 600.0, "options": {"expires": 500}},
        "answers": {"task": "citizens.delete_expired_answers", "schedule": 3600.0, "options": {"expires": 3000}},
        "drafts": {"task": "massline.delete_drafts", "schedule": 3600.0, "options": {"expires": 3000}},
        "sign-ins": {"task": "accounts.note_refused", "schedule": 60.0, "options": {"expires": 55}},
        "recurring": {"task": "responsibility.recurring", "schedule": crontab(hour="0", minute="5")},
        "institutions": {"task": "institutions.lapse", "schedule": crontab(hour="0", minute="10")},
        "posts": {"task": "institutions.posts", "schedule": crontab(hour="0", minute="20")},
        "proposals": {"task": "records.proposals", "schedule": crontab(hour="0", minute="15")},
        "partitions": {"task": "audit.tasks.ensure_partitions", "schedule": crontab(hour="2", minute="10")},
        "expired": {"task": "massline.clear_expired", "schedule": crontab(hour="3", minute="20")},
    },
)
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


class BeatScheduler(PersistentScheduler):
    """Beat's own scheduler; it leaves a mark for /readyz whenever it woke something."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        _leave_mark("clock")

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        woken = super().apply_async(*args, **kwargs)
        _leave_mark("clock")
        return woken


@app.task(name="massline.clear_expired")
def clear_expired() -> None:
    """Deletes sessions and counts that have expired; nightly by beat."""
    from massline import counters  # it has a table, and so waits for Django

    with transaction.atomic():
        call_command("clearsessions")
        counters.delete_expired()


@app.task(name="massline.delete_drafts")
def delete_drafts() -> None:
    """Deletes drafts that are a day old; hourly by beat."""
    from massline.drafts import box  # it has a table, and so waits for Django

    with transaction.atomic():
        box.delete_expired()


@signals.setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Django has set up logging; Celery leaves it alone."""


@receiver(structlog_signals.modify_context_before_task_publish)
def only_the_request_id(sender: Any, context: dict[str, Any], **kwargs: Any) -> None:
    """Leaves of a request's log context only its id in a message."""
    for key in set(context) - {"request_id"}:
        del context[key]


@signals.worker_process_init.connect
def keep_the_program(**kwargs: Any) -> None:
    """The program itself is never garbage; a sweep makes enough that is."""
    gc.freeze()


@signals.heartbeat_sent.connect
@signals.worker_ready.connect
def worker_lives(**kwargs: Any) -> None:
    _leave_mark("worker")


def _leave_mark(name: str) -> None:
    try:
        leave_mark(name)
    except Exception as error:  # a mark that is missing says enough
        print(f"no mark for {name}: {type(error).__name__}", file=sys.stderr)

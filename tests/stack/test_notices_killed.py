"""Worker and broker killed in the middle of sending: nothing is lost, nothing is doubled in the application."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import Celery
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from massline.stack.home import Home
from massline.stack.valkey import Valkey
from responsibility.models import Delivery, Message, Notice, Preference
from responsibility.outbox.deliver import LEASE
from tests.chain_lab import event
from tests.conftest import open_folder
from tests.database import BASE, urls_of
from tests.mail_lab import post_office

PEOPLE = 12


def told_people() -> None:
    now = timezone.now()
    with transaction.atomic():
        event()
        for n in range(PEOPLE):
            user = User.objects.create(username=f"p{n}", name=f"甲{n}", password="!")
            Preference.objects.create(
                user=user, email=f"p{n}@office.example", since=now - timedelta(days=1), digest_hour=None
            )
            Notice.objects.create(
                recipient=user, kind="overdue", subject_kind="petition", subject_key=f"XF{n}", told_at=now
            )


@contextmanager
def worker(environ: dict[str, str]):
    """A real worker; whatever happens to it in between, it is gone at the end."""
    run = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "massline.celery:app",
        "worker",
        "--concurrency",
        "1",
        "-l",
        "ERROR",
    ]
    process = subprocess.Popen(run, cwd=BASE, env=os.environ | environ, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def eventually(what, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def _environ(database, valkey, post):
    return urls_of(database) | {
        "MASSLINE_ENV": "test",
        "REDIS_URL": valkey.url,
        "MASSLINE_SMTP_HOST": "127.0.0.1",
        "MASSLINE_SMTP_PORT": str(post.port),
        "MASSLINE_SMTP_TLS": "none",
        "MASSLINE_MAIL_FROM": "massline@office.example",
    }


def _kill_and_empty(valkey):
    """Nothing that was in the broker is there when it starts again."""
    valkey.child.popen.kill()
    valkey.child.stop()
    for file in valkey.folder.glob("append*/*"):
        file.unlink()


@pytest.mark.commits
def test_kill_9_of_worker_and_broker_while_sending(cloned_db):
    told_people()
    with open_folder() as folder, post_office() as post:
        valkey = Valkey(Home.at(folder))
        valkey.start()
        environ = _environ(cloned_db, valkey, post)
        try:
            post.hold_at = 5
            post.hold = threading.Event()
            with worker(environ):
                Celery(broker=valkey.url).send_task("responsibility.outbox")
                assert post.arrived.wait(60)
            # The worker is dead with one mail in the server's hands; now the broker dies too, and forgets.
            _kill_and_empty(valkey)
            post.hold.set()
            post.hold = None
            assert Message.objects.filter(state=Delivery.SENDING).count() == 1
            assert Message.objects.filter(state=Delivery.SENT).count() == 4
            with transaction.atomic():
                event()
                Message.objects.filter(state=Delivery.SENDING).update(sending_at=timezone.now() - LEASE * 2)
            valkey.start()
            with worker(environ):
                Celery(broker=valkey.url).send_task("responsibility.outbox")
                Celery(broker=valkey.url).send_task("responsibility.outbox")
                eventually(lambda: Message.objects.filter(state=Delivery.SENT).count() == PEOPLE)
        finally:
            valkey.stop()
        copies = Counter(str(mail["Message-ID"]) for mail in post.mails)
        assert len(copies) == PEOPLE
        assert sorted(copies.values()) == [1] * (PEOPLE - 1) + [2]
        (twice,) = (message_id for message_id, n in copies.items() if n == 2)
        assert Message.objects.get(possible_repeat=True).message_id == twice
        assert Notice.objects.count() == Message.objects.count() == PEOPLE

"""Worker, broker and web server killed while mails leave: nothing is lost, nothing doubled in the application.

What `make test` tries of it is in test_notices_killed.py: a worker and a broker without the rest of the stack.
"""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from massline.stack.process import members
from massline.stack.valkey import free_port
from tests.mail_lab import Post, post_office
from tests.stack.test_import_stack import run
from tests.stack.test_stack import Launcher, wait_for

PEOPLE = 150
BEGIN = f"""
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from accounts.models import User
from audit import log
from responsibility import events
from responsibility.models import Notice, Preference
from responsibility.tasks import outbox
now = timezone.now()
with transaction.atomic():
    log.record(events.PREFERENCE_SET)
    for n in range({PEOPLE}):
        user = User.objects.create(username=f"p{{n}}", name=f"甲{{n}}", password="!")
        since = now - timedelta(days=1)
        Preference.objects.create(user=user, email=f"p{{n}}@office.example", since=since, digest_hour=None)
        Notice.objects.create(
            recipient=user, kind="overdue", subject_kind="petition", subject_key=f"XF{{n}}", told_at=now
        )
"""
LEASE_ENDS = """
from django.db import transaction
from audit import log
from responsibility import events
from responsibility.models import Message
from responsibility.outbox.deliver import LEASE
from django.db.models import F
with transaction.atomic():
    log.record(events.PREFERENCE_SET)
    Message.objects.filter(state="sending").update(sending_at=F("sending_at") - LEASE)
"""
STATE = """
import json
from audit.verify import verify
from responsibility.models import Message, Notice
print(json.dumps({
    "sent": Message.objects.filter(state="sent").count(), "messages": Message.objects.count(),
    "notices": Notice.objects.count(), "intact": verify().ok,
    "repeats": list(Message.objects.filter(possible_repeat=True).values_list("message_id", flat=True)),
}))
"""


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        running.slow = 0.2
        yield running


@pytest.fixture
def launcher(stack_home: Path, post: Post) -> Iterator[Launcher]:
    launcher = Launcher(
        stack_home, free_port(), DEMO="0", MASSLINE_SMTP_HOST="127.0.0.1", MASSLINE_SMTP_PORT=str(post.port),
        MASSLINE_SMTP_TLS="none", MASSLINE_MAIL_FROM="massline@office.example", MASSLINE_SITE="https://massline.example",
    )  # fmt: skip
    launcher.start()
    try:
        yield launcher
    finally:
        launcher.end(signal.SIGTERM)


def kill(launcher: Launcher, name: str) -> None:
    pid = launcher.children()[name]
    for each in [*members(pid), pid]:
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            pass
    assert wait_for(lambda: launcher.children().get(name, pid) != pid, 30)


@pytest.mark.soak
def test_killed_while_sending_nothing_is_lost_and_nothing_doubled(launcher: Launcher, post: Post) -> None:
    run(launcher, BEGIN)
    killed_at = []
    for name in ("worker", "valkey", "web"):
        seen = len(post.mails)
        assert wait_for(lambda seen=seen: len(post.mails) > seen + 2, 90), name  # type: ignore[misc]
        killed_at.append(len(post.mails))
        kill(launcher, name)
        if name == "worker":  # as if its lease had passed
            run(launcher, LEASE_ENDS)
    assert killed_at[-1] < PEOPLE, "all had left before everybody was killed: take more people"
    assert wait_for(lambda: json.loads(run(launcher, STATE))["sent"] == PEOPLE, 180), run(launcher, STATE)
    found = json.loads(run(launcher, STATE))
    assert (found["messages"], found["notices"], found["intact"]) == (PEOPLE, PEOPLE, True)
    copies = Counter(str(mail["Message-ID"]) for mail in post.mails)
    assert len(copies) == PEOPLE
    assert {message_id for message_id, n in copies.items() if n > 1} <= set(found["repeats"])
    assert len(found["repeats"]) <= 1 and max(copies.values()) <= 2

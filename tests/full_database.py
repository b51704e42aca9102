"""A database in which every table of ours has rows, for `tests.older_databases` to record."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import RefusedSignIns, SignInCount, User
from citizens.models import IdempotencyKey
from petitions.demo import grow
from petitions.models import Demand
from records.models import Attachment, Creation, Import, ImportedFrom, ImportReject, Link, Proposal, SavedFilter
from reports.models import Export
from responsibility.models import DutyPeriod, Message, Notice, Organ, Post, PostDuty, Preference, Reader
from tests.chain_lab import event
from tests.database import BASE


def fill(moment: str) -> None:
    """The demo as it would be loaded at that moment, without the petitions that it makes by the hundred."""
    as_the_demo = override_settings(DEMO=True, DEMO_PASSWORD="a demo password")
    with time_machine.travel(datetime.fromisoformat(moment)), as_the_demo:
        with patch.object(grow, "petitions", lambda *given: iter(())):
            call_command("load_demo", stdout=sys.stderr)
        with transaction.atomic():
            event()
            _fill_the_rest(timezone.now(), timezone.localdate())


def empty_tables() -> list[str]:
    """Of our models; counts of massline's own run out, and need none."""
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == BASE} - {"massline"}
    models = (model for model in apps.get_models() if model._meta.app_label in ours)
    return [model._meta.db_table for model in models if not model._base_manager.exists()]


def _fill_the_rest(now: datetime, day: date) -> None:
    """A row of each table that the demo leaves empty."""
    user, chief = User.objects.get(username="clerk"), User.objects.get(username="chief")
    first, second = Demand.objects.order_by("pk")[:2]
    organ, post = Organ.objects.order_by("pk")[0], Post.objects.order_by("pk")[0]
    told = Notice.objects.order_by("pk")[0]
    subject = {"subject_kind": Demand.KIND, "subject_id": first.pk}
    source = {"source_kind": Demand.KIND, "source_id": first.pk, "source_key": first.petition.number}
    target = {"target_kind": Demand.KIND, "target_id": second.pk, "target_key": second.petition.number}

    SignInCount.objects.create(key=b"k", failures=1, since=now, last_at=now)
    RefusedSignIns.objects.create(user=user, quarter=now, n=3)
    IdempotencyKey.objects.create(
        key_hash=b"k", body_hash=b"b", filed_at=now, filing=first.petition.filing, answer=b"a"
    )
    Preference.objects.create(user=user, email="clerk@example.org", since=now)
    Reader.objects.create(kind="letter", record=1, user=user, since=day)
    PostDuty.objects.create(post=post, rule="CT01b", since=day)
    since = day - timedelta(days=30)
    DutyPeriod.objects.create(number="JQ1", post=post, rule="CT01b", since=since, until=day, state="missed")
    about = {"recipient": told.recipient, "notice": told, "message_id": "<1@x>"}
    Message.objects.create(purpose="notice", channel="email", made_at=now, next_at=now, **about)

    Attachment.objects.create(**subject, name="灯.jpg", kind="jpeg", size=3, stored="x/1", scan="none", added_at=now)
    Creation.objects.create(request=b"r", sent=b"s", kind="errand", record=1, made_by=user)
    SavedFilter.objects.create(user=user, kind=Demand.KIND, name="我的", query="state=handling")
    Link.objects.create(**source, **target, relation="led_to", event=1, made_at=now, made_by=user)
    decided = {"decided_at": now, "decided_by": chief, "answer": "已列入年度计划", "state": "declined"}
    words = {"title": "查一查楼道照明", "words": "请查全区", "reason": "三个月内五次"}
    made = {
        "number": "TY1",
        "proposed": "errand",
        "relation": "led_to",
        "organ": organ,
        "made_at": now,
        "made_by": user,
    }
    Proposal.objects.create(**source, **made, **words, **decided)

    file = {"kind": Demand.KIND, "office": organ, "filename": "台账.csv", "sha256": "a" * 64}
    job = Import.objects.create(asked_by=user, asked_at=now, **file)
    row = {"source": "老台账", "source_key": "1", "digest": b"d"}
    ImportedFrom.objects.create(**subject, taken_by=job, taken_at=now, **row)
    ImportReject.objects.create(job=job, row=2, reasons=["没有填写"], cells=["一", ""])
    asked = {"what": "ledger", "form": "csv", "language": "zh-hans", "name": "a", "nonce": "0" * 32}
    Export.objects.create(asked_by=user, asked_at=now, **asked)

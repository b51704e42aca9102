"""Rows that a full database of before holds, after the migrations of today."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from audit.models import AuditRow
from audit.verify import verify
from massline.keys import key_of
from responsibility.models import Message, Notice, Post
from tests.chain_lab import event, organ, person, post
from tests.petitions.test_transfer_migration import as_owner

pytestmark = pytest.mark.usefixtures("cloned_db")


def back_to(name: str) -> Any:
    """The database as it was after this migration of the app, and the models of then."""
    call_command("migrate", "responsibility", name, database="owner", verbosity=0)
    executor = MigrationExecutor(connections["owner"])
    return executor.loader.project_state([("responsibility", name)]).apps


def test_messages_to_petitioners_keep_their_source() -> None:
    messages = back_to("0018_dissatisfied").get_model("responsibility", "Message").objects.using("owner")
    now = timezone.now()
    with transaction.atomic():
        event()
        user = person("收件人")
    with as_owner():
        plain = {"channel": "email", "made_at": now, "next_at": now}
        told = messages.create(purpose="telling", telling=1, message_id="<1@x>", **plain)
        digest = messages.create(purpose="digest", recipient_id=user.pk, day=now.date(), message_id="<2@x>", **plain)
    call_command("migrate", database="owner", verbosity=0)
    assert dict(Message.objects.values_list("pk", "source")) == {told.pk: "petition", digest.pk: ""}
    assert [
        *AuditRow.objects.filter(table_name="responsibility_message", op="U").values_list("event__name", flat=True)
    ] == ["rows_migrated"]
    assert verify().ok


def test_notices_about_petitions_get_the_names_of_their_mechanism() -> None:
    call_command("migrate", "petitions", "0023_no_accusations", database="owner", verbosity=0)
    notices = back_to("0022_successor").get_model("responsibility", "Notice").objects.using("owner")
    with transaction.atomic():
        event()
        told, other = person("收件人"), person("另一人")
    with as_owner():
        plain = {"recipient_id": told.pk, "told_at": timezone.now()}
        notices.create(kind="overdue", subject_kind="petition", subject_key="XF1", **plain)
        notices.create(kind="returned", subject_kind="petition", subject_key="XF1", **plain)
        notices.create(kind="filter_cleared", subject_kind="filter", subject_key="k", **plain)
        for user in (told, other):
            notices.create(
                kind="imported", subject_kind="import", subject_key="12", **plain | {"recipient_id": user.pk}
            )
    call_command("migrate", database="owner", verbosity=0)
    key = key_of("import", 12)
    assert [*Notice.objects.order_by("pk").values_list("kind", "subject_key", "merge_key")] == [
        ("overdue", "XF1", ""),
        ("petition.returned", "XF1", ""),
        ("petition.filter_cleared", "k", ""),
        ("petition.imported", key, key),
        ("petition.imported", key, key),
    ]
    changes = AuditRow.objects.filter(table_name="responsibility_notice", op="U")
    assert set(changes.values_list("event__name", flat=True)) == {"rows_migrated"} and verify().ok
    call_command("migrate", "petitions", "0023_no_accusations", database="owner", verbosity=0)
    assert [*Notice.objects.order_by("pk").values_list("kind", "subject_key", "merge_key")][3:] == [
        ("imported", "12", "")
    ] * 2


def test_posts_keep_what_begins_a_class_and_lose_what_covers_nothing() -> None:
    posts = back_to("0025_recurring").get_model("responsibility", "Post").objects.using("owner")
    with transaction.atomic():
        event()
        office = organ("住建局")
        good, bad = post(office, "副局长", in_charge_of=["01", "0203", ""]), post(office, "科长")
    with as_owner():
        posts.filter(pk=bad.pk).update(in_charge_of=["01", "1", "住建"])
    call_command("migrate", database="owner", verbosity=0)
    found = dict(Post.objects.filter(pk__in=[good.pk, bad.pk]).values_list("pk", "in_charge_of"))
    assert found == {good.pk: ["01", "0203", ""], bad.pk: ["01"]} and verify().ok

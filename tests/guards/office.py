"""The office's tools: imports, exports, saved filters, messages, attachments."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import RefusedSignIns
from massline.drafts.models import Draft
from records.files.models import Attachment
from records.importing.models import Import, ImportedFrom, ImportReject
from records.models import SavedFilter
from reports.models import Export
from responsibility.models import Message, Notice, Preference
from tests.city import file_petition
from tests.guards import refused

DAY = date(2026, 1, 1)
WEEK = timedelta(days=7)


def imported(city: Any, **more: Any) -> Import:
    return Import.objects.create(
        kind="petition", asked_by=city.clerk, asked_at=timezone.now(), filename="a.csv", **more
    )


def taken_from(job: Import, key: str) -> ImportedFrom:
    return ImportedFrom.objects.create(
        subject_kind="petition",
        subject_id=file_petition().demand.pk,
        taken_by=job,
        source="old",
        source_key=key,
        digest=b"",
        taken_at=timezone.now(),
    )


@refused("refused_once_a_quarter")
def _(city):
    for _again in range(2):
        RefusedSignIns.objects.create(user=city.clerk, quarter=timezone.now().replace(second=0, microsecond=0), n=1)


@refused("draft_once")
def _(city):
    for _again in range(2):
        Draft.objects.create(browser=b"1", address="/", owner="user:1", sealed=b"", saved_at=timezone.now())


@refused("import_state")
def _(city):
    imported(city, state="lost")


@refused("import_counts_rows_once")
def _(city):
    imported(city, total=9, done=3, came_in=2, rejected=1, already_there=1)


@refused("imported_once")
def _(city):
    job = imported(city)
    taken_from(job, "1")
    taken_from(job, "1")


@refused("imported_from_one_row")
def _(city):
    job = imported(city)
    ImportedFrom.objects.filter(pk=taken_from(job, "1").pk).update(subject_id=taken_from(job, "2").subject_id)


@refused("rejected_once")
def _(city):
    job = imported(city)
    for _again in range(2):
        ImportReject.objects.create(job=job, row=2, reasons=[], cells=[])


def export(city: Any, **more: Any) -> Export:
    given = {"nonce": uuid4(), "what": "ledger", "form": "csv", "language": "zh-hans", "name": uuid4().hex}
    return Export.objects.create(asked_by=city.auditor, asked_at=timezone.now(), **given | more)


@refused("export_state")
def _(city):
    export(city, state="lost")


@refused("export_what")
def _(city):
    export(city, what="Not a name")


@refused("export_form")
def _(city):
    export(city, form="exe")


@refused("exported_once")
def _(city):
    nonce = uuid4()
    export(city, nonce=nonce)
    export(city, nonce=nonce)


@refused("personal_only_with_a_reason")
def _(city):
    export(city, fields=["name"], reason="因为         ")


@refused("one_filter_a_name")
def _(city):
    for _again in range(2):
        SavedFilter.objects.create(user=city.clerk, kind="petition", name="同名", query="state=closed")


@refused("filter_of_a_kind")
def _(city):
    SavedFilter.objects.create(user=city.clerk, kind="", name="没有种类", query="state=closed")


@refused("done_with_rows_and_hash")
def _(city):
    export(city, state="done", rows=1, as_of=timezone.now(), expires_at=timezone.now())


def message(**more: Any) -> Message:
    now = timezone.now()
    plain = {"purpose": "citizen", "source": "petition", "source_id": 1, "channel": "email", "made_at": now}
    plain |= {"next_at": now}
    return Message.objects.create(**plain | {"message_id": f"<{Message.objects.count()}@x>"} | more)


@refused("message_about_one_thing")
def _(city):
    message(source_id=None)


@refused("only_messages_to_citizens_have_a_source")
def tells_of_nobodys_record(city):
    message(source="")


@refused("only_messages_to_citizens_have_a_source")
def digests_a_source(city):
    message(purpose="digest", source_id=None, recipient=city.clerk, day=date(2026, 11, 23))


@refused("message_state")
def sent_at_no_time(city):
    message(state="sent", next_at=None)


@refused("message_state")
def waits_for_ever(city):
    message(next_at=None)


@refused("message_channel")
def _(city):
    message(channel="pigeon")


@refused("sent_once_a_record")
def _(city):
    message()
    message()


@refused("one_digest_a_day")
def _(city):
    for _again in range(2):
        message(purpose="digest", source="", source_id=None, recipient=city.clerk, day=date(2026, 11, 23))


@refused("sent_once_a_notice")
def _(city):
    notice = Notice.objects.create(
        recipient=city.clerk, kind="overdue", subject_kind="petition", subject_key="1", told_at=timezone.now()
    )
    for _again in range(2):
        message(purpose="notice", source="", source_id=None, recipient=city.clerk, notice=notice)


@refused("digest_hour")
def _(city):
    Preference.objects.create(user=city.clerk, since=timezone.now(), digest_hour=24)


def attached(**more: Any) -> Attachment:
    given = {"kind": "text", "size": 5, "stored": uuid4().hex, "scan": "none", "added_at": timezone.now()}
    return Attachment.objects.create(subject_kind="petition", subject_id=file_petition().demand.pk, **given | more)


@refused("attachment_kind")
def _(city):
    attached(kind="exe")


@refused("attachment_scan")
def _(city):
    attached(scan="perhaps")


@refused("attachment_judged_before_served")
def _(city):
    attached(kind="unknown")


@refused("attachment_refused_with_a_reason")
def _(city):
    attached(scan="refused")


@refused("attachment_size")
def _(city):
    attached(size=0)

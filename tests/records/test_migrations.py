"""Tables that were petitions' own and that every kind shares now, on a full database of before."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from audit.models import AuditEvent, AuditRow
from audit.verify import verify
from petitions.models import Demand
from records.models import ActText, Attachment, Import
from tests.city import act, build_city, file_petition
from tests.petitions.test_transfer_migration import as_owner

pytestmark = pytest.mark.usefixtures("cloned_db")


def back_to(name: str) -> Any:
    """The database as it was after this migration of petitions, and the models of then."""
    call_command("migrate", "petitions", name, database="owner", verbosity=0)
    return MigrationExecutor(connections["owner"]).loader.project_state([("petitions", name)]).apps


def test_texts_of_before_are_read_where_they_were() -> None:
    build_city()
    filed = file_petition()
    entries = back_to("0024_notice_kinds").get_model("petitions", "Entry").objects.using("owner")
    noted = AuditEvent.objects.filter(subject_key=filed.number).values_list("pk", flat=True)[0]
    with as_owner():
        plain = {"demand_id": filed.demand.pk, "event_id": noted, "written_at": timezone.now()}
        kept = [
            entries.create(kind="note", act="note", text="内部的话", **plain),
            entries.create(kind="reason", act="decline", text="理由", public=True, **plain),
            entries.create(kind="supplement", act="supplement", text="还有一处", public=True, **plain),
        ]
    call_command("migrate", database="owner", verbosity=0)
    rows = ActText.objects.about(Demand.KIND, filed.demand.pk).order_by("pk")
    assert list(rows.values_list("pk", "act", "kind", "text", "public")) == [
        (kept[0].pk, "note", "note", "内部的话", False),
        (kept[1].pk, "decline", "reason", "理由", True),
        (kept[2].pk, "supplement", "supplement", "还有一处", True),
    ]
    assert AuditEvent.objects.filter(name="table_unwatched", subject_key="petitions_entry").exists()
    assert AuditRow.objects.filter(table_name="records_acttext", op="B").count() == 3
    assert verify().ok
    act(filed.demand, "citizen", "supplement", {"text": "再补充"})
    assert rows.last().text == "再补充" and verify().ok


def test_files_of_before_are_read_where_they_were() -> None:
    build_city()
    first, other = file_petition(), file_petition()
    assert first.demand.pk != other.demand.petition_id
    attachments = back_to("0025_texts_to_records").get_model("petitions", "Attachment").objects.using("owner")
    with as_owner():
        plain = {"kind": "text", "size": 3, "scan": "none", "sha256": "ab", "added_at": timezone.now()}
        kept = [
            attachments.create(petition_id=one.petition.pk, name=f"{n}.txt", stored=f"attachments/{n}", **plain)
            for n, one in enumerate((other, first, other))
        ]
    call_command("migrate", database="owner", verbosity=0)
    assert [*Attachment.objects.about(Demand.KIND, other.demand.pk).order_by("pk").values_list("pk", "name")] == [
        (kept[0].pk, "0.txt"),
        (kept[2].pk, "2.txt"),
    ]
    assert [*Attachment.objects.about(Demand.KIND, first.demand.pk).values_list("pk", flat=True)] == [kept[1].pk]
    changed = AuditRow.objects.filter(table_name="petitions_attachment", op="U")
    assert {*changed.values_list("event__name", flat=True)} == {"rows_migrated"} and changed.count() == 3
    assert AuditRow.objects.filter(table_name="records_attachment", op="B").count() == 3
    assert verify().ok
    back_to("0025_texts_to_records")
    assert {*attachments.values_list("pk", "petition_id")} == {
        (one.pk, filed.petition.pk) for one, filed in zip(kept, (other, first, other), strict=True)
    }, "and back again"
    call_command("migrate", database="owner", verbosity=0)
    assert verify().ok


def test_imports_of_before_keep_their_rows() -> None:
    city = build_city()
    first, other = file_petition(), file_petition()
    models = back_to("0027_filters_to_records")
    old, froms, outside = (
        models.get_model("petitions", name).objects.using("owner")
        for name in ("Import", "ImportedFrom", "ImportReject")
    )
    with as_owner():
        job = old.create(asked_by_id=city.clerk.pk, asked_at=timezone.now(), filename="a.csv", state="done", came_in=2)
        plain = {"taken_by_id": job.pk, "source": "老台账", "digest": b"x", "taken_at": timezone.now()}
        kept = [
            froms.create(petition_id=one.petition.pk, source_key=str(n), **plain)
            for n, one in enumerate((other, first))
        ]
        outside.create(job_id=job.pk, row=7, reasons=["没有填写"], cells=["一", ""])
    call_command("migrate", database="owner", verbosity=0)
    (found,) = Import.objects.all()
    assert (found.pk, found.kind, found.filename, found.came_in) == (job.pk, "petition", "a.csv", 2)
    assert [*found.taken.order_by("pk").values_list("pk", "subject_kind", "subject_id", "source_key")] == [
        (kept[0].pk, Demand.KIND, other.demand.pk, "0"),
        (kept[1].pk, Demand.KIND, first.demand.pk, "1"),
    ]
    assert [row.as_row() for row in found.rejects.all()] == [[7, "没有填写", "一", ""]]
    changed = AuditRow.objects.filter(table_name="petitions_importedfrom", op="U")
    assert {*changed.values_list("event__name", flat=True)} == {"rows_migrated"} and changed.count() == 2
    assert AuditRow.objects.filter(table_name="records_importedfrom", op="B").count() == 2
    assert AuditRow.objects.filter(table_name="records_importreject", op="B").count() == 1
    assert verify().ok
    back_to("0027_filters_to_records")
    assert {*froms.values_list("pk", "petition_id")} == {
        (kept[0].pk, other.petition.pk),
        (kept[1].pk, first.petition.pk),
    }, "and back again"
    call_command("migrate", database="owner", verbosity=0)
    assert verify().ok

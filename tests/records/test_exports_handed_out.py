"""Exports: who may take out what, the link, large ones, and that nothing but whole files is handed out."""

import hashlib
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Kind, User
from audit.models import AuditEvent
from audit.verify import verify
from citizens.models import Complained
from massline import crypto
from massline.keys import id_of, key_of
from petitions.models import Demand
from reports import exports, writers
from reports.export_kinds import ExportScope, export_kinds
from reports.models import Export, FileFormat
from tests.chain_lab import event
from tests.city import act, file_petition, forget_event
from tests.export_lab import REASON, city_to_export, client_of, fetched, link, made, posted, rows
from tests.shared.test_query_counts import counted

world = pytest.fixture(scope="module")(city_to_export)

WHAT = ["ledger", "timelines", "obligations", "escalations", "events"]


# --- Who ----------------------------------------------------------------------------------------------------------
MAY = {
    "auditor": WHAT, "inspector": ["ledger"], "chief": ["ledger"], "district_chief": ["ledger"],
    "clerk": [], "receiver": [], "handler": [], "colleague": [], "deputy": [], "leader": [], "other_leader": [],
    "mayor": [], "secretary": [], "sysadmin": [], "secadmin": [], "auditadmin": [],
}  # fmt: skip


@pytest.mark.parametrize("who", MAY)
def test_who_may_export_what(world: SimpleNamespace, who: str) -> None:
    refusals = AuditEvent.objects.filter(name="page_refused", actor_key=who)
    before = refusals.count()
    for what in WHAT:
        response = posted(world, who, what, "csv")
        assert response.status_code == (302 if what in MAY[who] else 422 if MAY[who] else 403)
    assert refusals.count() == before + (0 if MAY[who] else len(WHAT))
    client = client_of(world, who)
    assert client.get("/desk/exports/new/").status_code == (200 if MAY[who] else 403)
    assert client.get("/desk/exports/").status_code == (200 if MAY[who] else 403)
    assert ('href="/desk/exports/"' in client.get("/desk/inbox/").content.decode()) == bool(MAY[who])


def test_nobody_takes_out_what_was_handed_over(world: SimpleNamespace) -> None:
    for who in ("chief", "inspector", "auditor"):
        found = {row["编号"] for row in rows(made(world, "ledger", "csv", who=who)[1], "csv")}
        assert world.handed_over not in found
        assert (world.recused in found) == (who != "auditor")


def test_whoever_has_not_signed_in_is_sent_to_sign_in(world: SimpleNamespace) -> None:
    for path in (
        "/desk/exports/",
        "/desk/exports/new/",
        f"/desk/exports/{key_of('export', 1)}/",
        f"/desk/exports/{key_of('export', 1)}/file/x/",
    ):
        assert Client().get(path)["Location"].startswith("/desk/sign-in/")


# --- The link -----------------------------------------------------------------------------------------------------
def test_the_link_is_for_the_asker_alone_and_for_nothing_else(world: SimpleNamespace) -> None:
    job, _data = made(world, "ledger", "csv")
    other, _data = made(world, "ledger", "csv")
    path = link(world, job)
    for who in ("inspector", "chief", "sysadmin"):
        missing = 403 if who == "sysadmin" else 404
        assert client_of(world, who).get(path).status_code == missing
        assert client_of(world, who).get(f"/desk/exports/{job.key}/").status_code == missing
    auditor = client_of(world, "auditor")
    token = path.split("/")[-2]
    forged = crypto.seal_token("something else", [job.pk, job.asked_by_id, job.sha256])
    for wrong in (
        f"/desk/exports/{other.key}/file/{token}/",
        path.replace(token, token[:-1]),
        path.replace(token, forged),
    ):
        assert auditor.get(wrong).status_code == 404
    fetches = AuditEvent.objects.filter(name="export_fetched", subject_key=job.key)
    before = fetches.count()
    fetched(world, job)
    assert fetches.count() == before + 1


def test_after_its_time_the_file_is_gone(world: SimpleNamespace) -> None:
    job, _data = made(world, "ledger", "csv", fields_asked=["title"], reason=REASON)
    path, file = link(world, job), exports.path_of(job, job.attempts)
    assert timedelta(hours=23) < job.expires_at - timezone.now() <= timedelta(hours=24)
    with transaction.atomic():
        event()
        Export.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    response = client_of(world, "auditor").get(path)
    assert response.status_code == 410 and "已过期" in response.content.decode()
    for _again in range(2):
        exports.delete_expired()
    assert not file.exists()
    assert AuditEvent.objects.filter(name="export_removed", subject_key=job.key).count() == 1
    page = client_of(world, "auditor").get(f"/desk/exports/{job.key}/").content.decode()
    assert "文件已到期删除" in page and job.sha256 in page


@pytest.mark.parametrize("change", ["recused", "handed over", "another kind"])
def test_who_lost_sight_of_something_cannot_download_it_any_more(world: SimpleNamespace, change: str) -> None:
    filed = file_petition()
    world.numbers.add(filed.number)
    job, _data = made(world, "ledger", "csv")
    path = link(world, job)
    sees = Demand.objects.for_user(world.city.auditor).filter(pk=filed.demand.pk)
    assert sees.exists()
    with transaction.atomic():
        event()
        if change == "recused":
            named = Complained.objects.create(
                filing=filed.petition.filing, kind="person", name="申计明", user=world.city.auditor
            )
        elif change == "handed over":
            act(filed.demand, "clerk", "transfer", {"organ": "other", "pages": 2, "sure": True})
        else:
            User.objects.filter(pk=world.city.auditor.pk).update(kind=Kind.SYSADMIN)
    try:
        response = client_of(world, "auditor").get(path)
        assert response.status_code == 403
        assert ("职责分离" if change == "another kind" else "有变化") in response.content.decode()
    finally:
        with transaction.atomic():
            event()
            if change == "recused":
                Complained.objects.filter(pk=named.pk).update(user=None)
            User.objects.filter(pk=world.city.auditor.pk).update(kind=Kind.AUDITOR)
    again = client_of(world, "auditor").get(path).status_code
    assert again == (403 if change == "handed over" else 200)


# --- Large ones ---------------------------------------------------------------------------------------------------
def queued(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Export:
    monkeypatch.setattr(exports, "SMALL", 3)
    monkeypatch.setattr(exports, "TICK", 0.0)
    monkeypatch.setattr(writers, "BATCH", 5)
    response = posted(world, "auditor", "ledger", more.pop("form", "csv"), **more)
    return Export.objects.get(pk=id_of("export", response["Location"].split("/")[-2]))


@pytest.mark.parametrize("form", FileFormat.values)
def test_a_large_one_waits_for_the_worker_and_says_how_far_it_is(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    job = queued(world, monkeypatch, form=form)
    path = f"/desk/exports/{job.key}/"
    page = client_of(world, "auditor").get(path).content.decode()
    assert job.state == "waiting" and "/file/" not in page and f'hx-get="{path}"' in page and "<progress" in page
    steps = []
    monkeypatch.setattr(Export, "advance", lambda self, done: steps.append((done, self.total)))
    exports.make_waiting()
    job.refresh_from_db()
    assert steps and all(0 < done <= total == job.rows for done, total in steps)
    fragment = client_of(world, "auditor").get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and "hx-get" not in fragment and job.sha256 in fragment
    assert len(rows(fetched(world, job), form)) == job.rows


def test_what_somebody_left_in_the_middle_is_taken_over_and_made_once(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queued(world, monkeypatch)
    first = Export.claim()
    assert first is not None and first.pk == job.pk
    monkeypatch.setattr(Export, "LEASE", timedelta(seconds=-1))
    with transaction.atomic():
        first.advance(0)  # its lease has run out
    monkeypatch.undo()
    exports.path_of(first, 1).write_bytes(b"half a fi")
    exports.make_waiting()
    exports.make(first)  # it was not dead after all, and finds that the job is no longer its own
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert AuditEvent.objects.filter(name="exported", subject_key=job.key).count() == 1
    assert not exports.path_of(job, 1).exists() and exports.path_of(job, 2).exists()
    assert hashlib.sha256(fetched(world, job)).hexdigest() == job.sha256


def test_a_fault_is_told_and_is_an_event(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued(world, monkeypatch)
    with transaction.atomic():
        event()
        Export.objects.filter(pk=job.pk).update(filter={"organ": "gone"})
    exports.make_waiting()
    lost = queued(world, monkeypatch)
    with transaction.atomic():
        event()
        Export.objects.filter(pk=lost.pk).update(attempts=Export.ATTEMPTS)
    exports.make_waiting()
    for each, said in ((job, "筛选条件已经失效"), (lost, "多次尝试未能完成")):
        page = client_of(world, "auditor").get(f"/desk/exports/{each.key}/").content.decode()
        assert said in page and "/file/" not in page
        assert AuditEvent.objects.filter(name="export_failed", subject_key=each.key).count() == 1
        assert not list(world.folder.glob(f"exports/{each.name}*"))


def test_sent_twice_it_is_exported_once_and_only_so_many_wait(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonce = str(uuid4())
    job = queued(world, monkeypatch, nonce=nonce)
    assert queued(world, monkeypatch, nonce=nonce) == job
    while Export.objects.filter(state="waiting").count() < exports.MAX_WAITING:
        queued(world, monkeypatch)
    response = posted(world, "auditor", "ledger", "csv")
    assert response.status_code == 422 and "还没有完成" in response.content.decode()
    exports.make_waiting()
    assert not Export.objects.filter(state="waiting").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"form": "jsonl"},
        {"what": "timelines"},
        {"received_from": "2026-01-01"},
        {"fields_asked": ["name"], "reason": REASON},
    ],
    ids=lambda changed: "-".join(changed),
)
def test_a_form_sent_again_with_other_content_is_asked_about_and_then_exported(
    world: SimpleNamespace, changed: dict[str, Any]
) -> None:
    """Back, another choice, once more: the earlier file is not handed out for it."""
    given = {"what": "ledger", "form": "csv", "nonce": str(uuid4())}
    first = posted(world, "auditor", **given)
    assert posted(world, "auditor", **given)["Location"] == first["Location"]
    asked = posted(world, "auditor", **given | changed)
    page = asked.content.decode()
    assert asked.status_code == 422 and "此前已用这张表导出“台账”，内容与现在填写的不同" in page
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    assert nonce != given["nonce"] and all(str(each) in page for each in changed.get("fields_asked", changed.values()))
    again = posted(world, "auditor", **given | changed | {"nonce": nonce})
    assert again.status_code == 302 and again["Location"] != first["Location"]
    assert Export.objects.filter(nonce__in=(given["nonce"], nonce)).count() == 2


# --- The file -----------------------------------------------------------------------------------------------------
def test_a_new_sheet_begins_at_the_limit(world: SimpleNamespace, tmp_path: Any) -> None:
    asked = ExportScope(world.city.auditor, {}, timezone.now())
    job = Export(asked_by=world.city.auditor, what="ledger", filter={})
    with exports.snapshot() as (reader, as_of):
        columns = export_kinds()["ledger"].chosen([], as_of)
        source = writers.Source(reader, exports.statement(reader, job, columns, as_of), columns)
        count, _digest = writers.write(source, "xlsx", tmp_path / "a.xlsx", lambda done: None, sheet_rows=11)
    written = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    expected = export_kinds()["ledger"].rows(asked).count()
    assert count == expected and len(written) == -(-expected // 10)
    assert {sheet.max_row for sheet in written[:-1]} == {11}
    assert {sheet["A1"].value for sheet in written} == {"编号"}
    numbers = [sheet.cell(n, 1).value for sheet in written for n in range(2, sheet.max_row + 1)]
    assert len(numbers) == len(set(numbers)) == expected
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_export_shows_one_moment(world: SimpleNamespace, tmp_path: Any) -> None:
    """What comes in while it is being written is not in it, not even in part."""
    job = Export(asked_by=world.city.auditor, what="ledger", filter={})
    with exports.snapshot() as (reader, as_of):
        columns = export_kinds()["ledger"].chosen([], as_of)
        sql = exports.statement(reader, job, columns, as_of)
        late = file_petition().number
        world.numbers.add(late)
        writers.write(writers.Source(reader, sql, columns), "csv", tmp_path / "a.csv", lambda done: None)
        with reader.cursor() as cursor, pytest.raises(Exception, match="read-only transaction"):
            cursor.execute("DELETE FROM reports_export")
    assert late not in (tmp_path / "a.csv").read_text()


def test_the_list_costs_the_same_however_long_it_is(world: SimpleNamespace) -> None:
    client = client_of(world, "inspector")
    made(world, "ledger", "csv", who="inspector")
    with counted() as few:
        assert client.get("/desk/exports/").status_code == 200
    for _n in range(8):
        made(world, "ledger", "csv", who="inspector")
    with counted() as many:
        page = client.get("/desk/exports/").content.decode()
    assert len(few) == len(many) <= 8 and page.count("<tr>") >= 9


def test_every_write_of_an_export_is_explained_by_an_event(world: SimpleNamespace) -> None:
    before = verify().unexplained
    forget_event()
    job, _data = made(world, "ledger", "csv", fields_asked=["name"], reason=REASON)
    assert verify().unexplained == before
    told = AuditEvent.objects.filter(subject_kind="export", subject_key=job.key).values_list("name", flat=True)
    assert sorted(told) == ["export_fetched", "exported"]

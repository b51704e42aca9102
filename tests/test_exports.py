"""Exports: what is in them against the database, who may take out what, and that nothing but whole files is handed out.

An export reads one moment through a connection of its own, so all of this
is committed to a database of this module's own.
"""

import csv
import hashlib
import io
import json
import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone, translation

from accounts.models import Kind, User
from audit.models import AuditEvent
from audit.verify import verify
from petitions.models import Complained, Demand, Petition, State
from petitions.show import timeline
from reports import exports, writers
from reports.columns import SHEETS, Asked, chosen
from reports.models import Export, Form, What
from responsibility.models import Escalation, Obligation
from responsibility.sweep import sweep
from tests import database
from tests.chain_lab import event
from tests.city import build_city, file_petition, walk_to
from tests.conftest import open_folder
from tests.test_query_counts import counted, signed_in

REASON = "核对信访人联系方式是否如实登记"
NAUGHTY = [
    "=1+1",
    "+8613",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    " =1",
    "\u3000=1",
    "\ufeff=1",
]
PLAIN = ["楼道照明", "a,b", 'say "no"', "第一行\n第二行", "😀", "'quoted", "1=1", "\\N", "\\.", "NULL", "a;b"]
ACCUSED = [{"kind": "organ", "name": "试水市住房和城乡建设局", "organ": ""}]
ABOUT_THE_AUDITOR = [{"kind": "person", "name": "申计明", "organ": ""}]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), open_folder() as folder:
        before = connection.settings_dict["NAME"]
        storages = {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
        }
        with (
            database.clone("exports") as name,
            override_settings(
                STORAGES={
                    **storages,
                    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
                }
            ),
        ):
            database.point_at(name)
            try:
                yield build(folder)
            finally:
                database.point_at(before)


def build(folder: Any) -> SimpleNamespace:
    city = build_city()
    long_ago = timezone.now() - timedelta(days=100)
    made = SimpleNamespace(city=city, folder=folder, clients={})
    made.states = [walk_to(state).number for state in State]
    for title in NAUGHTY + PLAIN:
        with transaction.atomic():
            filed = file_petition(title=title, place=title, body=title, name=title, address=title)
        made.states.append(filed.number)
    made.overdue = file_petition(received_at=long_ago).number
    made.accusation = file_petition(purpose="accusation", complained_about=ACCUSED).number
    made.recused = file_petition(complained_about=ABOUT_THE_AUDITOR).number
    for days in (0, 7, 14):
        sweep(timezone.now() + timedelta(days=days))
    made.numbers = {*made.states, made.overdue}
    return made


def client_of(world: SimpleNamespace, who: str) -> Client:
    if who not in world.clients:
        world.clients[who] = signed_in(getattr(world.city, who))
    return world.clients[who]


def posted(world: SimpleNamespace, who: str, what: str, form: str, **more: Any) -> Any:
    data = {"what": what, "form": form, "nonce": str(uuid4())} | more
    return client_of(world, who).post("/desk/exports/new/", data)


def made(world: SimpleNamespace, what: str, form: str, who: str = "auditor", **more: Any) -> tuple[Export, bytes]:
    """The export and what its asker is handed."""
    response = posted(world, who, what, form, **more)
    assert response.status_code == 302, response.content.decode()
    job = Export.objects.get(pk=int(response["Location"].split("/")[-2]))
    assert job.state == "done", job.fault
    return job, fetched(world, job, who)


def link(world: SimpleNamespace, job: Export, who: str = "auditor") -> str:
    page = client_of(world, who).get(f"/desk/exports/{job.pk}/").content.decode()
    return re.search(r'href="(/desk/exports/\d+/file/[^"]+)"', page)[1]  # type: ignore[index]


def fetched(world: SimpleNamespace, job: Export, who: str = "auditor") -> bytes:
    response = client_of(world, who).get(link(world, job, who))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "no-store" in response["Cache-Control"]
    return b"".join(response.streaming_content)


def rows(data: bytes, form: str) -> list[dict[str, Any]]:
    """The file as a table program reads it: one dict a row."""
    if form == "jsonl":
        return [json.loads(line) for line in data.decode().splitlines()]
    if form == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets:
        heads, *lines = sheet.iter_rows(values_only=True)
        found += [dict(zip(heads, line, strict=True)) for line in lines]
    return found


EXPECTED: dict[str, Any] = {
    What.LEDGER: lambda numbers: sorted(numbers),
    What.TIMELINES: lambda numbers: sorted(
        AuditEvent.objects.filter(subject_kind="petition", subject_key__in=numbers).values_list(
            "subject_key", flat=True
        )
    ),
    What.OBLIGATIONS: lambda numbers: sorted(
        Obligation.objects.filter(subject_key__in=numbers).values_list("subject_key", flat=True)
    ),
    What.ESCALATIONS: lambda numbers: sorted(
        Escalation.objects.filter(obligation__subject_key__in=numbers).values_list("obligation__subject_key", flat=True)
    ),
}


@pytest.mark.parametrize("form", Form.values)
@pytest.mark.parametrize("what", EXPECTED)
def test_every_kind_in_every_form_holds_what_exists_for_the_auditor_and_nothing_else(
    world: SimpleNamespace, what: str, form: str
) -> None:
    expected = EXPECTED[what](world.numbers)
    job, data = made(world, what, form)
    found = rows(data, form)
    assert expected and sorted(row["number" if form == "jsonl" else "编号"] for row in found) == expected
    assert job.rows == len(found) == job.done == job.total
    assert job.sha256 == hashlib.sha256(data).hexdigest() and job.size == len(data)
    told = AuditEvent.objects.get(name="exported", subject_key=str(job.pk))
    assert told.actor_key == "auditor"
    assert told.facts == {
        "what": what, "form": form, "filter": {}, "fields": [], "rows": len(found), "sha256": job.sha256,
    }  # fmt: skip
    assert stat.S_IMODE(exports.path_of(job, job.attempts).stat().st_mode) == 0o600
    for secret in (world.accusation, world.recused, "宋试民", "13900000000", "三单元楼道灯"):
        assert secret not in json.dumps(found, ensure_ascii=False, default=str)


def test_the_ledger_says_what_its_page_says(world: SimpleNamespace) -> None:
    found = {row["编号"]: row for row in rows(made(world, "ledger", "csv")[1], "csv")}
    for demand in Demand.objects.select_related("petition", "organ", "office", "handler"):
        if demand.petition.number not in world.numbers:
            continue
        line = found[demand.petition.number]
        assert line["状态"] == demand.get_state_display()
        assert line["承办单位"] == demand.organ.name and line["信访部门"] == demand.office.name
        assert line["内容分类"].split(" / ") == list(demand.category_path.split(" / ")) or line["内容分类"]
        assert line["是否超期"] == ("是" if demand.is_overdue(timezone.now()) else "否")
        shown = Obligation(strict_at=demand.strict_at).due_strict
        assert line["截止"] == (str(shown) if shown else "")
        local = timezone.localtime(demand.received_at).replace(microsecond=0, tzinfo=None)
        assert line["收到时间（北京时间）"] == str(local)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_exported_timeline_says_what_the_petition_page_says(world: SimpleNamespace, language: str) -> None:
    job, data = made(world, "timelines", "jsonl")
    if language == "en":
        job.language = language
    found: dict[str, list[str]] = {}
    with exports.snapshot() as (reader, as_of), translation.override(language):
        columns = chosen(job.what, [], as_of)
        for row in writers.Source(reader, exports.statement(reader, job, columns, as_of), columns):
            line = dict(zip([c.name for c in columns], row, strict=True))
            found.setdefault(line["number"], []).append(line["sentence"])
        for demand in Demand.objects.filter(petition__number__in=world.numbers).select_related("petition"):
            shown = [entry["sentence"] for entry in timeline(demand, public=False)]
            assert found[demand.petition.number][: len(shown)] == shown[: len(found[demand.petition.number])]
    assert data


def test_events_hold_the_log_of_those_days_but_of_no_petition_that_does_not_exist_for_the_auditor(
    world: SimpleNamespace,
) -> None:
    client_of(world, "clerk").get("/desk/exports/")  # a refusal, which is about no petition
    day = timezone.localdate().isoformat()
    last = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0]
    job, data = made(world, "events", "jsonl", received_from=day, received_to=day)
    found = rows(data, "jsonl")
    hidden = (world.accusation, world.recused)
    expected = AuditEvent.objects.filter(id__lte=last, subject_kind__in=("petition", "", "export", "organ"))
    expected = expected.exclude(subject_kind="petition", subject_key__in=hidden)
    assert {row["event_id"] for row in found if row["event_id"] <= last} == set(expected.values_list("id", flat=True))
    assert {"page_refused", "exported", "filed"} <= {row["event"] for row in found}
    assert not any(number in data.decode() for number in hidden)
    job, data = made(world, "events", "jsonl", received_to="2020-01-01")
    assert (job.rows, data) == (0, b"")


def test_the_filter_of_the_ledger_narrows_an_export(world: SimpleNamespace) -> None:
    job, data = made(world, "ledger", "csv", state="handling", q="楼道")
    assert {row["状态"] for row in rows(data, "csv")} == {"正在办理"}
    told = AuditEvent.objects.get(name="exported", subject_key=str(job.pk))
    assert told.facts["filter"] == {"state": "handling", "q": "…"}  # words may name somebody; a number does not
    job, data = made(world, "ledger", "csv", q=world.overdue)
    assert [row["编号"] for row in rows(data, "csv")] == [world.overdue]
    assert AuditEvent.objects.get(name="exported", subject_key=str(job.pk)).facts["filter"] == {"q": world.overdue}
    page = client_of(world, "auditor").get("/desk/ledger/?state=handling&overdue=true").content.decode()
    assert 'href="/desk/exports/new/?state=handling&amp;overdue=true"' in page
    page = client_of(world, "auditor").get("/desk/exports/new/?state=handling").content.decode()
    assert '<input type="hidden" name="state" value="handling">' in page and "正在办理" in page


# --- Formulas -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields", [["title", "place", "body"], ["title", "name", "address"]], ids=["copy", "row by row"]
)
def test_no_cell_of_a_csv_can_be_taken_for_a_formula(world: SimpleNamespace, fields: list[str]) -> None:
    data = made(world, "ledger", "csv", fields_asked=fields, reason=REASON)[1]
    titles = []
    for row in rows(data, "csv"):
        for cell in row.values():
            assert cell.lstrip(writers.BLANKS)[:1] not in tuple(writers.SIGNS), cell
        titles.append(row["标题"])
    stored = set(Petition.objects.filter(number__in=world.numbers).values_list("title", flat=True))
    assert {title.removeprefix("'") for title in titles} >= {title.removeprefix("'") for title in stored}
    for title in stored:
        assert (f"'{title}" if title.lstrip(writers.BLANKS)[:1] in tuple(writers.SIGNS) else title) in titles


def test_a_workbook_holds_every_text_as_text_and_every_number_as_number(world: SimpleNamespace) -> None:
    data = made(world, "ledger", "xlsx", fields_asked=["title", "name"], reason=REASON)[1]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert kinds == {"s", "d", "n"}  # and no formula
    titles = {row["标题"].replace("_x000D_", "\r") for row in rows(data, "xlsx") if row["标题"]}
    assert {"=1+1", "+8613", "@SUM(A1)", "第一行\n第二行"} <= titles
    data = made(world, "obligations", "xlsx")[1]
    assert {type(row["延期天数"]) for row in rows(data, "xlsx")} == {int}


# --- Personal fields ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "  ", "太短", "一二三四五六七八九"])
def test_no_personal_field_without_a_reason(world: SimpleNamespace, reason: str) -> None:
    before = Export.objects.count()
    response = posted(world, "auditor", "ledger", "csv", fields_asked=["name"], reason=reason)
    assert response.status_code == 422
    page = response.content.decode()
    assert "请写明理由" in page and re.search(r'value="name"[^>]*checked', page)
    assert Export.objects.count() == before


@pytest.mark.parametrize("form", Form.values)
def test_a_name_leaves_only_with_a_reason_and_stands_in_every_timeline(world: SimpleNamespace, form: str) -> None:
    filed = walk_to(State.RECEIVED)
    world.numbers.add(filed.number)
    before = AuditEvent.objects.filter(name="petitioner_unmasked").count()
    job, data = made(world, "ledger", form, fields_asked=["name", "phone", "body"], reason=REASON, q=filed.number)
    (line,) = rows(data, form)
    said = ("姓名", "电话", "反映内容") if form != "jsonl" else ("name", "phone", "body")
    assert [line[name] for name in said] == ["宋试民", "139 0000 0000", "三单元楼道灯坏了两个月，多次找物业无果。"]
    told = AuditEvent.objects.get(name="exported", subject_key=str(job.pk))
    assert told.facts["fields"] == ["name", "phone", "body"] and told.reason == REASON
    unmasked = AuditEvent.objects.filter(name="petitioner_unmasked", subject_key=filed.number)
    assert [e.facts for e in unmasked] == [{"fields": ["name", "phone"]}] and unmasked[0].actor_key == "auditor"
    assert AuditEvent.objects.filter(name="petitioner_unmasked").count() == before + 1
    assert any("姓名、电话" in entry["sentence"] for entry in timeline(filed.demand, public=False))


def test_a_field_of_another_kind_is_refused_in_words(world: SimpleNamespace) -> None:
    response = posted(world, "auditor", "obligations", "csv", fields_asked=["name"], reason=REASON)
    assert response.status_code == 422 and "所选内容没有可以勾选的字段" in response.content.decode()


def test_only_an_auditor_is_offered_personal_fields(world: SimpleNamespace) -> None:
    assert "fields_asked" in client_of(world, "auditor").get("/desk/exports/new/").content.decode()
    assert "fields_asked" not in client_of(world, "inspector").get("/desk/exports/new/").content.decode()
    job, data = made(world, "ledger", "jsonl", who="inspector", fields_asked=["name"], reason=REASON)
    assert job.fields == [] and "宋试民" not in data.decode()


# --- Who ----------------------------------------------------------------------------------------------------------
MAY = {
    "auditor": list(What), "inspector": [What.LEDGER], "chief": [What.LEDGER], "district_chief": [What.LEDGER],
    "clerk": [], "receiver": [], "handler": [], "colleague": [], "deputy": [], "leader": [], "other_leader": [],
    "mayor": [], "secretary": [], "sysadmin": [], "secadmin": [], "auditadmin": [],
}  # fmt: skip


@pytest.mark.parametrize("who", MAY)
def test_who_may_export_what(world: SimpleNamespace, who: str) -> None:
    refusals = AuditEvent.objects.filter(name="page_refused", actor_key=who)
    before = refusals.count()
    for what in What:
        response = posted(world, who, what, "csv")
        assert response.status_code == (302 if what in MAY[who] else 422 if MAY[who] else 403)
    assert refusals.count() == before + (0 if MAY[who] else len(What))
    client = client_of(world, who)
    assert client.get("/desk/exports/new/").status_code == (200 if MAY[who] else 403)
    assert client.get("/desk/exports/").status_code == (200 if MAY[who] else 403)
    assert ('href="/desk/exports/"' in client.get("/desk/inbox/").content.decode()) == bool(MAY[who])


def test_nobody_takes_an_accusation_out_not_even_its_reader(world: SimpleNamespace) -> None:
    assert Demand.objects.for_user(world.city.chief).filter(petition__number=world.accusation).exists()
    for who in ("chief", "inspector", "auditor"):
        found = {row["编号"] for row in rows(made(world, "ledger", "csv", who=who)[1], "csv")}
        assert world.accusation not in found
        assert (world.recused in found) == (who != "auditor")


def test_whoever_has_not_signed_in_is_sent_to_sign_in(world: SimpleNamespace) -> None:
    for path in ("/desk/exports/", "/desk/exports/new/", "/desk/exports/1/", "/desk/exports/1/file/x/"):
        assert Client().get(path)["Location"].startswith("/desk/sign-in/")


# --- The link -----------------------------------------------------------------------------------------------------
def test_the_link_is_for_the_asker_alone_and_for_nothing_else(world: SimpleNamespace) -> None:
    job, _data = made(world, "ledger", "csv")
    other, _data = made(world, "ledger", "csv")
    path = link(world, job)
    for who in ("inspector", "chief", "sysadmin"):
        assert client_of(world, who).get(path).status_code == 404
        assert client_of(world, who).get(f"/desk/exports/{job.pk}/").status_code == 404
    auditor = client_of(world, "auditor")
    token = path.split("/")[-2]
    forged = signing.dumps([job.pk, job.asked_by_id, job.sha256], salt="something else")
    for wrong in (
        f"/desk/exports/{other.pk}/file/{token}/",
        path.replace(token, token[:-1]),
        path.replace(token, forged),
    ):
        assert auditor.get(wrong).status_code == 404
    fetches = AuditEvent.objects.filter(name="export_fetched", subject_key=str(job.pk))
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
        exports.clear_expired()
    assert not file.exists()
    assert AuditEvent.objects.filter(name="export_removed", subject_key=str(job.pk)).count() == 1
    page = client_of(world, "auditor").get(f"/desk/exports/{job.pk}/").content.decode()
    assert "文件已到期删除" in page and job.sha256 in page


@pytest.mark.parametrize("change", ["recused", "accusation", "another kind"])
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
                petition=filed.petition, kind="person", name="申计明", user=world.city.auditor
            )
        elif change == "accusation":
            Demand.objects.filter(pk=filed.demand.pk).update(purpose="accusation")
        else:
            User.objects.filter(pk=world.city.auditor.pk).update(kind=Kind.SYSADMIN)
    try:
        response = client_of(world, "auditor").get(path)
        assert response.status_code == 403 and "有变化" in response.content.decode()
    finally:
        with transaction.atomic():
            event()
            if change == "recused":
                named.delete()
            Demand.objects.filter(pk=filed.demand.pk).update(purpose="request")
            User.objects.filter(pk=world.city.auditor.pk).update(kind=Kind.AUDITOR)
    assert client_of(world, "auditor").get(path).status_code == 200


# --- Large ones ---------------------------------------------------------------------------------------------------
def queued(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Export:
    monkeypatch.setattr(exports, "SMALL", 3)
    monkeypatch.setattr(exports, "TICK", 0.0)
    monkeypatch.setattr(writers, "BATCH", 5)
    response = posted(world, "auditor", "ledger", more.pop("form", "csv"), **more)
    return Export.objects.get(pk=int(response["Location"].split("/")[-2]))


@pytest.mark.parametrize("form", Form.values)
def test_a_large_one_waits_for_the_worker_and_says_how_far_it_is(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    job = queued(world, monkeypatch, form=form)
    path = f"/desk/exports/{job.pk}/"
    page = client_of(world, "auditor").get(path).content.decode()
    assert job.state == "waiting" and "/file/" not in page and f'hx-get="{path}"' in page and "<progress" in page
    steps = []
    monkeypatch.setattr(Export, "advance", lambda self, done: steps.append((done, self.total)))
    exports.work()
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
    exports.work()
    exports.make(first)  # it was not dead after all, and finds that the job is no longer its own
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert AuditEvent.objects.filter(name="exported", subject_key=str(job.pk)).count() == 1
    assert not exports.path_of(job, 1).exists() and exports.path_of(job, 2).exists()
    assert hashlib.sha256(fetched(world, job)).hexdigest() == job.sha256


def test_a_fault_is_told_and_is_an_event(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued(world, monkeypatch)
    with transaction.atomic():
        event()
        Export.objects.filter(pk=job.pk).update(filter={"organ": "gone"})
    exports.work()
    lost = queued(world, monkeypatch)
    with transaction.atomic():
        event()
        Export.objects.filter(pk=lost.pk).update(attempts=Export.ATTEMPTS)
    exports.work()
    for each, said in ((job, "筛选条件已经失效"), (lost, "多次尝试未能完成")):
        page = client_of(world, "auditor").get(f"/desk/exports/{each.pk}/").content.decode()
        assert said in page and "/file/" not in page
        assert AuditEvent.objects.filter(name="export_failed", subject_key=str(each.pk)).count() == 1
        assert not list(world.folder.glob(f"exports/{each.name}*"))


def test_sent_twice_it_is_exported_once_and_only_so_many_wait(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonce = str(uuid4())
    job = queued(world, monkeypatch, nonce=nonce)
    assert queued(world, monkeypatch, nonce=nonce) == job
    while Export.objects.filter(state="waiting").count() < exports.WAITING_MOST:
        queued(world, monkeypatch)
    response = posted(world, "auditor", "ledger", "csv")
    assert response.status_code == 422 and "还没有完成" in response.content.decode()
    exports.work()
    assert not Export.objects.filter(state="waiting").exists()


# --- The file -----------------------------------------------------------------------------------------------------
def test_a_new_sheet_begins_at_the_limit(world: SimpleNamespace, tmp_path: Any) -> None:
    asked = Asked(world.city.auditor, {}, timezone.now())
    job = Export(asked_by=world.city.auditor, what="ledger", filter={})
    with exports.snapshot() as (reader, as_of):
        columns = chosen("ledger", [], as_of)
        source = writers.Source(reader, exports.statement(reader, job, columns, as_of), columns)
        count, _digest = writers.write(source, "xlsx", tmp_path / "a.xlsx", lambda done: None, sheet_rows=11)
    sheets = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    expected = SHEETS["ledger"].rows(asked).count()
    assert count == expected and len(sheets) == -(-expected // 10)
    assert {sheet.max_row for sheet in sheets[:-1]} == {11}
    assert {sheet["A1"].value for sheet in sheets} == {"编号"}
    numbers = [sheet.cell(n, 1).value for sheet in sheets for n in range(2, sheet.max_row + 1)]
    assert len(numbers) == len(set(numbers)) == expected
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_export_shows_one_moment(world: SimpleNamespace, tmp_path: Any) -> None:
    """What comes in while it is being written is not in it, not even in part."""
    job = Export(asked_by=world.city.auditor, what="ledger", filter={})
    with exports.snapshot() as (reader, as_of):
        columns = chosen("ledger", [], as_of)
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
    job, _data = made(world, "ledger", "csv", fields_asked=["name"], reason=REASON)
    assert verify().unexplained == before
    told = AuditEvent.objects.filter(subject_kind="export", subject_key=str(job.pk)).values_list("name", flat=True)
    assert sorted(told) == ["export_fetched", "exported"]

"""Exports: what is in them against the database, formulas that stay words, and personal fields with a reason."""

import hashlib
import io
import json
import re
import stat
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation

from audit.models import AuditEvent
from massline.csv_formulas import escape_formula
from massline.keys import id_of
from petitions.models import Demand, Petition, State
from records.timeline import timeline
from reports import exports, writers
from reports.export_kinds import export_kinds
from reports.models import Export, FileFormat
from reports.unsealing import Unsealer
from responsibility.models import Escalation, Obligation, shown_due
from tests.city import walk_to
from tests.export_lab import REASON, city_to_export, client_of, made, posted, rows

world = pytest.fixture(scope="module")(city_to_export)

EXPECTED: dict[str, Any] = {
    "ledger": lambda numbers: sorted(numbers),
    "timelines": lambda numbers: sorted(
        AuditEvent.objects.filter(subject_kind="petition", subject_key__in=numbers).values_list(
            "subject_key", flat=True
        )
    ),
    "obligations": lambda numbers: sorted(
        Obligation.objects.filter(subject_key__in=numbers).values_list("subject_key", flat=True)
    ),
    "escalations": lambda numbers: sorted(
        Escalation.objects.filter(obligation__subject_key__in=numbers).values_list("obligation__subject_key", flat=True)
    ),
}


@pytest.mark.parametrize("form", FileFormat.values)
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
    told = AuditEvent.objects.get(name="exported", subject_key=job.key)
    assert told.actor_key == "auditor"
    assert told.facts == {
        "what": what, "form": form, "filter": {}, "fields": [], "rows": len(found), "sha256": job.sha256,
    }  # fmt: skip
    assert stat.S_IMODE(exports.path_of(job, job.attempts).stat().st_mode) == 0o600
    for secret in (world.handed_over, world.recused, "宋试民", "13900000000", "三单元楼道灯"):
        assert secret not in json.dumps(found, ensure_ascii=False, default=str)


def test_the_ledger_says_what_its_page_says(world: SimpleNamespace) -> None:
    found = {row["编号"]: row for row in rows(made(world, "ledger", "csv")[1], "csv")}
    assert found.keys() == world.numbers
    seen = Demand.objects.filter(petition__number__in=found)
    for demand in seen.select_related("petition", "organ", "office", "handler"):
        line = found[demand.petition.number]
        assert line["状态"] == demand.get_state_display()
        assert line["承办单位"] == demand.organ.name and line["信访部门"] == demand.office.name
        assert line["内容分类"] == demand.category_path
        assert line["是否超期"] == ("是" if demand.is_overdue(timezone.now()) else "否")
        shown = shown_due(demand.strict_at)
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
        columns = export_kinds()[job.what].chosen([], as_of)
        sql = exports.statement(reader, job, columns, as_of)
        for row in writers.Source(reader, sql, columns, Unsealer(columns)):
            line = dict(zip([c.name for c in columns], row, strict=True))
            found.setdefault(line["number"], []).append(line["sentence"])
        assert data and found.keys() == world.numbers
        for demand in Demand.objects.filter(petition__number__in=world.numbers).select_related("petition"):
            assert found[demand.petition.number] == [one.sentence for one in timeline(demand.matter, public=False)]


# 15 days from 18 September (第二十二条): National Day by the plain count, 8 October 2026 by law; in 2031, of which no
# arrangement is published, Monday, 6 October by the fixed rules
@pytest.mark.parametrize("form", FileFormat.values)
@pytest.mark.parametrize("what", ["ledger", "obligations"])
def test_both_dates_leave_and_whether_they_are_provisional(world: SimpleNamespace, what: str, form: str) -> None:
    found = rows(made(world, what, form)[1], form)
    heads = ("number", "due_strict", "due_legal", "provisional")
    heads = heads if form == FileFormat.JSONL else ("编号", "截止", "法定截止", "日期待定")
    dates: dict[str, list[str]] = {}
    for row in found:  # what is owed first is the oldest of a petition's obligations
        dates.setdefault(row[heads[0]], [row[head] for head in heads[1:]])
    assert dates[world.holiday] == ["2026-10-03", "2026-10-08", "否"]
    assert dates[world.guessed] == ["2031-10-03", "2031-10-06", "是"]


def test_events_hold_the_log_of_those_days_but_of_no_petition_that_does_not_exist_for_the_auditor(
    world: SimpleNamespace,
) -> None:
    client_of(world, "clerk").get("/desk/exports/")  # a refusal, which is about no petition
    day = timezone.localdate().isoformat()
    last = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0]
    client_of(world, "clerk").get("/desk/exports/")  # which happened after that
    job, data = made(world, "events", "jsonl", received_from=day, received_to=day)
    found = rows(data, "jsonl")
    hidden = (world.handed_over, world.recused)
    expected = AuditEvent.objects.filter(id__lte=last, subject_kind__in=("petition", "", "export", "organ"))
    expected = expected.exclude(subject_kind="petition", subject_key__in=hidden)
    ids = [id_of("event", row["event_id"]) for row in found]
    assert ids == sorted(ids), "in the order of time"
    assert {pk for pk in ids if pk <= last} == set(expected.values_list("id", flat=True))
    assert {"page_refused", "exported", "filed"} <= {row["event"] for row in found}
    assert not any(number in data.decode() for number in hidden)
    job, data = made(world, "events", "jsonl", received_to="2020-01-01")
    assert (job.rows, data) == (0, b"")


def test_a_filter_that_says_nothing_any_more_is_told(world: SimpleNamespace) -> None:
    answer = posted(world, "auditor", "ledger", "csv", organ="gone")
    assert answer.status_code == 422 and "筛选条件不对，请回到台账重新筛选" in answer.content.decode()


def test_a_filter_is_kept_without_what_no_text_can_have(world: SimpleNamespace) -> None:
    job, _content = made(world, "ledger", "csv", q="照明\0", category="\0")
    assert job.filter == {"q": "照明"}


def test_the_filter_of_the_ledger_narrows_an_export(world: SimpleNamespace) -> None:
    job, data = made(world, "ledger", "csv", state="handling", q="楼道")
    assert {row["状态"] for row in rows(data, "csv")} == {"正在办理"}
    told = AuditEvent.objects.get(name="exported", subject_key=job.key)
    assert told.facts["filter"] == {"state": "handling", "q": "…"}  # words may name somebody; a number does not
    job, data = made(world, "ledger", "csv", q=world.overdue)
    assert [row["编号"] for row in rows(data, "csv")] == [world.overdue]
    assert AuditEvent.objects.get(name="exported", subject_key=job.key).facts["filter"] == {"q": world.overdue}
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
            assert escape_formula(cell) == cell
        titles.append(row["标题"])
    stored = set(Petition.objects.filter(number__in=world.numbers).values_list("title", flat=True))
    assert {title.removeprefix("'") for title in titles} >= {title.removeprefix("'") for title in stored}
    for title in stored:
        assert escape_formula(title) in titles


def test_a_workbook_holds_every_text_as_text_and_every_number_as_number(world: SimpleNamespace) -> None:
    data = made(world, "ledger", "xlsx", fields_asked=["title", "name"], reason=REASON)[1]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert kinds == {"s", "d", "n"}  # and no formula
    titles = {row["标题"].replace("_x000D_", "\r") for row in rows(data, "xlsx") if row["标题"]}
    assert {"=1+1", "+8613", "@SUM(A1)", "第一行\n第二行"} <= titles
    data = made(world, "obligations", "xlsx")[1]
    assert {type(row["延期天数"]) for row in rows(data, "xlsx")} == {int}


def test_the_form_offers_a_workbook_first_and_says_what_a_table_program_does_to_a_csv(world: SimpleNamespace) -> None:
    page = client_of(world, "auditor").get("/desk/exports/new/").content.decode()
    offered = re.findall(r'<input[^>]*name="form"[^>]*>', page)
    assert [re.findall(r'value="(\w+)"', one)[0] for one in offered] == ["xlsx", "csv", "jsonl"]
    assert ["checked" in one for one in offered] == [True, False, False] and "2.02611E+19" in page


# --- Personal fields ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "  ", "太短", "一二三四五六七八九"])
def test_no_personal_field_without_a_reason(world: SimpleNamespace, reason: str) -> None:
    before = Export.objects.count()
    response = posted(world, "auditor", "ledger", "csv", fields_asked=["name"], reason=reason)
    assert response.status_code == 422
    page = response.content.decode()
    assert "请写明理由" in page and re.search(r'value="name"[^>]*checked', page)
    assert Export.objects.count() == before


@pytest.mark.parametrize("form", FileFormat.values)
def test_a_name_leaves_only_with_a_reason_and_stands_in_every_timeline(world: SimpleNamespace, form: str) -> None:
    filed = walk_to(State.RECEIVED)
    world.numbers.add(filed.number)
    before = AuditEvent.objects.filter(name="petition.unmasked").count()
    job, data = made(world, "ledger", form, fields_asked=["name", "phone", "body"], reason=REASON, q=filed.number)
    (line,) = rows(data, form)
    said = ("姓名", "电话", "反映内容") if form != "jsonl" else ("name", "phone", "body")
    assert [line[name] for name in said] == ["宋试民", "139 0000 0000", "三单元楼道灯坏了两个月，多次找物业无果。"]
    told = AuditEvent.objects.get(name="exported", subject_key=job.key)
    assert told.facts["fields"] == ["name", "phone", "body"] and told.reason == REASON
    unmasked = AuditEvent.objects.filter(name="petition.unmasked", subject_key=filed.number)
    assert [e.facts for e in unmasked] == [{"fields": ["name", "phone"]}] and unmasked[0].actor_key == "auditor"
    assert AuditEvent.objects.filter(name="petition.unmasked").count() == before + 1
    assert any("姓名、电话" in one.sentence for one in timeline(filed.demand.matter, public=False))


def test_a_field_of_another_kind_is_refused_in_words(world: SimpleNamespace) -> None:
    response = posted(world, "auditor", "obligations", "csv", fields_asked=["name"], reason=REASON)
    assert response.status_code == 422 and "所选内容没有可以勾选的字段" in response.content.decode()


def test_only_an_auditor_is_offered_personal_fields(world: SimpleNamespace) -> None:
    assert "fields_asked" in client_of(world, "auditor").get("/desk/exports/new/").content.decode()
    assert "fields_asked" not in client_of(world, "inspector").get("/desk/exports/new/").content.decode()
    job, data = made(world, "ledger", "jsonl", who="inspector", fields_asked=["name"], reason=REASON)
    assert job.fields == [] and "宋试民" not in data.decode()

"""The petition department's page: upload, preview, confirm, progress, result; and who may see what of it."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from petitions.models import Petition
from records import tasks
from records.importing import cleanup
from records.importing.models import Import
from tests.file_lab import processes_started
from tests.import_lab import BAD, GOOD, HEAD, LATE, OPEN, files_in, private_folder

pytestmark = pytest.mark.django_db
TEXT = HEAD + GOOD + LATE + OPEN + BAD
CHOSEN = {
    "source": "老台账", "region": "990100000000", "organ": "", "channel": "web", "purpose": "other",
    "category": "990000", "tell_by": "phone", "outcome": "explained", "column_0": "key", "column_1": "name",
    "column_2": "title", "column_3": "received_at", "column_4": "body", "column_5": "reply", "column_6": "replied_at",
}  # fmt: skip


@pytest.fixture(autouse=True)
def private(tmp_path: Path) -> Iterator[Path]:
    with private_folder(tmp_path / "private") as folder:
        yield folder


def client(user: Any) -> Client:
    made = Client()
    made.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return made


def uploaded(by: Client, text: str | bytes = TEXT, **more: Any) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return by.post("/desk/imports/", {"source": "老台账", "file": SimpleUploadedFile("旧.csv", data)} | more)


def confirmed(by: Client) -> Import:
    page = uploaded(by)["Location"]
    assert by.post(page, CHOSEN | {"doing": "start"})["Location"] == page
    return Import.objects.get()


def test_from_upload_to_the_rejected_rows(city: SimpleNamespace, private: Path) -> None:
    clerk = client(city.clerk)
    page = uploaded(clerk)["Location"]
    assert len(files_in(private)) == 1 and files_in(private)[0].name != "旧.csv"
    assert files_in(private)[0].stat().st_mode & 0o777 == 0o600
    shown = clerk.get(page).content.decode()
    assert "UTF-8" in shown and "没有问题属地这一列，请选一个默认的地区" in shown
    shown = clerk.post(page, CHOSEN | {"doing": "look"}).content.decode()
    assert "路灯不亮" in shown and "前 4 行中有 1 行不能收下" in shown and "信访日期（收到时间）：没有填写" in shown
    assert not Petition.objects.exists()
    clerk.post(page, CHOSEN | {"doing": "start"})
    assert "等待处理" in clerk.get(page).content.decode() and not Petition.objects.exists()
    assert "HX-Refresh" not in clerk.get(page + "progress/").headers
    tasks.imports()
    assert clerk.get(page + "progress/")["HX-Refresh"] == "true"
    shown = clerk.get(page).content.decode()
    assert "已完成" in shown and "下载退回的行" in shown
    rows = b"".join(clerk.get(page + "rejects/").streaming_content).decode("utf-8-sig")
    assert rows.splitlines()[1] == "5,信访日期（收到时间）：没有填写,4,赵六,没有日期,,夜里施工,,"
    assert AuditEvent.objects.filter(name="exported", subject_kind="import").count() == 1
    assert Petition.objects.count() == 3 and not files_in(private)
    ledger = clerk.get(f"/desk/ledger/?imported={Import.objects.get().key}").content.decode()
    assert "噪音" in ledger


def test_a_date_of_reply_is_known_and_what_is_not_taken_in_is_announced(city: SimpleNamespace) -> None:
    clerk = client(city.clerk)
    head = "编号,信访人,标题,信访日期,内容,答复,答复日期,经办人,备注"
    page = uploaded(clerk, f"{head}\n1,张三,路灯不亮,2019-04-25,路灯坏了,已经修好,2019-05-10,李四,急\n")["Location"]
    shown = clerk.get(page).content.decode()
    assert "有 2 列不导入：经办人、备注。" in shown, "not the date of reply"
    chosen = CHOSEN | {"column_7": "complained", "column_8": "-", "doing": "look"}
    shown = clerk.post(page, chosen).content.decode()
    assert "有 1 列不导入：备注。" in shown
    shown = clerk.post(page, chosen | {"column_8": "place"}).content.decode()
    assert "列不导入" not in shown


def test_a_faulty_telephone_empties_only_itself_when_the_box_is_ticked(city: SimpleNamespace) -> None:
    clerk = client(city.clerk)
    page = uploaded(clerk, "编号,标题,信访日期,内容,电话\n1,漏水,2019-04-25,漏水很久了,1.39E+10\n")["Location"]
    chosen = CHOSEN | {
        "column_1": "title", "column_2": "received_at", "column_3": "body", "column_4": "phone", "doing": "look",
    }  # fmt: skip
    assert "前 1 行中有 1 行不能收下" in clerk.post(page, chosen).content.decode()
    shown = clerk.post(page, chosen | {"empties_faulty": "on"}).content.decode()
    assert "前 1 行中有 1 行会空出有错的内容" in shown and "信访人电话：这个号码被电子表格改成了近似数" in shown
    clerk.post(page, chosen | {"empties_faulty": "on", "doing": "start"})
    tasks.imports()
    assert Petition.objects.get().title == "漏水"


def test_the_user_says_where_the_table_is_when_it_was_not_found(city: SimpleNamespace) -> None:
    """Two sheets with the same names of columns: the first is taken until the user says otherwise."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for title, name in (("去年", "旧事"), ("今年", "新事")):
        sheet = book.add_worksheet(title)
        rows = ["台账"], ["编号", "标题", "信访日期", "内容"], ["1", name, "2019-04-25", "很久了"]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    clerk = client(city.clerk)
    page = uploaded(clerk, out.getvalue())["Location"]
    chosen = {name: value for name, value in CHOSEN.items() if name not in ("column_4", "column_5", "column_6")}
    chosen |= {"column_1": "title", "column_2": "received_at", "column_3": "body"}
    shown = clerk.post(page, chosen | {"doing": "look"}).content.decode()
    assert "旧事" in shown and "新事" not in shown and ">今年<" in shown and " 1 行" in shown
    refused = clerk.post(page, {"sheet": "今年", "header_row": "7", "doing": "place"})
    assert refused.status_code == 422 and "没有第 7 行" in refused.content.decode()
    assert clerk.post(page, {"sheet": "今年", "header_row": "2", "doing": "place"})["Location"] == page
    assert "新事" in clerk.post(page, chosen | {"doing": "look"}).content.decode()
    clerk.post(page, chosen | {"doing": "start"})
    tasks.imports()
    assert Petition.objects.get().title == "新事" and Import.objects.get().rejected == 0


def test_a_spreadsheet_comes_in_as_well(city: SimpleNamespace, private: Path) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for number, row in enumerate(csv.reader(io.StringIO(TEXT))):
        book.worksheets()[0].write_row(number, 0, row) if number else book.add_worksheet().write_row(0, 0, row)
    book.close()
    clerk = client(city.clerk)
    before = processes_started()
    page = uploaded(clerk, out.getvalue())["Location"]
    assert processes_started() == before + 1, "the spreadsheet is opened in a process of its own"
    assert all(file.read_bytes()[:2] != b"PK" for file in files_in(private)), "and by nobody after that"
    assert "电子表格" in clerk.get(page).content.decode()
    clerk.post(page, CHOSEN | {"doing": "start"})
    tasks.imports()
    assert processes_started() == before + 1
    assert Petition.objects.count() == 3 and Import.objects.get().rejected == 1


def test_confirmed_twice_it_runs_once(city: SimpleNamespace) -> None:
    clerk = client(city.clerk)
    job = confirmed(clerk)
    assert clerk.post(f"/desk/imports/{job.key}/", CHOSEN | {"doing": "start"}).status_code == 302
    tasks.imports()
    tasks.imports()
    assert Petition.objects.count() == 3 and Import.objects.get().came_in == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "已经损坏"),
        (b"PK\x03\x04nonsense", "已经损坏"),
        (b"a,a\n1,2\n", "重名"),
    ],
)
def test_a_file_that_is_no_sheet_is_said_plainly_and_not_kept(
    city: SimpleNamespace, private: Path, data: bytes, said: str
) -> None:
    response = uploaded(client(city.clerk), data)
    assert response.status_code == 422 and said in response.content.decode()
    assert not Import.objects.exists() and not files_in(private)


def test_a_file_cannot_be_kept_and_the_page_says_so(city: SimpleNamespace) -> None:
    page = uploaded(client(city.clerk), b"\0\1\2\xff").content.decode()
    assert "文件需要重新选择" in page and "您填写的内容都已保留" not in page and 'value="老台账"' in page


def test_a_file_that_is_too_large_is_refused(city: SimpleNamespace, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    response = uploaded(client(city.clerk))
    assert response.status_code == 422 and not Import.objects.exists()


def test_two_columns_for_one_field_are_pointed_out(city: SimpleNamespace) -> None:
    clerk = client(city.clerk)
    page = uploaded(clerk)["Location"]
    response = clerk.post(page, CHOSEN | {"doing": "start", "column_1": "title"})
    assert response.status_code == 422 and "前面已有一列是“标题”" in response.content.decode()


@pytest.mark.parametrize(
    "who", ["receiver", "handler", "leader", "mayor", "inspector", "auditor", "sysadmin", "secadmin", "auditadmin"]
)
def test_only_the_petition_department_imports(city: SimpleNamespace, who: str) -> None:
    job = confirmed(client(city.clerk))
    other = client(getattr(city, who))
    assert other.get("/desk/imports/").status_code == 403 and uploaded(other).status_code == 403
    for path in ("", "progress/", "rejects/"):
        assert other.get(f"/desk/imports/{job.key}/{path}").status_code == (403 if who.endswith("admin") else 404)
    assert "导入旧台账" not in other.get("/desk/inbox/").content.decode()


def test_a_colleague_sees_that_it_ran_and_neither_counts_nor_rows(city: SimpleNamespace) -> None:
    clerk, chief, district = client(city.clerk), client(city.chief), client(city.district_clerk)
    page = uploaded(clerk)["Location"]
    assert chief.get(page).status_code == 404 and "老台账" not in chief.get("/desk/imports/").content.decode()
    clerk.post(page, CHOSEN | {"doing": "start"})
    tasks.imports()
    shown = chief.get(page).content.decode()
    assert "已完成" in shown and "下载退回的行" not in shown and "收下" not in shown
    assert "4 / 4" not in shown and "4 / 4" in clerk.get(page).content.decode()
    assert chief.get(page + "rejects/").status_code == 404
    assert district.get(page).status_code == 404


def test_a_district_does_not_import_for_the_city(city: SimpleNamespace) -> None:
    district = client(city.district_clerk)
    page = uploaded(district)["Location"]
    district.post(page, CHOSEN | {"doing": "start"})
    tasks.imports()
    assert not Petition.objects.exists() and Import.objects.get().rejected == 4


def test_without_signing_in_there_is_nothing(city: SimpleNamespace) -> None:
    assert Client().get("/desk/imports/").status_code == 302


def test_what_is_not_needed_any_more_goes(city: SimpleNamespace, private: Path) -> None:
    clerk = client(city.clerk)
    job = confirmed(clerk)
    tasks.imports()
    uploaded(clerk, source="另一个")
    cleanup.delete_expired()
    assert Import.objects.count() == 2 and job.rejects.count() == 1
    Import.objects.filter(state="preview").update(asked_at=timezone.now() - timedelta(hours=3))
    Import.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=31))
    cleanup.delete_expired()
    assert Import.objects.get() == job and not job.rejects.exists() and not files_in(private)


def test_discarding_deletes_the_file(city: SimpleNamespace, private: Path) -> None:
    clerk = client(city.clerk)
    page = uploaded(clerk)["Location"]
    assert clerk.post(page, {"doing": "discard"})["Location"] == "/desk/imports/"
    assert not Import.objects.exists() and not files_in(private)


def test_the_inbox_counts_what_is_overdue_and_leads_to_it(city: SimpleNamespace) -> None:
    from responsibility.sweep import sweep

    clerk = client(city.clerk)
    job = confirmed(clerk)
    tasks.imports()
    sweep()
    inbox = clerk.get("/desk/inbox/").content.decode()
    assert "从旧台账接收的事项中，有已经超期的" in inbox and "现有 1 件超期" in inbox
    assert f"/desk/ledger/?imported={job.key}&amp;overdue=true" in inbox

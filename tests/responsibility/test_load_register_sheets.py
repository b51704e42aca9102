"""The same register as a workbook: a sheet a table, in Chinese or in the words of the TOML file."""

import io
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.models import AuditEvent
from responsibility.models import Appointment, Organ, OrganDuty, Post, PostDuty
from tests.database import BASE
from tests.sheet_lab import strict

pytestmark = pytest.mark.django_db
EXAMPLE = BASE / "docs/register-example.toml"
REGISTER = tomllib.loads(EXAMPLE.read_text())
CHINESE: dict[str, tuple[str, dict[str, str]]] = {
    "region": ("地区", {"code": "代码", "name": "名称", "name_en": "英文名称", "parent": "上级"}),
    "organ": (
        "机构",
        {
            "code": "代码", "name": "名称", "kind": "类别", "region": "地区", "parent": "上级",
            "address": "地址", "telephone": "电话", "hours": "接待时间", "name_en": "英文名称",
        },
    ),
    "post": (
        "岗位",
        {"organ": "机构", "name": "名称", "is_top": "主要负责人", "is_intake": "信访专办", "in_charge_of": "分管分类"},
    ),
    "person": ("人员", {"username": "用户名", "name": "姓名", "kind": "类别"}),
    "appointment": ("任职", {"organ": "机构", "post": "岗位", "person": "人员", "since": "开始日期"}),
}  # fmt: skip
KINDS = {"petition_office": "信访部门", "sysadmin": "系统管理员", "department": "部门", "committee": "党委、政府"}


def cell(name: str, value: Any, chinese: bool) -> Any:
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else value
    if isinstance(value, list):
        return "，".join(value)
    return KINDS.get(value, value) if chinese and name == "kind" else value


def workbook(path: Path, *, chinese: bool) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table, (title, columns) in CHINESE.items():
        sheet = book.create_sheet(title if chinese else table)
        sheet.append([label if chinese else name for name, label in columns.items()])
        for row in REGISTER[table]:
            sheet.append([cell(name, row.get(name), chinese) for name in columns])
        sheet.append([])
    book.save(path)
    return path


def load(path: Path) -> str:
    out = io.StringIO()
    call_command("load_register", str(path), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("chinese", [True, False])
def test_a_workbook_says_what_the_file_says(tmp_path: Path, chinese: bool) -> None:
    load(workbook(tmp_path / "register.xlsx", chinese=chinese))
    assert Organ.objects.get(code="xinfang").hours == "工作日 8:30—12:00，14:00—17:30"
    assert Post.objects.get(name="副局长").in_charge_of == ["01"]
    assert Post.objects.get(organ__code="xinfang", name="局长").is_top
    assert Appointment.objects.get(user__username="clerk").since == date(2026, 1, 1)
    assert User.objects.count() == 9
    before = AuditEvent.objects.count()
    assert load(EXAMPLE) == "没有变化。\n"
    assert AuditEvent.objects.count() == before


def test_a_workbook_in_the_strict_spelling_says_the_same(tmp_path: Path) -> None:
    """All of its sheets, by the reader that comes second."""
    path = workbook(tmp_path / "register.xlsx", chinese=True)
    path.write_bytes(strict(path.read_bytes()))
    load(path)
    assert Appointment.objects.get(user__username="clerk").since == date(2026, 1, 1)
    assert load(EXAMPLE) == "没有变化。\n"


def test_duties_have_a_sheet_of_their_own(tmp_path: Path) -> None:
    path = workbook(tmp_path / "register.xlsx", chinese=True)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("职责")
    sheet.append(["机构", "职责", "地区", "开始日期"])
    sheet.append(["zhujian", "信访部门", "990102000000", date(2026, 3, 1)])
    book.save(path)
    load(path)
    found = OrganDuty.objects.get(organ__code="zhujian")
    assert (found.duty, found.region.code, found.since) == ("petition_office", "990102000000", date(2026, 3, 1))


def test_recurring_duties_have_a_sheet_and_its_headings_alone_end_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "register.xlsx", chinese=True)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("经常性职责")
    sheet.append(["机构", "岗位", "规则"])
    sheet.append(["zhujian", "副局长", "CT05"])
    book.save(path)
    load(path)
    found = PostDuty.objects.get(post__organ__code="zhujian")
    assert (found.post.name, found.rule, found.until) == ("副局长", "CT05", None)
    sheet.delete_rows(2)
    book.save(path)
    assert "更改经常性职责 zhujian 副局长 CT05（until：— → " in load(path)


def test_a_fault_names_sheet_and_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "register.xlsx", chinese=True)
    book = openpyxl.load_workbook(path)
    book["机构"]["D3"] = "990199000000"
    book.save(path)
    with pytest.raises(CommandError, match=r"第 3 行（organ 第 2 条） region：没有“990199000000”"):
        load(path)


def test_an_unknown_sheet_and_a_broken_workbook_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "register.xlsx", chinese=True)
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明").append(["先填机构"])
    book.save(path)
    with pytest.raises(CommandError, match="不认识的表：说明"):
        load(path)
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(CommandError, match="损坏"):
        load(path)
    assert not Organ.objects.exists()

"""Reads a register from TOML or from a workbook with a sheet for each table."""

import csv
import io
import re
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from massline.files.process import TakesTooLong, convert
from massline.files.reason_texts import text_of
from massline.files.reasons import NotAccepted
from massline.files.sheet import ROWS
from massline.texts import one_line
from responsibility.register.tables import TABLES, BadRegister, Entry, Register, Table

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx, .xlsb and .ods begin, and .xls."""
HEADING = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")
SETTING = re.compile(r"\s*(\w+)\s*=")
SHEETS = {table.sheet: name for name, table in TABLES.items()}
COLUMNS = {
    "代码": "code", "名称": "name", "英文名称": "name_en", "姓名": "name", "上级": "parent", "类别": "kind",
    "地区": "region", "地址": "address", "电话": "telephone", "接待时间": "hours",
    "启用日期": "valid_from", "停用日期": "valid_until",
    "机构": "organ", "岗位": "post", "主要负责人": "is_top", "信访专办": "is_intake", "分管分类": "in_charge_of",
    "用户名": "username", "启用": "is_active", "人员": "person", "开始日期": "since", "结束日期": "until",
    "原因": "because", "职责": "duty", "承接机构": "successor", "规则": "rule",
}  # fmt: skip
"""What sheets and their columns may be called in Chinese."""


def read(path: Path) -> Register:
    """Reads the file; raises BadRegister."""
    content = path.read_bytes()
    if content.startswith(WORKBOOKS):
        return _of_workbook(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRegister([_("登记文件应当是 UTF-8 编码的 TOML，或者 XLSX 工作簿")]) from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRegister([_("登记文件不是正确的 TOML：%(error)s") % {"error": error}]) from None
    return register_of(found, text)


def register_of(found: Mapping[str, Any], text: str = "") -> Register:
    """Returns the rows of TOML tables, with their lines where the text is at hand; raises BadRegister."""
    _refuse_unknown(found)
    faults = [
        _("%(table)s 应当写成若干个 [[%(table)s]]") % {"table": name}
        for name, rows in found.items()
        if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows))
    ]
    if faults:
        raise BadRegister(faults)
    places = _places(text)
    made = []
    for name, rows in found.items():
        known = places[name] if len(places[name]) == len(rows) else [(0, {})] * len(rows)
        for number, (row, (line, lines)) in enumerate(zip(rows, known, strict=True), start=1):
            made.append(Entry(TABLES[name], number, row, line, lines))
    return Register(frozenset(found), made)


def _refuse_unknown(names: Mapping[str, Any] | Sequence[str]) -> None:
    if unknown := [name for name in names if name not in TABLES]:
        known = _("、").join(f"{table.name}（{table.sheet}）" for table in TABLES.values())
        facts = {"unknown": _("、").join(unknown)[:200], "known": known}
        raise BadRegister([_("不认识的表：%(unknown)s。可以有：%(known)s") % facts])


def _places(text: str) -> dict[str, list[tuple[int, dict[str, int]]]]:
    """Returns by table the line on which each row begins, and that of each of its values. tomllib tells no lines."""
    found: dict[str, list[tuple[int, dict[str, int]]]] = defaultdict(list)
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := HEADING.match(line):
            lines = {}
            found[heading[1]].append((number, lines))
        elif setting := SETTING.match(line):
            lines.setdefault(setting[1], number)
    return found


def _of_workbook(content: bytes) -> Register:
    sheets = _sheets(content)
    names = {title: SHEETS.get(title, title) for title in sheets}
    _refuse_unknown(list(names.values()))
    made = [entry for title, rows in sheets.items() for entry in _of_sheet(TABLES[names[title]], rows)]
    return Register(frozenset(names.values()), made)


def _of_sheet(table: Table, rows: list[tuple[int, list[str]]]) -> Iterator[Entry]:
    header = [COLUMNS.get(one_line(cell), one_line(cell)) for cell in (rows[0][1] if rows else ())]
    filled = [(line, dict(zip(header, cells, strict=False))) for line, cells in rows[1:] if any(cells)]
    for number, (line, row) in enumerate(filled, start=1):
        yield Entry(table, number, {name: cell for name, cell in row.items() if cell.strip()}, line)


def _sheets(content: bytes) -> dict[str, list[tuple[int, list[str]]]]:
    """Returns by title the rows of every sheet with their numbers. Only the judging process opens the workbook."""
    with tempfile.TemporaryFile() as book, tempfile.TemporaryFile() as rows:
        book.write(content)
        book.seek(0)
        try:
            convert(book, rows)
        except NotAccepted as refused:
            raise BadRegister([text_of(refused.reason)]) from None
        except TakesTooLong:
            raise BadRegister([_("工作簿太大，读不完")]) from None
        rows.seek(len(ROWS))
        found: dict[str, list[tuple[int, list[str]]]] = {}
        for title, number, *cells in csv.reader(io.TextIOWrapper(rows, "utf-8", newline="")):
            found.setdefault(one_line(title), []).append((int(number), cells))
        return found

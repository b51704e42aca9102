"""Writes the rows of one statement to a private file, in memory that does not grow: CSV and JSONL by COPY, XLSX.

A row with sealed fields is opened one by one on its way. Whatever a table program might take for a formula gets an
apostrophe before it (CSV); a number stays a number. In XLSX every text is a text by its cell type.
"""

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from massline.csv_formulas import escape_formula, escape_formula_sql
from records.columns import CellType, Column

SHEET_ROWS = 1_048_576
MAX_CELL = 32_767
BATCH = 2000
BOM = b"\xef\xbb\xbf"
Tick = Callable[[int], None]
"""Told now and then how many rows are written; may raise to stop it."""
RowConverter = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass
class Source:
    """One statement on a connection with one snapshot, its columns, and how its rows are converted."""

    connection: Any
    sql: str
    """Empty when nothing can be found."""
    columns: Sequence[Column]
    convert: RowConverter | None = None
    rows: int = 0
    headings: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.headings = [str(column.heading) for column in self.columns]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def select(self, *, neutral: bool) -> str:
        """Returns the statement under the columns' own names; `neutral` escapes formulas."""
        names = ", ".join(f'"{name}"' for name in self.names)
        shown = ", ".join(
            escape_formula_sql(c.name) if neutral and c.type is CellType.TEXT else f'"{c.name}"' for c in self.columns
        )
        return f"SELECT {shown} FROM ({self.sql}) AS found({names})"  # noqa: S608 -- names are our own

    def __iter__(self) -> Iterator[Sequence[Any]]:
        if not self.sql:
            return
        with self.connection.cursor(name="export") as cursor:
            cursor.itersize = BATCH
            cursor.execute(self.sql)
            for row in cursor:
                self.rows += 1
                yield self.convert(row) if self.convert else row


class Sink:
    """Writes to a file, hashes what it writes, and reports its progress now and then."""

    def __init__(self, file: IO[bytes], tick: Tick) -> None:
        self.file, self.tick = file, tick
        self.digest, self.rows, self.waiting = hashlib.sha256(), 0, bytearray()

    def write(self, data: Any) -> int:
        self.waiting += data
        self.rows += 1
        if self.rows % BATCH == 0:
            self.settle()
            self.tick(self.rows)
        return len(data)

    def settle(self) -> None:
        self.digest.update(self.waiting)
        self.file.write(self.waiting)
        self.waiting.clear()


def write(source: Source, form: str, path: Path, tick: Tick, sheet_rows: int = SHEET_ROWS) -> tuple[int, str]:
    """Writes the file (0600) and returns the number of its rows and its SHA-256; it is on disk for good by then."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    digest = ""
    with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
        if form == "xlsx":
            rows = _xlsx(source, file, path, tick, sheet_rows)
        else:
            sink = Sink(file, tick)
            rows = (_csv if form == "csv" else _jsonl)(source, sink)
            sink.settle()
            digest = sink.digest.hexdigest()
        file.flush()
        os.fsync(file.fileno())
    if not digest:  # a workbook is not written from its beginning to its end
        with path.open("rb") as made:
            digest = hashlib.file_digest(made, "sha256").hexdigest()
    return rows, digest


def _copy(source: Source, select: str, options: str, sink: Sink) -> int:
    if not source.sql:
        return 0
    with source.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({select}) TO STDOUT WITH ({options})", sink)
        return int(cursor.rowcount)


def _csv(source: Source, sink: Sink) -> int:
    sink.waiting += BOM + _line([escape_formula(heading) for heading in source.headings])  # which is no row
    if source.convert is None:
        return _copy(source, source.select(neutral=True), "FORMAT csv", sink)
    sorts = [column.type for column in source.columns]
    for row in source:
        cells = [escape_formula(v) if sort is CellType.TEXT else v for v, sort in zip(row, sorts, strict=True)]
        sink.write(_line(cells))
    return source.rows


def _line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # which quotes a lone \r or \n, too
    return line.getvalue().removesuffix("\r\n").encode() + b"\n"  # as COPY ends a line


def _jsonl(source: Source, sink: Sink) -> int:
    if source.convert is None:
        select = f"SELECT row_to_json(line) FROM ({source.select(neutral=False)}) line"  # noqa: S608 -- our own names
        # Neither mark can stand in JSON, so every line comes out as it is.
        return _copy(source, select, r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'", sink)
    for row in source:
        line = dict(zip(source.names, map(_plain, row), strict=True))
        sink.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return source.rows


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _xlsx(source: Source, file: IO[bytes], path: Path, tick: Tick, sheet_rows: int) -> int:
    parts = path.with_suffix(".parts")  # rows wait there in files of their own, as private as the result
    parts.mkdir(mode=0o700)
    options = {
        "constant_memory": True,
        "tmpdir": str(parts),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }
    workbook = xlsxwriter.Workbook(file, options)
    workbook.use_zip64()
    bold = workbook.add_format({"bold": True})
    sheet, line = _sheet(workbook, source, bold), 1
    for row in source:
        if line == sheet_rows:
            sheet, line = _sheet(workbook, source, bold), 1
        for place, value in enumerate(row):
            _cell(sheet, line, place, value)
        line += 1
        if source.rows % BATCH == 0:
            tick(source.rows)
    tick(source.rows)
    workbook.close()
    shutil.rmtree(parts)
    return source.rows


def _sheet(workbook: Any, source: Source, bold: Any) -> Any:
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(source.columns) - 1, 20)
    for place, heading in enumerate(source.headings):
        sheet.write_string(0, place, heading, bold)
    return sheet


def _cell(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        if len(value) * 2 > MAX_CELL and len(value.encode("utf-16-le")) > MAX_CELL * 2:
            value = value[: MAX_CELL // 2 - 50] + _("……（单元格放不下，全文请导出 CSV 或 JSONL）")
        sheet.write_string(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value)
    else:
        sheet.write_number(line, place, value)

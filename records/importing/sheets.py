"""Reads a ledger from CSV (UTF-8, GB18030 or Big5) or a spreadsheet, row by row.

Whatever the bytes are, a fault is a `BadSheet`.
"""

import codecs
import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from massline.files.encodings import BIG5, UTF_8, encoding_of
from massline.files.process import TakesTooLong, convert
from massline.files.reason_texts import text_of
from massline.files.reasons import NotAccepted, Reason
from massline.files.sheet import MAX_CELL, MAX_COLUMNS, ROWS
from massline.texts import one_line

SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx, .xlsb and .ods begin, and .xls."""
csv.field_size_limit(MAX_CELL)


class BadSheet(Exception):
    """The file cannot be read as a table; the message says what to do."""


@dataclass(frozen=True)
class Line:
    """One row below the heading. `number` is the row number as a spreadsheet shows it: the heading is 1."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""

    @property
    def blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """A readable file: how it is written, and what its columns are called."""

    path: Path
    encoding: str
    """`rows` for what was a spreadsheet."""
    header: tuple[str, ...]
    delimiter: str = ","

    @property
    def shown_encoding(self) -> str:
        return {UTF_8: "UTF-8", BIG5: "Big5", "rows": _("电子表格")}.get(self.encoding, self.encoding.upper())

    def lines(self, after: int = 1) -> Iterator[Line]:
        """Every row after the one with this number, blank ones included."""
        rows = _csv_rows(self.path, self.encoding, self.delimiter)
        width = len(self.header)
        for number, cells in enumerate(rows, start=1):
            if number <= after or number == 1:
                continue
            extra = any(cell.strip() for cell in cells[width:])
            ragged = bool(cells) and (len(cells) < width or extra)
            fault = _("这一行的列数与表头不一致") if ragged else ""
            yield Line(number, tuple(cells if ragged else (cells + [""] * width)[:width]), fault)

    def count(self) -> int:
        """Returns the number of the last row; reads all of it, so a fault anywhere in the file shows."""
        last = 1
        for line in self.lines():
            last = line.number
            if last - 1 > settings.IMPORT_MAX_ROWS:
                raise BadSheet(_("行数超过 %(most)s，请分成几个文件") % {"most": settings.IMPORT_MAX_ROWS})
        return last


def open_sheet(path: Path) -> Sheet:
    """Finds out what the file is and reads its heading; raises BadSheet. A spreadsheet turns into plain rows."""
    size = path.stat().st_size
    if size == 0:
        raise BadSheet(_("文件是空的"))
    head = _head(path)
    if size > settings.IMPORT_MAX_BYTES and head != ROWS:
        most = settings.IMPORT_MAX_BYTES // (1024 * 1024)
        raise BadSheet(_("文件超过 %(most)s MB，请分成几个文件") % {"most": most})
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadSheet(_("这是 UTF-16 编码的文本，请另存为 CSV（UTF-8）再上传"))
    if head.startswith(SPREADSHEETS):
        _unpack(path)
        head = _head(path)
    if head == ROWS:
        return Sheet(path, "rows", _header(_csv_rows(path, "rows", ",")))
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    return Sheet(path, encoding, _header(_csv_rows(path, encoding, delimiter)), delimiter)


def _header(rows: Iterator[list[str]]) -> tuple[str, ...]:
    cells = next(rows, [])
    while cells and not cells[-1].strip():
        cells.pop()
    names = tuple(unicodedata.normalize("NFKC", cell).strip() for cell in cells)
    if not any(names):
        raise BadSheet(_("第一行应当是表头（各列的名称），这个文件的第一行是空的"))
    if len(names) > MAX_COLUMNS:
        raise BadSheet(_("列数超过 %(most)s") % {"most": MAX_COLUMNS})
    names = tuple(one_line(name)[:60] or _("第 %(n)s 列") % {"n": n} for n, name in enumerate(names, start=1))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadSheet(_("表头有重名的列：%(names)s，请改成不同的名称") % {"names": _("、").join(twice[:5])})
    return names


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        encoding = encoding_of(iter(lambda: file.read(1 << 20), b""))
    if encoding is None:
        raise BadSheet(_("看不懂文件的编码：不是 UTF-8、GB18030 或 Big5，请另存为 CSV（UTF-8）或 .xlsx 再上传"))
    return encoding


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(1 << 16)
    return max(",\t;", key=first.count)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    plain = encoding == "rows"
    with path.open("rb") as raw:
        raw.seek(len(ROWS) if plain else 0)
        file = io.TextIOWrapper(raw, "utf-8" if plain else encoding, newline="")
        rows = csv.reader(file, delimiter=delimiter)
        while True:
            try:
                yield next(rows)
            except StopIteration:
                return
            except (csv.Error, UnicodeDecodeError):
                text = _("第 %(line)s 行附近读不下去，可能有没成对的引号") % {"line": rows.line_num}
                raise BadSheet(text) from None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(ROWS))


def _unpack(path: Path) -> None:
    """A spreadsheet is read once, in a process of its own; after that no page and no import opens it again."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".rows-", delete=False) as rows:
        fresh = Path(rows.name)
        try:
            with path.open("rb") as book:
                convert(book, rows)
            fresh.replace(path)
        except (NotAccepted, TakesTooLong) as error:
            heavy = isinstance(error, TakesTooLong) or error.reason == Reason.HEAVY
            text = _("这个表格解开后过大，不予读取，请另存为 CSV（UTF-8）再上传")
            raise BadSheet(text if heavy else text_of(Reason.SHEET_BROKEN)) from None
        finally:
            fresh.unlink(missing_ok=True)


def clean(text: str) -> str:
    """Returns the text without what is unreadable and refused by the database: control characters, halves of
    characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():
        return text.strip()
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()

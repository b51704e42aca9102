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
from records.importing.mapping import Mapping, plain

SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx, .xlsb and .ods begin, and .xls."""
HEADING_WITHIN = 30
"""A heading is looked for in so many rows of each sheet."""
Row = tuple[str, int, list[str]]
"""The title of its sheet, its number there, its cells."""
csv.field_size_limit(MAX_CELL)


class BadSheet(Exception):
    """The file cannot be read as a table; the message says what to do."""


@dataclass(frozen=True)
class Line:
    """One row below the heading. `number` is the row number as a spreadsheet shows it."""

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
    title: str = ""
    """Of the sheet in its workbook."""
    header_row: int = 1

    @property
    def shown_encoding(self) -> str:
        return {UTF_8: "UTF-8", BIG5: "Big5", "rows": _("电子表格")}.get(self.encoding, self.encoding.upper())

    @property
    def titles(self) -> list[str]:
        """Returns the titles of all sheets that are not empty; reads all of the file."""
        rows = _numbered_rows(self.path, self.encoding, self.delimiter)
        return list(dict.fromkeys(title for title, _number, _cells in rows))

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Every row after the heading and the row with this number, blank ones included."""
        width, short_is_whole = len(self.header), self.encoding == "rows"
        for title, number, cells in _numbered_rows(self.path, self.encoding, self.delimiter):
            if title != self.title or number <= max(after, self.header_row):
                continue
            extra = any(cell.strip() for cell in cells[width:])
            ragged = bool(cells) and (extra or (len(cells) < width and not short_is_whole))
            fault = _("这一行的列数与表头不一致") if ragged else ""
            yield Line(number, tuple(cells if ragged else (cells + [""] * width)[:width]), fault)

    def count(self) -> int:
        """Returns the number of the last row; reads all of it, so a fault anywhere in the file shows."""
        last = self.header_row
        for line in self.lines():
            last = line.number
            if last - self.header_row > settings.IMPORT_MAX_ROWS:
                raise BadSheet(_("行数超过 %(most)s，请分成几个文件") % {"most": settings.IMPORT_MAX_ROWS})
        return last


def open_sheet(path: Path, mapping: Mapping | None = None) -> Sheet:
    """Finds out what the file is and reads the heading that the mapping says or knows; raises BadSheet. A spreadsheet
    turns into plain rows."""
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
    encoding = "rows" if head == ROWS else _encoding(path)
    delimiter = "," if head == ROWS else _delimiter(path, encoding)
    title, row, cells = _heading(_numbered_rows(path, encoding, delimiter), mapping)
    return Sheet(path, encoding, _header(row, cells), delimiter, title, row)


def _heading(rows: Iterator[Row], mapping: Mapping | None) -> Row:
    """Returns the row that names the columns: the one that the mapping says; else, near the top of a sheet, the one
    with the most known names; else the first that has two cells, since a title above a table has one."""
    sheet, number, known = (mapping.sheet, mapping.header_row, mapping.known_names) if mapping else ("", 0, frozenset())
    if number:
        found = next((row for row in rows if row[1] == number and sheet in ("", row[0])), None)
        if found is None:
            raise BadSheet(_("这个文件里没有第 %(row)s 行") % {"row": number})
        return found
    near = [row for row in rows if row[1] <= HEADING_WITHIN and sheet in ("", row[0])]
    if not near:
        raise BadSheet(_("文件里没有名为“%(name)s”的工作表") % {"name": sheet} if sheet else _("文件是空的"))
    best = max(near, key=lambda row: len(known.intersection(map(plain, row[2]))))
    if len(known.intersection(map(plain, best[2]))) > 1:
        return best
    return next((row for row in near if sum(bool(cell.strip()) for cell in row[2]) > 1), near[0])


def _header(row: int, cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells.pop()
    names = tuple(unicodedata.normalize("NFKC", cell).strip() for cell in cells)
    if not any(names):
        raise BadSheet(_("第 %(row)s 行应当是表头（各列的名称），这一行却是空的") % {"row": row})
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
        top = (file.readline(1 << 16) for _line in range(HEADING_WITHIN))
        first = next((line for line in top if any(sign in line for sign in ",\t;")), "")
    return max(",\t;", key=first.count)


def _numbered_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    rows = _csv_rows(path, encoding, delimiter)
    if encoding != "rows":
        return (("", number, cells) for number, cells in enumerate(rows, start=1))
    return ((title, int(number), cells) for title, number, *cells in rows)


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

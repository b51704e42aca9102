"""Writes a spreadsheet (.xlsx, .xls, .xlsb, .ods) as plain rows, once, so that no other process ever opens it.

openpyxl reads first, row by row; python-calamine reads what openpyxl does not, with the whole sheet in memory.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from massline.files.reasons import NotAccepted, Reason

ROWS = b"\0massline book\n"
"""How such a file begins; the rest is CSV in UTF-8: each row after its sheet's title and its own number."""
MAX_COLUMNS = 200
MAX_CELL = 1_000_000
MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2000
MAX_DIGITS = 15
"""A spreadsheet forgets the rest of a number."""
ZEROS = re.compile(r"0{2,30}")
"""The format of a number that shows so many digits."""
Row = list[str]
Sheets = Iterator[tuple[str, Iterator[Row]]]
"""Each sheet's title and rows."""


def written(book: IO[bytes], out: IO[bytes]) -> None:
    """Writes the rows of every sheet, as text, by the first reader that finds any; raises NotAccepted.

    What another one wrote before it failed is discarded.
    """
    if zipfile.is_zipfile(book):
        _check_parts(book)
    for read in (_by_openpyxl, _by_calamine):
        book.seek(0)
        out.seek(0)
        out.truncate()
        try:
            found = _fill(out, _numbered(read(book)))
        except (MemoryError, ImportError, NotAccepted):
            raise
        except BaseException:  # broken in any way that a format can be; a panic inside calamine is no Exception
            found = False
        if found:
            return
    raise NotAccepted(Reason.SHEET_BROKEN)


def _numbered(sheets: Sheets) -> Iterator[Row]:
    for title, rows in sheets:
        for number, cells in enumerate(rows, start=1):
            yield [title, str(number), *cells]


def _fill(out: IO[bytes], lines: Iterator[Row]) -> bool:
    """Tells whether there was any row."""
    out.write(ROWS)
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer, found = csv.writer(text), False
    try:
        for line in lines:
            writer.writerow(line)
            found = True
    finally:
        text.flush()
        text.detach()
    return found


def _check_parts(book: IO[bytes]) -> None:
    """Refuses an archive that unpacks to more than memory holds. Its own figures are not believed: it is read."""
    try:
        with zipfile.ZipFile(book) as archive:
            parts, left = archive.infolist(), MAX_UNPACKED
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > left:
                raise NotAccepted(Reason.HEAVY)
            for part in parts:
                with archive.open(part) as content:
                    while chunk := content.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise NotAccepted(Reason.HEAVY)
    except NotAccepted:
        raise
    except Exception as error:
        raise NotAccepted(Reason.SHEET_BROKEN) from error


def _by_openpyxl(book: IO[bytes]) -> Sheets:
    import openpyxl

    opened = openpyxl.load_workbook(book, read_only=True, data_only=True, keep_links=False)
    for sheet in opened.worksheets:
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1)
        yield _text(sheet.title), (_trimmed([_shown(cell) for cell in row]) for row in rows)


def _by_calamine(book: IO[bytes]) -> Sheets:
    import python_calamine as calamine

    opened = calamine.CalamineWorkbook.from_filelike(book)
    for place, sheet in enumerate(opened.sheets_metadata):
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            rows = opened.get_sheet_by_index(place).iter_rows()
            yield sheet.name, (_trimmed([_text(_as_openpyxl(v)) for v in row[: MAX_COLUMNS + 1]]) for row in rows)


def _as_openpyxl(value: Any) -> Any:
    """Converts a day to the moment at which it begins, as openpyxl does: one ledger reads the same in every format."""
    return datetime.combine(value, time()) if type(value) is date else value


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _shown(cell: Any) -> str:
    """Returns a cell's text; a code that is kept as a number and shown with zeros before it has them."""
    text = _text(cell.value)
    if isinstance(cell.value, int | float) and text.isdecimal() and len(text) <= MAX_DIGITS:
        pattern = str(cell.number_format)
        return text.zfill(len(pattern)) if ZEROS.fullmatch(pattern) else text
    return text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and abs(value) >= 10**MAX_DIGITS:
        return f"{value:.14E}"  # as a spreadsheet shows it: whoever reads it must see that digits were lost
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)[:MAX_CELL].replace("\0", "")
    return codecs.encode(text, "utf-8", "replace").decode()

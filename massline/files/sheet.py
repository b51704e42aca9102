"""An XLSX workbook as plain rows: written once, so that no other process ever opens the spreadsheet."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

from massline.files.reasons import NotAccepted, Reason

ROWS = b"\0massline rows\n"
"""How such a file begins; the rest is CSV in UTF-8."""
MAX_COLUMNS = 200
MAX_CELL = 1_000_000
MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2000


def written(book: IO[bytes], out: IO[bytes]) -> None:
    """The rows of the first sheet, as text; raises NotAccepted."""
    with _plain(book, out) as rows:
        width = 0
        for _title, _number, cells in _rows(book, 1):
            width = width or len(cells)
            rows.writerow(cells + [""] * (width - len(cells)))


def all_written(book: IO[bytes], out: IO[bytes]) -> None:
    """The rows of every sheet, each after the sheet's title and its own number; raises NotAccepted."""
    with _plain(book, out) as rows:
        for title, number, cells in _rows(book, None):
            rows.writerow([title, number, *cells])


@contextmanager
def _plain(book: IO[bytes], out: IO[bytes]) -> Iterator[Any]:
    _check_parts(book)
    out.write(ROWS)
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    yield csv.writer(text)
    text.flush()
    text.detach()


def _check_parts(book: IO[bytes]) -> None:
    """A small archive may unpack to more than any memory holds. What it says of itself is not believed: it is read."""
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


def _rows(book: IO[bytes], most: int | None) -> Iterator[tuple[str, int, list[str]]]:
    """Title, number and cells of each row of the first so many sheets."""
    import openpyxl

    try:
        opened = openpyxl.load_workbook(book, read_only=True, data_only=True, keep_links=False)
        for sheet in opened.worksheets[:most]:
            title = _text(sheet.title)
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
            for number, row in enumerate(rows, start=1):
                yield title, number, _trimmed([_text(value) for value in row])
    except MemoryError:
        raise
    except Exception as error:  # a spreadsheet can be broken in any way that its XML can
        raise NotAccepted(Reason.SHEET_BROKEN) from error


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)[:MAX_CELL].replace("\0", "")
    return codecs.encode(text, "utf-8", "replace").decode()

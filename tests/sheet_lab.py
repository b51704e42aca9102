"""Spreadsheets for tests, written by hand where no library of ours writes the format. Each sheet holds these rows."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import xlsxwriter

Cell = str | float | datetime
Rows = Sequence[Sequence[Cell]]
SECTOR = 512
END_OF_CHAIN, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
EPOCH = datetime(1899, 12, 30)


def xlsx(*rows: Sequence[Cell | None]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def strict(data: bytes) -> bytes:
    """An .xlsx in the strict spelling of the standard, which openpyxl finds no sheet in."""
    spellings = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            for usual, spelling in spellings.items():
                text = text.replace(usual, spelling)
            new.writestr(info.filename, text)
    return out.getvalue()


def repacked(data: bytes, part: str, text: bytes) -> bytes:
    """The same archive with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, text if info.filename == part else old.read(info))
    return out.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# --- OpenDocument -------------------------------------------------------------------------------------------------

ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Sheet1">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
ODS_REST = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
"""The empty rest of a sheet, as office programs write it."""


def ods(rows: Rows, rest: str = ODS_REST, before: str = "") -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = f'<?xml version="1.0" encoding="UTF-8"?>{before}{ODS_HEAD}{lines}{rest}{ODS_TAIL}'
    return packed({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b'<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": content.encode(),
    })  # fmt: skip


def _ods_cell(value: Cell) -> str:
    if isinstance(value, str):
        text = escape(value)
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    if isinstance(value, datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


# --- the binary workbook in an archive (.xlsb) ----------------------------------------------------------------------


def xlsb(rows: Rows, last_row: int | None = None) -> bytes:
    """Without dates, which need a table of styles; `last_row` is what the sheet says of its own size."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relation}worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    book = _record(0x83) + _record(0x99, bytes(12)) + _record(0x8F)
    book += _record(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet1"))
    book += _record(0x90) + _record(0x84)
    width = max(map(len, rows)) - 1
    height = len(rows) - 1 if last_row is None else last_row
    sheet = _record(0x81) + _record(0x94, struct.pack("<IIII", 0, height, 0, width)) + _record(0x91)
    for number, row in enumerate(rows):
        sheet += _record(0x00, struct.pack("<I", number) + bytes(13))
        for place, value in enumerate(row):
            head = struct.pack("<II", place, 0)
            assert not isinstance(value, datetime)
            text = isinstance(value, str)
            sheet += _record(0x06, head + _wide(value)) if text else _record(0x05, head + struct.pack("<d", value))  # type: ignore[arg-type]
    sheet += _record(0x92) + _record(0x82)
    return packed({
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": rels.encode(),
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip


def _record(kind: int, data: bytes = b"") -> bytes:
    kinds = bytes([kind]) if kind < 0x80 else bytes([kind & 0xFF, kind >> 8 or 1])
    size, sizes = len(data), b""
    while size > 0x7F:
        sizes, size = sizes + bytes([size & 0x7F | 0x80]), size >> 7
    return kinds + sizes + bytes([size]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


# --- the old workbook (.xls) ------------------------------------------------------------------------------------------

GLOBALS, SHEET = 0x0005, 0x0010
DATE_AND_TIME = 22
"""The built-in format of cells of the second style below."""


def xls(rows: Rows, before: bytes = b"") -> bytes:
    """BIFF8 in a compound file; `before` are records after the heading of the book."""
    name = "Sheet1".encode("utf-16-le")
    head = _biff_bof(GLOBALS) + before + _biff(0x0042, struct.pack("<H", 1200))
    head += _biff(0x00E0, bytes(20)) + _biff(0x00E0, struct.pack("<HH", 0, DATE_AND_TIME) + bytes(16))
    at = len(head) + 4 + 8 + len(name) + 4
    head += _biff(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name) // 2, 1) + name) + _biff(0x000A)
    assert len(head) == at
    cells = b"".join(
        _biff_cell(number, place, value) for number, row in enumerate(rows) for place, value in enumerate(row)
    )
    return compound("Workbook", head + _biff_bof(SHEET) + cells + _biff(0x000A))


def _biff(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff_bof(kind: int) -> bytes:
    return _biff(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _biff_cell(row: int, column: int, value: Cell) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _biff(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    if isinstance(value, datetime):
        days = (value - EPOCH).total_seconds() / 86400
        return _biff(0x0203, struct.pack("<HHHd", row, column, 1, days))
    return _biff(0x0203, struct.pack("<HHHd", row, column, 0, value))


def compound(name: str, content: bytes) -> bytes:
    """An OLE file with one stream: heading, its table of sectors, the directory, the stream."""
    content = content.ljust(4096, b"\0")  # shorter ones are kept elsewhere
    sectors = -(-len(content) // SECTOR)
    tables = -(-(sectors + 1) // (SECTOR // 4 - 1))
    first = tables + 1
    chain = [FAT_SECTOR] * tables + [END_OF_CHAIN] + [first + n + 1 for n in range(sectors - 1)] + [END_OF_CHAIN]
    chain += [FREE] * (tables * (SECTOR // 4) - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    head += b"".join(struct.pack("<I", n if n < tables else FREE) for n in range(109))
    directory = _entry("Root Entry", 5, 1, END_OF_CHAIN, 0) + _entry(name, 2, FREE, first, len(content))
    fat = b"".join(struct.pack("<I", n) for n in chain)
    return head + fat + directory.ljust(SECTOR, b"\0") + content.ljust(sectors * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)

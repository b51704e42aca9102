"""Reading sheets: encodings, ragged rows, hostile archives; and whatever the bytes are, never a traceback."""

import contextlib
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from massline.time import SHANGHAI
from petitions.importing.importer import IMPORTER
from records.importing.dates import moment
from records.importing.mapping import BadMapping, Mapping, from_toml
from records.importing.rejects import as_csv
from records.importing.rows import Entry, Reader, Rejected
from records.importing.sheets import BadSheet, clean, open_sheet
from tests.import_lab import HEAD, MAPPING
from tests.sheet_lab import compound, ods, packed, repacked, strict, xls, xlsb, xlsx

ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def sheet(tmp_path: Path) -> Any:
    def made(data: bytes) -> Any:
        (tmp_path / "sheet").write_bytes(data)
        return open_sheet(tmp_path / "sheet")

    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_encoding_says_the_same(sheet: Any, encoding: str, newline: str) -> None:
    title = "路燈不亮，請儘快修理" if encoding == "big5" else "路灯不亮"
    row = f"1,李小明,{title},2019-04-25,{title},,\n"
    found = sheet((HEAD + row).replace("\n", newline).encode(encoding))
    assert found.header[:3] == ("id", "user", "title")
    assert found.shown_encoding == {"gb18030": "GB18030", "big5": "Big5"}.get(encoding, "UTF-8")
    assert next(found.lines()).cells[2] == title


def book(**sheets: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    for title, rows in sheets.items():
        page = made.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    made.close()
    return out.getvalue()


TITLED: list[list[Any]] = [
    ["2019年信访台账"],
    [],
    ["制表：信访局", "", "单位：件"],
    ["編號", "标题"],
    ["1", "路灯不亮"],
]


@pytest.mark.parametrize(
    ("data", "place", "found"),
    [
        (book(台账=TITLED), {}, ("台账", 4, ["5"])),
        (book(说明=[["填表说明"], ["一", "二"]], 台账=TITLED), {}, ("台账", 4, ["5"])),
        (book(说明=[["填表说明"], ["一", "二"]], 台账=TITLED), {"sheet": "说明"}, ("说明", 2, [])),
        (book(台账=TITLED), {"header_row": 3}, ("台账", 3, ["4", "5"])),
        ("".join(f"{','.join(row)}\n" for row in TITLED).encode("gb18030"), {}, ("", 4, ["5"])),
        (b"2019\na,b\n1,2\n", {}, ("", 2, ["3"])),
        (b"a\n1\n", {}, ("", 1, ["2"])),
    ],
    ids=range(7),
)
def test_the_heading_is_found_below_titles_and_on_another_sheet_or_where_it_is_said(
    tmp_path: Path, data: bytes, place: dict[str, Any], found: tuple[str, int, list[str]]
) -> None:
    (tmp_path / "sheet").write_bytes(data)
    opened = open_sheet(tmp_path / "sheet", replace(Mapping(IMPORTER), **place))
    assert (opened.title, opened.header_row, [str(line.number) for line in opened.lines()]) == found


@pytest.mark.parametrize(
    ("place", "said"),
    [({"sheet": "另一页"}, "没有名为“另一页”"), ({"header_row": 9}, "没有第 9 行"), ({"header_row": 2}, "空的")],
)
def test_a_place_where_no_table_is_is_said(tmp_path: Path, place: dict[str, Any], said: str) -> None:
    (tmp_path / "sheet").write_bytes(book(台账=TITLED))
    with pytest.raises(BadSheet, match=said):
        open_sheet(tmp_path / "sheet", replace(Mapping(IMPORTER), **place))


LONG = 20261126001234567890


@pytest.mark.parametrize("made", [xls, ods, lambda rows: xlsx(*rows)], ids=["xls", "ods", "xlsx"])
def test_a_long_number_that_a_spreadsheet_rounded_shows_it_and_a_shorter_one_stays(sheet: Any, made: Any) -> None:
    rows: list[list[Any]] = [["编号", "电话"], [float(LONG), 13912345678.0], [1e15, 123456789012345.0]]
    assert [line.cells for line in sheet(made(rows)).lines()] == [
        ("2.02611260012346E+19", "13912345678"),
        ("1.00000000000000E+15", "123456789012345"),
    ]


def test_a_code_that_a_workbook_keeps_as_a_number_has_the_zeros_that_it_shows(sheet: Any) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, six = book.add_worksheet(), book.add_format({"num_format": "000000"})
    page.write_row(0, 0, ["内容分类", "编号", "标题"])
    page.write_number(1, 0, 10203, six)
    page.write_number(1, 1, float(LONG), six)
    page.write_number(1, 2, 10203)
    book.close()
    assert next(sheet(out.getvalue()).lines()).cells == ("010203", "2.02611260012346E+19", "10203")


def test_a_spreadsheet_says_the_same(sheet: Any) -> None:
    day = datetime(2019, 4, 25, 9, 32, 9)
    found = sheet(xlsx(["编号", "标题", "信访日期", "数"], [1, "路灯不亮", day, 2.0], [None], [3, "短"]))
    first, blank, short = found.lines()
    assert (found.shown_encoding, first.number) == ("电子表格", 2)
    assert first.cells == ("1", "路灯不亮", "2019-04-25 09:32:09", "2") and blank.blank
    assert short.cells == ("3", "短", "", "") and not short.fault


DAY = datetime(2019, 4, 25, 9, 32, 9)
PASSWORD = b"\x2f\0\x06\0" + b"\x01\0" * 3
TABLE: list[list[Any]] = [
    ["编号", "标题", "信访日期", "数"],
    [1, "路灯不亮", DAY, 2.0],
    [],
    [3, "短", DAY.replace(hour=0, minute=0, second=0), 0.5],
]


@pytest.mark.parametrize("made", [xls, ods, lambda rows: strict(xlsx(*rows))])
def test_what_openpyxl_does_not_read_says_the_same(sheet: Any, made: Any) -> None:
    found, same = sheet(made(TABLE)), [line.cells for line in sheet(xlsx(*TABLE)).lines()]
    assert (found.shown_encoding, found.header) == ("电子表格", ("编号", "标题", "信访日期", "数"))
    assert [line.number for line in found.lines()] == [2, 3, 4] and found.count() == 4
    assert [line.cells for line in found.lines()] == same
    assert same[0] == ("1", "路灯不亮", "2019-04-25 09:32:09", "2") and same[2][2:] == ("2019-04-25 00:00:00", "0.5")


def test_a_binary_workbook_says_the_same(sheet: Any) -> None:
    lines = list(sheet(xlsb([["编号", "标题"], [1, "路灯不亮"], [], [3.5]])).lines())
    assert [line.cells for line in lines] == [("1", "路灯不亮"), ("", ""), ("3.5", "")]
    assert not any(line.fault for line in lines)


def test_a_sheet_that_says_it_is_huge_takes_no_memory_of_ours(sheet: Any) -> None:
    """Seventeen thousand million cells: whoever lays them all out runs out of memory."""
    corners = "".join(f'<row r="{n}"><c r="{at}{n}"><v>1</v></c></row>' for n, at in ((1, "A"), (1048576, "XFD")))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    page = f'<worksheet xmlns="{main}"><sheetData>{corners}</sheetData></worksheet>'
    repeated = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell' + (
        ' table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'
    )
    far = strict(repacked(xlsx(["a"]), "xl/worksheets/sheet1.xml", page.encode()))
    for data in (far, ods([["a"]], rest=repeated)):
        assert len(data) < 10_000
        with pytest.raises(BadSheet, match=r"过大|损坏"):
            sheet(data)


def test_more_columns_than_are_read(sheet: Any) -> None:
    for made in (xls, ods, xlsb):
        assert len(sheet(made([["a"]])).header) == 1
        with pytest.raises(BadSheet, match="列数超过"):
            sheet(made([[f"c{n}" for n in range(201)]]))


@pytest.mark.parametrize(
    "data",
    [
        xls(TABLE)[:3000],
        xls(TABLE).replace(b"\x85\0\x14\0", b"\x85\0\xff\x7f"),
        compound("WordDocument", b"words"),
        compound("Workbook", b"\xff" * 5000),
        compound("Workbook", b"\x09\x08\x10\0" + b"\0" * 5000),
        repacked(ods(TABLE), "content.xml", b"<office:document-content"),
        repacked(xlsb([["a"]]), "xl/workbook.bin", b"\x9c\x01\xff\xff\xff\x7f" + b"\xff" * 100),
        repacked(xlsb([["a"]]), "xl/worksheets/sheet1.bin", b"\x91\x01\0\x06\xff\x7f"),
        packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    ],
)
def test_a_broken_workbook_is_said_to_be_broken(sheet: Any, data: bytes) -> None:
    with pytest.raises(BadSheet, match="损坏"):
        sheet(data)


@pytest.mark.parametrize("data", [compound("EncryptedPackage", b"\0" * 5000), xls(TABLE, before=PASSWORD)])
def test_of_a_workbook_with_a_password_the_password_is_named(sheet: Any, data: bytes) -> None:
    with pytest.raises(BadSheet, match="密码"):
        sheet(data)


def test_entities_of_an_open_document_are_not_expanded(sheet: Any) -> None:
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    for entity in ("&b;", "&f;"):
        data = ods([["ENTITY"]], before=laughs)
        content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").replace(b">ENTITY<", f">{entity}<".encode())
        with pytest.raises(BadSheet, match="损坏"):
            sheet(repacked(data, "content.xml", content))


def test_a_small_open_document_that_unpacks_to_gigabytes_is_refused(sheet: Any) -> None:
    with pytest.raises(BadSheet, match="过大"):
        sheet(repacked(ods(TABLE), "content.xml", b" " * (300 * 1024 * 1024)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=12))
def test_any_fault_in_a_workbook_is_a_sheet_or_is_said_to_be_none(sheet: Any, places: list[tuple[int, int]]) -> None:
    for whole in (xls(TABLE), ods(TABLE), xlsb([["a", "b"], [1.0, "c"]])):
        data = bytearray(whole)
        for place, byte in places:
            data[place % len(data)] = byte
        with contextlib.suppress(BadSheet):
            sheet(bytes(data)).count()


def test_a_row_that_is_too_short_or_too_long_is_a_fault(sheet: Any) -> None:
    lines = list(sheet(b"a,b\n1\n1,2\n1,2,\n1,2,3\n").lines())
    assert [bool(line.fault) for line in lines] == [True, False, False, True]


def test_an_unclosed_quote_is_no_row_of_a_million_characters(sheet: Any) -> None:
    with pytest.raises(BadSheet, match="引号"):
        sheet(b'a,b\n1,"2\n' + b"x" * 1_100_000).count()


def test_a_small_archive_that_unpacks_to_gigabytes_is_refused(sheet: Any) -> None:
    zeros = repacked(xlsx(["a"]), "xl/worksheets/sheet1.xml", b" " * (300 * 1024 * 1024))
    assert len(zeros) < 1_000_000
    with pytest.raises(BadSheet, match="过大"):
        sheet(zeros)


def test_entities_are_not_expanded(sheet: Any) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert openpyxl.DEFUSEDXML
    with pytest.raises(BadSheet, match="损坏"):
        sheet(repacked(xlsx(["a"]), "xl/worksheets/sheet1.xml", laughs))


def test_more_rows_than_are_allowed(sheet: Any, settings: Any) -> None:
    settings.IMPORT_MAX_ROWS = 2
    with pytest.raises(BadSheet, match="行数超过 2"):
        sheet(b"a\n1\n2\n3\n").count()


@pytest.mark.django_db
@ANY
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(data=b"PK\x03\x04")
@example(data=HEAD.encode() + b'1,\x00,"\xe4\xbd\xa0",2019-01-01,\x0b,,\n')
@example(data=HEAD.encode() + b"1," + b"x" * 200_000 + b",t,0000-00-00,b,,")
def test_any_bytes_are_a_sheet_or_are_said_to_be_none(city: SimpleNamespace, sheet: Any, data: bytes) -> None:
    judged(city, sheet, data)


@pytest.mark.django_db
@ANY
@given(cells=st.lists(st.text(max_size=30), min_size=7, max_size=7))
@example(cells=["\ud800", "\0", "=1", "2019-02-30", "x", "y", "99999999999999"])
def test_any_cells_are_a_row_or_a_reject_with_reasons(city: SimpleNamespace, sheet: Any, cells: list[str]) -> None:
    text = "".join(as_csv([], [])) + HEAD + ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    judged(city, sheet, text.split("\n", 1)[1].encode("utf-8", "surrogatepass"))


def judged(city: SimpleNamespace, sheet: Any, data: bytes) -> None:
    try:
        found = sheet(data)
        found.count()
        reader = Reader(found, from_toml(IMPORTER, MAPPING.replace('[columns]\nuser = "name"\n', "")), None)
        rows = [reader.read(line) for line in found.lines() if not line.blank]
    except (BadSheet, BadMapping):
        return
    for row in rows:
        if isinstance(row, Rejected):
            assert row.reasons and all(row.reasons)
        else:
            assert isinstance(row, Entry)
            assert not any("\0" in text or text != clean(text) for text in row.texts.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-04-25 09:32:09", (2019, 4, 25, 9, 32, 9)),
        ("2019/4/5 8:05", (2019, 4, 5, 8, 5)),
        ("2019年4月5日", (2019, 4, 5)),
        ("2019年4月5日 8时05分", (2019, 4, 5, 8, 5)),
        ("20190405", (2019, 4, 5)),
        ("20190405080530", (2019, 4, 5, 8, 5, 30)),
        ("2019.4.5", (2019, 4, 5)),
        ("2019-04-05T08:05:30+08:00", (2019, 4, 5, 8, 5, 30)),
    ],
)
def test_dates_as_old_ledgers_write_them(text: str, expected: tuple[int, ...]) -> None:
    assert moment(text) == datetime(*expected, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("text", ["2019-13-01", "2019-02-30", "昨天", "99999999", "2019-04-25 25:00", "１", ""])
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text) is None


def test_a_bare_day_of_a_reply_ends_with_the_day() -> None:
    assert moment("2019-04-25", ends=True) == datetime(2019, 4, 25, 23, 59, 59, tzinfo=SHANGHAI)


def test_pinyin_names_are_known_by_themselves() -> None:
    header = ("XFJBH", "xfrq", "bt", "gkxx", "tsnr", "nrfldm", "xfmddm", "xfxs", "djsj", "wtsddm", "bfyrhdw")
    found = {name: header[place] for name, place in Mapping(IMPORTER).fields(header).items()}
    assert found == {
        "key": "XFJBH", "received_at": "xfrq", "title": "bt", "body": "tsnr", "category": "nrfldm", "purpose": "xfmddm",
        "channel": "xfxs", "registered_at": "djsj", "region": "wtsddm", "complained": "bfyrhdw",
    }  # fmt: skip
    assert all(field.aliases for field in IMPORTER.fields)


def test_everyday_headings_are_known_by_themselves() -> None:
    everyday = ["编号", "来信时间", "主题", "内容", "姓名", "联系地址", "答复", "回复时间"]
    known = ["key", "received_at", "title", "body", "name", "address", "reply", "replied_at"]
    assert Mapping(IMPORTER).fields(everyday) == {name: place for place, name in enumerate(known)}
    assert Mapping(IMPORTER).fields(["内容", "事情经过"]) == {"body": 1}  # the plainer word gives way
    assert Mapping(IMPORTER).fields(["編號", "標題", "來信時間", "答覆"]) == {
        "key": 0,
        "title": 1,
        "received_at": 2,
        "reply": 3,
    }


def test_values_are_known_by_code_by_name_and_by_the_mapping() -> None:
    mapping = from_toml(IMPORTER, '[values.channel]\n"热线" = "phone"\n')
    said = {text: mapping.value("channel", text) for text in ("100", "来访", "來訪", "web", "热线", "飞鸽")}
    assert said == {"100": "letter", "来访": "visit", "來訪": "visit", "web": "web", "热线": "phone", "飞鸽": "飞鸽"}

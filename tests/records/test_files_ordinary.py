"""Ordinary files of ordinary people are taken, and show what they showed."""

import io
import struct
import zipfile
import zlib
from contextlib import nullcontext

import pikepdf
import pytest
from PIL import Image, ImageDraw

from massline.files.kinds import sanitize
from massline.files.names import check_name
from massline.files.reasons import NotAccepted, Reason
from tests.file_lab import chunk, docx_with, packed, pdf, photo, word_parts


def picture_of(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(sanitize(content)[1])) as picture:
        return picture.convert("L")


def test_a_grey_scan_of_16_bits_stays_grey() -> None:
    row = b"\0" + struct.pack("!90H", *[0x0000] * 30, *[0x8000] * 30, *[0xFFFF] * 30)
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", 90, 40, 16, 0, 0, 0, 0))
    scan = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(row * 40)) + chunk(b"IEND", b"")
    picture = picture_of(scan)
    assert [picture.getpixel((x, 20)) // 10 for x in (15, 45, 75)] == [0, 12, 25]


def test_a_large_scan_in_black_and_white_keeps_its_thin_lines() -> None:
    sheet, out = Image.new("1", (5000, 600), 1), io.BytesIO()
    for x in range(50, 5000, 100):
        ImageDraw.Draw(sheet).line((x, 0, x, 600), fill=0)
    sheet.save(out, "PNG")
    row = picture_of(out.getvalue()).crop((0, 300, 4096, 301)).tobytes()
    lines = [min(row[int(x * 4096 / 5000) - 3 : int(x * 4096 / 5000) + 4]) for x in range(50, 5000, 100)]
    assert max(lines) < 200


@pytest.mark.parametrize("name", ["word/media/a.png", "word/media/a.jfif", "word/media/a.tmp", "word/media/a.jpe"])
def test_a_picture_under_another_ending_is_a_picture_without_its_place(name: str) -> None:
    kind, kept = sanitize(docx_with(**{name: photo()}))
    with zipfile.ZipFile(io.BytesIO(kept)) as file:
        inside = file.read(name)
    with Image.open(io.BytesIO(inside)) as picture:
        assert kind == "docx" and picture.size == (60, 40) and not picture.getexif() and b"MAKER" not in inside


@pytest.mark.parametrize("first", ["OFD.xml", "mimetype", "[Content_Types].xml"])
def test_a_document_of_another_kind_is_not_called_an_archive(first: str) -> None:
    """To unpack an invoice or a presentation helps nobody."""
    with pytest.raises(NotAccepted) as refused:
        sanitize(packed({first: "<a/>", "Doc_0/a.xml": "<a/>"}))
    assert refused.value.reason == Reason.OTHER


class Pipe(io.RawIOBase):
    """A writer that cannot go back, as programs on servers write."""

    def __init__(self) -> None:
        self.sent = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.sent += bytes(data)
        return len(data)


@pytest.mark.parametrize("large", [False, True])
def test_archives_of_other_writers_are_read(large: bool) -> None:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in word_parts().items():
            with file.open(name, "w", force_zip64=large) as part:
                part.write(text.encode())
    with zipfile.ZipFile(io.BytesIO(sanitize(pipe.sent)[1])) as kept:
        assert b"words that stay" in kept.read("word/document.xml")


def test_a_form_keeps_its_fields_and_an_outline_its_places() -> None:
    content = sanitize(
        pdf(
            b"/Outlines 7 0 R/AcroForm<</Fields[6 0 R]/DA(/F1 0 Tf 0 g)/SigFlags 0>>",
            b"/Annots[6 0 R 10 0 R]",
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(written)/Rect[0 0 9 9]/F 4/P 3 0 R>>",
            b"<</Type/Outlines/First 8 0 R/Last 9 0 R/Count 2>>",
            b"<</Title(one)/Parent 7 0 R/Next 9 0 R/Dest[3 0 R/Fit]>>",
            b"<</Title(two)/Parent 7 0 R/Prev 8 0 R/A<</S/GoTo/D[3 0 R/XYZ 0 0 0]>>>>",
            b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.org/a)>>>>",
        )
    )[1]
    with pikepdf.open(io.BytesIO(content)) as file, file.open_outline() as outline:
        assert [one.title for one in outline.root] == ["one", "two"] and outline.root[1].action.S == "/GoTo"
        assert str(file.Root.AcroForm.Fields[0].V) == "written"
        assert str(file.pages[0].Annots[1].A.URI) == "https://example.org/a"


def test_blanks_before_a_pdf_are_no_second_file() -> None:
    assert sanitize(b"\xef\xbb\xbf\r\n" + pdf())[1].startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("尊敬的领导：\r\n我反映的问题", "utf-16"),
        ("\ufeff尊敬的领导：\r\n我反映的问题", "utf-16-be"),
        ("\ufeff尊敬的领导：我反映的问题", "utf-8"),
        ("尊敬的领导：\r\n我反映的问题，楼道的灯坏了三个月。", "gb18030"),
        ("標題,收到日期\r\n路燈不亮,2026年", "big5"),
        ("尊敬的領導：我反映的問題，樓道的燈壞了三個月，請儘快處理。", "big5hkscs"),
        ("樓道的燈壞了三個月，請儘快處理。", "gbk"),
        ("plain words", "ascii"),
    ],
    ids=range(8),
)
def test_a_text_of_any_editor_is_kept_in_utf_8(words: str, encoding: str) -> None:
    """Browsers and phones show any other as rubbish, and the file is served as UTF-8."""
    assert sanitize(words.encode(encoding)) == ("text", words.removeprefix("\ufeff").encode())


@pytest.mark.parametrize(
    ("name", "kind", "refused"),
    [
        ("现场.JPG", "text", Reason.PICTURE_BROKEN),
        ("a.heic", "text", Reason.PICTURE_BROKEN),
        ("证明.pdf", "text", Reason.PDF_BROKEN),
        ("情况.docx", "text", Reason.OFFICE_BROKEN),
        ("现场.png", "jpeg", None),
        ("说明.txt", "text", None),
        ("说明", "text", None),
        ("3.15 情况", "text", None),
    ],
)
def test_a_text_that_calls_itself_a_picture_is_not_kept_as_one_text_more(name: str, kind: str, refused: Reason) -> None:
    with nullcontext() if refused is None else pytest.raises(NotAccepted, match=f"^{refused}$"):
        check_name(name, kind)


@pytest.mark.parametrize(
    "content",
    ["<html>".encode("utf-16"), "\ufeff<html>".encode("gb18030"), "<html>網頁".encode("big5"), b"\xff\xfe\0\xd8a"],
)
def test_a_page_in_any_encoding_is_no_text(content: bytes) -> None:
    with pytest.raises(NotAccepted) as refused:
        sanitize(content)
    assert refused.value.reason == Reason.OTHER

"""PDFs are written anew: what is seen stays; what acts, fetches, hides or tells of its author is gone."""

import io
import time
import zlib

import pikepdf
import pytest
from PIL import Image

from massline.files.kinds import sanitize
from massline.files.pictures import without_notes
from massline.files.process import judge
from massline.files.reasons import NotAccepted, Reason
from tests.file_lab import ascii85, docx, pdf, pdf_in_object_stream, photo, stream, zeros_deflated

SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
NOTE = b"/Annots[<</Type/Annot/Subtype/%s/Rect[0 0 9 9] %s>>]"
FILE = b"<</Type/Filespec/F(a.exe)/UF(a.exe)/EF<</F 7 0 R>>>>"


def link(action: bytes) -> bytes:
    return NOTE % (b"Link", b"/A " + action)


ACTS = {
    "opening script": pdf(b"/OpenAction" + SCRIPT),
    "opening script elsewhere": pdf(b"/OpenAction 6 0 R", b"", SCRIPT),
    "escaped names": pdf(b"/Op#65nAction<</S/#4aavaScript/J#53(app.alert(1))>>"),
    "script in a hexadecimal stream": pdf(
        b"/OpenAction<</S/JavaScript/JS 6 0 R>>", b"", stream(b"6170702e616c6572742831293b>", b"/Filter/ASCIIHexDecode")
    ),
    "script in a stream of two filters": pdf(
        b"/OpenAction<</S/JavaScript/JS 6 0 R>>",
        b"",
        stream(ascii85(b"app.alert(1)"), b"/Filter[/ASCII85Decode]"),
    ),
    "packed away, deflated": pdf_in_object_stream(b"/OpenAction 7 0 R", SCRIPT),
    "packed away, in hexadecimal": pdf_in_object_stream(b"/OpenAction 7 0 R", SCRIPT, encode="hex"),
    "packed away, A85 and deflated": pdf_in_object_stream(b"/OpenAction 7 0 R", SCRIPT, encode="a85"),
    "packed away behind 4 MB": pdf_in_object_stream(b"/OpenAction 7 0 R", SCRIPT, padding=4_300_000),
    "script by name": pdf(b"/Names<</JavaScript<</Names[(a)" + SCRIPT + b"]>>>>"),
    "additional actions": pdf(b"/AA<</WC" + SCRIPT + b">>", b"/AA<</O" + SCRIPT + b">>"),
    "script behind a plain link": pdf(b"", link(b"<</S/URI/URI(https://example.org)/Next" + SCRIPT + b">>")),
    "scripts one after the other": pdf(b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[" + SCRIPT + b"]>>"),
    "script of a field": pdf(
        b"/AcroForm<</Fields[6 0 R]/CO[6 0 R]>>",
        b"/Annots[6 0 R]",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(seen)/Rect[0 0 9 9]/AA<</C" + SCRIPT + b">>>>",
    ),
    "script in the outline": pdf(
        b"/Outlines 6 0 R",
        b"",
        b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>",
        b"<</Title(a)/Parent 6 0 R/A" + SCRIPT + b">>",
    ),
    "launch": pdf(b"", link(b"<</S/Launch/F(cmd.exe)/Win<</F(cmd.exe)/P(/c calc)>>>>")),
    "launch by a file of its own": pdf(b"", link(b"6 0 R"), b"<</S/Launch/F 7 0 R>>", FILE, stream(b"MZ")),
    "another file": pdf(b"/OpenAction<</S/GoToR/F(\\\\\\\\host\\\\share\\\\a.pdf)/D[0/Fit]>>"),
    "an embedded file": pdf(b"", link(b"<</S/GoToE/T<</R/C/N(a)>>>>")),
    "sending a form": pdf(b"", NOTE % (b"Widget", b"/FT/Btn/T(a)/A<</S/SubmitForm/F<</FS/URL/F(http://host/)>>>>")),
    "reading data": pdf(b"", link(b"<</S/ImportData/F(\\\\\\\\host\\\\a.fdf)>>")),
    "UNC target": pdf(b"", link(b"<</S/URI/URI(\\\\\\\\host\\\\share)>>")),
    "file target": pdf(b"", link(b"<</S/URI/URI(file://host/share)>>")),
    "script target": pdf(b"", link(b"<</S/URI/URI(java\\nscript:x)>>")),
    "attached by name": pdf(b"/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", b"", FILE, stream(b"MZ")),
    "associated": pdf(b"/AF[6 0 R]", b"/AF[6 0 R]", FILE, stream(b"MZ")),
    "attached to a note": pdf(b"", NOTE % (b"FileAttachment", b"/FS 6 0 R"), FILE, stream(b"MZ")),
    "collection": pdf(b"/Collection<</View/T>>/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", b"", FILE, stream(b"%")),
    "rich media": pdf(
        b"", NOTE % (b"RichMedia", b"/RichMediaContent<</Assets<</Names[(a) 6 0 R]>>>>"), FILE, stream(b"")
    ),
    "3D": pdf(
        b"", NOTE % (b"3D", b"/3DD 6 0 R"), stream(b"U3D", b"/Type/3D/Subtype/U3D/OnInstantiate 7 0 R"), stream(b"")
    ),
    "film": pdf(b"", NOTE % (b"Movie", b"/Movie<</F(http://host/a.avi)>>/A<</ShowControls true>>")),
    "sound": pdf(b"", link(b"<</S/Sound/Sound 6 0 R>>"), stream(b"", b"/R 8000/F(http://host/a.wav)")),
    "rendition": pdf(b"", NOTE % (b"Screen", b"/A<</S/Rendition/OP 0/JS(app.alert(1))/R<</S/MR>>>>")),
    "XFA": pdf(b"/AcroForm<</Fields[]/XFA 6 0 R>>", b"", stream(b"<xdp:xdp/>")),
    "launch by a string": pdf(b"", link(b"<</S(Launch)/F(cmd.exe)>>")),
    "file target by a string": pdf(b"", link(b"<</S(URI)/URI(file://host/share)>>")),
    "file target in a stream": pdf(b"", link(b"6 0 R"), stream(b"", b"/S/URI/URI(file://host/share)")),
    "behind an action by a string": pdf(b"", link(b"<</S(GoTo)/D[3 0 R/Fit]/Next" + SCRIPT + b">>")),
    "an embedded file without a name": pdf(b"", NOTE % (b"Square", b"/Z 6 0 R"), stream(b"MZ", b"/Type/EmbeddedFile")),
    "words for a printer": pdf(b"", b"/Z<</XObject<</P 6 0 R>>>>", stream(b"(a) run", b"/Type/XObject/Subtype/PS")),
    "more words for a printer": pdf(
        b"",
        b"/Z<</XObject<</P 6 0 R>>>>",
        stream(b"q Q", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/PS 7 0 R"),
        stream(b"(a) run"),
    ),
    "data from elsewhere": pdf(
        b"", b"/Thumb 6 0 R", stream(b"", b"/F(http://host/a)/FFilter/FlateDecode/Type/XObject/Subtype/Image")
    ),
}
"""Each is parsed by every viewer as what its name says."""
NOWHERE = (
    b"JavaScript", b"/JS", b"app.alert", b"Launch", b"GoToR", b"GoToE", b"SubmitForm", b"ImportData", b"/AA", b"file:",
    b"EmbeddedFile", b"Filespec", b"/EF", b"/AF", b"Collection", b"RichMedia", b"/3D", b"/Movie", b"/Sound", b"XFA",
    b"Rendition", b"OpenAction", b"FFilter", b"host", b"script:", b"MZ", b"(a) run",
)  # fmt: skip


def opened(content: bytes) -> bytes:
    """All of a PDF in plain sight: nothing packed, nothing escaped."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as found:
        found.save(
            out,
            qdf=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.specialized,
        )
    return out.getvalue()


@pytest.mark.parametrize("name", ACTS)
def test_what_acts_is_gone_and_the_page_stays(name: str) -> None:
    assert [word for word in NOWHERE if word in opened(ACTS[name])], "the file is what its name says"
    kind, content = sanitize(ACTS[name])
    plain = opened(content)
    assert kind == "pdf" and b"words that stay" in plain
    assert not [word for word in NOWHERE if word in plain]


def test_plain_links_stay() -> None:
    for address in (b"https://example.org/a?b=c", b"http://example.org", b"mailto:a@example.org", b"tel:12345"):
        plain = opened(sanitize(pdf(b"", link(b"<</S/URI/URI(" + address + b")>>")))[1])
        assert address in plain
    assert b"/GoTo" in opened(sanitize(pdf(b"", link(b"<</S/GoTo/D[3 0 R/Fit]>>")))[1])


def test_what_a_file_calls_its_own_is_no_action() -> None:
    named = pdf().replace(b"/F1", b"/AA")
    assert b"/AA" in opened(sanitize(named)[1])


def test_author_and_camera_are_gone() -> None:
    picture = stream(photo(), b"/Type/XObject/Subtype/Image/Width 60/Height 40/ColorSpace/DeviceRGB/Filter/DCTDecode")
    about = b"<</Author(Zhang San)/Producer(X)>>"
    meta = stream(b"<x:xmpmeta>Zhang San</x:xmpmeta>", b"/Type/Metadata/Subtype/XML")
    content = sanitize(pdf(b"/Metadata 8 0 R", b"/Thumb 6 0 R", picture, about, meta, trailer=b"/Info 7 0 R"))[1]
    assert b"Zhang" not in opened(content) and b"MAKER" not in content


def test_what_stands_before_behind_or_beside_the_objects_is_gone() -> None:
    html = b"<html><script>alert(1)</script>"
    content = sanitize(pdf(before=b"%" + html + b"\n") + html + docx() + pdf())[1]
    assert b"<script" not in content and b"PK\x03\x04" not in content and content.count(b"%PDF") == 1
    with pytest.raises(NotAccepted):
        sanitize(html + pdf())


def locked(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(ACTS["opening script"])) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    return out.getvalue()


def test_a_password_is_a_reason() -> None:
    with pytest.raises(NotAccepted) as refused:
        sanitize(locked("secret"))
    assert refused.value.reason == Reason.PDF_LOCKED


def test_what_opens_without_a_password_is_taken_and_locked_no_longer() -> None:
    """Banks and tax offices send such files: everybody reads them, and their sender alone may change them."""
    content = sanitize(locked(""))[1]
    with pikepdf.open(io.BytesIO(content)) as file:
        assert not file.is_encrypted
    assert b"words that stay" in opened(content) and b"app.alert" not in opened(content)


IMAGE = b"/Type/XObject/Subtype/Image/Width 60/Height 40/ColorSpace/DeviceRGB/BitsPerComponent 8"
PHOTOS = {
    "packed once more": stream(zlib.compress(photo()), IMAGE + b"/Filter[/FlateDecode/DCTDecode]"),
    "by its short name": stream(photo(), IMAGE + b"/Filter/DCT"),
    "with another behind it": stream(without_notes(photo()) + photo(), IMAGE + b"/Filter/DCTDecode"),
    "with a filling byte": stream(photo()[:2] + b"\xff" + photo()[2:], IMAGE + b"/Filter/DCTDecode"),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_no_photograph_tells_of_its_camera(name: str) -> None:
    content = sanitize(pdf(b"", b"/Thumb 6 0 R", PHOTOS[name]))[1]
    with pikepdf.open(io.BytesIO(content)) as file:
        kept = file.pages[0].Thumb.read_raw_bytes()
    assert kept.startswith(b"\xff\xd8") and b"MAKER" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (60, 40) and picture.convert("RGB").getpixel((5, 5))[2] > 100


@pytest.mark.parametrize(
    ("pack", "filters"),
    [
        (lambda data: data, b"/Fl"),
        (lambda data: data.hex().encode() + b">", b"[/ASCIIHexDecode/FlateDecode]"),
        (lambda data: zlib.compress(data), b"[/FlateDecode/FlateDecode]"),
    ],
    ids=["by its short name", "in hexadecimal", "packed twice"],
)
def test_what_unpacks_to_a_mountain_is_refused(pack, filters) -> None:
    heavy = pdf(b"", b"/Thumb 6 0 R", stream(pack(zeros_deflated(272 * 1024 * 1024)), b"/Filter" + filters))
    with pytest.raises(NotAccepted) as refused:
        sanitize(heavy)
    assert refused.value.reason == Reason.HEAVY


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", pdf()[:200], b"%PDF-1.4\n" + bytes(range(256)) * 20])
def test_broken_ones_are_refused(content: bytes) -> None:
    with pytest.raises(NotAccepted) as refused:
        sanitize(content)
    assert refused.value.reason == Reason.PDF_BROKEN


def test_a_broken_index_is_mended() -> None:
    content = sanitize(pdf().replace(b"startxref", b"startxxxx"))[1]
    assert b"words that stay" in opened(content)


def test_two_megabytes_of_stream_are_quick() -> None:
    """Four times as much takes about four times as long: by the processor's clock, which neighbours do not slow."""
    seconds = []
    for size in (70_000, 280_000):
        began = time.process_time()
        with pytest.raises(NotAccepted):
            sanitize(b"%PDF-1.4\n" + b"stream\n" * size)
        seconds.append(time.process_time() - began)
    assert seconds[1] < 8 * seconds[0] and seconds[1] < 4
    with pytest.raises(NotAccepted):
        judge(b"%PDF-1.4\n" + b"stream\n" * 280_000)

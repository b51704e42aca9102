"""Files for tests, written by hand: PDFs, Word and Excel files in which exactly one thing is as it should not be."""

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Mapping

import pillow_heif
from PIL import Image

GPS = 0x8825


def photo(size: tuple[int, int] = (60, 40), fmt: str = "JPEG", **more: object) -> bytes:
    """A picture that lies on its side and tells of a place and a camera."""
    exif = Image.Exif()
    exif[0x010F] = "MAKER OF CAMERAS"
    exif[0x0112] = 6
    exif[GPS] = {1: "N", 2: (30.0, 15.0, 0.0)}
    out = io.BytesIO()
    if fmt == "HEIF":
        pillow_heif.register_heif_opener()
    Image.new("RGB", size, "teal").save(out, fmt, exif=exif.tobytes(), **more)
    return out.getvalue()


def large_png(side: int = 7680, mode: str = "RGB") -> bytes:
    """59 megapixels of one colour, in a few hundred kilobytes."""
    out = io.BytesIO()
    Image.new(mode, (side, side)).save(out, "PNG")
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """The header of a picture of this size, and nothing of the picture."""
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))


# --- PDF ----------------------------------------------------------------------------------------------------------

CONTENT = b"BT /F1 12 Tf 20 100 Td (words that stay) Tj ET"


def stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), keys, data)


def pdf(root: bytes = b"", page: bytes = b"", *objects: bytes, before: bytes = b"", trailer: bytes = b"") -> bytes:
    """One page with words; `objects` are numbers 6 and up."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R %s>>" % root,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>> %s>>" % page,
        stream(CONTENT),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *objects,
    ]
    out, places = bytearray(b"%PDF-1.7\n" + before), []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, trailer, start)
    return bytes(out)


def packed_objects(objects: Iterable[bytes], first: int = 6) -> tuple[bytes, list[int]]:
    """An object stream's data and numbers."""
    bodies, heads, at = [], [], 0
    for number, body in enumerate(objects, start=first):
        heads.append(b"%d %d" % (number, at))
        bodies.append(body)
        at += len(body) + 1
    head = b" ".join(heads) + b"\n"
    return head + b"\n".join(bodies), [len(head), len(bodies)]


def pdf_in_object_stream(
    root: bytes, *hidden: bytes, encode: str = "flate", padding: int = 0, packed: bytes = b""
) -> bytes:
    """A PDF whose objects 7 and up lie packed in object 6, found through a cross-reference stream."""
    if packed:
        return _indexed(root, packed, 1)
    data, (first, count) = packed_objects(hidden, first=7)
    data = data[:first] + b" " * padding + data[first:]
    first += padding
    filters, content = {
        "flate": (b"/FlateDecode", zlib.compress(data)),
        "hex": (b"/ASCIIHexDecode", data.hex().encode() + b">"),
        "a85": (b"[/ASCII85Decode/FlateDecode]", ascii85(zlib.compress(data))),
    }[encode]
    return _indexed(root, stream(content, b"/Type/ObjStm/N %d/First %d/Filter %s" % (count, first, filters)), count)


def _indexed(root: bytes, packed: bytes, count: int) -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R %s>>" % root,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(CONTENT),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        packed,
    ]
    out, rows = bytearray(b"%PDF-1.7\n"), [struct.pack("!BIH", 0, 0, 65535)]
    for number, part in enumerate(parts, start=1):
        rows.append(struct.pack("!BIH", 1, len(out), 0))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows += [struct.pack("!BIH", 2, 6, place) for place in range(count)]
    start, size = len(out), len(rows) + 1
    rows.append(struct.pack("!BIH", 1, start, 0))
    keys = b"/Type/XRef/W[1 4 2]/Size %d/Root 1 0 R/Filter/FlateDecode" % size
    out += b"%d 0 obj\n%s\nendobj\n" % (size - 1, stream(zlib.compress(b"".join(rows)), keys))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def ascii85(data: bytes) -> bytes:
    from base64 import a85encode

    return a85encode(data) + b"~>"


# --- Word and Excel -----------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
Parts = Mapping[str, bytes | str]


def packed(parts: Parts | Iterable[tuple[str, bytes | str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            file.writestr(name, content)
    return out.getvalue()


def relations(*inside: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(inside)}</Relationships>'


def word_parts(body: str = "<w:p><w:r><w:t>words that stay</w:t></w:r></w:p>", rels: bytes | str = "") -> dict:
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/>'),
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{REL}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": rels or relations(),
    }


def docx(
    body: str = "<w:p><w:r><w:t>words that stay</w:t></w:r></w:p>", rels: bytes | str = "", **more: object
) -> bytes:
    return packed(word_parts(body, rels) | {name.replace("__", "/"): text for name, text in more.items()})


def docx_with(**parts: bytes | str) -> bytes:
    return packed(word_parts() | parts)


def field(*instruction: str) -> str:
    """A field whose instruction is split over runs."""
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>' for text in instruction)
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    return f"<w:p>{char('begin')}{runs}{char('separate')}<w:r><w:t>x</w:t></w:r>{char('end')}</w:p>"


def xlsx(cells: str = "<c r='A1'><v>1</v></c>", **more: bytes | str) -> bytes:
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{REL}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData><row r="1">{cells}</row></sheetData>'
        "</worksheet>",
    }
    return packed(parts | more)


def formula(text: str) -> str:
    return f"<c r='A1'><f>{text}</f><v>1</v></c>"


# --- Files that cost ----------------------------------------------------------------------------------------------


def zeros_deflated(size: int) -> bytes:
    """So many zeros as a zlib stream, put together from one block: nobody here has to hold them."""
    block, times = 16 * 1024 * 1024, size // (16 * 1024 * 1024)
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packing.compress(bytes(block)) + packing.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + one * times + b"\x03\x00" + b"\0\0\0\0"


def hungry_pdf(size: int = 4 * 1024**3) -> bytes:
    """A few kilobytes; whoever looks up object 7 needs 4 GB."""
    packed_away = zlib.compress(zeros_deflated(size))
    keys = b"/Type/ObjStm/N 1/First 8/Filter[/FlateDecode/FlateDecode]"
    return pdf_in_object_stream(b"/OpenAction 7 0 R", packed=stream(packed_away, keys))


def slow_docx(elements: int = 22_000_000) -> bytes:
    """A sound document of a hundred kilobytes whose reading takes about a minute."""
    return docx_with(**{"customXml/item1.xml": b"<a>" + b"<b/>" * elements + b"</a>"})


_started: list[object] = []
sys.addaudithook(lambda event, details: _started.append(details[1]) if event == "subprocess.Popen" else None)


def processes_started() -> int:
    """How many processes this one has started so far: the interpreter itself says so."""
    return len(_started)

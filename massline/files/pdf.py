"""Sanitizes PDF files: parses and rewrites them without what acts, fetches, hides or tells of its author.

Everything is judged on the parsed objects, whatever spelling or compression they came in. A file with a script is not
refused but loses it: what its author wanted to show is on its pages.
"""

import io
import re
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from massline.files.pictures import without_notes
from massline.files.reasons import NotAccepted, Reason

MAX_PAGES = 2000
MAX_OBJECTS = 500_000
MAX_VALUES = 5_000_000
MAX_UNPACKED = 256 * 1024 * 1024
ROOT = frozenset(
    "/Type /Pages /PageLabels /PageLayout /PageMode /Outlines /Dests /Names /Lang /OCProperties /MarkInfo "
    "/StructTreeRoot /ViewerPreferences /AcroForm /Version".split()
)
"""What stays of the catalogue: no opening action, scripts, attachments, collections, signatures' rights, metadata."""
FORM = frozenset("/Fields /DR /DA /Q /NeedAppearances".split())
SEEN_NOTES = frozenset(
    "/Link /Text /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline /Squiggly /StrikeOut /Stamp "
    "/Caret /Ink /Popup /Widget /Watermark".split()
)
"""Annotations that are drawn. Films, sounds, models, attached files and screens are not among them."""
GONE = frozenset((
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/RF", "/EmbeddedFiles", "/AF", "/XFA", "/Launch", "/Collection",
    "/RichMediaContent", "/RichMediaSettings", "/RichMedia", "/3DD", "/3DA", "/3DV", "/Movie", "/Sound", "/Rendition",
    "/Renditions", "/AlternatePresentations", "/PA", "/FS", "/FFilter", "/FDecodeParms", "/OPI", "/Ref", "/Metadata",
    "/PieceInfo", "/Info", "/PS",
))  # fmt: skip
"""Keys that no drawn page needs, wherever they stand."""
OWN_NAMES = frozenset("/Font /XObject /ExtGState /ColorSpace /Pattern /Shading /Properties /Dests".split())
"""Under these each file gives names of its own, which may be any of those above."""
ACTIONS = frozenset(
    "/GoTo /GoToR /GoToE /Launch /Thread /URI /Sound /Movie /Hide /Named /SubmitForm /ResetForm /ImportData "
    "/JavaScript /SetOCGState /Rendition /Trans /GoTo3DView /RichMediaExecute /GoToDp".split()
)
PHOTOS = frozenset({"/DCTDecode", "/DCT"})
PACKED = frozenset(
    "/FlateDecode /Fl /LZWDecode /LZW /RunLengthDecode /RL /ASCIIHexDecode /AHx /ASCII85Decode /A85".split()
)
"""Ways to pack a stream that make it smaller, or are wrapped around one that does."""
PLAIN_LINK = re.compile(rb"\s*(?:https?://|mailto:|tel:)[^\\\x00-\x1f]*", re.IGNORECASE)


def sanitize(content: bytes) -> bytes:
    """Returns the same pages in a file of our own writing; raises NotAccepted."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            _check_size(pdf)
            _strip_root(pdf)
            _strip_objects(pdf)
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
    except (NotAccepted, MemoryError):
        raise
    except pikepdf.PasswordError as error:
        raise NotAccepted(Reason.PDF_LOCKED) from error
    except Exception as error:  # the parser meets arbitrary input; any fault in it is a file that does not open
        raise NotAccepted(Reason.PDF_BROKEN) from error
    return out.getvalue()


def _check_size(pdf: Pdf) -> None:
    pages = len(pdf.pages)
    if pages == 0:
        raise NotAccepted(Reason.PDF_BROKEN)
    if pages > MAX_PAGES or len(pdf.objects) > MAX_OBJECTS:
        raise NotAccepted(Reason.PDF_LONG)


def _strip_root(pdf: Pdf) -> None:
    for key in set(pdf.trailer.keys()) - {"/Root", "/Size", "/ID"}:
        del pdf.trailer[key]
    _only(pdf.Root, ROOT)
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary):
        _only(names, frozenset({"/Dests"}))
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        _only(form, FORM)


def _only(found: Any, kept: frozenset[str]) -> None:
    for key in set(found.keys()) - kept:
        del found[key]


def _strip_objects(pdf: Pdf) -> None:
    """Each object with what stands directly in it; those that others refer to come by themselves."""
    values, unpacked, unwanted = 0, 0, Unwanted()
    for one in pdf.objects:
        todo: list[tuple[str, Any]] = [("", one)]
        while todo:
            place, value = todo.pop()
            values += 1
            if values > MAX_VALUES:
                raise NotAccepted(Reason.PDF_LONG)
            if isinstance(value, Array):
                todo += _strip_array(value, unwanted)
            elif isinstance(value, Dictionary | Stream):
                todo += _strip(value, frozenset() if place in OWN_NAMES else GONE, unwanted)
                if isinstance(value, Stream):
                    unpacked += _strip_stream(value, MAX_UNPACKED - unpacked)


class Unwanted:
    """Which dictionaries nothing may refer to: files, actions, annotations that are not drawn. Each is judged once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def __contains__(self, value: Any) -> bool:
        if not isinstance(value, Dictionary | Stream):
            return False
        if not value.is_indirect:
            return _is_file(value) or _acts(value) or _is_unseen(value)
        number = value.objgen
        if number not in self._known:
            self._known[number] = _is_file(value) or _acts(value) or _is_unseen(value)
        return self._known[number]


def _strip(found: Any, gone: frozenset[str], unwanted: Unwanted) -> list[tuple[str, Any]]:
    """Takes out of a dictionary what acts, and what leads to something that does. Returns what stands in it."""
    inside = []
    values = dict(found.items())
    for key, value in values.items():
        if not isinstance(value, Object):
            if key in gone:
                del found[key]
        elif key in gone or value in unwanted:
            del found[key]
        elif not value.is_indirect:
            inside.append((key, value))
    if values.get("/FT") == "/Sig" and "/V" in found:
        del found["/V"]  # the signer did not sign what we write; the stamp stays to be seen
    if "/S" in values and "/Next" in found:
        del found["/Next"]
    return inside


def _strip_array(found: Any, unwanted: Unwanted) -> list[tuple[str, Any]]:
    """Takes out of a list what may not be in it. Returns what stands in it."""
    inside = []
    for place, value in reversed(list(enumerate(found))):
        if not isinstance(value, Object):
            continue
        if value in unwanted:
            del found[place]
        elif not value.is_indirect:
            inside.append(("", value))
    return inside


def _acts(value: Any) -> bool:
    """Tells whether it is an action other than going to a place in the file, or to a plain web address."""
    kind = value.get("/S")
    if isinstance(kind, String):  # some viewers take a string for a name
        kind = f"/{kind}"
    if not isinstance(kind, Name | str) or str(kind) not in ACTIONS:
        return False
    if kind == "/GoTo":
        return "/D" not in value
    address = value.get("/URI")
    return not (kind == "/URI" and isinstance(address, String) and PLAIN_LINK.fullmatch(bytes(address)))


def _is_file(value: Any) -> bool:
    """Tells whether it is a file inside of the file, a program for a printer, or a signature of what we do not
    write."""
    if value.get("/Type") in ("/Filespec", "/F", "/EmbeddedFile") or "/EF" in value or "/ByteRange" in value:
        return True
    return value.get("/Subtype") == "/PS" or value.get("/Subtype2") == "/PS"


def _is_unseen(value: Any) -> bool:
    kind = value.get("/Subtype")
    annotation = isinstance(kind, Name) and (value.get("/Type") == "/Annot" or "/Rect" in value)
    return annotation and str(kind) not in SEEN_NOTES


def _strip_stream(stream: Any, left: int) -> int:
    """Strips a stream of an outside source of its data, and a photograph of its notes. Returns its unpacked size."""
    if "/F" in stream:  # its data stand in another file
        del stream["/F"]
    filters = stream.get("/Filter")
    chain = [str(one) for one in filters] if isinstance(filters, Array) else [str(filters)] if filters else []
    if chain in (["/FlateDecode"], ["/Fl"]):
        return _unpacked(stream.read_raw_bytes(), left)
    if chain and chain[-1] in PHOTOS:
        return _strip_photo(stream, chain[:-1])
    if chain and PACKED.issuperset(chain):
        return _within(len(_decoded(stream)), left)
    return 0


def _decoded(stream: Any) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return b""  # a viewer cannot either


def _strip_photo(stream: Any, chain: list[str]) -> int:
    """Strips a photograph of its notes and of any other packing. Returns its size."""
    raw = stream.read_raw_bytes()
    if chain:
        with Pdf.new() as aside:
            wrapped = Stream(aside, raw)
            wrapped.Filter = Array(map(Name, chain))
            raw = _decoded(wrapped)
    bare = without_notes(raw)
    if chain or bare != raw:
        said = stream.get("/DecodeParms")
        of_photo = said[-1] if isinstance(said, Array) and len(said) else said
        kept = {"decode_parms": of_photo} if isinstance(of_photo, Dictionary) else {}
        stream.write(bare, filter=Name.DCTDecode, **kept)
    return len(bare)


def _within(size: int, left: int) -> int:
    if size > left:
        raise NotAccepted(Reason.HEAVY)
    return size


def _unpacked(raw: bytes, left: int) -> int:
    size, unpacking = 0, zlib.decompressobj()
    try:
        while raw:
            size = _within(size + len(unpacking.decompress(raw, 1 << 20)), left)
            raw = unpacking.unconsumed_tail
    except zlib.error:
        pass  # a viewer shows as much of it as there is
    return size

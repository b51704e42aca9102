"""Sanitizes Word and Excel files: reads each part as XML, refuses what acts or fetches, and packs them anew.

Packed anew, because what we read must be what is opened later: an archive can say two things of itself.
"""

import io
import re
import zipfile
import zlib

from massline.files.office_xml import XML, Part, check_part
from massline.files.pictures import without_notes
from massline.files.reasons import NotAccepted, Reason

MAX_UNPACKED = 128 * 1024 * 1024
MAX_MEMBERS = 3000
LOCKED = 0x1 | 0x40
NAME = re.compile(r"[^\x00-\x1f\\:*?\"<>|]{1,240}")
PICTURES = frozenset("bmp emf gif jfif jpe jpeg jpg png tif tiff tmp wdp wmf".split())
DRAWN = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\x01\x00\x00\x00",
    b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00", b"II\xbc",
)  # fmt: skip
"""Endings of pictures, and how their content begins: nothing else hides under such a name. Writers mix up the two."""
FONTS = ("fntdata", "odttf")
DOCUMENTS = frozenset({"[content_types].xml", "mimetype", "ofd.xml"})
"""Archives that are a document of another kind: to unpack them would help nobody."""
PRINTER = re.compile(r"xl/printersettings/[^/]+\.bin")
_OPEN = "http://schemas.openxmlformats.org/"
ABOUT = {
    "docprops/core.xml": f'<coreProperties xmlns="{_OPEN}package/2006/metadata/core-properties"/>',
    "docprops/app.xml": f'<Properties xmlns="{_OPEN}officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": f'<Properties xmlns="{_OPEN}officeDocument/2006/custom-properties"/>',
}
"""Who wrote it, for whom, on which machine: emptied, as pictures lose their place."""
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def sanitize(content: bytes) -> tuple[str, bytes]:
    """Returns the kind and the content packed anew; raises NotAccepted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = [member.filename.lower() for member in members]
            kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None
            if kind is None or "[content_types].xml" not in names:
                raise NotAccepted(Reason.OTHER if DOCUMENTS.intersection(names) else Reason.ARCHIVE)
            _check_archive(archive, members, names, len(content))
            return kind, _packed(archive, members)
    except BROKEN as error:
        raise NotAccepted(Reason.OFFICE_BROKEN) from error


def _check_archive(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], names: list[str], size: int) -> None:
    """Checks that an archive reads one way only: each name once, each member in a place of its own, nothing around
    them."""
    if any(member.flag_bits & LOCKED for member in members):
        raise NotAccepted(Reason.OFFICE_LOCKED)
    if len(members) > MAX_MEMBERS:
        raise NotAccepted(Reason.HEAVY)
    if len(set(names)) != len(names) or not all(map(_is_plain, names)):
        raise NotAccepted(Reason.OFFICE_ACTIVE)
    at = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < at or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAccepted(Reason.OFFICE_BROKEN)
        at = member.header_offset + 30 + len(member.orig_filename) + member.compress_size
    if at > archive.start_dir or (members and min(one.header_offset for one in members) != 0):
        raise NotAccepted(Reason.OFFICE_BROKEN)


def _is_plain(name: str) -> bool:
    return NAME.fullmatch(name) is not None and not name.startswith("/") and ".." not in name.split("/")


def _packed(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bytes:
    out, left, parts = io.BytesIO(), MAX_UNPACKED, {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for member in members:
            if member.is_dir():
                continue
            with archive.open(member) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise NotAccepted(Reason.HEAVY)
            name, fresh = member.filename.lower(), zipfile.ZipInfo(member.filename)
            if name not in ABOUT and name.rsplit(".", 1)[-1] in XML:
                parts[name] = check_part(content)
            packed.writestr(fresh, _checked(name, content), zipfile.ZIP_DEFLATED)
    _check_loaded(parts)
    return out.getvalue()


def _checked(name: str, content: bytes) -> bytes:
    """Returns one part, sanitized; raises NotAccepted. What is XML was checked as such."""
    if name in ABOUT:
        return ABOUT[name].encode()
    ending = name.rsplit(".", 1)[-1]
    if "vba" in name or "activex" in name or "/embeddings/" in name:
        raise NotAccepted(Reason.OFFICE_ACTIVE)
    if ending in XML or ending in FONTS or PRINTER.fullmatch(name) or not content:
        return content
    if ending in PICTURES and content.startswith(DRAWN):
        return without_notes(content)
    raise NotAccepted(Reason.OFFICE_ACTIVE)


def _check_loaded(parts: dict[str, Part]) -> None:
    """Checks that what a part loads is in the file, whatever kind its relation claims."""
    for name, part in parts.items():
        folder, _, last = name.rpartition("/")
        relations = parts.get(f"{folder}/_rels/{last}.rels".lstrip("/"))
        if relations is not None and part.loaded & relations.outside:
            raise NotAccepted(Reason.OFFICE_OUTSIDE)

"""Word and Excel files: read part by part as XML, refused when anything in them acts or fetches, packed anew.

Packed anew, because what we read must be what is opened later: an archive can say two things of itself.
"""

import io
import re
import zipfile
import zlib

from massline.files.office_xml import XML, check_part
from massline.files.pictures import without_notes
from massline.files.reasons import NotAccepted, Reason

MOST_UNPACKED = 128 * 1024 * 1024
MOST_MEMBERS = 3000
LOCKED = 0x1 | 0x40
NAME = re.compile(r"[^\x00-\x1f\\:*?\"<>|]{1,240}")
PICTURES: dict[str, tuple[bytes, ...]] = {
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG",),
    "gif": (b"GIF8",),
    "bmp": (b"BM",),
    "tif": (b"II*\0", b"MM\0*"),
    "tiff": (b"II*\0", b"MM\0*"),
    "emf": (b"\x01\x00\x00\x00",),
    "wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00"),
    "wdp": (b"II\xbc",),
}
"""Endings of pictures and how their content begins: nothing else hides under such a name."""
FONTS = ("fntdata", "odttf")
PRINTER = re.compile(r"xl/printersettings/[^/]+\.bin")
_OPEN = "http://schemas.openxmlformats.org/"
ABOUT = {
    "docprops/core.xml": f'<coreProperties xmlns="{_OPEN}package/2006/metadata/core-properties"/>',
    "docprops/app.xml": f'<Properties xmlns="{_OPEN}officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": f'<Properties xmlns="{_OPEN}officeDocument/2006/custom-properties"/>',
}
"""Who wrote it, for whom, on which machine: emptied, as pictures lose their place."""
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def made_anew(content: bytes) -> tuple[str, bytes]:
    """The kind and the content packed anew; raises NotAccepted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = [member.filename.lower() for member in members]
            kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None
            if kind is None or "[content_types].xml" not in names:
                raise NotAccepted(Reason.ARCHIVE)
            _check_archive(archive, members, names, len(content))
            return kind, _packed(archive, members)
    except BROKEN as error:
        raise NotAccepted(Reason.OFFICE_BROKEN) from error


def _check_archive(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], names: list[str], size: int) -> None:
    """An archive that says one thing only: each name once, each member in a place of its own, nothing around them."""
    if any(member.flag_bits & LOCKED for member in members):
        raise NotAccepted(Reason.OFFICE_LOCKED)
    if len(members) > MOST_MEMBERS:
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
    out, left = io.BytesIO(), MOST_UNPACKED
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for member in members:
            if member.is_dir():
                continue
            with archive.open(member) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise NotAccepted(Reason.HEAVY)
            fresh = zipfile.ZipInfo(member.filename)
            packed.writestr(fresh, _checked(member.filename.lower(), content), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _checked(name: str, content: bytes) -> bytes:
    """One part as it may be kept; raises NotAccepted."""
    if name in ABOUT:
        return ABOUT[name].encode()
    ending = name.rsplit(".", 1)[-1]
    if "vba" in name or "activex" in name or "/embeddings/" in name:
        raise NotAccepted(Reason.OFFICE_ACTIVE)
    if ending in XML:
        check_part(content)
        return content
    if ending in PICTURES and content.startswith(PICTURES[ending]):
        return without_notes(content) if ending in ("jpg", "jpeg") else content
    if ending in FONTS or PRINTER.fullmatch(name) or not content:
        return content
    raise NotAccepted(Reason.OFFICE_ACTIVE)

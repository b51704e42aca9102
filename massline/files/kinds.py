"""Tells a file's kind by its content and sanitizes it as that kind. Runs in the judging process."""

import codecs
import re
from string import whitespace

from massline.files.reasons import NotAccepted, Reason

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
BLANK = b"\xef\xbb\xbf\0\t\n\r "
OLE = b"\xd0\xcf\x11\xe0"


def sanitize(content: bytes) -> tuple[str, bytes]:
    """Returns the kind and a harmless content; raises NotAccepted. What a kind needs is loaded only for it."""
    if content.startswith(PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        from massline.files import pictures

        return pictures.sanitize(content)
    if content[4:12] in HEIC:
        raise NotAccepted(Reason.HEIC)
    if b"%PDF-" in content[:1024]:
        content = content.lstrip(BLANK)
        if not content.startswith(b"%PDF-"):  # something else stands before it: two files in one
            raise NotAccepted(Reason.OTHER)
        from massline.files import pdf

        return "pdf", pdf.sanitize(content)
    if content.startswith(ZIPS):
        from massline.files import office

        return office.sanitize(content)
    if content.startswith(OLE):
        raise NotAccepted(Reason.OLD_OFFICE)
    if content.startswith(ARCHIVES) or content[257:262] == b"ustar":
        raise NotAccepted(Reason.ARCHIVE)
    content = _in_utf8(content)
    if _is_text(content):
        return "text", content
    raise NotAccepted(Reason.OTHER)


def _in_utf8(content: bytes) -> bytes:
    """Converts UTF-16, as the Windows editor writes it, to UTF-8; all else stays."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16").encode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    return content


def _is_text(content: bytes) -> bool:
    """Tells whether it is plain text in UTF-8 or GB18030, and nothing that a browser or a shell would take for more."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text[:4096].lstrip("\ufeff" + whitespace)[:512].lower()
        if re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text) or start.startswith(("<", "#!", "{\\rtf", "%!")):
            return False
        return bool(start or not text.strip()) and not _looks_like_more(content)
    return False


def _looks_like_more(content: bytes) -> bool:
    import puremagic

    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return False
    return any(match.confidence >= 0.8 and not match.mime_type.startswith("text/plain") for match in found)

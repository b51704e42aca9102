"""Tells a file's kind by its content and sanitizes it as that kind. Runs in the judging process."""

import codecs
import re
from string import whitespace

from massline.files.encodings import encoding_of
from massline.files.reasons import NotAccepted, Reason

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
HEIC = (b"ftypheic", b"ftypheix", b"ftypheim", b"ftypheis", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
BLANK = b"\xef\xbb\xbf\0\t\n\r "
OLE = b"\xd0\xcf\x11\xe0"


def sanitize(content: bytes) -> tuple[str, bytes]:
    """Returns the kind and a harmless content; raises NotAccepted. What a kind needs is loaded only for it."""
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if content.startswith(PICTURES) or is_heic(content) or webp:
        from massline.files import pictures

        return pictures.sanitize(content)
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
    return "text", _text(content)


def is_heic(content: bytes) -> bool:
    return content[4:12] in HEIC


def _text(content: bytes) -> bytes:
    """Returns a plain text in UTF-8, and raises NotAccepted for what a browser or a shell would take for more.

    Browsers and phones read the others (GB18030, Big5, UTF-16 of the Windows editor) as rubbish.
    """
    utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if utf_16 else encoding_of([content])
    try:
        text = content.decode(encoding or "ascii").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotAccepted(Reason.OTHER) from error
    start = text[:4096].lstrip("\ufeff" + whitespace)[:512].lower()
    if re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text) or start.startswith(("<", "#!", "{\\rtf", "%!")):
        raise NotAccepted(Reason.OTHER)
    kept = text.encode()
    if (text.strip() and not start) or _looks_like_more(content) or _looks_like_more(kept):
        raise NotAccepted(Reason.OTHER)
    return kept


def _looks_like_more(content: bytes) -> bool:
    import puremagic

    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return False
    return any(match.confidence >= 0.8 and not match.mime_type.startswith("text/plain") for match in found)

"""Which kind a file is, by its content. Whatever can act by itself, or hides other files, is refused with a reason."""

import io
import re
import zipfile
import zlib

import puremagic
from django.utils.translation import gettext_lazy as _

from petitions.attachments.models import Kind


class NotAccepted(Exception):
    """A file that is not taken; `message` says what to do instead."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = str(message)


OTHER = _("只接收照片（JPG、PNG、WebP）、PDF、Word（docx）、Excel（xlsx）和文本文件")
ARCHIVE = _("不接收压缩包，请解压后把里面的文件逐个添加")
ACTIVE_PDF = _("这份 PDF 含有脚本、附件或者加了密码，请打印成普通 PDF，或者拍成照片再添加")
ACTIVE_OFFICE = _("这份文档含有宏或者嵌入的内容，请另存为不含宏的 docx、xlsx，或者打印成 PDF 再添加")
HEIC = _("请把照片存为 JPG 再添加（手机设置中相机格式选“兼容性最佳”）")

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")
PDF_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|Encrypt|RichMedia|XFA|SubmitForm|ImportData|GoToE)\b")
PDF_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
MOST_UNPACKED = 64 * 1024 * 1024
MOST_MEMBERS = 2000
MOST_RATIO = 200


def kind_of(content: bytes) -> Kind | None:
    """The kind; None for a picture, which is made anew. Raises NotAccepted."""
    if content.startswith(PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return None
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise NotAccepted(HEIC)
    if b"%PDF-" in content[:1024]:
        _check_pdf(content)
        return Kind.PDF
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _office(content)
    if content.startswith(ARCHIVES) or content[257:262] == b"ustar":
        raise NotAccepted(ARCHIVE)
    if _is_text(content):
        return Kind.TEXT
    raise NotAccepted(OTHER)


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):  # something else stands before it: two files in one
        raise NotAccepted(OTHER)
    left = MOST_UNPACKED
    for part in (content, *_unpacked(content)):
        left -= len(part)
        if left < 0 or PDF_ACTS.search(PDF_ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), part)):
            raise NotAccepted(ACTIVE_PDF)


def _unpacked(content: bytes) -> list[bytes]:
    """What lies in the compressed streams of a PDF, as far as it unpacks; names of objects may hide there."""
    found, left = [], MOST_UNPACKED
    for start in STREAM.finditer(content):
        unpacking = zlib.decompressobj()
        try:
            part = unpacking.decompress(content[start.end() :], min(left, 4 * 1024 * 1024) + 1)
        except zlib.error:
            continue
        left -= len(part)
        found.append(part)
        if left <= 0:
            raise NotAccepted(ACTIVE_PDF)
    return found


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            names = {member.filename.lower() for member in members}
            kind = Kind.DOCX if "word/document.xml" in names else Kind.XLSX if "xl/workbook.xml" in names else None
            if kind is None or "[content_types].xml" not in names:
                raise NotAccepted(ARCHIVE)
            size = sum(member.file_size for member in members)
            if len(members) > MOST_MEMBERS or size > MOST_UNPACKED or size > MOST_RATIO * len(content):
                raise NotAccepted(ACTIVE_OFFICE)
            if any(member.flag_bits & 1 for member in members) or any(map(_is_active, names)):
                raise NotAccepted(ACTIVE_OFFICE)
            for member in members:
                if member.filename.lower().endswith((".rels", "[content_types].xml")) and _reaches_out(
                    packed.read(member)
                ):
                    raise NotAccepted(ACTIVE_OFFICE)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise NotAccepted(OTHER) from error
    return kind


def _is_active(name: str) -> bool:
    return "vba" in name or "activex" in name or "/embeddings/" in name or ".." in name or name.startswith("/")


def _reaches_out(relations: bytes) -> bool:
    """Templates and objects fetched from elsewhere, macros under another name; plain links are harmless."""
    if b"macroEnabled" in relations or b"oleObject" in relations:
        return True
    outside = re.findall(rb"<Relationship\b[^>]*TargetMode=\"External\"[^>]*>", relations)
    return any(b'/hyperlink"' not in one for one in outside)


def _is_text(content: bytes) -> bool:
    """Plain words in UTF-8 or GB18030, and nothing that a browser or a shell would take for more."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text.lstrip()[:512].lower()
        if re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text) or start.startswith(("<", "#!", "{\\rtf", "%!")):
            return False
        return not _looks_like_more(content)
    return False


def _looks_like_more(content: bytes) -> bool:
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return False
    return any(match.confidence >= 0.8 and not match.mime_type.startswith("text/plain") for match in found)

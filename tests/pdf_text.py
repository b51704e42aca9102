"""The words of a PDF as typst writes it: each font says by its ToUnicode table which characters its glyphs are."""

import io
import re
from typing import Any

import pikepdf

ONE = re.compile(r"<([0-9A-F]+)>\s*<([0-9A-F]+)>\s*$", re.M)
RANGE = re.compile(r"<([0-9A-F]+)>\s*<([0-9A-F]+)>\s*<([0-9A-F]+)>")


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page, without line breaks: where a line ends is the printer's affair."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [_page(page) for page in pdf.pages]


def pdf_text(content: bytes) -> str:
    return "".join(pdf_pages(content))


def _page(page: Any) -> str:
    tables = {name: _table(font) for name, font in page.resources.get("/Font", {}).items()}
    said, table = "", {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                table = tables[str(operands[0])]
            case "Tj":
                said += _shown(operands[0], table)
            case "TJ":
                said += "".join(_shown(one, table) for one in operands[0] if isinstance(one, pikepdf.String))
    return said


def _shown(glyphs: Any, table: dict[int, str]) -> str:
    raw = bytes(glyphs)
    return "".join(table.get(int.from_bytes(raw[n : n + 2]), "") for n in range(0, len(raw), 2))


def _table(font: Any) -> dict[int, str]:
    cmap = font.ToUnicode.read_bytes().decode()
    found = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        found |= {int(glyph, 16): _chars(chars) for glyph, chars in ONE.findall(part)}
    for part in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, chars in RANGE.findall(part):
            start = _chars(chars)
            for n in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + n] = start[:-1] + chr(ord(start[-1]) + n)
    return found


def _chars(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")

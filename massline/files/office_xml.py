"""Checks the XML inside of Word and Excel files, by a parser: names without prefixes, values without their spelling."""

import re
from functools import lru_cache

from lxml import etree

from massline.files.fields import Change, Fields, harmless_formula
from massline.files.reasons import NotAccepted, Reason

XML = frozenset({"xml", "rels", "vml", "svg", "psmdcp"})
PLAIN_LINK = re.compile(r"\s*(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.-]+)["']""")
ENCODINGS = {
    b"utf-8",
    b"utf-16",
    b"utf-16le",
    b"utf-16be",
    b"us-ascii",
    b"ascii",
    b"iso-8859-1",
    b"windows-1252",
    b"gbk",
}
ACTIVE_RELATIONS = frozenset(
    "activexcontrol activexcontrolbinary attachedtoolbars audio control ctrlprop customui dialogsheet extensibility "
    "intlmacrosheet keymapcustomizations media model3d oleobject package ui userform vbaproject vbaprojectsignature "
    "video webextension webextensiontaskpanes wordvbadata xlintlmacrosheet xlmacrosheet".split()
)
FETCHING_RELATIONS = frozenset(
    "afchunk attachedtemplate connections customdata datamodel externallink externallinkpath frame "
    "mailmergeheadersource mailmergesource powerpivotdata querytable subdocument transform volatiledependencies "
    "xlexternallinkpath xlpathmissing xlstartup".split()
)
ACTIVE_TYPES = ("macroenabled", "vbaproject", "activex", "oleobject", "macrosheet", "msdownload", "executable")
ACTIVE_ELEMENTS = frozenset({"control", "object", "oleobject", "oleobjects", "controls", "script", "foreignobject"})
FETCHING_ELEMENTS = frozenset(
    "altchunk connections dbpr ddeitem ddelink externalbook externalreference mailmerge oledbpr oleitem olelink olappr "
    "querytable subdoc webpr webpublishitem".split()
)
FORMULAS = frozenset(
    {"f", "formula", "formula1", "formula2", "definedname", "calculatedcolumnformula", "oldformula", "totalsrowformula"}
)
CODE = frozenset({"instrtext", "delinstrtext"})
FIELD_PARTS = CODE | {"fldchar", "fldsimple"}
ONE_MEANING = frozenset({"relationship", "default", "override", "fldchar", "fldsimple", "cfvo"})
"""Elements that are judged by attributes: a second one of the same name says something else to some reader."""
WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
SHEET = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
MATH = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}",
    "{http://purl.oclc.org/ooxml/officeDocument/math}",
)
RELATED = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
SVG = "{http://www.w3.org/2000/svg}"
CSS_FETCHING = re.compile(r"@import|url\(\s*[\"']?(?!\s*(?:#|data:image/))", re.IGNORECASE)
CLICKED = frozenset("hyperlink hlinkclick hlinkhover hlinkmouseover".split())
"""Elements that lead to another place when a reader clicks, by a relation; all others load what they refer to."""
CLICKED_BY_ADDRESS = CLICKED | frozenset("a arc curve group line oval polyline rect roundrect shape".split())


def check_part(content: bytes) -> "Part":
    """Raises NotAccepted unless this part is well-formed and neither acts nor fetches."""
    said = ENCODING.search(content[:400].replace(b"\0", b""))
    if said is not None and said[1].lower() not in ENCODINGS:
        raise NotAccepted(Reason.OFFICE_BROKEN)
    part = Part()
    parser = etree.XMLParser(
        target=part, resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        for start in range(0, len(content), 1 << 20):
            parser.feed(content[start : start + (1 << 20)])
        parser.close()
    except etree.LxmlError as error:
        raise NotAccepted(Reason.OFFICE_BROKEN) from error
    return part


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """Returns a name without its namespace, in small letters."""
    return name.rsplit("}", 1)[-1].lower()


class Tag:
    """What is to know of an element by its name alone."""

    def __init__(self, tag: str) -> None:
        self.name = name = local(tag)
        self.refused: Reason | None = None
        if name in ACTIVE_ELEMENTS:
            self.refused = Reason.OFFICE_ACTIVE
        elif name in FETCHING_ELEMENTS:
            self.refused = Reason.OFFICE_OUTSIDE
        self.of_word = tag.startswith(WORD)
        if name in FIELD_PARTS and not self.of_word:  # what only looks like a part of a field
            self.refused = Reason.OFFICE_OUTSIDE
        self.of_svg = tag.startswith(SVG)
        of_math = tag.startswith(MATH)
        self.is_formula = name in FORMULAS and not of_math  # a fraction is called f as well
        self.is_border = not (self.of_word or of_math)
        self.is_read = self.is_formula or name in CODE or (self.of_svg and name == "style")
        self.is_text = self.of_word and name == "t"
        self.inserts = int(self.of_word and name in ("ins", "moveto"))


tag_of = lru_cache(maxsize=4096)(Tag)


@lru_cache(maxsize=4096)
def _says_where(key: str) -> bool:
    """Tells whether an attribute may lead somewhere."""
    return local(key) in ("href", "src", "formula", "textlink", "relid") or key.startswith(RELATED)


class Part:
    """What lxml tells of one part, element by element; nothing of it is kept but what its relations are used for."""

    def __init__(self) -> None:
        self.fields = Fields()
        self.has_borders: bool | None = None
        """Whether there can be fields of Word in it, which other elements must not cut through."""
        self.texts: list[list[str]] = []
        """The text of the formula or field that is being read; of two where an extension wraps one."""
        self.inserted = 0
        self.outside: set[str] = set()
        """The relations that lead out of the file."""
        self.loaded: set[str] = set()
        """The relations whose targets are loaded, and not only offered to be clicked."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def pi(self, target: str, data: str | None) -> None:
        if target.lower() == "xml-stylesheet":
            raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        known = tag_of(tag)
        if known.refused:
            raise NotAccepted(known.refused)
        if self.texts and known.name != "f":  # one reader takes its text, another leaves it out
            raise NotAccepted(Reason.OFFICE_BROKEN)
        if self.has_borders is None:
            self.has_borders = not tag.startswith(SHEET)
        self.inserted += known.inserts
        if known.is_border and self.has_borders:
            self.fields.enter()
        if known.is_read or (known.is_text and self.fields.in_code):
            self.texts.append([])
        if attributes:
            self._check(known, attributes)

    def _check(self, known: Tag, attributes: dict[str, str]) -> None:
        if known.name in ONE_MEANING:
            given = {local(key): value for key, value in attributes.items()}
            if len(given) != len(attributes):
                raise NotAccepted(Reason.OFFICE_BROKEN)
            self._check_judged(known.name, given)
        for key, value in attributes.items():
            if known.of_svg or _says_where(key):
                self._check_attribute(known, key, value)

    def _check_judged(self, name: str, given: dict[str, str]) -> None:
        if name == "relationship":
            _check_relation(given)
            if given.get("targetmode", "").strip().lower() == "external":
                self.outside.add(given.get("id", ""))
        elif name == "fldchar":
            self.fields.char(given.get("fldchartype", ""))
        elif name == "fldsimple":
            self.fields.simple(given.get("instr", ""))
        elif name == "cfvo":
            _check_formula(given.get("val", ""))
        else:
            _check_type(given)

    def _check_attribute(self, known: Tag, key: str, value: str) -> None:
        said = local(key)
        if said in ("href", "src") and value and not _is_plain(known.name, said, value):
            raise NotAccepted(Reason.OFFICE_OUTSIDE)
        if said in ("formula", "textlink"):
            _check_formula(value)
        if known.of_svg and CSS_FETCHING.search(value):
            raise NotAccepted(Reason.OFFICE_OUTSIDE)
        if known.name not in CLICKED and (said == "relid" or key.startswith(RELATED)):
            self.loaded.add(value)

    def data(self, text: str) -> None:
        if self.texts:
            self.texts[-1].append(text)

    def end(self, tag: str) -> None:
        known = tag_of(tag)
        if self.texts and (known.is_read or known.is_text):
            self._check_text(known, "".join(self.texts.pop()))
        self.inserted -= known.inserts
        if known.is_border and self.has_borders:
            self.fields.leave()

    def _check_text(self, known: Tag, text: str) -> None:
        if known.is_formula:
            _check_formula(text)
        elif known.of_svg:
            if CSS_FETCHING.search(text):
                raise NotAccepted(Reason.OFFICE_OUTSIDE)
        else:
            inserted = Change.INSERTED if self.inserted else Change.NONE
            self.fields.text(text, Change.DELETED if known.name == "delinstrtext" else inserted)

    def close(self) -> None:
        self.fields.close()


def _check_formula(text: str) -> None:
    if not harmless_formula(text):
        raise NotAccepted(Reason.OFFICE_OUTSIDE)


def _is_plain(name: str, key: str, value: str) -> bool:
    """Tells whether an address in an attribute loads nothing: it is a place inside, the picture itself, or for a
    click."""
    if value.startswith(("#", "data:image/")):
        return True
    return key == "href" and name in CLICKED_BY_ADDRESS and PLAIN_LINK.match(value) is not None


def _check_relation(given: dict[str, str]) -> None:
    kind = given.get("type", "").strip().rsplit("/", 1)[-1].lower()
    target = given.get("target", "")
    if kind in ACTIVE_RELATIONS:
        raise NotAccepted(Reason.OFFICE_ACTIVE)
    if kind in FETCHING_RELATIONS:
        raise NotAccepted(Reason.OFFICE_OUTSIDE)
    if given.get("targetmode", "").strip().lower() == "external":
        if kind != "hyperlink" or not PLAIN_LINK.match(target):
            raise NotAccepted(Reason.OFFICE_OUTSIDE)
    elif ":" in target.split("#")[0] or target.strip().startswith(("\\\\", "//")):
        raise NotAccepted(Reason.OFFICE_OUTSIDE)


def _check_type(given: dict[str, str]) -> None:
    """Checks a part's declared type: nothing that acts, and no XML under an ending that is not read as XML."""
    kind = given.get("contenttype", "").strip().lower()
    ending = given.get("extension", given.get("partname", "")).rsplit(".", 1)[-1].strip().lower()
    if any(word in kind for word in ACTIVE_TYPES) or (kind.endswith("xml") and ending not in XML):
        raise NotAccepted(Reason.OFFICE_ACTIVE)

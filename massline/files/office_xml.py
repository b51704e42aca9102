"""The XML inside of Word and Excel files, by a parser: names without their prefix, values without their spelling."""

import re

from lxml import etree

from massline.files.fields import Fields, harmless_formula
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
    "querytable subdoc webpr".split()
)
FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedname", "calculatedcolumnformula", "oldformula"})

CODE = frozenset({"instrtext", "delinstrtext"})


def check_part(content: bytes) -> None:
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


def local(name: str) -> str:
    """A name without its namespace, in small letters."""
    return name.rsplit("}", 1)[-1].lower()


class Part:
    """What lxml tells of one part, element by element; nothing of it is kept."""

    def __init__(self) -> None:
        self.fields = Fields()
        self.said: list[str] | None = None
        """The text of the formula or field that is being read."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name in ACTIVE_ELEMENTS:
            raise NotAccepted(Reason.OFFICE_ACTIVE)
        if name in FETCHING_ELEMENTS:
            raise NotAccepted(Reason.OFFICE_OUTSIDE)
        if name in FORMULAS or name in CODE or (name == "t" and self.fields.in_code):
            self.said = []
        if attributes:
            self._check({local(key): value for key, value in attributes.items()}, name)

    def _check(self, given: dict[str, str], name: str) -> None:
        if name == "relationship":
            _check_relation(given)
        elif name in ("default", "override"):
            _check_type(given)
        elif name == "fldchar":
            self.fields.char(given.get("fldchartype", ""))
        elif name == "fldsimple":
            self.fields.simple(given.get("instr", ""))
        for key in ("href", "src"):
            if given.get(key) and not PLAIN_LINK.match(given[key]) and not given[key].startswith("data:image/"):
                raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def data(self, text: str) -> None:
        if self.said is not None:
            self.said.append(text)

    def end(self, tag: str) -> None:
        if self.said is None:
            return
        text, self.said = "".join(self.said), None
        if local(tag) in FORMULAS:
            if not harmless_formula(text):
                raise NotAccepted(Reason.OFFICE_OUTSIDE)
        else:
            self.fields.text(text)

    def close(self) -> None:
        self.fields.close()


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
    """What a part is declared to be: nothing that acts, and no XML under an ending that is not read as XML."""
    kind = given.get("contenttype", "").strip().lower()
    ending = given.get("extension", given.get("partname", "")).rsplit(".", 1)[-1].strip().lower()
    if any(word in kind for word in ACTIVE_TYPES) or (kind.endswith("xml") and ending not in XML):
        raise NotAccepted(Reason.OFFICE_ACTIVE)

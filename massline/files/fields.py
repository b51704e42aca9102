"""Checks fields of Word and formulas of Excel for what fetches or starts something."""

import re
from enum import Enum

from massline.files.reasons import NotAccepted, Reason

FIELDS = frozenset(
    "= ADDIN ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXT AUTOTEXTLIST BIBLIOGRAPHY CITATION COMMENTS "
    "COMPARE CREATEDATE DATE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE FORMCHECKBOX FORMDROPDOWN "
    "FORMTEXT HYPERLINK IF INDEX INFO "
    "KEYWORDS LASTSAVEDBY LISTNUM MERGEFIELD MERGEREC MERGESEQ NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF "
    "PRINTDATE QUOTE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET SHAPE STYLEREF SUBJECT SYMBOL TA TC "
    "TEMPLATE TIME TITLE TOA TOC USERADDRESS USERINITIALS USERNAME XE".split()
)
"""The fields that show what stands in the document. DDE, LINK, INCLUDE…, DATABASE and all others are not among them."""
WEB = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
WORDS = re.compile(r'[“"]([^“”"]*)[”"]|(\S+)')
MAX_NESTED = 50
STRINGS = re.compile(r'"(?:[^"]|"")*"')
FETCHING = re.compile(
    r"(?<![A-Za-z_])(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|EVALUATE|FOPEN|INITIATE|SQL\.REQUEST|"
    r"STOCKHISTORY|IMPORTDATA|IMPORTXML|IMPORTHTML|DDE)\s*\(",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"'[^'\\/\[]*[\\/\[][^']*'!|\[[^\[\]]+\.xl\w{1,3}\]", re.IGNORECASE)
"""Another workbook by its place or name; a sheet's name has neither slash nor bracket."""
LINKING = re.compile(r"(?<![A-Za-z_])HYPERLINK\s*\(\s*(.{0,12})", re.IGNORECASE | re.DOTALL)


class Change(Enum):
    """What a piece of an instruction is to a document under revision."""

    NONE = "none"
    DELETED = "deleted"
    INSERTED = "inserted"


class Fields:
    """The fields of one part, which stand in each other and are split over many runs."""

    def __init__(self) -> None:
        self._open: list[list[tuple[str, Change]] | None] = []
        """The instruction of each open field; None when its result has begun."""
        self._borders: list[tuple[int, bool]] = []

    def enter(self) -> None:
        """Something begins that one reader takes and another leaves out: one of several versions, an extension."""
        self._borders.append((len(self._open), self.in_code))

    def leave(self) -> None:
        """It ends: with or without it, the same fields must be open."""
        if self._borders.pop() != (len(self._open), self.in_code):
            raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def _check_place(self) -> None:
        if self._borders and self._borders[-1][1]:  # readers would not agree on what the instruction is
            raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def char(self, kind: str) -> None:
        """A field's begin, separate or end."""
        self._check_place()
        if kind == "begin":
            if len(self._open) >= MAX_NESTED:
                raise NotAccepted(Reason.OFFICE_OUTSIDE)
            if self._open and (outer := self._open[-1]) is not None:
                outer.append(("\0", Change.NONE))  # what the inner one says is not known to us
            self._open.append([])
        elif self._open and kind == "separate":
            self._judge_last()
        elif self._open and kind == "end":
            self._judge_last()
            self._open.pop()

    def _judge_last(self) -> None:
        instruction = self._open[-1]
        if instruction is not None:
            _check_readings(instruction)
        self._open[-1] = None

    @property
    def in_code(self) -> bool:
        """Whether what comes now is part of an instruction, whatever element it stands in."""
        return bool(self._open) and self._open[-1] is not None

    def text(self, text: str, change: Change = Change.NONE) -> None:
        self._check_place()
        if self._open and (instruction := self._open[-1]) is not None:
            instruction.append((text, change))
        elif text.strip():  # an instruction of no field that we know of
            raise NotAccepted(Reason.OFFICE_OUTSIDE)

    def simple(self, instruction: str) -> None:
        _check_instruction(instruction)

    def close(self) -> None:
        """The end of the part; what was left open is judged as it stands."""
        for left in self._open:
            if left:
                _check_readings(left)


def _check_readings(pieces: list[tuple[str, Change]]) -> None:
    """As it stands, with its revisions accepted, and with them rejected."""
    for left_out in (None, Change.DELETED, Change.INSERTED):
        _check_instruction("".join(text for text, change in pieces if change != left_out))


def _check_instruction(text: str) -> None:
    """Raises NotAccepted unless this field only shows what is in the document, or is a plain link."""
    words = [first or second for first, second in WORDS.findall(text.strip())]
    if not words:
        return
    name = "=" if words[0].startswith("=") else words[0].split("\\", 1)[0].upper()
    if name == "MACROBUTTON" and len(words) > 1 and words[1].lower() == "nomacro":
        return  # a place to click and write
    if name not in FIELDS or (name == "HYPERLINK" and not _is_plain_link(words[1:])):
        raise NotAccepted(Reason.OFFICE_OUTSIDE)


def _is_plain_link(words: list[str]) -> bool:
    place = iter(words)
    for word in place:
        if re.fullmatch(r"\\[lotLOT*@#]", word):
            next(place, None)  # a place in the document, a tip, a window, a format
        elif word and not re.fullmatch(r"\\[a-zA-Z]", word) and not WEB.match(word):
            return False
    return True


def harmless_formula(text: str) -> bool:
    """Tells whether a formula fetches nothing, starts nothing (DDE is program|'document'!place), and links to plain
    pages."""
    if not any(sign in text for sign in "(|["):
        return True
    bare = STRINGS.sub("", text)
    if FETCHING.search(text) or "|" in bare or ELSEWHERE.search(bare):
        return False
    return all(WEB.match(first.lstrip('"')) and first.startswith('"') for first in LINKING.findall(text))

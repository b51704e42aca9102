"""Content classes (内容分类) of records: three levels, own stable 6-digit codes (2+2+2).

The national form has such a column (内容分类代码) but its code table was never published, so the codes are ours: a
code, once given, keeps its meaning. A class that has no children is a leaf. A record need not have one: "", which is
shown as 待分类.
"""

import csv
import unicodedata
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path
from typing import NamedTuple, TypedDict

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from massline.hanzi import simplified
from massline.languages import reads_english

TABLE = Path(__file__).parent / "data" / "content_classes.csv"
OTHER = "990000"
NONE = "none"
"""What a filter calls the records without a class."""
NOT_YET = _("待分类")
LINKING = frozenset({"and", "or", "of", "for", "the", "in", "on", "to", "by", "with", "other"})
"""English words that name no class."""


class Category(NamedTuple):
    code: str
    name_zh: str
    name_en: str
    level: int
    words_zh: str
    """What a citizen would type to find it, in everyday words."""
    words_en: str

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return _named(self, _language())


class Node(TypedDict):
    code: str
    name: str
    children: list["Node"]


@lru_cache(maxsize=1)
def table() -> dict[str, Category]:
    """Returns every class by its code, in the order in which citizens are shown them."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: Category(
                row["code"], row["name"], row["name_en"], int(row["level"]), row["words"], row["words_en"]
            )
            for row in csv.DictReader(lines)
        }


@lru_cache(maxsize=1)
def children() -> dict[str, tuple[str, ...]]:
    """Returns the codes directly below each code; "" is above the first level."""
    below: dict[str, tuple[str, ...]] = {}
    for code in table():
        below[parent(code)] = (*below.get(parent(code), ()), code)
    return below


def parent(code: str) -> str:
    """Returns the code one level up: 010203 -> 010200 -> 010000 -> ""."""
    if not code.endswith("00"):
        return code[:4] + "00"
    if not code.endswith("0000"):
        return code[:2] + "0000"
    return ""


def prefix(code: str) -> str:
    """Returns the prefix of every code at or below this one: 010200 -> 0102."""
    return code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")


def tree() -> list[Node]:
    """Returns all classes as nested nodes, named in the language of the reader."""
    return _branch("", _language())


def _language() -> str:
    return "en" if reads_english() else "zh"


@lru_cache(maxsize=2048)
def _branch(code: str, language: str) -> list[Node]:
    # One branch per language is kept: the form and the API ask for the whole tree at each request.
    return [
        {"code": below, "name": _named(table()[below], language), "children": _branch(below, language)}
        for below in children().get(code, ())
    ]


def _named(category: Category, language: str) -> str:
    return category.name_en if language == "en" else category.name_zh


def exists(code: str) -> bool:
    return code in table()


def leaves_named(typed: str) -> list[str]:
    """Returns the codes of the classes without any below them that have this name, in either language."""
    wanted = typed.casefold()
    named = (one for one in table().values() if wanted in (one.name_zh.casefold(), one.name_en.casefold()))
    return [one.code for one in named if not children().get(one.code)]


def named_by(word: str) -> frozenset[str]:
    """Returns the codes of the classes whose name holds this word, in either language. One that has others below it
    must be named in full, and then these are meant too: 住房 is no search for a quarter of all records."""
    wanted = _folded(word)
    leaves = {code for code, said in _names().items() if not children().get(code) and _holds(said, wanted)}
    whole = [prefix(code) for code, said in _names().items() if children().get(code) and wanted in said]
    return frozenset(leaves | {code for code in table() if any(code.startswith(each) for each in whole)})


def meant_by(word: str) -> list[str]:
    """Returns the codes of the classes that are called so, or that people look for by this everyday word: 噪声 for
    噪音污染."""
    wanted = _folded(word)
    return [
        code
        for code, one in table().items()
        if wanted in _names()[code] or wanted in _folded(f"{one.words_zh} {one.words_en}").split()
    ]


def _folded(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, str]]:
    return {code: (_folded(one.name_zh), _folded(one.name_en)) for code, one in table().items()}


def _holds(names: tuple[str, str], word: str) -> bool:
    """Tells whether one of the names holds the word: two characters of the Chinese one, a whole word of the English
    one."""
    chinese, english = names
    return (len(word) > 1 and word in chinese) or (word not in LINKING and word in english.split())


def words(code: str) -> str:
    """Returns the everyday words for a class: 路灯 and 井盖 for 城市公共设施; who reads English may type either."""
    if code not in table():
        return ""
    one = table()[code]
    return f"{one.words_zh} {one.words_en}".strip() if _language() == "en" else one.words_zh


def name(code: str) -> str:
    """Returns the name of a class, or the bare code of an imported record that is not in the table."""
    return table()[code].name if code in table() else code or str(NOT_YET)


def path(code: str) -> tuple[str, ...]:
    """Returns the names from the first level down to this class, at most three."""
    return _path(code, _language()) or (str(NOT_YET),)


@lru_cache(maxsize=2048)
def _path(code: str, language: str) -> tuple[str, ...]:
    # Kept like the branches, in the language that is active: every line of the ledger asks for one.
    if not code:
        return ()
    return (*_path(parent(code), language), name(code))


def prefixes(code: str) -> list[str]:
    """Returns the prefixes by which a post is in charge of (分管) a record of this class, the widest first.

    "" takes in every class. A record without a class is in no post's charge: the chain leads from its handler to the
    top.
    """
    return [code[:length] for length in (0, 2, 4, 6)] if code else []


def covers(in_charge_of: Iterable[str], code: str) -> bool:
    """Tells whether a post that is in charge of these prefixes is in charge of a record of this class."""
    return not set(prefixes(code)).isdisjoint(in_charge_of)


def covered(in_charge_of: Iterable[str]) -> Q:
    """Builds the condition for records whose `category` a post with these prefixes is in charge of."""
    each = (Q(category__startswith=prefix) if prefix else ~Q(category="") for prefix in in_charge_of)
    return reduce(or_, each, Q(pk__in=[]))

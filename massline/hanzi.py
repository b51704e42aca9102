"""Folds the ways in which one Chinese text or name is written: traditional or simplified, in any width, with any dot.

What was typed is kept and shown as typed; a folded text is only compared, hashed or indexed.
"""

import unicodedata
from importlib.resources import files


def _character_map() -> dict[str, str]:
    """Reads OpenCC's table: a traditional character, and the simplified ones that it may be, the usual one first.

    The rarer ones (锺 beside 钟, 馀 beside 余) are folded too: a surname is written either way.
    """
    lines = (files("opencc") / "dictionary/TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    table = {old: new.split() for old, new in (line.split("\t") for line in lines)}
    usual = {new[0] for new in table.values()}
    folds = {
        rare: new[0] for old, new in table.items() if new[0] != old for rare in (old, *new[1:]) if rare not in usual
    }
    return {old: folds.get(new, new) for old, new in folds.items()}


_SIMPLIFIED = _character_map()
TRADITIONAL, SIMPLIFIED = "".join(_SIMPLIFIED), "".join(_SIMPLIFIED.values())
"""The same map for `translate()` in PostgreSQL: the n-th character of one is the n-th of the other."""
_TABLE = str.maketrans(_SIMPLIFIED)
_VARIATION_SELECTORS = range(0xE0100, 0xE01F0), range(0xFE00, 0xFE10)


def simplified(text: str) -> str:
    """Returns the text with each traditional character simplified; its length stays."""
    return text.translate(_TABLE)


def folded_name(text: str) -> str:
    """Returns the letters, digits and vowel signs of a name in one width, case and script: 買買提 • 艾力 and
    买买提·艾力 are one person."""
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", simplified("".join(filter(_tells_names_apart, wide))))


def _tells_names_apart(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM" and not any(ord(character) in r for r in _VARIATION_SELECTORS)

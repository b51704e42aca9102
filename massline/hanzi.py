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
_TABLE = str.maketrans(_SIMPLIFIED)
_WRITINGS: dict[str, str] = {}
for _old, _new in _SIMPLIFIED.items():
    _WRITINGS[_new] = _WRITINGS.get(_new, _new) + _old
_VARIATION_SELECTORS = range(0xE0100, 0xE01F0), range(0xFE00, 0xFE10)


def simplified(text: str) -> str:
    """Returns the text with each traditional character simplified; its length stays."""
    return text.translate(_TABLE)


def writings(character: str) -> str:
    """Returns the character in all ways in which it is written, the simplified one first: 台檯臺颱 of each of them."""
    return _WRITINGS.get(simplified(character), character)


def translation(text: str) -> tuple[str, str]:
    """Returns the map for `translate()` in PostgreSQL, traditional and simplified characters in the same order, as far
    as a text that says this one in another way has them: the whole map takes a hundred times as long."""
    pairs = [(old, new) for new in dict.fromkeys(simplified(text)) for old in writings(new)[1:]]
    return "".join(old for old, _new in pairs), "".join(new for _old, new in pairs)


def folded_name(text: str) -> str:
    """Returns the letters, digits and vowel signs of a name in one width, case and script: 買買提 • 艾力 and
    买买提·艾力 are one person."""
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", simplified("".join(filter(_tells_names_apart, wide))))


def _tells_names_apart(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM" and not any(ord(character) in r for r in _VARIATION_SELECTORS)

"""Knows how Chinese characters are read: 噪音 is zaoyin, or its initials zy. Without tones; 重 is zhong and chong.

A table and no library: those that tell by the whole phrase how a character is read take 50 MB of memory in each
process, and a search wants every reading.
"""

from functools import cache
from pathlib import Path

from massline.hanzi import writings

TABLE = Path(__file__).parents[1] / "static/pinyin.txt"
"""Among the static files: the finders of long lists read it as well (static/js/pinyin.js)."""
MOST_WAYS = 8
"""The most ways in which letters are cut into syllables; few have three."""
LONGEST = 6
"""The letters of the longest syllable."""
LEAST_INITIALS = 4
INITIALS = frozenset("abcdefghjklmnopqrstwxyz")


@cache
def syllables() -> dict[str, str]:
    """Returns each syllable with the characters that are read so."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """Returns the syllables as which each character is read, traditional characters too."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in syllables().items():
        for character in dict.fromkeys(each for one in characters for each in writings(one)):
            found[character] = (*found.get(character, ()), syllable)
    return found


def ways_to_read(letters: str) -> list[tuple[str, ...]]:
    """Returns the ways in which letters are syllables of several characters, or their initials: xian is xi an, jian is
    ji an, and zyrm is z y r m. Fewer initials could be anything."""
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(letters) + 1):
        last = (letters[start:end] for start in range(max(end - LONGEST, 0), end))
        cut = [(*way, one) for one in last if one in syllables() for way in ways[end - len(one)]]
        ways.append(cut[:MOST_WAYS])
    initials = [tuple(letters)] if len(letters) >= LEAST_INITIALS and set(letters) <= INITIALS else []
    return [way for way in ways[-1] if len(way) > 1] + initials


def heard_in(text: str, letters: str) -> list[str]:
    """Returns the parts of a text that are read so, or have these initials."""
    return [
        text[start : start + len(way)]
        for way in ways_to_read(letters)
        for start in range(len(text) - len(way) + 1)
        if all(map(_is_read, text[start:], way))
    ]


def _is_read(character: str, part: str) -> bool:
    known = readings().get(character, ())
    return part in known or (len(part) == 1 and any(reading.startswith(part) for reading in known))

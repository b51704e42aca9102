"""Knows how Chinese characters are read: 噪音 is zaoyin, or its initials zy. Without tones; 重 is zhong and chong.

The readings are pypinyin's, for the characters of GB 2312. Its table of phrases (重庆 is chongqing) is left out: that
takes 40 MB of memory in each process, and a search wants every reading.
"""

import os
from functools import cache
from itertools import product

from massline.hanzi import writings

MOST_WAYS = 8
"""The most ways in which letters are cut into syllables; few have three."""
LONGEST = 6
"""The letters of the longest syllable."""
LEAST_INITIALS = 4
INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
MERE_SOUNDS = frozenset(("ei", "hng", "lo", "m", "n", "ng", "o", "yo"))
"""哦, 嗯, 哟 and the like: in titles they say nothing, and zao would be za o."""
_ROWS, _CELLS = range(0xB0, 0xF8), range(0xA1, 0xFF)


@cache
def syllables() -> dict[str, str]:
    """Returns each syllable with the characters that are read so, ü written as v. Of lve and nve many write lue and
    nue."""
    found: dict[str, str] = {}
    for character, read in _library_readings().items():
        for syllable in read:
            found[syllable] = found.get(syllable, "") + character
    return found | {f"{one}ue": found.get(f"{one}ue", "") + found[f"{one}ve"] for one in "ln"}


def _library_readings() -> dict[str, list[str]]:
    """Returns the readings of each character; none where it is a mere sound."""
    os.environ["PYPINYIN_NO_PHRASES"] = "true"  # read when pypinyin is imported, which only this function does
    from pypinyin import Style, pinyin

    characters = "".join(bytes(code).decode("gb2312", "ignore") for code in product(_ROWS, _CELLS))
    readings = pinyin(characters, style=Style.NORMAL, heteronym=True)
    return {
        character: [one for one in read if one not in MERE_SOUNDS]
        for character, read in zip(characters, readings, strict=True)
    }


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

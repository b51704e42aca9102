"""Tells in which encoding a Chinese text is written."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain

UTF_8, BIG5 = "utf-8-sig", "big5hkscs"
EVERYDAY = {
    "gb18030": re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),
    BIG5: re.compile(rb"[\xa1-\xc6][\x40-\xfe]"),
}
"""Punctuation and the characters in daily use, which each encoding has first; the rare ones come behind them. Read as
GB18030, nearly half of a text in Big5 is rare characters, and the other way round."""
SAMPLE = 1 << 20
"""So many bytes are judged by their characters."""


def encoding_of(pieces: Iterable[bytes]) -> str | None:
    """Returns UTF-8 (with or without its mark) if all of it is, else GB18030 or Big5, whichever makes more everyday
    characters of it; None for anything else."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in (UTF_8, *EVERYDAY)}
    seen: dict[str, Counter[str]] = {name: Counter() for name in EVERYDAY}
    read = 0
    for piece in chain(pieces, [b""]):
        for name in list(decoders):
            try:
                text = decoders[name].decode(piece, final=not piece)
            except UnicodeDecodeError:
                del decoders[name]
            else:
                if name in seen and read < SAMPLE:
                    seen[name].update(text)
        read += len(piece)
    if UTF_8 in decoders:
        return UTF_8
    return max(decoders, key=lambda name: _everyday_share(seen[name], name), default=None)


def _everyday_share(characters: Counter[str], encoding: str) -> float:
    foreign = {character: times for character, times in characters.items() if character > "\x7f"}
    everyday = (times for c, times in foreign.items() if EVERYDAY[encoding].fullmatch(c.encode(encoding)))
    return sum(everyday) / max(sum(foreign.values()), 1)

"""Highlights the words of a search in a text: marked for the page, every other letter escaped."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString

from massline.hanzi import simplified
from massline.texts import collapsed
from records.words import PICTURE

AROUND = 30
"""Characters shown before and after the first hit."""


class Folds(dict[int, str]):
    """Folds each character by itself (NFKC, lower case, simplified), never to nothing; cached, for a language has few
    of them."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


FOLDS = Folds()


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Returns the spans of words in a text, in its own characters; what touches or overlaps is one span, and so is a
    picture of which a word is a part."""
    whole, found = text.translate(FOLDS), []
    places: Sequence[int] = range(len(text))
    if len(whole) > len(text):
        places = [place for place, character in enumerate(text) for _each in FOLDS[ord(character)]]
    for word in map(_folded, filter(None, words)):
        at = whole.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = whole.find(word, at + 1)
    pictures = (picture.span() for picture in PICTURE.finditer(text if found else ""))
    found += [(begin, end) for begin, end in pictures if any(a < end and begin < b for a, b in found)]
    return _joined(sorted(found))


def _folded(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text).lower())


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def marked(text: str, words: Iterable[str]) -> SafeString:
    """Returns the text with each hit in <mark>."""
    here, parts = 0, []
    for begin, end in spans(text, words):
        parts += [escape(text[here:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        here = end
    return SafeString("".join([*parts, escape(text[here:])]))


def excerpt(text: str, words: Iterable[str]) -> SafeString:
    """Returns a line of the text around its first hit, marked; empty when it contains no word."""
    words, line = list(words), collapsed(text)
    hits = spans(line, words)
    if not hits:
        return SafeString("")
    begin, end = max(hits[0][0] - AROUND, 0), hits[0][1] + AROUND
    return SafeString(("…" if begin else "") + marked(line[begin:end], words) + ("…" if end < len(line) else ""))


def first_excerpt(texts: Iterable[str], words: Collection[str]) -> SafeString:
    """Returns a line of the first text that contains a word."""
    found = (excerpt(text, words) for text in texts if words)
    return next(filter(None, found), SafeString(""))

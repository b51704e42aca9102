"""What changed between two wordings of a text, article by article (修改对照). Pure functions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from records.articles import Article

MAX_COMPARISONS = 1_000_000
"""Parts of one text times those of the other beyond which they are not compared and simply stand side by side."""
_SENTENCES = re.compile(r"[^。；;\n]*[。；;\n]|[^。；;\n]+")
_WORDS = re.compile(r"[A-Za-z]+|[0-9]+|第?[〇零一二三四五六七八九十百千万]+[章节条款项]?|.", re.DOTALL)
"""Chinese is compared by characters; a Latin word or a number is changed as a whole (a 二 struck out reads 三)."""


class Mark(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both wordings have, or one alone."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class ArticleChange:
    """One article in both wordings. Its places count from 1; an article that is new has no old place, and so on."""

    key: str
    old_place: int | None
    new_place: int | None
    moved: bool
    """It changed its place among those that both wordings have."""
    heading: tuple[Piece, ...]
    text: tuple[Piece, ...]

    @property
    def kind(self) -> str:
        if self.old_place is None or self.new_place is None:
            return Mark.ADDED if self.old_place is None else Mark.REMOVED
        same = all(piece.mark == Mark.KEPT for piece in (*self.heading, *self.text))
        return Mark.KEPT if same else "changed"


def redline(old: Sequence[Article], new: Sequence[Article]) -> tuple[ArticleChange, ...]:
    """Every article of both wordings, in the new order; removed ones keep their place."""
    before = {one.key: place for place, one in enumerate(old)}
    after = {one.key: place for place, one in enumerate(new)}
    matcher = SequenceMatcher(None, list(before), list(after), autojunk=False)
    changes = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone = [one.key for one in old[old_from:old_to] if one.key not in after]
        for key in gone + [one.key for one in new[new_from:new_to]]:
            was = old[before[key]] if key in before else None
            now = new[after[key]] if key in after else None
            changes.append(_change(was, now, before, after, moved=bool(was and now) and tag != "equal"))
    return tuple(changes)


def _change(
    was: Article | None, now: Article | None, before: dict[str, int], after: dict[str, int], moved: bool
) -> ArticleChange:
    """Returns the change of an article that at least one wording has."""
    key = (was or now).key  # type: ignore[union-attr]
    return ArticleChange(
        key,
        before[key] + 1 if was else None,
        after[key] + 1 if now else None,
        moved,
        compare(was.heading if was else "", now.heading if now else ""),
        compare(was.text if was else "", now.text if now else ""),
    )


def old_text(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.mark != Mark.ADDED)


def new_text(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.mark != Mark.REMOVED)


class Span(NamedTuple):
    """The old and the new wording in one place of the two texts."""

    kept: bool
    old: str
    new: str


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Returns the pieces of both texts in order: by sentences first, then within sentences that differ."""
    spans = _joined(
        inner
        for span in _spans(_SENTENCES.findall(old), _SENTENCES.findall(new))
        for inner in ([span] if span.kept else _spans(_WORDS.findall(span.old), _WORDS.findall(span.new)))
    )
    last = len(spans) - 1
    # One character that happens to be in both, between two changes, makes a redline hard to read.
    readable = [
        span._replace(kept=span.kept and (len(span.old) > 1 or place in (0, last))) for place, span in enumerate(spans)
    ]
    return tuple(piece for span in _joined(readable) for piece in _pieces(span))


def _spans(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    """What the two sequences of parts have in common, and what lies in between."""
    if len(old) * len(new) > MAX_COMPARISONS:
        yield Span(old == new, "".join(old), "".join(new))
        return
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield Span(tag == "equal", "".join(old[old_from:old_to]), "".join(new[new_from:new_to]))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours of one sort as one."""
    joined = []
    for kept, group in groupby(spans, key=lambda span: span.kept):
        same = list(group)
        joined.append(Span(kept, "".join(span.old for span in same), "".join(span.new for span in same)))
    return joined


def _pieces(span: Span) -> Iterator[Piece]:
    if span.kept:
        yield Piece(Mark.KEPT, span.old)
        return
    if span.old:
        yield Piece(Mark.REMOVED, span.old)
    if span.new:
        yield Piece(Mark.ADDED, span.new)

"""Articles (条) of a text under keys that stay when the text is revised, and the proposal of keys for a new wording."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import count
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from massline.acts import Invalid

SIMILAR = 0.6
"""From this ratio on (difflib's) an article is proposed as the new wording of an old one."""
LONG = 4_000_000
"""Characters of one text times those of the other beyond which only the letters are compared, not their order."""


@dataclass(frozen=True)
class Article:
    """One article under its key, which opinions, links and later wordings name it by."""

    key: str
    heading: str
    text: str


class Match(StrEnum):
    SAME = "same"
    SIMILAR = "similar"
    NEW = "new"


@dataclass(frozen=True)
class Proposal:
    """An article of the new text under the key that the program proposes; a person confirms it (`confirm`)."""

    article: Article
    match: Match


def propose_keys(
    old: Sequence[Article], new: Iterable[tuple[str, str]], used: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """Keys for the headings and texts of a new wording: of the same article, then of the most similar, else a new key.

    `used` are the keys of all earlier texts: what an article that is gone was called names no other one.
    """
    drafts = [Article("", heading, text) for heading, text in new]
    found: dict[int, tuple[str, Match]] = {}
    free = list(old)
    for alike in (_whole, _text):
        for place, draft in enumerate(drafts):
            same = next((one for one in free if alike(one) == alike(draft)), None) if place not in found else None
            if same is not None:
                free.remove(same)
                found[place] = same.key, Match.SAME
    found |= _similar(free, {place: draft for place, draft in enumerate(drafts) if place not in found})
    fresh = _fresh_keys({*used, *(one.key for one in old)})
    return tuple(
        Proposal(replace(draft, key=key), match)
        for place, draft in enumerate(drafts)
        for key, match in [found.get(place) or (next(fresh), Match.NEW)]
    )


def confirm(proposals: Sequence[Proposal], other_keys: Mapping[int, str], used: Collection[str]) -> tuple[Article, ...]:
    """Returns the articles under the keys that a person decided on: by place the key of another old article, or "" for
    new."""
    fresh = _fresh_keys({*used, *(one.article.key for one in proposals), *other_keys.values()})
    keys = [other_keys.get(place, one.article.key) or next(fresh) for place, one in enumerate(proposals)]
    unknown = {key for key in other_keys.values() if key} - set(used)
    if unknown or len(set(keys)) < len(keys):
        raise Invalid({"articles": [_("每一条只能对应原文中的一条；原文没有的，请选“新增”")]})
    return tuple(replace(one.article, key=key) for key, one in zip(keys, proposals, strict=True))


def _whole(article: Article) -> tuple[str, str]:
    return article.heading, article.text


def _text(article: Article) -> str:
    return article.text


def _similar(old: Iterable[Article], new: Mapping[int, Article]) -> dict[int, tuple[str, Match]]:
    """Pairs of articles that are similar enough, the most similar first; each old and each new one once."""
    pairs = [
        (ratio, place, one.key)
        for one in old
        for place, draft in new.items()
        if (ratio := similarity(one.text, draft.text)) >= SIMILAR
    ]
    found: dict[int, tuple[str, Match]] = {}
    taken: set[str] = set()
    for _ratio, place, key in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if place not in found and key not in taken:
            found[place] = key, Match.SIMILAR
            taken.add(key)
    return found


def similarity(one: str, other: str) -> float:
    """difflib's ratio; at once a smaller number than SIMILAR where that is certain."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or (quick := matcher.quick_ratio()) < SIMILAR:
        return 0.0
    return quick if len(one) * len(other) > LONG else matcher.ratio()


def _fresh_keys(used: Collection[str]) -> Iterator[str]:
    return (key for key in (f"a{n}" for n in count(1)) if key not in used)


def digest_of(articles: Iterable[Article]) -> str:
    """SHA-256 of the articles as JSON (UTF-8, keys sorted, no blanks): anybody can check a text that was published."""
    rows = [asdict(one) for one in articles]
    canonical = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class ArticlesField(models.JSONField):
    """A column of articles: a tuple of `Article`, each key once. The table has JSON."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> tuple[Article, ...] | None:
        rows = super().from_db_value(value, expression, connection)
        return None if rows is None else tuple(Article(**row) for row in rows)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, tuple | list):
            if len({one.key for one in value}) < len(value):
                raise ValueError("two articles under one key")
            value = [asdict(one) for one in value]
        return super().get_db_prep_value(value, connection, prepared)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

"""The words of pages in SQL: labels of codes, and an event's sentence, in the language that is active."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, F, Func, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from audit.events import EVENTS
from petitions.show import WORDS
from responsibility.rules import rules

ACTORS = {"citizen": _("信访人"), "system": _("系统"), "user": _("工作人员")}
PLACE = re.compile(r"%\((\w+)\)s")
MISSING = "—"


def _json(words: Mapping[Any, Any]) -> Value:
    return Value(json.dumps({str(code): str(word) for code, word in words.items()}, ensure_ascii=False))


class Word(Coalesce):
    """The word for a code; the code itself when there is none."""

    def __init__(self, source: Any, words: Mapping[Any, Any]) -> None:
        code = Cast(source, TextField())
        found = Func(
            _json(words), code, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", output_field=TextField()
        )
        super().__init__(found, code, output_field=TextField())


class Words(Func):
    """The words for a code or a list of codes in a JSON value."""

    template = (
        "(SELECT string_agg(coalesce(said.words ->> one, one), '、' ORDER BY place)"
        " FROM (SELECT %(expressions)s) AS said(fact, words), jsonb_array_elements_text("
        "CASE jsonb_typeof(said.fact) WHEN 'array' THEN said.fact ELSE jsonb_build_array(said.fact) END)"
        " WITH ORDINALITY AS each(one, place))"
    )
    output_field = TextField()

    def __init__(self, source: Any, words: Mapping[Any, Any]) -> None:
        super().__init__(source, Func(_json(words), template="%(expressions)s::jsonb"))


def fact(name: str) -> Any:
    """One fact of an event in words, as `petitions.show.spoken` says it."""
    plain = KeyTextTransform(name, "facts")
    if name == "goal":
        titles = {code: editions[0].shown_title for code, editions in rules().items()}
        return Coalesce(Words(KeyTransform("rule", "facts"), titles), plain, Value(MISSING), output_field=TextField())
    if name in WORDS:
        said = Words(KeyTransform(name, "facts"), WORDS[name])
        return Coalesce(said, Value(MISSING), output_field=TextField())
    return Coalesce(Cast(plain, TextField()), Value(MISSING), output_field=TextField())


def sentence() -> Case:
    """An event in words; its name when it is of another time."""
    known = [When(name=name, then=_said(str(event.sentence))) for name, event in sorted(EVENTS.items())]
    return Case(*known, default=F("name"), output_field=TextField())


def _said(text: str) -> Any:
    parts: list[Any] = []
    for n, part in enumerate(PLACE.split(text)):
        if part:
            parts.append(fact(part) if n % 2 else Value(part, output_field=CharField()))
    return parts[0] if len(parts) == 1 else Concat(*parts, output_field=TextField())

"""What a form was filled in with: the part of it that may be kept, and how it looks once it is sealed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

MAX_BYTES = 256 * 1024
NEVER_KEPT = re.compile(r"csrfmiddlewaretoken|draft|altcha|redraw|.*passw.*", re.IGNORECASE)
"""Names of fields that belong to one sending alone, or are secret."""
NEWS = timedelta(minutes=10)
"""How long a page says what was wrong with a text, so that Back and Reload still say it. Who comes later finds the text
and no old alarm."""
OF_A_ROW = re.compile(r".+-\d+-.+")


@dataclass(frozen=True)
class Content:
    """What was typed into a form; and what was wrong with it, where it was sent and refused."""

    fields: Mapping[str, list[str]]
    labels: Mapping[str, str]
    """The labels of the form's texts, by the names of their fields."""
    faulty: bool = False
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    message: str = ""
    """Why it was refused, where the reason is none of the form's."""
    saved_at: datetime | None = None

    @classmethod
    def of(cls, posted: QueryDict, labels: Mapping[str, str], **more: Any) -> "Content":
        kept = {name: values for name, values in posted.lists() if not NEVER_KEPT.fullmatch(name)}
        return cls({name: [str(value) for value in values] for name, values in kept.items()}, labels, **more)

    @property
    def is_news(self) -> bool:
        return self.saved_at is None or self.saved_at > timezone.now() - NEWS

    @property
    def data(self) -> QueryDict:
        """Returns the fields as a form takes them."""
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        data._mutable = False
        return data

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Lists the texts that were typed, each with its label; without one, those of rows."""
        typed = [(name, value.strip()) for name, values in self.fields.items() for value in values if value.strip()]
        return [
            (self.labels.get(name, ""), value)
            for name, value in typed
            if name in self.labels or (OF_A_ROW.fullmatch(name) and not value.isdecimal())
        ]

    def dump(self) -> bytes | None:
        """Returns the content as bytes; None where it is too much to keep."""
        parts = [self.fields, self.labels, self.faulty, self.errors, self.message]
        plain = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        return plain if len(plain) <= MAX_BYTES else None

    @classmethod
    def load(cls, plain: bytes, saved_at: datetime) -> "Content":
        fields, labels, faulty, errors, message = json.loads(plain)
        content = cls(fields, labels, faulty, errors, message, saved_at)
        return content if content.is_news else cls(fields, labels, saved_at=saved_at)

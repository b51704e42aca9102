"""What a kind declares of its exports. `reports` makes the files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from audit.events import Event


@dataclass(frozen=True)
class Seal:
    """How sealed columns are unsealed, row by row, with the event for each record of which one was."""

    key: str
    """The lookup from the model to the key."""
    open: Callable[[Any, Mapping[str, Any]], Mapping[str, str]]
    """The cells in clear, by column: from the key, and from what lies in the database."""
    event: Event
    """Says in each record's own timeline which columns were opened."""


@dataclass(frozen=True)
class Exported:
    """The declaration of a kind that is exported: its list, its timelines, its obligations and its events."""

    may: Callable[[User], bool] = lambda user: False
    """Who takes out the list, besides auditors and inspectors."""
    hidden: Callable[[User, datetime], QuerySet[Any]] | None = None
    """The ids of what had come in by then and is hidden from this person whatever posts they hold. When they change, so
    did the person's view, and a file of before is not handed out."""
    seal: Seal | None = None
    """Without one, the kind has no sealed columns."""

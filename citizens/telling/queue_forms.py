"""The forms of the acts on letters, as some of many on the page of the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from citizens.models import CitizenNotification
from citizens.telling.acts import TELLING_ACTS
from massline.drafts.forms import with_draft
from massline.keys import key_of

ADDRESSES = {
    "tell": "letter",
    "cannot_tell": "cannot_tell",
    "note_served": "letter_served",
    "note_returned": "letter_returned",
}


def address(slug: str, letter: int) -> str:
    """Returns the address to which the form of an act on this letter is sent."""
    return reverse(ADDRESSES[slug], args=[letter])


def auto_id(slug: str, letter: int) -> str:
    return f"{slug}-{key_of('letter', letter)}-%s"


@dataclass(frozen=True)
class QueueForms:
    """Builds the forms for one page: those that were refused just now as they came, every other one with its draft."""

    request: HttpRequest
    failed: Mapping[tuple[str, int], Any] = field(default_factory=dict)

    def build(self, slug: str, letter: CitizenNotification, **initial: Any) -> Any:
        if (slug, letter.pk) in self.failed:
            return self.failed[slug, letter.pk]
        act: Any = TELLING_ACTS[slug]
        form: Any = with_draft(self.request, address(slug, letter.pk), lambda data: act.build_form(letter, None, data))
        form.auto_id, form.initial = auto_id(slug, letter.pk), initial
        return form

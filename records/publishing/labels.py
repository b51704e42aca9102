"""The headings of what is published, as the source's kind declares them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from records.kinds import acts_of
from records.publishing.models import Publication
from records.publishing.proposing import publishing_act


@dataclass(frozen=True)
class Word:
    """One of the texts, under its heading."""

    name: str
    label: str
    text: str


def labels_of(publication: Publication) -> Mapping[str, Any]:
    """Returns the headings by their names, in the order in which the public reads them."""
    act = publishing_act(acts_of(publication.source_kind))
    return act.labels if act else {}


def words_of(publication: Publication) -> list[Word]:
    """Returns the texts in the order of their kind's declaration."""
    labels, words = labels_of(publication), publication.words
    order = [*(name for name in labels if name in words), *(name for name in words if name not in labels)]
    return [Word(name, str(labels.get(name, name)), words[name]) for name in order]

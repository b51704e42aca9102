"""The documents of a record as its page lists them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import User
from records.documents.document import Document
from records.kinds import RecordType
from records.view import RecordView


@dataclass(frozen=True)
class DocumentRow:
    """One document."""

    title: Any
    url: str


def documents_of(kind: RecordType, record: Any, user: User) -> list[Document]:
    """Those that a record, which exists for this person, has for them."""
    return [document for document in kind.documents if document.may(record, user)]


def rows(view: RecordView) -> list[DocumentRow]:
    """The card's facts."""
    number = view.record.matter.key
    return [
        DocumentRow(document.title, reverse(f"{view.kind.kind}_document", args=[number, document.name]))
        for document in documents_of(view.kind, view.record, view.user)
    ]

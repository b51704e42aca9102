"""Lists the documents of a record that a person can print, for its page and REST."""

from dataclasses import dataclass
from typing import Annotated, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from massline.time import long_form
from records.documents.document import Document, Issue
from records.kinds import RecordType


@dataclass(frozen=True)
class Printable:
    """One paper that a person can print."""

    document: Document
    issue: Issue
    title: Any
    """Tells it from others of the same name."""

    @property
    def name(self) -> str:
        """The document's part of the address: `asked`, `asked-2`."""
        number = self.issue.number
        return self.document.name if number == 1 else f"{self.document.name}-{number}"


@dataclass(frozen=True)
class DocumentRow:
    """A document of a record (文书) that its reader can print."""

    name: Annotated[str, gettext_lazy("它在本接口地址中的名称")]
    title: str
    url: Annotated[str, gettext_lazy("它在网页上的地址")]


def documents_of(kind: RecordType, record: Any, user: User) -> list[Printable]:
    """Returns the papers that a record, which exists for this person, has for them."""
    found = ((document, document.issues(record, user)) for document in kind.documents)
    return [
        Printable(document, issue, _title(document, issue) if len(issues) > 1 else document.title)
        for document, issues in found
        for issue in issues
    ]


def _title(document: Document, issue: Issue) -> str:
    words = {"document": document.title, "number": issue.number, "day": long_form(issue.day)}
    return _("%(document)s（第 %(number)s 份，%(day)s）") % words


def document_rows(kind: RecordType, record: Any, user: User) -> list[DocumentRow]:
    """Returns the facts of the card and of REST."""
    address, number = f"{kind.kind}_document", kind.number_of(record)
    found = documents_of(kind, record, user)
    return [DocumentRow(one.name, str(one.title), reverse(address, args=[number, one.name])) for one in found]

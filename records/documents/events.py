"""What happens to documents of records of every kind."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from records.kinds import record_types
from records.timeline import register_words

PRINTED = Event("document_printed", _("打印了文书“%(document)s”"))


def code(kind: str, name: str) -> str:
    """Returns the code of a document in the log."""
    return f"{kind}.{name}"


class Titles(Mapping[str, Any]):
    """The titles of all documents by their code: kinds are registered after this module is loaded."""

    def _now(self) -> dict[str, Any]:
        return {code(kind.kind, one.name): one.title for kind in record_types() for one in kind.documents}

    def __getitem__(self, key: str) -> Any:
        return self._now()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


register_words(register(PRINTED), {"document": Titles()})

"""Where words of an erased record lie besides it: filters that officials keep, and rejected rows of imports.

They are compared in memory while the record is still there, and nothing of them is kept.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import Subject
from citizens import notices
from citizens.models import Filing
from citizens.public_sides import public_side
from citizens.tracking.lookup import filing_of
from massline.keys import key_of
from records.importing.models import ImportedFrom, ImportReject
from records.kinds import record_type
from records.models import SavedFilter
from responsibility.models import Notice

LEAST, LEAST_DIGITS = 2, 4
"""So many characters of a name, or digits of a number, point to somebody."""


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True)
class ErasedWords:
    """What one record said, and who is named in it."""

    kind: str
    texts: str
    title: str
    persons: tuple[str, ...]
    """Names, numbers and addresses of the people who filed, and of those who were complained about."""
    source_row: tuple[str, str] | None
    """The old ledger, and the number in it."""

    @classmethod
    def of(cls, record: Any) -> "ErasedWords":
        """Before it is erased."""
        matter, side = record.matter, public_side(record.KIND)
        filing = Filing.objects.get(pk=filing_of(record))
        given = [filing.identity(*filing.FIELDS)]
        given += [one.identity(*one.FIELDS) for one in filing.representatives.all()]
        named = [value for values in given for value in values.values()]
        named += filing.complained.values_list("name", flat=True)
        row = ImportedFrom.objects.about(matter.kind, matter.pk).first()
        return cls(
            kind=matter.kind,
            texts=folded("\n".join(side.texts(record))),
            title=folded(getattr(record, "title", "")),
            persons=tuple({folded(value).removeprefix("+86") for value in named if len(value) >= LEAST}),
            source_row=(row.source, row.source_key) if row else None,
        )

    def are_sought_by(self, typed: str) -> bool:
        """Whether a search was for this record: for a person in it, or for words that no other says. What other
        records say as well (楼道) points to nobody. Asked after the record was cleared."""
        declared = record_type(self.kind)
        search = getattr(declared.listing.filters, "search", None)
        if search is None:
            return False
        query = search.parse(typed)
        words = [folded(word) for word in query.words]
        if any(self._points_to_somebody(word) for word in words):
            return True
        said_here = bool(words) and all(word in self.texts for word in words)
        return said_here and not search.matching(declared.model._default_manager.all(), query).exists()

    def _points_to_somebody(self, word: str) -> bool:
        return len(word) >= (LEAST_DIGITS if word.isdigit() else LEAST) and any(word in value for value in self.persons)

    def stand_in(self, text: str) -> bool:
        """Whether a text names a person of the record, however a number is spaced, or repeats its title."""
        text = folded(text)
        close = text.replace(" ", "").replace("-", "")
        return any(value in text or value in close for value in self.persons) or bool(
            len(self.title) > LEAST and self.title in text
        )

    def forget_elsewhere(self) -> None:
        """Runs in the transaction and under the event of the erasure."""
        self._clear_filters()
        self._drop_rejects()

    def _clear_filters(self) -> None:
        """A filter stays with its other conditions, and goes when it had none; whoever kept it is told."""
        now = timezone.now()
        for saved in SavedFilter.objects.select_for_update().order_by("pk"):
            query = QueryDict(saved.query, mutable=True)
            sought = self.are_sought_by(query.get("q", ""))
            if not sought and not self.stand_in(saved.name):
                continue
            if sought:
                query.pop("q")
            about = Subject("filter", key_of("filter", saved.pk))
            Notice.build(notices.FILTER_CLEARED, saved.user_id, about, now).save(force_insert=True)
            _keep_without_words(saved, query)

    def _drop_rejects(self) -> None:
        """Rows of imports that name the person or are the record's own row: kept for thirty days, now for none."""
        rows: Any = ImportReject.objects.select_related("job").iterator()
        theirs = [row.pk for row in rows if self._is_theirs(row)]
        ImportReject.objects.filter(pk__in=theirs).delete()

    def _is_theirs(self, row: ImportReject) -> bool:
        own = self.source_row is not None and self.source_row[0] == row.job.source and self.source_row[1] in row.cells
        return own or self.stand_in("\n".join(row.cells))


def _keep_without_words(saved: SavedFilter, query: QueryDict) -> None:
    """Its name may say the same words: it gets one that says nothing."""
    if not query:
        saved.delete()
        return
    saved.query = query.urlencode()
    saved.name = _("筛选 %(key)s") % {"key": key_of("filter", saved.pk)[:6]}
    saved.save(update_fields=["query", "name"])

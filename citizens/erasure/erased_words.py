"""Finds copies of an erased record's words: in filters that officials saved, and in rejected rows of imports.

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
from massline.hanzi import simplified
from massline.keys import key_of
from massline.phone_numbers import CHINA, EXTENSION
from records.importing.models import ImportedFrom, ImportReject
from records.kinds import record_type
from records.models import SavedFilter
from responsibility.models import Notice

MIN_CHARACTERS, MIN_DIGITS = 2, 4
"""The least number of characters of a name, or digits of a number, that point to one person."""


def folded(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text).lower())


@dataclass(frozen=True)
class ErasedWords:
    """The words of one record, and the persons named in it."""

    kind: str
    texts: str
    title: str
    persons: tuple[str, ...]
    """The names, numbers and addresses of the people who filed, and of those complained about."""
    source_row: tuple[str, str] | None
    """The old ledger, and the row's number in it."""

    @classmethod
    def of(cls, record: Any) -> "ErasedWords":
        """Collects the words of a record; called before it is erased."""
        matter, side = record.matter, public_side(record.KIND)
        filing = Filing.objects.get(pk=filing_of(record))
        given = [filing.identity(*filing.FIELDS)]
        given += [one.identity(*one.FIELDS) for one in filing.representatives.all()]
        named = [value for values in given for value in values.values()]
        named += filing.complained.values_list("name", flat=True)
        row = ImportedFrom.objects.about(matter.kind, matter.pk).first()
        return cls(
            kind=matter.kind,
            texts=folded("\n".join(side.texts(record).values())),
            title=folded(getattr(record, "title", "")),
            persons=tuple(
                {
                    folded(value).removeprefix(CHINA).partition(EXTENSION)[0]
                    for value in named
                    if len(value) >= MIN_CHARACTERS
                }
            ),
            source_row=(row.source, row.source_key) if row else None,
        )

    def are_sought_by(self, typed: str) -> bool:
        """Returns whether a search was for this record: for a person in it, or for words that no other record has.
        Words that other records have as well (楼道) point to no one person. Called after the record was cleared."""
        declared = record_type(self.kind)
        search = getattr(declared.listing.filters, "search", None)
        if search is None:
            return False
        query = search.parse(typed)
        words = [folded(word) for word in query.words]
        if any(self._points_to_person(word) for word in words) or any(map(query.heard_in, self.persons)):
            return True
        besides = words if not query.heard_in(self.title) else [folded(word) for word in query.besides]
        said_here = bool(words) and all(word in self.texts for word in besides)
        return said_here and not search.matching(declared.model._default_manager.all(), query).exists()

    def _points_to_person(self, word: str) -> bool:
        return len(word) >= (MIN_DIGITS if word.isdigit() else MIN_CHARACTERS) and any(
            word in value for value in self.persons
        )

    def stand_in(self, text: str) -> bool:
        """Returns whether a text names a person of the record, however a number is spaced, or repeats its title."""
        text = folded(text)
        close = text.replace(" ", "").replace("-", "")
        return any(value in text or value in close for value in self.persons) or bool(
            len(self.title) > MIN_CHARACTERS and self.title in text
        )

    def forget_elsewhere(self) -> None:
        """Clears the copies. Runs in the transaction and under the event of the erasure."""
        self._clear_filters()
        self._drop_rejects()

    def _clear_filters(self) -> None:
        """Clears the words from saved filters: a filter keeps its other conditions, and is deleted without any; its
        owner is notified."""
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
        """Deletes rejected rows of imports that name the person or are the record's own row; others are kept thirty
        days."""
        rows: Any = ImportReject.objects.select_related("job").iterator()
        theirs = [row.pk for row in rows if self._is_theirs(row)]
        ImportReject.objects.filter(pk__in=theirs).delete()

    def _is_theirs(self, row: ImportReject) -> bool:
        own = self.source_row is not None and self.source_row[0] == row.job.source and self.source_row[1] in row.cells
        return own or self.stand_in("\n".join(row.cells))


def _keep_without_words(saved: SavedFilter, query: QueryDict) -> None:
    """Saves the filter without the words, under a neutral name, as its name may hold the same words."""
    if not query:
        saved.delete()
        return
    saved.query = query.urlencode()
    saved.name = _("筛选 %(key)s") % {"key": key_of("filter", saved.pk)[:6]}
    saved.save(update_fields=["query", "name"])

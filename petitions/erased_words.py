"""Where words of an erased petition lie besides it: filters that officials keep, and rejected rows of imports.

They are compared in memory while the petition is still there, and nothing of them is kept.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import Subject
from massline.keys import key_of
from petitions import notices
from petitions.models import Demand, Petition
from petitions.search import SEARCH
from petitions.search_index import TEXTS
from records.importing.models import ImportedFrom, ImportReject
from records.models import SavedFilter
from responsibility.models import Notice

LEAST, LEAST_DIGITS = 2, 4
"""So many characters of a name, or digits of a number, point to somebody."""


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True)
class ErasedWords:
    """What one petition said, and who is named in it."""

    texts: str
    title: str
    persons: tuple[str, ...]
    """Names, numbers and addresses of whoever petitioned, and of whoever was complained about."""
    source_row: tuple[str, str] | None
    """The old ledger, and the number in it."""

    @classmethod
    def of(cls, petition: Petition) -> "ErasedWords":
        """Before it is erased."""
        given = [petition.petitioner.identity(*petition.petitioner.FIELDS)]
        given += [one.identity(*one.FIELDS) for one in petition.representatives.all()]
        named = [value for values in given for value in values.values()]
        named += petition.complained.values_list("name", flat=True)
        demands = petition.demands.values_list("pk", flat=True)
        row = ImportedFrom.objects.about(Demand.KIND, *demands).first()
        return cls(
            texts=folded("\n".join(getattr(petition, name) for name in TEXTS)),
            title=folded(petition.title),
            persons=tuple({folded(value).removeprefix("+86") for value in named if len(value) >= LEAST}),
            source_row=(row.source, row.source_key) if row else None,
        )

    def are_sought_by(self, typed: str) -> bool:
        """Whether somebody searched for this petition: for a person in it, or for words that nothing else says. What
        other petitions say as well (楼道) points to nobody. Asked after the petition was cleared."""
        query = SEARCH.parse(typed)
        words = [folded(word) for word in query.words]
        if any(self._points_to_somebody(word) for word in words):
            return True
        said_here = bool(words) and all(word in self.texts for word in words)
        return said_here and not SEARCH.matching(Demand.objects.all(), query).exists()

    def _points_to_somebody(self, word: str) -> bool:
        return len(word) >= (LEAST_DIGITS if word.isdigit() else LEAST) and any(word in value for value in self.persons)

    def stand_in(self, text: str) -> bool:
        """Whether a text names a person of the petition, however a number is spaced, or repeats its title."""
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
        """Rows of imports that name the person or are the petition's own row: kept for thirty days, now for none."""
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

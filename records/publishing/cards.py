"""What the page of a publication shows: the words, where they came from, and how they were cleared."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from records.cards import Card, Place
from records.publishing.labels import words_of
from records.publishing.models import Ground, Publication
from records.publishing.personal_data import find, marked
from records.publishing.versions import PublicVersion, versions_of
from records.view import RecordView
from responsibility.subjects import adapter


@dataclass(frozen=True)
class PublicWord:
    """One of the texts; what looks like personal data in it is marked."""

    name: str
    label: str
    text: str
    warnings: Annotated[list[str], gettext_lazy("看起来像个人信息的内容，只作提示")]

    @property
    def marked(self) -> SafeString:
        return marked(self.text)


@dataclass(frozen=True)
class PublicationText:
    """A publication's words, source and clearing."""

    source: Annotated[str, gettext_lazy("来自哪一件的编号")]
    source_url: Annotated[str, gettext_lazy("那一件的页面；您看不到的，为空")]
    made_by: str
    made_in: str
    words: list[PublicWord]
    result: str
    hash: Annotated[str, gettext_lazy("公开内容的校验值：规范 JSON 的 SHA-256")]
    grounds: list[str]
    cleared_by: str
    cleared_in: str
    cleared_at: datetime | None
    ended_at: datetime | None
    versions: Annotated[list[PublicVersion], gettext_lazy("同一件曾经公开的内容")]


def _text(view: RecordView) -> PublicationText:
    one: Publication = view.record
    return PublicationText(
        source=one.source_key,
        source_url=_source_url(one, view.user),
        made_by=one.made_by.name,
        made_in=_post(one.made_post),
        words=[_word(each.name, each.label, each.text) for each in words_of(one)],
        result=one.get_result_display(),
        hash=one.content_hash,
        grounds=[str(Ground(each).label) for each in one.grounds],
        cleared_by=one.cleared_by.name if one.cleared_by else "",
        cleared_in=_post(one.cleared_post),
        cleared_at=one.cleared_at,
        ended_at=one.ended_at,
        versions=versions_of(one) if one.content_hash or one.corrects_id else [],
    )


def _post(post: Any) -> str:
    return f"{post.organ.called} {post.called}" if post else ""


def _word(name: str, label: str, text: str) -> PublicWord:
    counted = Counter(each.label for each in find(text))
    warnings = [_("%(what)s %(count)s 处") % {"what": what, "count": count} for what, count in counted.items()]
    return PublicWord(name, label, text, warnings)


def _source_url(publication: Publication, user: User) -> str:
    """Returns the address of the source, as far as it exists for this person."""
    source = publication.source
    found = adapter(source.kind).describe([source.pk], user).get(source.pk)
    return found.url if found else ""


TEXT = Card("publication", "components/publication.html", _text, shape=PublicationText)


# --- On the page of the source --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PublicationOfRecord:
    """A publication, as the page of its source lists it."""

    number: str
    url: str
    state: str
    state_label: str
    made_at: datetime
    hash: str


def _of_record(view: RecordView) -> list[PublicationOfRecord] | None:
    """Returns what was proposed of this record, the latest first, as far as it exists for this person."""
    matter = view.record.matter
    rows = Publication.objects.for_user(view.user).about(matter.kind, matter.pk).order_by("-received_at", "-pk")
    return [_row(one) for one in rows] or None


def _row(one: Publication) -> PublicationOfRecord:
    url = reverse(one.KIND, args=[one.number])
    return PublicationOfRecord(one.number, url, one.state, one.get_state_display(), one.received_at, one.content_hash)


OF_RECORD = Card(
    "publications",
    "components/publications.html",
    _of_record,
    Place.SIDE,
    heading=gettext_lazy("公开情况"),
    shape=list[PublicationOfRecord],
)
"""For the kinds that publish."""

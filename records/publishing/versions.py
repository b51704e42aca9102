"""The versions of one record's words that are or were public: number, hash and days, and no words."""

from dataclasses import dataclass
from datetime import datetime

from records.publishing.models import Publication


@dataclass(frozen=True)
class PublicVersion:
    """Words that are or were public."""

    number: str
    hash: str
    since: datetime
    until: datetime | None


def version(one: Publication) -> PublicVersion:
    assert one.cleared_at is not None
    return PublicVersion(one.number, one.content_hash, one.cleared_at, one.ended_at)


def versions_of(publication: Publication) -> list[PublicVersion]:
    """Returns what else of the same source is or was public, the latest first."""
    rows = Publication.objects.about(publication.source_kind, publication.source_id).exclude(content_hash="")
    found = rows.exclude(pk=publication.pk).order_by("-cleared_at", "-pk")
    return [version(one) for one in found]

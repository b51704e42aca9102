"""The public list of a kind of which words are published (`records/publishing/`): of what was cleared, and only that.

Its rows are publications, never records: what a record says later is not public by itself. It names organs and no
people.
"""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from citizens.catalogue.catalogue import Catalogue
from massline.acts import Acts
from massline.rest_shapes import members, serializer_of
from massline.templatetags.front import short_day
from massline.time import local_day
from records.columns import Cell, Column, Reading
from records.models.frozen import source_not_frozen
from records.publishing.models import Publication, PublicationState
from records.publishing.proposing import publishing_act
from records.publishing.versions import PublicVersion, version, versions_of

HASH_HELP = _("公开内容的 SHA-256：各项文字按名称排序、不加空格的 JSON（UTF-8）。")


def published(kind: str, acts: Acts, heading: Any, *, intro: Any = "", way: tuple[str, Any] | None = None) -> Catalogue:
    """Returns the public list of what was published of a kind with these acts."""
    act = publishing_act(acts)
    if act is None:
        raise ValueError(f"nothing of {kind} is published")
    first, *others = (_word(name, label) for name, label in act.labels.items())
    return Catalogue(
        heading,
        rows=partial(_public, kind),
        columns=(first, ORGAN, PUBLISHED_ON),
        detail=(*others, HASH, EARLIER),
        number="source_key",
        order="cleared_at",
        intro=intro,
        way=way,
        ended=partial(_ended, kind),
    )


def _public(kind: str) -> QuerySet[Publication]:
    return Publication.objects.public().filter(source_kind=kind).select_related("made_post__organ")


def _ended(kind: str, number: str) -> PublicVersion | None:
    """Returns the last version that was public of this record and was withdrawn since; none where its words were
    erased."""
    rows = Publication.objects.filter(source_kind=kind, source_key=number, state=PublicationState.WITHDRAWN)
    last = rows.filter(source_not_frozen()).exclude(content="").order_by("-ended_at", "-pk").first()
    return version(last) if last else None


def _word(name: str, label: Any) -> Column:
    return Column(name, label, value=lambda one, reading: one.words.get(name, ""), field=s.CharField())


def _published_on(one: Publication, reading: Reading) -> date:
    assert one.cleared_at is not None
    return local_day(one.cleared_at)


def _day(one: Publication, reading: Reading) -> Any:
    return short_day(_published_on(one, reading))


def _earlier(one: Publication, reading: Reading) -> Any:
    lines = (
        (short_day(local_day(each.since)), short_day(local_day(each.until)) if each.until else "", each.hash)
        for each in versions_of(one)
    )
    return format_html_join("", '<p>{} — {}<br><span class="hash">{}</span></p>', lines)


ORGAN = Column("organ", _("公开单位"), value=lambda one, reading: one.made_post.organ.name, field=s.CharField())
PUBLISHED_ON = Column(
    "published_on",
    _("公开日期"),
    value=_published_on,
    cell=Cell(_day),
    field=s.DateField(),
)
HASH = Column(
    "hash",
    _("校验值"),
    value=lambda one, reading: one.content_hash,
    cell=Cell(lambda one, reading: format_html('<span class="hash">{}</span>', one.content_hash)),
    field=s.CharField(help_text=HASH_HELP),
)
EARLIER = Column(
    "earlier",
    _("以前的版本"),
    value=lambda one, reading: [members(each) for each in versions_of(one)],
    cell=Cell(_earlier),
    field=serializer_of(PublicVersion)(many=True),
)

"""Declares publications as a kind of record: their list, page, REST and menu."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem
from accounts.models import Kind, User
from audit.erase import clear
from massline.templatetags.front import short_day
from massline.time import local_day
from records import texts_elsewhere
from records.columns import Cell, Reading, code, time
from records.exporting import Exported
from records.kinds import RecordType, publishing_kinds, register, title_of
from records.listing import Listing
from records.models.sources import hidden_from
from records.publishing.acts import PUBLICATION_ACTS
from records.publishing.cards import TEXT
from records.publishing.models import OPEN, Publication, PublicationState, Result
from records.standard_cards import CHAIN, INSTRUCTIONS, OBLIGATIONS, TIMELINE
from records.standard_columns import NUMBER, state_column
from responsibility.subjects import Described


def describe(publication: Publication) -> Described:
    return Described(
        title=_("公开 %(kind)s %(number)s")
        % {"kind": title_of(publication.source_kind), "number": publication.source_key},
        url=reverse(Publication.KIND, args=[publication.number]),
        state_label=publication.get_state_display(),
        category="",
        organ=publication.organ.called,
        handler="",
        state=publication.state,
    )


def _title(publication: Publication, reading: Reading) -> SafeString:
    return reading.link(Publication.KIND, publication.number, describe(publication).title)


def _received(publication: Publication, reading: Reading) -> str:
    return short_day(local_day(publication.received_at))


def empty(rows: QuerySet[Any]) -> None:
    """Empties publications when the words of their source are erased: nothing of it is public any more."""
    if pks := list(rows.values_list("pk", flat=True)):
        texts_elsewhere.empty_about(Publication.KIND, *pks)
        clear(rows)


def _concerned(user: User) -> bool:
    """Tells whether this person can be concerned with publications, where anything is published."""
    return user.kind in (Kind.OFFICIAL, Kind.INSPECTOR, Kind.AUDITOR) and bool(publishing_kinds())


COLUMNS = (
    NUMBER,
    code("source", _("公开什么"), F("source_key"), cell=Cell(_title, css="title", labelled=False)),
    state_column(PublicationState),
    code(
        "result", _("审查结果"), F("result"), dict(Result.choices), cell=Cell(lambda one, _: one.get_result_display())
    ),
    code("organ", _("保密审查机构"), F("organ__name"), cell=Cell(lambda one, _: one.organ.called)),
    code("hash", _("校验值"), F("content_hash")),
    time("received", _("申请日期"), "received_at", cell=Cell(_received, css="nowrap")),
)
PUBLICATIONS = register(
    RecordType(
        kind=Publication.KIND,
        plural="publications",
        title=_("公开申请"),
        model=Publication,
        acts=PUBLICATION_ACTS,
        final=frozenset(PublicationState) - OPEN,
        columns=COLUMNS,
        listing=Listing(
            heading=_("公开审查"),
            address="publications",
            shown=("number", "source", "state", "result", "organ", "received"),
            joined=("organ",),
            caption=_("申请公开的内容，以及保密审查的结果"),
            empty=_("还没有公开申请。"),
        ),
        describe=describe,
        menu=_concerned,
        exported=Exported(hidden=lambda user, at: Publication.objects.filter(hidden_from(user)).values("pk")),
        cards=(TEXT, INSTRUCTIONS, TIMELINE, OBLIGATIONS, CHAIN),
    )
)
MENU = MenuItem("publications", _("公开审查"), "eye", 45, _concerned)

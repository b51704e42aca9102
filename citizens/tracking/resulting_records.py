"""Finds the records that resulted from a citizen's matter by link, when their kind is open to citizens and they are
cleared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy

from citizens.public_sides import public_sides
from records.kinds import record_type
from records.links import LED_TO
from records.models import Link
from records.models.frozen import not_frozen


@dataclass(frozen=True)
class Grown:
    """A record that was opened because of the citizen's own: what became of it, and nothing of anybody else's."""

    kind: str
    kind_label: str
    number: str
    title: str
    state_label: str
    organ_name: str
    since: Annotated[datetime, gettext_lazy("何时由此办理")]


def grown_from(record: Any) -> list[Grown]:
    """Returns the cleared records that this one led to, oldest first: one statement, and one for each kind among
    them."""
    here, sides = record.matter, public_sides()
    links = Link.objects.filter(
        source_kind=here.kind, source_id=here.pk, relation=LED_TO.name, target_kind__in=sides
    ).order_by("pk")
    found = list(links)
    by_kind = {kind: [one.target_id for one in found if one.target_kind == kind] for kind in sides}
    records = {(kind, target.pk): target for kind, pks in by_kind.items() if pks for target in _cleared(kind, pks)}
    return [
        _grown(one, records[one.target_kind, one.target_id])
        for one in found
        if (one.target_kind, one.target_id) in records
    ]


def _cleared(kind: str, pks: list[int]) -> list[Any]:
    declared, side = record_type(kind), public_sides()[kind]
    rows = declared.with_related(declared.model._default_manager.filter(not_frozen(kind), pk__in=pks))
    return [record for record in rows if side.cleared(record)]


def _grown(link: Link, record: Any) -> Grown:
    declared = record_type(link.target_kind)
    described = declared.describe(record)
    return Grown(
        kind=link.target_kind,
        kind_label=str(declared.title),
        number=link.target_key,
        title=described.title,
        state_label=described.state_label,
        organ_name=described.organ,
        since=link.made_at,
    )

"""Links between records: what one mechanism passes to another, shown at both ends.

Mechanisms never import each other: a link names kind, id and number of its two ends, and a relation of a closed list.
Each end shows the other only to readers for whom the other exists; for all others there is no link at all, and so its
event is about neither record: a timeline gets its line from the links that its reader may see (`with_links`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import context, log
from massline.acts import WrongState
from records import events
from records.kinds import title_of
from records.models import Link
from records.timeline import Happened, inserted
from responsibility import subjects
from responsibility.subjects import Matter


@dataclass(frozen=True)
class Relation:
    """A relation between two records, in words for either end (lazy)."""

    name: str
    forward: Any
    """What the target is, on the page of the source: 由此立项."""
    backward: Any
    """What the source is, on the page of the target: 来自."""


_relations: dict[str, Relation] = {}


def register(*relations: Relation) -> None:
    """Adds relations to the closed list; refuses a name that is registered already."""
    for relation in relations:
        if relation.name in _relations:
            raise ValueError(f"relation declared twice: {relation.name}")
        _relations[relation.name] = relation


def is_relation(name: str) -> bool:
    """Tells whether the closed list has this name."""
    return name in _relations


LED_TO = Relation("led_to", gettext_lazy("由此办理"), gettext_lazy("来自"))
"""The target was opened because of the source."""
CONCERNS = Relation("concerns", gettext_lazy("涉及"), gettext_lazy("被涉及于"))
register(LED_TO, CONCERNS)


class LinkedToItself(WrongState):
    title = gettext_lazy("一件事项不能与自己关联")


class LinkedAlready(WrongState):
    title = gettext_lazy("这两件事项已经有这种关联")


@dataclass(frozen=True)
class Linked:
    """A record that this one is linked with (相关事项), as it is shown."""

    relation: str
    label: Annotated[str, gettext_lazy("从这一端看的关系")]
    kind: str
    kind_label: str
    number: str
    title: str
    url: Annotated[str, gettext_lazy("它的页面")]
    at: datetime
    by: Annotated[str, gettext_lazy("由谁关联；系统关联的为空。")]


def link(
    source: Matter, target: Matter, relation: str, *, by: User | None, at: datetime, event: int | None = None
) -> Link:
    """Links two records in the running transaction; `event` is the act's that does so, else it gets one of its own.

    Raises LinkedToItself or LinkedAlready, and then nothing has changed.
    """
    if not is_relation(relation):
        raise ValueError(f"no such relation: {relation}")
    if (source.kind, source.pk) == (target.kind, target.pk):
        raise LinkedToItself
    try:
        with transaction.atomic():
            return Link.objects.create(
                source_kind=source.kind,
                source_id=source.pk,
                source_key=source.key,
                target_kind=target.kind,
                target_id=target.pk,
                target_key=target.key,
                relation=relation,
                event=event or _event_of(source, target, relation, by),
                made_at=at,
                made_by=by,
            )
    except IntegrityError as error:
        raise LinkedAlready from error


def links_of(record: Any, user: User) -> list[Linked]:
    """Returns the links of a record whose other end exists for this person: one statement, and one for each kind."""
    here: Matter = record.matter
    rows = list(Link.objects.of(here).select_related("made_by"))
    others = {row.pk: row.other_end(here) for row in rows}
    exist = _described(others.values(), user)
    return [
        _linked(row, end, exist[end.kind, end.pk]) for row in rows if ((end := others[row.pk]).kind, end.pk) in exist
    ]


def _linked(row: Link, end: Matter, about: subjects.Described) -> Linked:
    relation = _relations[row.relation]
    return Linked(
        relation=row.relation,
        label=str(relation.forward if end == row.target else relation.backward),
        kind=end.kind,
        kind_label=str(title_of(end.kind)),
        number=end.key,
        title=about.title,
        url=about.url,
        at=row.made_at,
        by=row.made_by.name if row.made_by else "",
    )


def with_links(timeline: list[Happened], linked: Iterable[Linked]) -> list[Happened]:
    """Adds a line to a timeline for each of these links."""
    return inserted(timeline, map(_line, linked))


def _line(one: Linked) -> Happened:
    words = {"label": one.label, "kind": one.kind_label, "number": one.number}
    return Happened(
        at=one.at,
        event=events.LINKED.name,
        sentence=_("%(label)s：%(kind)s %(number)s") % words,
        detail="",
        actor=one.by or _("系统"),
    )


def _described(ends: Iterable[Matter], user: User) -> dict[tuple[str, int], subjects.Described]:
    """Describes those of these records that exist for this person."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for end in ends:
        by_kind[end.kind].add(end.pk)
    return {
        (kind, pk): about
        for kind, pks in by_kind.items()
        if kind in subjects.kinds()
        for pk, about in subjects.adapter(kind).describe(pks, user).items()
    }


def _event_of(source: Matter, target: Matter, relation: str, by: User | None) -> int:
    facts = {"source": source.key, "source_kind": source.kind, "target": target.key, "target_kind": target.kind}
    return log.record(
        events.LINKED,
        subject=log.Subject("link", source.key),
        actor=context.actor_of(by) if by else None,
        facts=facts | {"relation": relation},
    )

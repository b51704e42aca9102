"""Builds the timeline of a record: the log's events in sentences, with the texts that came with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events import ACT_REFUSED, Event, event_of, public_name_of
from audit.models import AuditEvent
from massline.acts import label_of
from records.events import CREATE_REFUSED
from records.kinds import acts_of, record_type, title_of
from records.models import ActText
from responsibility import organ_names
from responsibility.presentation import goal_of_event
from responsibility.subjects import Matter, Ordered, adapter

Words = Mapping[str, Any]
"""What the codes of one fact mean (lazy)."""
Orders = Mapping[tuple[str, int], Ordered]
"""The words of a record's orders, by rule and item."""
_words: dict[str, Mapping[str, Words]] = {}


def register_words(events: Iterable[Event], words: Mapping[str, Words]) -> None:
    """Registers words for the codes in these events' facts, by the name of the fact: the log has codes, a timeline says
    them in the language of its reader."""
    _words.update({event.name: words for event in events})


@dataclass(frozen=True)
class Happened:
    """One line of a timeline."""

    at: datetime
    event: str
    sentence: str
    detail: str
    """The texts that came with it."""
    actor: Annotated[str, gettext_lazy("对信访人不显示。")]
    """Who did it; empty for citizens."""


def inserted(timeline: Iterable[Happened], lines: Iterable[Happened]) -> list[Happened]:
    """Inserts lines into a timeline, each after what happened before it."""
    found = list(timeline)
    for line in lines:
        place = next((n for n, other in enumerate(found) if other.at > line.at), len(found))
        found.insert(place, line)
    return found


def timeline(matter: Matter, *, public: bool, orders: Orders | None = None) -> list[Happened]:
    """Returns the lines of a record's timeline, oldest first; `public` leaves out what is not for citizens. A caller
    that has read the words of its orders gives them."""
    found = AuditEvent.objects.filter(subject_kind=matter.kind, subject_key=matter.key).order_by("id")
    if public:
        found = found.filter(public=True)
    if orders is None:
        said = adapter(matter.kind).ordered([matter.pk])
        orders = {(rule, item): words for (_pk, rule, item), words in said.items()}
    return in_sentences(found, orders, public=public)


def in_sentences(events: QuerySet[AuditEvent], orders: Orders, *, public: bool = False) -> list[Happened]:
    """Says these events in sentences, in their order."""
    found = [e for e in events.annotate(texts=texts(public)) if event_of(e.name)]
    organs = organ_names.called(fact for e in found for fact in e.facts.values())
    return [_happened(e, orders, organs, public) for e in found]


def _happened(event: AuditEvent, orders: Orders, organs: Mapping[Any, str], public: bool) -> Happened:
    facts = {name: organs.get(fact, fact) if isinstance(fact, str) else fact for name, fact in event.facts.items()}
    return Happened(
        at=parse_datetime(event.facts.get("at", "")) or event.at,
        event=public_name_of(event.name),
        sentence=sentence(event.name, facts, orders, event.subject_kind),
        detail=event.texts or "",  # type: ignore[attr-defined]
        actor="" if public else actor_label(event),
    )


def texts(public: bool = False) -> Subquery:
    """Builds the prefetch of texts for a query of events; citizens read the public ones."""
    written = ActText.objects.filter(Q(public=True) if public else Q(), event_id=OuterRef("pk")).exclude(text="")
    return Subquery(
        written.order_by().values("event_id").annotate(all=StringAgg("text", "\n", order_by="id")).values("all")
    )


def sentence(name: str, facts: Mapping[str, Any], orders: Orders | None = None, kind: str = "") -> str:
    """Says an event about a record of this kind in words; its name where the event is unknown now."""
    event = event_of(name)
    return event.say(_in_words(event, facts, orders, kind)) if event else name


def _in_words(event: Event, facts: Mapping[str, Any], orders: Orders | None, kind: str) -> dict[str, Any]:
    said = dict(facts)
    if event == ACT_REFUSED and "act" in said:
        said["act"] = label_of(said["act"], acts_of(kind))
    if event == CREATE_REFUSED and "kind" in said:
        said["kind"] = title_of(said["kind"])
    for fact, words in _words.get(event.name, {}).items():
        if fact in said:
            codes = said[fact] if isinstance(said[fact], list) else [said[fact]]
            said[fact] = "、".join(str(words.get(code, code)) for code in codes)
    if "rule" in said:
        said["goal"] = goal_of_event(said, orders)
    return said


def actor_label(event: AuditEvent) -> str:
    """Names the actor of an event, and for a stand-in the person they acted for."""
    who = event.actor_label
    if event.actor_kind == "citizen":
        who = str(record_type(event.subject_kind).citizen)
    elif event.actor_kind == "system":
        who = _("系统")
    return _("%(who)s（代 %(for)s）") % {"who": who, "for": event.acted_for} if event.acted_for else who

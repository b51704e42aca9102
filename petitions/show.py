"""Petitions as pages and REST show them: one description for both, with nothing that the reader may not see."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events import EVENTS
from audit.models import AuditEvent
from petitions.act_forms import IDENTITY_LABELS
from petitions.attachments.models import Kind, Scan
from petitions.identity import readable
from petitions.letters import LETTERS
from petitions.models import Channel, Demand, Entry, Outcome, RatedObject, State, TellBy
from petitions.person import Ground
from petitions.work import work_of
from responsibility import chain, clock
from responsibility.calendar import calendar
from responsibility.models import SHANGHAI, Escalation, Obligation
from responsibility.rules import editions
from responsibility.show import links, obligation, reached


def obligations_of(demand: Demand, *, steps: bool = False, public: bool = False) -> list[dict[str, Any]]:
    """Everything owed about a demand, what is open first. Citizens see what the statute promises them."""
    now = timezone.now()
    found = Obligation.objects.about("petition", demand.pk).select_related("organ", "post").order_by("opened_at", "id")
    rows = [o for o in found if not public or not o.rule.startswith("ML")]
    rows.sort(key=lambda o: o.closed_at is not None)
    return [obligation(o, now, steps=steps) for o in rows]


def timeline(demand: Demand, *, public: bool) -> list[dict[str, Any]]:
    """What happened, oldest first: the log's events in sentences, with the texts that came with them."""
    events = AuditEvent.objects.filter(subject_kind="petition", subject_key=demand.petition.number).order_by("id")
    if public:
        events = events.filter(public=True)
    texts = _texts(Entry.objects.filter(demand=demand), public)
    return [_happened(event, texts.get(event.pk, ""), public) for event in events if event.name in EVENTS]


def _texts(entries: Iterable[Entry], public: bool) -> dict[int, str]:
    found: dict[int, str] = {}
    for entry in entries:
        if entry.public or not public:
            found[entry.event_id] = "\n".join(filter(None, [found.get(entry.event_id), entry.text]))
    return found


WORDS: dict[str, Mapping[str, Any]] = {
    "channel": dict(Channel.choices),
    "outcome": dict(Outcome.choices),
    "object": dict(RatedObject.choices),
    "how": dict(TellBy.choices),
    "letter": LETTERS,
    "kind": dict(Kind.choices),
    "scan": dict(Scan.choices),
    "fields": IDENTITY_LABELS,
    "field": IDENTITY_LABELS,
    "ground": dict(Ground.choices),
    "decision": {"upheld": gettext_lazy("异议成立，重新转办"), "dismissed": gettext_lazy("异议不成立，仍由该单位办理")},
}
"""The log keeps codes; a timeline says them in the language of its reader."""


def spoken(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an event in words."""
    said = dict(facts)
    for name in WORDS.keys() & said.keys():
        codes = said[name] if isinstance(said[name], list) else [said[name]]
        said[name] = "、".join(str(WORDS[name].get(code, code)) for code in codes)
    if "rule" in said:
        said["goal"] = editions(said["rule"])[0].shown_title
    return said


def _happened(event: AuditEvent, text: str, public: bool) -> dict[str, Any]:
    kind = EVENTS[event.name]
    return {
        "at": parse_datetime(event.facts.get("at", "")) or event.at,
        "event": event.name,
        "sentence": kind.say(spoken(event.facts)),
        "detail": text,
        "actor": "" if public else actor_label(event),
    }


def actor_label(event: AuditEvent) -> str:
    """Who did it; for whom, when they stood in for somebody."""
    who = {"citizen": _("信访人"), "system": _("系统")}.get(event.actor_kind, event.actor_label)
    return _("%(who)s（代 %(for)s）") % {"who": who, "for": event.acted_for} if event.acted_for else who


def answers(demand: Demand) -> list[dict[str, Any]]:
    """The answers, newest first; one that was returned (退回重办) stays to be read, and is marked."""
    prefetch_related_objects([demand], "answers")
    found = sorted(demand.answers.all(), key=lambda a: a.pk, reverse=True)
    stands = found[0] if found and demand.state != State.HANDLING else None
    return [
        {
            "outcome": a.outcome,
            "outcome_label": a.get_outcome_display(),
            "text": a.text,
            "at": a.answered_at,
            "organ": demand.organ.name,
            "returned": a is not stands,
        }
        for a in found
    ]


def chain_of(demand: Demand, steps: list[Escalation]) -> list[dict[str, Any]]:
    """Everybody on the chain now, with the link lit on which it lies."""
    found = chain.chain(work_of(demand), timezone.now())
    return links(found, reached(steps)) if demand.due_at else []


def ratings(demand: Demand) -> list[dict[str, Any]]:
    return [
        {
            "object": r.object,
            "object_label": r.get_object_display(),
            "score": r.score,
            "reason": r.reason,
            "at": r.rated_at,
        }
        for r in demand.ratings.order_by("object")
    ]


def petitioner(demand: Demand) -> list[dict[str, Any]]:
    """The identity as everybody who works on it sees it: masked."""
    unmasked = getattr(demand, "unmasked", {})
    masked = demand.petition.petitioner.masked()
    return [
        {
            "field": name,
            "label": IDENTITY_LABELS[name],
            "value": readable(name, unmasked[name]) if name in unmasked else value,
            "masked": name not in unmasked,
        }
        for name, value in masked.items()
        if value
    ]


def representatives(demand: Demand) -> list[dict[str, Any]]:
    """Who else represents the group, masked like the petitioner."""
    if demand.petition.persons == 1:
        return []
    opened = getattr(demand, "unmasked_others", {})
    found = []
    for one in demand.petition.representatives.order_by("seq"):
        clear = opened.get(one.pk, {})
        shown = one.masked() | {name: readable(name, value) for name, value in clear.items()}
        found.append({"seq": one.seq, **shown, "masked": not clear})
    return found


def complained(demand: Demand) -> list[dict[str, Any]]:
    """Who is complained about, each named once."""
    prefetch_related_objects([demand], "petition__complained")  # the chain and the acts ask for them too
    rows = sorted(demand.petition.complained.all(), key=lambda c: c.pk)
    named = dict.fromkeys((c.kind, c.get_kind_display(), c.name, c.organ_name) for c in rows)
    return [{"kind": kind, "kind_label": label, "name": name, "organ": organ} for kind, label, name, organ in named]


def summary(demand: Demand, now: datetime) -> dict[str, Any]:
    """One line of the ledger (台账)."""
    return {
        "number": demand.petition.number,
        "title": demand.petition.title,
        "persons": demand.petition.persons,
        "state": demand.state,
        "state_label": demand.get_state_display(),
        "organ": demand.organ.name,
        "category": demand.category,
        "category_name": demand.category_path,
        "purpose": demand.purpose,
        "purpose_label": demand.get_purpose_display(),
        "handler": demand.handler.name if demand.handler else "",
        "received_at": demand.received_at,
        "due_strict": _day(demand.strict_at),
        "due_legal": _day(demand.due_at),
        "overdue": demand.is_overdue(now),
        "light": _light(demand, now),
    }


def _day(moment: datetime | None) -> Any:
    shown = Obligation(strict_at=moment)
    return shown.due_strict


def _light(demand: Demand, now: datetime) -> str:
    """The light of its earliest open obligation, as far as the ledger's own columns tell."""
    if demand.strict_at is None:
        return "none"
    return clock.light(demand.opened_at or demand.received_at, demand.strict_at, now, calendar())


def detail(demand: Demand) -> dict[str, Any]:
    """The facts of one petition, beyond its line in the ledger."""
    petition = demand.petition
    return {
        "body": petition.body,
        "place": petition.place,
        "wish": petition.wish,
        "channel": petition.channel,
        "channel_label": petition.get_channel_display(),
        "region": petition.region.code,
        "region_name": petition.region.name,
        "outcome": demand.outcome,
        "outcome_label": demand.get_outcome_display(),
        "office": demand.office.name,
        "tell_by": petition.petitioner.tell_by,
        "tell_by_label": petition.petitioner.get_tell_by_display(),
        "is_accusation": demand.is_accusation,
    }


def tracked(demand: Demand) -> dict[str, Any]:
    """What the petitioner may know: real states, real dates, who has it."""
    return {
        "number": demand.petition.number,
        "title": demand.petition.title,
        "persons": demand.petition.persons,
        "state": demand.state,
        "state_label": demand.get_state_display(),
        "organ": demand.organ.name,
        "received_at": demand.received_at,
        "timeline": timeline(demand, public=True),
        "obligations": obligations_of(demand, steps=True, public=True),
        "answers": answers(demand),
    }


def local(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None

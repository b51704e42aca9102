"""Petitions as pages and REST show them: one description for both, with nothing that the reader may not see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, Subquery, prefetch_related_objects
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events import event_of, word_of
from audit.models import AuditEvent
from massline.files.words import WORDS as REFUSALS
from massline.time import local_time
from petitions.act_forms import IDENTITY_LABELS
from petitions.attachments.models import Kind, Scan
from petitions.columns import row
from petitions.identity import readable
from petitions.letters import LETTERS
from petitions.looking import SIDES
from petitions.models import Channel, Demand, Outcome, RatedObject, State, TellBy
from petitions.person import Ground
from petitions.telling.acts import Unclear
from petitions.visibility import LOOK
from records.models import ActText
from responsibility import chain, content_classes
from responsibility.models import Escalation, Obligation
from responsibility.models import Outcome as Ended
from responsibility.obligations import rule_of
from responsibility.rules import editions
from responsibility.show import goal_in, links, obligation, reached


def obligations_of(demand: Demand, *, steps: bool = False, public: bool = False) -> list[dict[str, Any]]:
    """Everything owed about a demand, what is open first. Citizens see what the statute promises them."""
    now = timezone.now()
    rows = [o for o in demand.owed if not public or rule_of(o).public]
    rows.sort(key=lambda o: o.closed_at is not None)
    return [obligation(o, now, steps=steps) | _side_of(o) for o in rows]


def _side_of(o: Obligation) -> dict[str, Any]:
    """A look at a bad rating says whose: both sides may owe one at a time."""
    if o.rule != LOOK:
        return {}
    words = {"goal": rule_of(o).shown_title, "side": RatedObject(SIDES[o.item]).label}
    return {"title": _("%(goal)s（%(side)s）") % words}


def promised(receipt: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a receipt says is owed, in its reader's language; the receipt itself keeps the words of its day."""
    rules = [(owed, editions(owed["rule"])[0]) for owed in receipt["obligations"]]
    return [owed | {"title": rule.shown_title, "basis": rule.shown_basis} for owed, rule in rules]


def timeline(demand: Demand, *, public: bool) -> list[dict[str, Any]]:
    """What happened, oldest first: the log's events in sentences, with the texts that came with them."""
    events = AuditEvent.objects.filter(subject_kind="petition", subject_key=demand.petition.number).order_by("id")
    if public:
        events = events.filter(public=True)
    return [_happened(event, public) for event in events.annotate(texts=texts(public)) if event_of(event.name)]


def texts(public: bool = False) -> Subquery:
    """The texts that came with an event; the petitioner sees the public ones."""
    said = ActText.objects.filter(Q(public=True) if public else Q(), event_id=OuterRef("pk")).exclude(text="")
    return Subquery(
        said.order_by().values("event_id").annotate(all=StringAgg("text", "\n", order_by="id")).values("all")
    )


def _class_name(code: str) -> str:
    return " / ".join(content_classes.path(code))


CLASSES = {code: lazy(_class_name, str)(code) for code in content_classes.table()}
WORDS: dict[str, Mapping[str, Any]] = {
    "category": CLASSES,
    "category_before": CLASSES,
    "channel": dict(Channel.choices),
    "outcome": dict(Outcome.choices),
    "object": dict(RatedObject.choices),
    "how": dict(TellBy.choices),
    "letter": LETTERS,
    "unclear": dict(Unclear.choices),
    "kind": dict(Kind.choices),
    "scan": dict(Scan.choices),
    "refusal": REFUSALS,
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
        said["goal"] = goal_in(said)
    return said


def sentence(name: str, facts: Mapping[str, Any]) -> str:
    """An event in words; its name when it is of another time."""
    event = event_of(name)
    return event.say(spoken(facts)) if event else name


def _happened(event: AuditEvent, public: bool) -> dict[str, Any]:
    return {
        "at": parse_datetime(event.facts.get("at", "")) or event.at,
        "event": word_of(event.name),
        "sentence": sentence(event.name, event.facts),
        "detail": event.texts or "",  # type: ignore[attr-defined]
        "actor": "" if public else actor_label(event),
    }


def actor_label(event: AuditEvent) -> str:
    """Who did it; for whom, when they stood in for somebody."""
    who = {"citizen": _("信访人"), "system": _("系统")}.get(event.actor_kind, event.actor_label)
    return _("%(who)s（代 %(for)s）") % {"who": who, "for": event.acted_for} if event.acted_for else who


def answers(demand: Demand) -> list[dict[str, Any]]:
    """The answers, newest first; one that was returned (退回重办) stays to be read, and is marked."""
    return [
        {
            "outcome": given["outcome"],
            "outcome_label": str(Outcome(given["outcome"]).label),
            "text": given["text"],
            "at": parse_datetime(given["at"]),
            "organ": given["organ"],
            "returned": place > 0 or _is_back(demand),
        }
        for place, given in enumerate(demand.answers_given)  # type: ignore[attr-defined]
    ]


def _is_back(demand: Demand) -> bool:
    """Whether the last answer was returned and no other given since, if only because the petitioner withdrew first."""
    if demand.state != State.WITHDRAWN:
        return demand.state == State.HANDLING
    return any(owed.rule == "XF06" and owed.outcome == Ended.RELEASED for owed in demand.owed)


def chain_of(demand: Demand, steps: list[Escalation]) -> list[dict[str, Any]]:
    """Everybody on the chain now, with the link lit on which it lies."""
    return links(chain.chain(demand.work(), timezone.now()), reached(steps))


def ratings(demand: Demand) -> list[dict[str, Any]]:
    return [
        given | {"object_label": str(RatedObject(given["object"]).label), "at": parse_datetime(given["at"])}
        for given in demand.ratings_given  # type: ignore[attr-defined]
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
    """The facts of a row of REST, with the organ's name."""
    return row(demand, now) | {"organ": demand.organ.name}


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
    }


def tracked(demand: Demand) -> dict[str, Any]:
    """What the petitioner may know: real states, real dates, who has it. Of an accusation that was handed over, that it
    was and when: whoever holds the code may not be the one who wrote it."""
    if demand.sealed:
        return _tracked_sealed(demand)
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


def _tracked_sealed(demand: Demand) -> dict[str, Any]:
    told = [event for event in timeline(demand, public=True) if event["event"] in ("filed", "transferred")]
    return {
        "number": demand.petition.number,
        "title": "",
        "persons": demand.petition.persons,
        "state": demand.state,
        "state_label": demand.get_state_display(),
        "organ": "",
        "received_at": demand.received_at,
        "timeline": [event | {"detail": ""} for event in told],
        "obligations": [],
        "answers": [],
    }


def local(moment: datetime | None) -> str | None:
    return local_time(moment).isoformat() if moment else None

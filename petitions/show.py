"""Petitions as pages and REST show them: one description for both, with nothing that the reader may not see."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from massline.acts import Act
from massline.time import local_time
from petitions.act_forms import IDENTITY_LABELS
from petitions.columns import row
from petitions.identity import readable
from petitions.looking import SIDES
from petitions.models import Demand, Outcome, RatedObject, State
from petitions.visibility import LOOK
from records.files.models import Attachment
from records.files.panel import Address, Panel, panel
from records.timeline import timeline
from responsibility import chain
from responsibility.models import Escalation, Obligation
from responsibility.models import Outcome as Ended
from responsibility.obligations import rule_of
from responsibility.rules import editions
from responsibility.show import ChainLink, ObligationRow, links, obligation, reached


def obligations_of(demand: Demand, *, public: bool = False) -> list[ObligationRow]:
    """Everything owed about a demand, what is open first. Citizens see what the statute promises them."""
    now = timezone.now()
    rows = [o for o in demand.owed if not public or rule_of(o).public]
    rows.sort(key=lambda o: o.closed_at is not None)
    return [_with_side(o, obligation(o, now, steps=True)) for o in rows]


def _with_side(o: Obligation, shown: ObligationRow) -> ObligationRow:
    """A look at a bad rating says whose: both sides may owe one at a time."""
    if o.rule != LOOK:
        return shown
    words = {"goal": rule_of(o).shown_title, "side": RatedObject(SIDES[o.item]).label}
    return replace(shown, title=_("%(goal)s（%(side)s）") % words)


def promised(receipt: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a receipt says is owed, in its reader's language; the receipt itself keeps the words of its day."""
    rules = [(owed, editions(owed["rule"])[0]) for owed in receipt["obligations"]]
    return [owed | {"title": rule.shown_title, "basis": rule.shown_basis} for owed, rule in rules]


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


def chain_of(demand: Demand, steps: list[Escalation]) -> list[ChainLink]:
    """Everybody on the chain now, with the link lit on which it lies."""
    return links(chain.chain(demand.work(), timezone.now()), reached(steps))


def ratings(demand: Demand) -> list[dict[str, Any]]:
    return [
        given | {"object_label": str(RatedObject(given["object"]).label), "at": parse_datetime(given["at"])}
        for given in demand.ratings_given  # type: ignore[attr-defined]
    ]


def petitioner(demand: Demand, unmasked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The identity as everybody who works on it sees it: masked, but for what they have just unmasked."""
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
        "timeline": [asdict(one) for one in timeline(demand.matter, public=True)],
        "obligations": obligations_of(demand, public=True),
        "answers": answers(demand),
    }


def _tracked_sealed(demand: Demand) -> dict[str, Any]:
    told = [one for one in timeline(demand.matter, public=True) if one.event in ("filed", "transferred")]
    return {
        "number": demand.petition.number,
        "title": "",
        "persons": demand.petition.persons,
        "state": demand.state,
        "state_label": demand.get_state_display(),
        "organ": "",
        "received_at": demand.received_at,
        "timeline": [asdict(replace(one, detail="")) for one in told],
        "obligations": [],
        "answers": [],
    }


def local(moment: datetime | None) -> str | None:
    return local_time(moment).isoformat() if moment else None


def own_files(demand: Demand, may: Iterable[Act], *, add: str, read: Address | None) -> Panel:
    """The files of a petition for the petitioner; of one that was handed over, none."""
    files = Attachment.objects.about(Demand.KIND, demand.pk).for_citizen().kept()
    return panel(demand, files.none() if demand.sealed else files, may, add=add, read=read, citizen=True)

"""Loads the laws from outside on which massline's periods rest (上位法) into the register."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from audit import log
from audit.context import SYSTEM, acting
from institutions import events
from institutions.clocks import clocks_on
from institutions.models import Regulation, RegulationKind, RegulationState, RegulationText, TextState
from massline.time import local_day
from records.articles import propose_keys
from records.versions import put_in_force
from responsibility.models import Organ

FILE = Path(__file__).with_name("statutes.toml")


@dataclass(frozen=True)
class Statute:
    """A law from outside, as the file names it."""

    title: str
    issuer: str
    tag: str
    """How well its days are founded (responsibility/data/rules.toml)."""
    number: str = ""
    since: date | None = None
    ended: date | None = None
    """The first day on which it was not in force any more."""


def statutes() -> list[Statute]:
    return [Statute(**row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["statute"]]


def load(organ: Organ, at: datetime) -> int:
    """Enters those that the register does not have, and further articles of those that it has; returns how many
    changed. What was entered is changed by acts alone: a law that was repealed there stays so."""
    cited = clocks_on(local_day(at))
    with acting(SYSTEM), transaction.atomic():
        return sum(
            _load(one, list(dict.fromkeys(clock.article for clock in cited[one.title] if clock.article)), organ, at)
            for one in statutes()
        )


def _load(statute: Statute, articles: list[str], organ: Organ, at: datetime) -> bool:
    known = Regulation.objects.filter(kind=RegulationKind.EXTERNAL, title=statute.title).first()
    regulation = known or _enter(statute, organ, at)
    last = RegulationText.objects.last_promulgated(regulation)
    has = {one.heading for one in (last.articles or ())} if last else set()
    more = regulation.state == RegulationState.IN_FORCE and not has.issuperset(articles)
    if statute.since and articles and (more or last is None):
        _add_text(regulation, last, articles, local_day(at) if last else statute.since, at)
        if statute.ended:
            RegulationText.objects.filter(regulation=regulation, until=None).update(until=statute.ended)
        return True
    return known is None


def _enter(statute: Statute, organ: Organ, at: datetime) -> Regulation:
    number = Regulation.numbers().draw(at)
    log.record(events.ENTERED, subject=log.Subject(Regulation.KIND, number), facts={"at": at.isoformat()})
    return Regulation.objects.create(
        number=number,
        organ=organ,
        office=organ,
        kind=RegulationKind.EXTERNAL,
        state=RegulationState.REPEALED if statute.ended else RegulationState.IN_FORCE,
        title=statute.title,
        issuer=statute.issuer,
        document_number=statute.number,
        in_force_from=statute.since,
        received_at=at,
    )


def _add_text(
    regulation: Regulation, last: RegulationText | None, articles: list[str], since: date, at: datetime
) -> None:
    """Adds a text that has the numbers of articles and no words of them."""
    old = tuple(last.articles or ()) if last else ()
    headings = [one.heading for one in old]
    headings += [one for one in articles if one not in headings]
    found = propose_keys(old, [(heading, "") for heading in headings], RegulationText.objects.used_keys(regulation))
    number = RegulationText.numbers().draw(at)
    edition = RegulationText.objects.next_edition(regulation)
    facts = {"edition": edition, "at": at.isoformat()}
    log.record(events.TEXT_DRAFTED, subject=log.Subject(RegulationText.KIND, number), facts=facts)
    text = RegulationText(
        number=number,
        regulation=regulation,
        edition=edition,
        state=TextState.ADOPTED,
        organ=regulation.organ,
        office=regulation.office,
        articles=tuple(one.article for one in found),
        keys_confirmed=True,
        received_at=at,
    )
    text.save(force_insert=True)
    text.state = TextState.PROMULGATED
    put_in_force(text, since)

"""Writes one valid row of an old list as a regulation in force, with its text and the review that it owes."""

from collections.abc import Sequence
from datetime import timedelta

from audit import log
from institutions import events
from institutions.acts.base import TO_REVIEW
from institutions.acts.effects import end_text, set_wording
from institutions.importing.rows import RegulationRow
from institutions.models import Regulation, RegulationState, RegulationText, TextState
from massline.time import instant, local_day
from records.importing.models import Import
from records.importing.rows import Entry
from records.versions import put_in_force
from responsibility import obligations


def write(entries: Sequence[Entry], job: Import) -> list[int]:
    """Writes a regulation for each row, and returns their ids."""
    return [take_over(entry, job) for entry in entries]


def take_over(entry: Entry, job: Import) -> int:
    """Writes one regulation under one event. It is due for review as counted from its last review, or else from the
    day on which it came into force; one whose last day is over has lapsed and owes nothing."""
    row: RegulationRow = entry.data
    texts, now = entry.texts, job.asked_at
    number = Regulation.numbers().draw(now)
    facts = {"source": job.source, "at": now.isoformat(), "import": job.key}
    log.record(events.IMPORTED, subject=log.Subject(Regulation.KIND, number), facts=facts)
    lapsed = row.expires is not None and row.expires < local_day(now)
    regulation = Regulation.objects.create(
        number=number,
        organ=row.organ,
        office_id=row.office,
        received_at=now,
        state=RegulationState.LAPSED if lapsed else RegulationState.IN_FORCE,
        owner_id=row.owner,
        supervisor_id=row.supervisor,
        accountable_organ_id=row.accountable_organ,
        in_force_from=row.in_force_from,
        expires=row.expires,
        **{name: texts[name] for name in ("title", "kind", "document_number", "accountability", "safeguards")},
    )
    _add_text(regulation, row, texts["document_number"], job)
    if row.expires is not None and lapsed:
        end_text(regulation, row.expires + timedelta(days=1))
    else:
        since = instant(row.reviewed_on or row.in_force_from)
        obligations.open_(regulation.matter, TO_REVIEW, regulation.chain_subject(), since)
    return int(regulation.pk)


def _add_text(regulation: Regulation, row: RegulationRow, document_number: str, job: Import) -> None:
    text = RegulationText(
        regulation=regulation,
        number=RegulationText.numbers().draw(job.asked_at),
        edition=1,
        organ_id=regulation.organ_id,
        office_id=regulation.office_id,
        received_at=job.asked_at,
        document_number=document_number,
        state=TextState.ADOPTED,
        articles=(),
    )
    set_wording(text, row.wording)
    text.save(force_insert=True)
    text.state = TextState.PROMULGATED
    put_in_force(text, row.in_force_from)

"""The citizen's view of their own record: real states, real dates, the organ in charge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy

from citizens.models import Complained, ComplainedKind, Filing
from records.timeline import Happened, timeline
from responsibility.obligations import rule_of
from responsibility.presentation import ObligationRow, obligation_row
from responsibility.rules import editions


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """What the citizen may know of their own record."""

    kind: Annotated[str, gettext_lazy("哪一类事项")]
    number: str
    title: str
    state: str
    state_label: str
    organ: Annotated[str, gettext_lazy("单位代码")]
    organ_name: str
    received_at: datetime
    timeline: list[Happened]
    obligations: list[ObligationRow]


def tracked(record: Any) -> Tracked:
    """Builds the citizen's view of a record of any kind."""
    matter = record.matter
    return Tracked(
        kind=matter.kind,
        number=matter.key,
        title=getattr(record, "title", ""),
        state=record.state,
        state_label=record.get_state_display(),
        organ=record.organ.code,
        organ_name=record.organ.called,
        received_at=record.received_at,
        timeline=timeline(matter, public=True),
        obligations=promised(record),
    )


def promised(record: Any) -> list[ObligationRow]:
    """Returns the obligations that the statute promises citizens, open ones first."""
    now = timezone.now()
    rows = sorted((o for o in record.owed if rule_of(o).public), key=lambda o: o.closed_at is not None)
    return [obligation_row(o, now, steps=True) for o in rows]


def promised_in(receipt: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the obligations of a receipt in its reader's language; the receipt itself keeps the words of its day."""
    rules = [(owed, editions(owed["rule"])[0]) for owed in receipt["obligations"]]
    return [owed | {"title": rule.shown_title, "basis": rule.shown_basis} for owed, rule in rules]


# --- For officials ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ComplainedAbout:
    """Who is complained about (被反映人或单位)."""

    kind: ComplainedKind
    kind_label: str
    name: str
    organ: str


def complained_about(filing: Filing) -> list[ComplainedAbout]:
    """Returns the persons and units complained about in a filing, each once."""
    prefetch_related_objects([filing], "complained")  # the chain and the acts read them again
    rows: list[Complained] = sorted(filing.complained.all(), key=lambda c: c.pk)
    shown = (ComplainedAbout(ComplainedKind(c.kind), c.get_kind_display(), c.name, c.organ_name) for c in rows)
    return list(dict.fromkeys(shown))

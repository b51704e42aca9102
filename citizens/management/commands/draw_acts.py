"""`manage.py draw_acts [--check]`: writes docs/acts.md from the declarations, or says that it is out of date."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from citizens.models import NotificationState
from citizens.public_sides import public_sides
from citizens.telling.acts import TELLING_ACTS
from massline.acts import Act
from records.kinds import RecordType, record_types
from responsibility.acts import LEADER_ACTS
from responsibility.models import EscalationState, PeriodState
from responsibility.period_acts import PERIOD_ACTS

PAGE = Path(settings.BASE_DIR) / "docs" / "acts.md"
HEAD = """<!-- Written by `manage.py draw_acts`. Change the acts, not this page. -->
# Acts

What can happen to a record of each kind, drawn from the declarations: an app's acts stand in its `acts`.
An act that leaves the state as it is stands only in the table.
"""


class Command(BaseCommand):
    help = "Draws the state diagrams of all acts into docs/acts.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare, and fail when the page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("zh-hans"):
            text = page()
        if not options["check"]:
            PAGE.write_text(text)
        elif not PAGE.exists() or PAGE.read_text() != text:
            raise CommandError("docs/acts.md is out of date: run manage.py draw_acts")


def page() -> str:
    """Draws every registered kind, then the acts on rows that are no records: letters, escalations, periods."""
    letters = ("A letter that a citizen is to be told", TELLING_ACTS, NotificationState.choices)
    escalations = ("What has climbed to a leader", LEADER_ACTS, EscalationState.choices)
    periods = ("One period of a recurring duty", PERIOD_ACTS, PeriodState.choices)
    parts = [
        *(drawn(f"{kind.title} (`{kind.kind}`)", acts_of(kind), kind.states, kind.final) for kind in record_types()),
        drawn(*letters, {NotificationState.TOLD, NotificationState.CANNOT}),
        drawn(*escalations, {EscalationState.INSTRUCTED, EscalationState.SETTLED}),
        drawn(*periods, {PeriodState.FULFILLED, PeriodState.MISSED, PeriodState.RELEASED}),
    ]
    return "\n".join([HEAD, *(line for part in parts for line in part)]) + "\n"


def acts_of(kind: RecordType) -> list[Act]:
    """Returns the acts of officials and citizens on records of the kind."""
    side = public_sides().get(kind.kind)
    return [*kind.acts, *(side.acts if side else ())]


def drawn(title: str, acts: Iterable[Act], states: Iterable[tuple[Any, Any]], final: Iterable[str]) -> list[str]:
    """Draws the part of one kind."""
    return [f"## {title}", *diagram(acts, states, final), *table(acts), ""]


def diagram(acts: Iterable[Act], states: Iterable[tuple[Any, Any]], final: Iterable[str]) -> list[str]:
    """Draws a Mermaid state diagram."""
    lines = ["", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state} : {state} {label}" for state, label in states]
    for act in acts:
        for source in sorted(act.from_states):
            lines += [f"    {source} --> {target} : {act.slug} {act.label}" for target in act.to]
    lines += [f"    {state} --> [*]" for state in sorted(final)]
    return [*lines, "```", ""]


def table(acts: Iterable[Act]) -> list[str]:
    lines = ["| act | | from | to | who | basis |", "|---|---|---|---|---|---|"]
    for act in acts:
        cells = (
            act.slug, str(act.label), ", ".join(sorted(act.from_states)), ", ".join(act.to) or "—",
            ", ".join(sorted(act.roles)), act.basis,
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return lines

"""`manage.py draw_acts [--check]`: writes docs/acts.md from the declarations, or says that it is out of date."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from massline.acts import Act
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import FINAL, State
from petitions.telling.acts import TELLING_ACTS
from petitions.telling.models import TellingState
from records.proposals.acts import PROPOSAL_ACTS
from records.proposals.models import ProposalState
from responsibility.acts import LEADER_ACTS
from responsibility.models import EscalationState, PeriodState
from responsibility.period_acts import PERIOD_ACTS

PAGE = Path(settings.BASE_DIR) / "docs" / "acts.md"
HEAD = """<!-- Written by `manage.py draw_acts`. Change the acts, not this page. -->
# Acts

What can happen, drawn from the declarations in `petitions/acts.py`, `petitions/telling/acts.py`,
`records/proposals/acts.py` and `responsibility/acts.py`.
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
    petition = [*OFFICIAL_ACTS, *CITIZEN_ACTS]
    return "\n".join(
        [
            HEAD,
            "## A petition",
            *diagram(petition, State, FINAL),
            *table(petition),
            "\n## A letter that the petitioner is to be told",
            *diagram(TELLING_ACTS, TellingState, {TellingState.TOLD, TellingState.CANNOT}),
            *table(TELLING_ACTS),
            "\n## What has climbed to a leader",
            *diagram(LEADER_ACTS, EscalationState, {EscalationState.INSTRUCTED, EscalationState.SETTLED}),
            *table(LEADER_ACTS),
            "\n## One period of a recurring duty",
            *diagram(PERIOD_ACTS, PeriodState, {PeriodState.FULFILLED, PeriodState.MISSED, PeriodState.RELEASED}),
            *table(PERIOD_ACTS),
            "\n## A proposal that a record of another kind be opened",
            *diagram(PROPOSAL_ACTS, ProposalState, {ProposalState.TAKEN, ProposalState.DECLINED}),
            *table(PROPOSAL_ACTS),
            "",
        ]
    )


def diagram(acts: Iterable[Act], states: Any, final: Iterable[str]) -> list[str]:
    """A Mermaid state diagram."""
    lines = ["", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value} : {state.value} {state.label}" for state in states]
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

"""Reads a record for one person's page: what its head and several cards show is read once."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts.models import User
from massline.acts import Act
from records.kinds import RecordType
from records.links import Linked, links_of
from records.proposals.proposing import Proposed, proposals_about
from responsibility.chain import chain
from responsibility.models import Escalation
from responsibility.presentation import ChainLink, ObligationRow, chain_links, escalations_about, reached_level
from responsibility.subjects import Described


@dataclass
class RecordView:
    """One record as one person sees it now; cards take their facts from it."""

    kind: RecordType
    record: Any
    user: User
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def about(self) -> Described:
        return self.kind.describe(self.record)

    @cached_property
    def acts(self) -> list[Act]:
        """The acts open to this person now."""
        return self.kind.acts.open_to(self.record, self.user)

    @cached_property
    def obligations(self) -> list[ObligationRow]:
        return self.kind.obligations(self.record)

    @property
    def owed(self) -> list[ObligationRow]:
        """The open obligations."""
        return [one for one in self.obligations if one.closed_at is None]

    @cached_property
    def steps(self) -> list[Escalation]:
        """Every step that its obligations have climbed."""
        matter = self.record.matter
        return escalations_about(matter.kind, matter.pk)

    @cached_property
    def chain(self) -> list[ChainLink]:
        """The chain of now, with its present link lit."""
        return chain_links(chain(self.record.chain_subject(), self.now), reached_level(self.steps))

    @property
    def handler(self) -> str:
        """The names of the people in the handler's post, else the post; empty while it has no handler."""
        return self.about.handler and ("、".join(self.chain[0].people) or self.about.handler)

    @cached_property
    def proposed(self) -> list[Proposed]:
        return proposals_about(self.record, self.user)

    @cached_property
    def linked(self) -> list[Linked]:
        return links_of(self.record, self.user)

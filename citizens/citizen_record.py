"""The base model of records that citizens file; a kind without needs of its own declares nothing more."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import prefetch_related_objects

from accounts.models import User
from citizens.citizen import ROLE, Citizen
from citizens.models.filings import Filing
from citizens.recusal import not_recused
from records.models import Record
from records.models.visibility import RecordQuerySet
from responsibility.subjects import ChainSubject

AnyRecord = TypeVar("AnyRecord", bound=models.Model)


class CitizenRecordQuerySet(RecordQuerySet[AnyRecord]):
    def for_user(self, user: User) -> Self:
        """Selects the visible records, without those in which the user is complained about (回避)."""
        return super().for_user(user).filter(not_recused(user))


class CitizenRecord(Record):
    """A record with its filing: the citizen has a role towards it, and people complained about are recused."""

    JOINED: ClassVar = ("filing", *Record.JOINED)
    filing = models.OneToOneField(Filing, models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        abstract = True

    def roles_of(self, actor: Any) -> frozenset[str]:
        if isinstance(actor, Citizen):
            return frozenset({ROLE} if actor.filing == self.filing_id else ())  # type: ignore[attr-defined]
        return super().roles_of(actor)

    def chain_subject(self) -> ChainSubject:
        prefetch_related_objects([self], "filing__complained")
        return self.chain_subject_besides(named.user_id for named in self.filing.complained.all())

    def chain_subject_besides(self, recused: Iterable[int | None]) -> ChainSubject:
        """Builds the chain subject when the users complained about are known already."""
        return replace(super().chain_subject(), recused=frozenset(user for user in recused if user is not None))

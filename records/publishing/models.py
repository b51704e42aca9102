"""Publications (公开): which words of a record are public, who proposed them, and who cleared them.

The words are a copy that two people agreed on: what the record says later is not public by itself.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit.columns import Columns, SaltField
from audit.context import SYSTEM
from records.models.frozen import source_not_frozen
from records.models.record import Record
from records.models.sources import AboutSource, WithSource, hidden_from
from records.models.visibility import RecordQuerySet, RecordRole
from responsibility.models import Post
from responsibility.people import position_of
from responsibility.subjects import ChainSubject
from responsibility.visibility import visible_ids

PROPOSER, CLEARER, SYSTEM_ROLE = "proposer", "clearer", "system"
Publishes = Callable[[], Collection[str]]
_publishing_kinds: list[Publishes] = []


def register_publishing_kinds(publishes: Publishes) -> None:
    """Registers the function that lists the kinds that publish: this model lies below the kinds."""
    _publishing_kinds[:] = [publishes]


class PublicationState(models.TextChoices):
    PROPOSED = "proposed", _("待保密审查")
    REFERRED = "referred", _("已送审，待决定")
    PUBLIC = "public", _("已公开")
    REFUSED = "refused", _("不公开")
    RETRACTED = "retracted", _("申请已撤回")
    WITHDRAWN = "withdrawn", _("已撤回公开")
    SUPERSEDED = "superseded", _("已被更正取代")


OPEN = frozenset({PublicationState.PROPOSED, PublicationState.REFERRED})
ENDED = frozenset({PublicationState.WITHDRAWN, PublicationState.SUPERSEDED})


class Result(models.TextChoices):
    """The result of clearing (保密审查结果)."""

    PUBLIC = "public", _("公开")
    PARTLY_PUBLIC = "partly_public", _("部分公开")
    REFUSED = "refused", _("不公开")


class Ground(models.TextChoices):
    """What the clearer has checked before anything becomes public."""

    SECRETS = "secrets", _("不含国家秘密、工作秘密和商业秘密")
    PERSONAL = "personal", _("不含不应公开的个人信息和个人隐私")
    CASES = "cases", _("不影响正在办理的案件和调查")


def canonical(words: Mapping[str, str]) -> str:
    """Writes words as the JSON whose SHA-256 is their hash: keys in order, no blanks, no escapes."""
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class PublicationQuerySet(AboutSource, RecordQuerySet["Publication"]):
    def for_user(self, user: User) -> Self:
        """Narrows to those that exist for this person: of the organ that clears them and those above it, and of the
        records that exist for them; never of one that they may not know of."""
        return super().for_user(user).filter(~hidden_from(user), source_not_frozen())

    def visible_condition(self, user: User) -> Q:
        where = position_of(user)
        of_sources = [Q(source_kind=kind, source_id__in=visible_ids(kind, user)) for kind in _publishing_kinds[0]()]
        return reduce(or_, of_sources, Q(organ__in=where.organs | where.below))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def public(self) -> Self:
        """Narrows to those that everybody may read now."""
        return self.filter(source_not_frozen(), state=PublicationState.PUBLIC).exclude(content="")


class Publication(WithSource, Record):
    """One proposal to publish words of a record, and what became of it. Its organ clears it."""

    KIND: ClassVar = "publication"
    PREFIX: ClassVar = "GK"
    JOINED: ClassVar = ("organ", "made_by", "made_post__organ", "cleared_post__organ", "corrects")

    state = models.CharField(max_length=16, choices=PublicationState, default=PublicationState.PROPOSED)
    result = models.CharField(max_length=16, choices=Result, blank=True, default="")
    content = models.TextField()
    """The words by their names, as canonical JSON; empty once they are erased."""
    content_hash = models.CharField(max_length=64, blank=True, default="")
    """The SHA-256 of what became public. Kept for good."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    cleared_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    cleared_at = models.DateTimeField(null=True)
    grounds = ArrayField(models.CharField(max_length=12, choices=Ground), default=list, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    """What was public when this was proposed."""
    ended_at = models.DateTimeField(null=True)
    """When it ceased to be public."""
    salt = SaltField()

    objects = PublicationQuerySet.as_manager()
    audit = Columns(personal=("content",))

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(state__in=["proposed", "referred"]),
                name="one_publication_proposed",
            ),
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], condition=Q(state="public"), name="one_publication_public"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "referred", "retracted"], result="")
                | Q(state="refused", result="refused")
                | Q(state__in=["public", "withdrawn", "superseded"], result__in=["public", "partly_public"]),
                name="publication_state",
            ),
            models.CheckConstraint(
                condition=Q(result="", cleared_by=None, cleared_post=None, cleared_at=None)
                | ~Q(result="") & Q(cleared_by__isnull=False, cleared_post__isnull=False, cleared_at__isnull=False),
                name="publication_cleared_by_whom",
            ),
            models.CheckConstraint(condition=~Q(cleared_by=F("made_by")), name="publication_other_hands"),
            models.CheckConstraint(condition=~Q(cleared_post=F("made_post")), name="publication_other_post"),
            models.CheckConstraint(
                condition=Q(result__in=["public", "partly_public"], content_hash__regex="^[0-9a-f]{64}$")
                | Q(result__in=["", "refused"], content_hash=""),
                name="publication_hash",
            ),
            models.CheckConstraint(
                condition=Q(grounds__contains=["secrets", "personal", "cases"]) | Q(result__in=["", "refused"]),
                name="publication_grounds",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "superseded"], ended_at__isnull=False)
                | ~Q(state__in=["withdrawn", "superseded"]) & Q(ended_at=None),
                name="publication_ended",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["source_kind", "source_id"], name="publication_source"),
            models.Index(
                fields=["source_kind", "-cleared_at", "-id"], condition=Q(state="public"), name="publication_public"
            ),
        ]

    @property
    def words(self) -> dict[str, str]:
        """The words by their names; none once they are erased."""
        return json.loads(self.content) if self.content else {}

    @property
    def is_public(self) -> bool:
        return self.state == PublicationState.PUBLIC and bool(self.content)

    def clear(self, words: Mapping[str, str], result: Result, at: datetime) -> None:
        """Stores the words that become public, with their hash."""
        self.content, self.result, self.cleared_at = canonical(words), result, at
        if result != Result.REFUSED:
            self.content_hash = hashlib.sha256(self.content.encode()).hexdigest()

    def chain_subject(self) -> ChainSubject:
        """Returns the work of the clearing organ; a person recused from the source is recused from this."""
        return ChainSubject(self.organ_id, recused=self.recused_by_source)

    def roles_of(self, actor: Any) -> frozenset[str]:
        if actor is SYSTEM:
            return frozenset({SYSTEM_ROLE})
        if not isinstance(actor, User) or not self.exists_for(actor):
            return frozenset()
        if actor.kind != Kind.OFFICIAL:
            return frozenset({str(actor.kind)})
        roles = {RecordRole.READER.value}
        roles |= {PROPOSER} if self.made_by_id == actor.pk else set()
        roles |= {CLEARER} if self.organ_id in position_of(actor).organs else set()
        return frozenset(roles)

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """Returns the clearer's posts in the organ that clears; for the proposer's act, the one that they proposed
        in."""
        held = position_of(actor).held
        if CLEARER in who:
            return {one.post for one in held if one.organ == self.organ_id and one.post != self.made_post_id}
        return {one.post for one in held if one.post == self.made_post_id}

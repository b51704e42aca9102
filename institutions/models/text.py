"""Texts of regulations (文本): each a version, from its draft to its promulgation."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.columns import Columns
from institutions.duties import LEGAL_OFFICE
from institutions.models.regulation import OPEN_KINDS, Regulation
from institutions.models.roles import RegulationRole, roles_towards
from massline.texts import LineColumn
from massline.time import local_day, today
from records.models import Publication, Record
from records.models.visibility import RecordQuerySet
from records.versions import Version, VersionQuerySet, version_constraints
from responsibility.people import HeldPost, office_people, position_of, receiving_post
from responsibility.subjects import ChainSubject


class TextState(models.TextChoices):
    DRAFT = "draft", _("起草")
    COMMENTING = "commenting", _("公开征求意见")
    CHECKING = "checking", _("合法性审核")
    CHECKED = "checked", _("已审核，待集体讨论决定")
    ADOPTED = "adopted", _("已通过，待公布")
    PROMULGATED = "promulgated", _("已公布")
    REJECTED = "rejected", _("未通过")


OPEN_TEXT = frozenset(TextState) - {TextState.PROMULGATED, TextState.REJECTED}


class TextQuerySet(VersionQuerySet["RegulationText"], RecordQuerySet["RegulationText"]):  # type: ignore[override]
    def visible_condition(self, user: User) -> Q:
        posts = position_of(user).posts
        of_posts = Q(regulation__owner__in=posts) | Q(regulation__supervisor__in=posts)
        open_to_all = Q(state="promulgated", regulation__kind__in=sorted(OPEN_KINDS))
        return super().visible_condition(user) | of_posts | open_to_all

    def last_promulgated(self, regulation: Regulation) -> "RegulationText | None":
        """Returns the text of a regulation that was promulgated last: the one in force, or about to be."""
        return self.of(regulation).filter(state=TextState.PROMULGATED).first()

    def open(self) -> "TextQuerySet":
        return self.filter(state__in=sorted(OPEN_TEXT))

    def with_comments(self) -> "TextQuerySet":
        """Adds when each draft was first public, and how many comments wait for an answer."""
        published = Publication.objects.filter(source_kind=RegulationText.KIND, source_id=OuterRef("pk"))
        cleared = published.exclude(content_hash="").order_by("cleared_at").values("cleared_at")
        waiting = Count("comments", filter=Q(comments__outcome=""))
        return self.annotate(public_at=Subquery(cleared[:1]), waiting=waiting)


class RegulationText(Version, Record):
    """One text of a regulation. Its organ and its office are the regulation's, as they were when it was drafted."""

    KIND, PREFIX, DUTY = "regulation_text", "WB", LEGAL_OFFICE
    PARENT = "regulation"
    JOINED = ("organ", "office", "handler__organ", "regulation__owner", "regulation__organ")

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="texts")
    state = models.CharField(max_length=16, choices=TextState, default=TextState.DRAFT)
    document_number = LineColumn(max_length=60, blank=True)
    """The number (文号) under which it was promulgated."""
    keys_confirmed = models.BooleanField(default=False)
    """Whether a person confirmed which article is the new wording of which; true where there was nothing to decide."""
    comment_days = models.PositiveSmallIntegerField(null=True)
    """For how many calendar days, from its publication on, the public was asked; null where it was not."""

    objects = TextQuerySet.as_manager()
    audit = Columns(personal=("articles",))
    OWN_ROLES: ClassVar = frozenset({RegulationRole.OWNER, RegulationRole.SUPERVISOR})

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            *version_constraints("text", "regulation", OPEN_TEXT),
            models.UniqueConstraint(
                fields=["organ", "document_number"], condition=~Q(document_number=""), name="text_number_once"
            ),
            models.CheckConstraint(condition=Q(state__in=TextState.values), name="text_state"),
            models.CheckConstraint(
                condition=Q(state="promulgated", since__isnull=False) | ~Q(state="promulgated") & Q(since=None),
                name="text_promulgated",
            ),
            models.CheckConstraint(
                condition=Q(keys_confirmed=True) | Q(state__in=["draft", "rejected"]), name="text_keys_confirmed"
            ),
        ]

    @property
    def title(self) -> str:
        return gettext("%(title)s（第 %(edition)s 稿）") % {"title": self.regulation.title, "edition": self.edition}

    def office_chain_subject(self) -> ChainSubject:
        """Returns the legal office's own work: to check the legality."""
        assert self.office_id is not None
        return replace(self.chain_subject(), organ=self.office_id, post=receiving_post(self.office_id), in_hand=False)

    # --- Who is what to it --------------------------------------------------------------------------------------------
    def roles_in(self, held: HeldPost) -> frozenset[str]:
        return super().roles_in(held) | roles_towards(self.regulation, held)

    def _exists_through(self, held: HeldPost, where: Any) -> bool:
        open_to_all = self.state == TextState.PROMULGATED and self.regulation.kind in OPEN_KINDS
        return open_to_all or bool(self.roles_in(held) & self.OWN_ROLES) or super()._exists_through(held, where)

    @property
    def last_comment_day(self) -> date | None:
        """The last day on which the public may comment (Shanghai); none before the draft is public. Needs comments."""
        public_at: datetime | None = self.public_at  # type: ignore[attr-defined]
        return local_day(public_at) + timedelta(days=self.comment_days or 0) if public_at else None

    # --- Who is told --------------------------------------------------------------------------------------------------
    def legal_people(self) -> Iterable[tuple[int, int | None]]:
        assert self.office_id is not None
        return office_people(self.office_id, today())

    def organ_people(self) -> Iterable[tuple[int, int | None]]:
        return office_people(self.organ_id, today())

    def owners(self) -> Iterable[tuple[int, int | None]]:
        return self.regulation.owners()

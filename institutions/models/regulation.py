"""Regulations (制度): who carries one out, who supervises it, who answers for it (三有), and from when to when."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit.columns import Columns, SaltField
from audit.context import SYSTEM
from institutions.duties import LEGAL_OFFICE
from institutions.models.roles import RegulationRole, roles_towards
from massline.texts import LineColumn
from massline.time import today
from records.articles import ArticlesField
from records.models import Record, RecordQuerySet
from records.models.frozen import not_frozen
from responsibility.models import Appointment, Organ, Post
from responsibility.people import HeldPost, office_people, position_of, receiving_post
from responsibility.subjects import ChainSubject


class RegulationState(models.TextChoices):
    PROPOSED = "proposed", _("起草中")
    IN_FORCE = "in_force", _("现行有效")
    REPEALED = "repealed", _("已废止")
    LAPSED = "lapsed", _("已失效")
    DROPPED = "dropped", _("不再制定")


ENDED = frozenset({RegulationState.REPEALED, RegulationState.LAPSED, RegulationState.DROPPED})


class RegulationKind(models.TextChoices):
    RULE = "rule", _("规章")
    NORMATIVE = "normative", _("规范性文件")
    PARTY = "party", _("党内规范性文件")
    INTERNAL = "internal", _("内部制度")
    EXTERNAL = "external", _("上位法")


CONSULTED = frozenset({RegulationKind.RULE, RegulationKind.NORMATIVE})
"""Those of which the public is asked before and told after."""
OPEN_KINDS = CONSULTED | {RegulationKind.EXTERNAL}
"""Those that every official reads once they are promulgated."""


class Power(models.TextChoices):
    """What a regulation gives power over (人、财、物)."""

    PEOPLE = "people", _("人")
    MONEY = "money", _("财")
    THINGS = "things", _("物")


class Enforcement(models.TextChoices):
    """What makes sure that it is kept (靠什么落实)."""

    CLOCK = "clock", _("有期限提醒")
    CHECK = "check", _("有定期检查")
    NONE = "none", _("还没有")


LAST_ARTICLES = Case(
    When(since__isnull=False, until=None, then=F("articles")), default=None, output_field=ArticlesField(null=True)
)
"""Of all texts of a regulation, the articles of the one that was promulgated last and not ended."""


def nobody_answers() -> Q:
    """Builds the condition for regulations of which a post that they name, the owner or the supervisor, is held by
    nobody today."""
    held = Appointment.objects.answering(today())
    return ~Q(Exists(held.filter(post=OuterRef("owner")))) | ~Q(Exists(held.filter(post=OuterRef("supervisor"))))


def one_post_does_two() -> Q:
    """Builds the condition for regulations that one post decides as the top of their organ, and carries out or
    supervises, too (决策、执行、监督要分开)."""
    return Q(owner__is_top=True, owner__organ=F("organ")) | Q(supervisor__is_top=True, supervisor__organ=F("organ"))


class RegulationQuerySet(RecordQuerySet["Regulation"]):
    def visible_condition(self, user: User) -> Q:
        posts = position_of(user).posts
        open_to_all = Q(kind__in=sorted(OPEN_KINDS)) & ~Q(state__in=["proposed", "dropped"])
        return super().visible_condition(user) | Q(owner__in=posts) | Q(supervisor__in=posts) | open_to_all


class Regulation(Record):
    """One regulation of an organ through all its texts; what one says is in `RegulationText`.

    Its organ issues it; its office checks its legality. Days are Shanghai's, both the first and the last one inclusive.
    A law from outside (`external`) has an issuer in words and none of the duties.
    """

    KIND, PREFIX, DUTY = "regulation", "ZD", LEGAL_OFFICE
    JOINED = ("organ", "office", "handler__organ", "owner__organ", "supervisor__organ", "accountable_organ")

    state = models.CharField(max_length=16, choices=RegulationState, default=RegulationState.PROPOSED)
    title = LineColumn(max_length=200)
    kind = models.CharField(max_length=12, choices=RegulationKind)
    document_number = LineColumn(max_length=60, blank=True)
    """The number (文号) under which its latest text was promulgated: once in its organ."""
    issuer = LineColumn(max_length=100, blank=True)
    """Of a law from outside: who issued it."""
    powers = ArrayField(models.CharField(max_length=8, choices=Power), default=list, blank=True)
    is_hot_spot = models.BooleanField(default=False)
    """Whether it is about what citizens complain of most (热点)."""
    owner = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    """The post that carries it out (执行主体): it owes the reviews."""
    supervisor = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    """The post that supervises it (检查监督): never the owner."""
    accountability = models.CharField(max_length=20, blank=True)
    """The article of the text that says who answers for breaches (问责), as it is numbered there: 第十二条."""
    accountable_organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    """The organ that holds to account (问责机关)."""
    safeguards = models.TextField(blank=True)
    enforced_by = models.CharField(max_length=8, choices=Enforcement, default=Enforcement.NONE)
    implements_due = models.DateField(null=True)
    """By when the text that implements it is due, where it says 另行制定."""
    in_force_from = models.DateField(null=True)
    expires = models.DateField(null=True)
    """The last day on which it is in force; null where it says none."""
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    salt = SaltField()

    objects = RegulationQuerySet.as_manager()
    audit = Columns(personal=("title", "safeguards"))
    OWN_ROLES: ClassVar = frozenset({RegulationRole.OWNER, RegulationRole.SUPERVISOR})

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organ", "document_number"], condition=~Q(document_number=""), name="regulation_number_once"
            ),
            models.CheckConstraint(condition=Q(state__in=RegulationState.values), name="regulation_state"),
            models.CheckConstraint(condition=Q(kind__in=RegulationKind.values), name="regulation_kind"),
            models.CheckConstraint(condition=Q(powers__contained_by=Power.values), name="regulation_powers"),
            models.CheckConstraint(condition=Q(enforced_by__in=Enforcement.values), name="regulation_enforced_by"),
            models.CheckConstraint(condition=~Q(owner=F("supervisor")), name="regulation_owner_is_not_supervisor"),
            models.CheckConstraint(
                condition=Q(accountability__regex="^(第[〇零一二三四五六七八九十百千]+条)?$"),
                name="regulation_accountability",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force")
                | Q(kind="external")
                | Q(owner__isnull=False, supervisor__isnull=False, accountable_organ__isnull=False)
                & ~Q(accountability=""),
                name="regulation_has_all_three",
            ),
            models.CheckConstraint(
                condition=Q(kind="external")
                | Q(state__in=["proposed", "dropped"], in_force_from=None)
                | Q(state__in=["in_force", "repealed", "lapsed"], in_force_from__isnull=False),
                name="regulation_in_force_from",
            ),
            models.CheckConstraint(condition=Q(expires__gte=F("in_force_from")), name="regulation_expires_later"),
            models.CheckConstraint(
                condition=Q(kind="external") & ~Q(issuer="") | ~Q(kind="external") & Q(issuer=""),
                name="regulation_issuer",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["expires"], condition=Q(state="in_force"), name="regulation_expiring"),
        ]

    @property
    def is_external(self) -> bool:
        return self.kind == RegulationKind.EXTERNAL

    @cached_property
    def all_texts(self) -> list[Any]:
        """Its texts, the latest first, read once for all that a page asks of them: each without its articles, but for
        `last_articles` of the one that was promulgated last; and whether it is `frozen`."""
        texts = self.texts.defer("articles").order_by("-edition")
        return list(texts.annotate(frozen=~not_frozen("regulation_text"), last_articles=LAST_ARTICLES))

    @property
    def last_text(self) -> Any:
        """The text that was promulgated last: in force, or about to be; None where none is."""
        return next((one for one in self.all_texts if one.since and one.until is None), None)

    # --- Whose work it is ---------------------------------------------------------------------------------------------
    def chain_subject(self) -> ChainSubject:
        """Returns the owner's work: to keep it alive; the organ's, where it has no owner."""
        if self.owner is None:
            return super().chain_subject()
        return replace(super().chain_subject(), organ=self.owner.organ_id, post=self.owner_id)

    def organ_chain_subject(self) -> ChainSubject:
        """Returns the work of the organ that issued it: to publish it, to file it."""
        return replace(super().chain_subject(), post=receiving_post(self.organ_id))

    # --- Who is what to it --------------------------------------------------------------------------------------------
    def roles_of(self, actor: Any) -> frozenset[str]:
        return frozenset({RegulationRole.SYSTEM}) if actor is SYSTEM else super().roles_of(actor)

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        return super().roles_in(held) | roles_towards(self, held)

    def _exists_through(self, held: HeldPost, where: Any) -> bool:
        open_to_all = self.kind in OPEN_KINDS and self.state not in (RegulationState.PROPOSED, RegulationState.DROPPED)
        return open_to_all or self._is_inside(held, where)

    def _is_inside(self, held: HeldPost, where: Any) -> bool:
        return bool(self.roles_in(held) & self.OWN_ROLES) or super()._exists_through(held, where)

    def shows_drafts_to(self, user: User) -> bool:
        """Tells whether this person reads its texts before they are promulgated, as `TextQuerySet` says."""
        where = position_of(user)
        return user.kind != Kind.OFFICIAL or any(self._is_inside(held, where) for held in where.held)

    # --- Who is told --------------------------------------------------------------------------------------------------
    def owners(self) -> Iterable[tuple[int, int | None]]:
        """Returns the people in the posts of its owner and its supervisor today, as (user, post)."""
        held = Appointment.objects.answering(today()).filter(post__in=[self.owner_id, self.supervisor_id])
        return list(held.values_list("user", "post"))

    def legal_people(self) -> Iterable[tuple[int, int | None]]:
        return office_people(self.office_id, today()) if self.office_id else []

    def organ_people(self) -> Iterable[tuple[int, int | None]]:
        return office_people(self.organ_id, today())

"""Gaps (制度缺口): a power that no rule covers, or one that does not hold; found with evidence, closed by a rule."""

from dataclasses import replace

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from institutions.duties import LEGAL_OFFICE
from institutions.models.regulation import Power, Regulation
from massline.texts import LineColumn
from records.models import Record, RecordQuerySet
from responsibility.people import receiving_post
from responsibility.subjects import ChainSubject


class GapState(models.TextChoices):
    FOUND = "found", _("待安排")
    PLANNED = "planned", _("正在补上")
    CLOSED = "closed", _("已补上")
    DISMISSED = "dismissed", _("不是缺口")


OPEN_GAP = frozenset({GapState.FOUND, GapState.PLANNED})


class GapKind(models.TextChoices):
    NONE = "none", _("空白")
    HOLE = "hole", _("漏洞")
    CONFLICT = "conflict", _("冲突")
    OUTDATED = "outdated", _("过时")


class Step(models.TextChoices):
    """Where in the course of a power it lies."""

    DECIDE = "decide", _("决定")
    DO = "do", _("执行")
    CHECK = "check", _("监督")
    ANSWER = "answer", _("问责")


class GapQuerySet(RecordQuerySet["Gap"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Gap(Record):
    """One gap in the rules of an organ: a cell of its powers (power and step), and which sort of gap it is.

    Its organ fills it; its office (the legal office of the region) says whether it is filled.
    """

    KIND, PREFIX, DUTY = "gap", "QK", LEGAL_OFFICE
    JOINED = ("organ", "office", "handler__organ", "filled_by")

    state = models.CharField(max_length=16, choices=GapState, default=GapState.FOUND)
    title = LineColumn(max_length=100)
    sort = models.CharField(max_length=12, choices=GapKind)
    power = models.CharField(max_length=8, choices=Power)
    step = models.CharField(max_length=8, choices=Step)
    evidence = models.TextField()
    due_on = models.DateField(null=True)
    """By which day (Shanghai) it shall be filled; the handler is the post that owes it."""
    filled_by = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="gaps")
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    salt = SaltField()

    objects = GapQuerySet.as_manager()
    audit = Columns(personal=("title", "evidence"))

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=GapState.values), name="gap_state"),
            models.CheckConstraint(condition=Q(sort__in=GapKind.values), name="gap_sort"),
            models.CheckConstraint(condition=Q(power__in=Power.values, step__in=Step.values), name="gap_cell"),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(due_on__isnull=False, handler__isnull=False), name="gap_planned"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", filled_by__isnull=False) | ~Q(state="closed") & Q(filled_by=None),
                name="gap_closed_by_a_rule",
            ),
            models.UniqueConstraint(
                fields=["organ", "power", "step", "sort"],
                condition=Q(state__in=["found", "planned"]),
                name="gap_once_open",
            ),
        ]

    @property
    def in_hand(self) -> bool:
        return self.state == GapState.PLANNED

    def organ_chain_subject(self) -> ChainSubject:
        """Returns the organ's own work: to say who fills it, and by when."""
        return replace(self.chain_subject(), post=receiving_post(self.organ_id), in_hand=False)

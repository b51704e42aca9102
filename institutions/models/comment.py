"""Comments of citizens on drafts (公众意见): on one article or the whole, and what became of each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from citizens.citizen_record import CitizenRecord, CitizenRecordQuerySet
from institutions.models.roles import RegulationRole
from institutions.models.text import RegulationText
from institutions.wording import article_number
from responsibility.people import HeldPost


class CommentState(models.TextChoices):
    RECEIVED = "received", _("待答复")
    ANSWERED = "answered", _("已答复")


class Outcome(models.TextChoices):
    """What became of a comment."""

    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    NOT = "not", _("未采纳")


class CommentQuerySet(CitizenRecordQuerySet["Comment"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Comment(CitizenRecord):
    """One comment on a draft, by a citizen who comes back with a code. Its organ is the draft's."""

    KIND, PREFIX = "comment", "ZQ"
    JOINED = (*CitizenRecord.JOINED, "text__regulation")

    state = models.CharField(max_length=16, choices=CommentState, default=CommentState.RECEIVED)
    text = models.ForeignKey(RegulationText, models.PROTECT, related_name="comments")
    article = models.CharField(max_length=8, blank=True)
    """The key of the article that it is about; empty for the whole draft."""
    body = models.TextField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    salt = SaltField()

    objects = CommentQuerySet.as_manager()
    audit = Columns(personal=("body",))

    class Meta(CitizenRecord.Meta):
        constraints = [
            *CitizenRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="received", outcome="") | Q(state="answered", outcome__in=Outcome.values),
                name="comment_answered",
            ),
        ]

    @property
    def title(self) -> str:
        return gettext("对“%(title)s”的意见") % {"title": self.text.regulation.title}

    @property
    def about(self) -> str:
        """The number of the article that it is about; empty for the whole draft."""
        found = (one.heading for one in self.text.articles or () if one.key == self.article)
        return article_number(next(found, ""))

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        member = held.organ == self.organ_id
        return super().roles_in(held) | (frozenset({RegulationRole.MEMBER}) if member else frozenset())

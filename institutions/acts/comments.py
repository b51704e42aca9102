"""What officials can do to a comment: answer it, and publish both; and what its author can."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.citizen import ROLE
from citizens.effects import Issues
from citizens.identity.unmasking import Unmask
from institutions import events
from institutions.acts.base import TO_ANSWER
from institutions.models import RegulationRole
from institutions.models.comment import Comment, CommentState, Outcome
from massline.acts import Act, Acts, Doing
from massline.inputs import Choice, Text
from records.effects import Writes
from records.models import ActText
from records.publishing.proposing import ProposePublication
from responsibility.effects import Closes

MEMBERS = frozenset({RegulationRole.MEMBER})


class StoresOutcome:
    """Stores what became of it."""

    def apply(self, doing: Doing) -> None:
        doing.record.outcome = doing.data["outcome"]


class AnswerComment(Act):
    slug, label, basis = "answer", _("答复意见"), "采纳的、没有采纳的，都说明理由"
    from_states, to, roles = frozenset({CommentState.RECEIVED}), (CommentState.ANSWERED,), MEMBERS
    fields = (
        Choice("outcome", _("采纳情况"), Outcome.choices, radio=True),
        Text("reason", _("理由"), hint=_("会原样告诉提意见的人")),
    )
    event = events.COMMENT_ANSWERED
    effects = (StoresOutcome(), Writes("reason", public=True), Closes(TO_ANSWER), Issues("comment_answered"))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"outcome": doing.data["outcome"]}


class UnmaskCommenter(Unmask):
    from_states, roles, event = frozenset(CommentState), MEMBERS, events.COMMENTER_UNMASKED


def answer_of(comment: Comment) -> str:
    """Returns the reason that was given to its author."""
    said = ActText.objects.filter(subject_kind=Comment.KIND, subject_id=comment.pk, kind="reason")
    return said.order_by("-pk").values_list("text", flat=True).first() or ""


class PublishComment(ProposePublication):
    """Publishes a comment with its answer, without its author."""

    from_states, roles = frozenset({CommentState.ANSWERED}), MEMBERS
    fields = (
        Text("title", _("哪份文件"), rows=2, max_length=200),
        Text("regulation", _("制度编号"), rows=1, max_length=24),
        Text("comment", _("意见"), rows=4),
        Text("outcome", _("采纳情况"), rows=1, max_length=20),
        Text("answer", _("理由"), rows=3),
    )
    suggested = {
        "title": lambda comment: " ".join(filter(None, [comment.text.regulation.title, comment.about])),
        "regulation": lambda comment: comment.text.regulation.number,
        "comment": lambda comment: comment.body,
        "outcome": lambda comment: str(comment.get_outcome_display()),
        "answer": answer_of,
    }


class Add(Act):
    slug, label, basis, event = "add", _("补充意见"), "答复以前，可以补充", events.COMMENT_ADDED
    from_states, roles = frozenset({CommentState.RECEIVED}), frozenset({ROLE})
    fields, effects = (Text("text", _("补充什么")),), (Writes("text", public=True),)


OWN_ACTS = Acts(Add)
COMMENT_ACTS = Acts(AnswerComment, PublishComment, UnmaskCommenter)

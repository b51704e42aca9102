"""What citizens see of institutions: regulations in force, drafts that are open for comment, comments with answers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from citizens.catalogue.published import published
from citizens.filing.public_form import PublicForm
from citizens.public_sides import PublicSide
from citizens.telling.letters import Letter, LetterBook
from institutions.acts import REGULATION_ACTS, TEXT_ACTS
from institutions.acts.comments import COMMENT_ACTS, OWN_ACTS
from institutions.commenting import CommentForm, file
from institutions.models import Regulation, RegulationText
from institutions.models.comment import Comment
from records.models import Publication
from responsibility.models import Organ


def _with_texts(regulation: Any) -> Iterable[QuerySet[Any]]:
    """Returns the rows with words about a regulation: its own, and those of its texts."""
    return Regulation.objects.filter(pk=regulation.pk), RegulationText.objects.filter(regulation=regulation)


def _any_organ() -> bool:
    """Tells whether any organ is registered whose draft could be open for comment."""
    return Organ.objects.exists()


REGULATIONS = PublicSide(
    catalogue=published(Regulation.KIND, REGULATION_ACTS, _("现行有效的制度"), intro=_("只列经审查公开的文本。")),
    own_rows=_with_texts,
)
DRAFTS = PublicSide(
    catalogue=published(
        RegulationText.KIND,
        TEXT_ACTS,
        _("公开征求意见"),
        intro=_("征求意见期内，任何人都可以逐条提出意见。"),
        way=("comment_new", _("提意见")),
    )
)
COMMENTS = PublicSide(
    form=PublicForm(CommentForm, file, "institutions/comment.html", ready=_any_organ),
    acts=OWN_ACTS,
    done={"add": _("已经补充。")},
    repeatable=frozenset({"add"}),
    catalogue=published(Comment.KIND, COMMENT_ACTS, _("公众意见和答复")),
    letters=LetterBook(
        (Letter("comment_answered", _("意见答复"), "，{organ}的答复是：{label}。{reason}"),),
        opening="您好：\n    您对《{title}》提出的意见（{number}）",
        closing="\n{organ}\n{day}",
        words=lambda comment: {
            "title": comment.text.regulation.title,
            "label": str(comment.get_outcome_display()),
        },
    ),
    unmask=lambda comment: COMMENT_ACTS["unmask"],
    texts=lambda comment: {_("您的意见"): comment.body},
    cleared=lambda comment: Publication.objects.public().about(comment.KIND, comment.pk).exists(),
)

"""How citizens comment on a draft: which drafts are open, the form, and what filing one does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import log
from citizens.filing.forms import PersonForm
from citizens.filing.receipt import Filed, take_in
from institutions import events
from institutions.acts.base import TO_ANSWER
from institutions.acts.regulation_forms import ClauseField
from institutions.acts.texts import TIME_TO_ANSWER
from institutions.models import RegulationText, TextState
from institutions.models.comment import Comment
from institutions.wording import article_number
from massline import crypto
from massline.acts import Invalid
from massline.texts import text_field
from massline.time import local_day, today
from records.models import Publication
from responsibility import obligations


def open_drafts() -> list[RegulationText]:
    """Returns the drafts on which the public may comment today: published, and their days not over (Shanghai)."""
    published = Publication.objects.public().filter(source_kind=RegulationText.KIND, source_id=OuterRef("pk"))
    texts = RegulationText.objects.with_comments().filter(Exists(published), state=TextState.COMMENTING)
    found = texts.select_related("regulation", "organ").order_by("pk")
    return [text for text in found if (last := text.last_comment_day) and last >= today()]


class CommentForm(PersonForm):
    """A comment on one of the open drafts."""

    draft = forms.ChoiceField(
        label=gettext_lazy("对哪份征求意见稿"), required=False, help_text=gettext_lazy("只有一份的，不用选")
    )
    article = ClauseField(
        label=gettext_lazy("对哪一条"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("如“第三条”；不填是对全文"),
    )
    body = text_field(gettext_lazy("您的意见"), rows=6)
    field_order = ("draft", "article", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = {text.number: text for text in open_drafts()}
        choices = [(number, text.regulation.title) for number, text in self.drafts.items()]
        self.fields["draft"].choices = [("", gettext_lazy("请选择")), *choices]  # type: ignore[attr-defined]

    def clean_draft(self) -> str:
        number: str = self.cleaned_data["draft"]
        if not self.drafts:
            raise ValidationError(_("现在没有正在公开征求意见的文件"))
        if not number and len(self.drafts) != 1:
            raise ValidationError(_("请选择是哪一份征求意见稿"))
        return number or next(iter(self.drafts))

    def clean_article(self) -> str:
        """Returns the key of the article."""
        typed, text = self.cleaned_data["article"], self.drafts.get(self.cleaned_data.get("draft", ""))
        if not typed or text is None:
            return ""
        keys = {article_number(one.heading): one.key for one in text.articles or ()}
        if typed not in keys:
            raise ValidationError(_("这份征求意见稿没有“%(article)s”，请照稿上的条号填写"), params={"article": typed})
        return keys[typed]


def file(data: Mapping[str, Any]) -> Filed:
    """Files a comment; the organ owes its answer by the time at which it has to answer all of them."""
    at, code = timezone.now(), crypto.new_code()
    text = next((one for one in open_drafts() if one.number == data["draft"]), None)
    if text is None:
        raise Invalid({"draft": [_("这份征求意见稿已经截止")]})
    number = Comment.numbers().draw(at)
    log.record(events.COMMENTED, subject=log.Subject(Comment.KIND, number), facts={"at": at.isoformat()})
    filing = take_in(Comment.KIND, data, code=code, region=text.organ.region_id)
    made = Comment.objects.create(
        number=number,
        organ=text.organ,
        category=text.category,
        filing=filing,
        text=text,
        article=data["article"],
        body=data["body"],
        received_at=at,
    )
    assert text.last_comment_day is not None
    days = (text.last_comment_day + TIME_TO_ANSWER - local_day(at)).days
    owed = obligations.open_(made.matter, TO_ANSWER, made.chain_subject(), at, days=days)
    return Filed(filing, number, code, at, [owed])

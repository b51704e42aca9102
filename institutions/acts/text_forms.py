"""The forms of acts on texts whose input has logic of its own."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions.acts.base import TO_COMMENT
from institutions.models import RegulationText
from institutions.wording import MAX_LENGTH, article_number, read_articles
from massline.days import DayField
from massline.inputs import ActForm
from massline.texts import LineField, ReasonField, TextField
from responsibility.rules import rule

NEW = "new"
DOCUMENT_NUMBER = re.compile(r"[\w〔〕\[\]（）()·-]{2,50}号")
LONGEST_COMMENT = 180


class WordingField(TextField):
    """A whole text, sent as people write it; clean, the headings and words of its articles."""

    def __init__(self) -> None:
        super().__init__(
            label=_("全文"),
            max_length=MAX_LENGTH,
            help_text=_("每一条另起一行，以“第一条”这样的条号开头；不得填写国家秘密、工作秘密"),
            widget=forms.Textarea(attrs={"rows": 16}),
        )

    def clean(self, value: Any) -> Any:
        return read_articles(super().clean(value))


class DocumentNumberField(LineField):
    """A number of documents (文号), as organs write it: 试政规〔2026〕3号."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not DOCUMENT_NUMBER.fullmatch(number):
            raise ValidationError(_("请写完整的文号，如“×政规〔2026〕3号”"))
        return number


class AmendForm(ActForm):
    """The whole text anew; the program proposes which article is which."""

    wording = WordingField()


class MatchForm(ActForm):
    """One article of the draft, and the article in force that it rewords."""

    article = forms.ChoiceField(label=_("草案的哪一条"))
    was = forms.ChoiceField(label=_("对应原文的哪一条"))

    def prepare(self) -> None:
        self.fields["article"].choices = _articles(self.record.articles)  # type: ignore[attr-defined]
        before = RegulationText.objects.last_promulgated(self.record.regulation)
        self.fields["was"].choices = [  # type: ignore[attr-defined]
            (NEW, _("新增，原文没有")),
            *_articles(before.articles if before else ()),
        ]


def _articles(articles: Any) -> list[tuple[str, str]]:
    return [(one.key, f"{article_number(one.heading)} {one.text[:20]}") for one in articles or ()]


class ConfirmsMatches(ActForm):
    """Asks to confirm which article rewords which (条文对应), where that was not certain."""

    confirmed = forms.BooleanField(
        label=_("已核对新旧条文的对应"), required=False, help_text=_("程序推荐，由人确认；不对的请先用“改正条文对应”")
    )

    def prepare(self) -> None:
        if self.record is not None and self.record.keys_confirmed:
            del self.fields["confirmed"]

    def clean(self) -> dict[str, Any]:
        if "confirmed" in self.fields and not self.cleaned_data.get("confirmed"):
            self.add_error("confirmed", _("请核对新旧条文的对应，再勾选确认"))
        return self.cleaned_data


class SubmitForm(ConfirmsMatches):
    """Why the public is not asked."""

    reason = ReasonField(label=_("为什么不公开征求意见"), help_text=_("不得用拆分文件的办法回避征求意见"))


class OpenCommentForm(ConfirmsMatches):
    """For how long the public is asked; for less than the statute says, with the reason."""

    days = forms.IntegerField(label=_("征求意见多少日"), min_value=1, max_value=LONGEST_COMMENT, initial=30)
    reason = ReasonField(
        label=_("缩短的理由"), required=False, help_text=_("少于三十日的必填：《重大行政决策程序暂行条例》第十五条")
    )

    def clean(self) -> dict[str, Any]:
        data, least = super().clean(), rule(TO_COMMENT).value or 0
        if data.get("days", least) < least and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("少于 %(days)s 日的，请说明为什么需要缩短") % {"days": least})
        return data


class PromulgateForm(ActForm):
    """Number, first and last day of a text."""

    document_number = DocumentNumberField(label=_("文号"), max_length=60, help_text=_("本单位内不能重复"))
    since = DayField(label=_("自哪一天起施行"))
    expires = DayField(
        label=_("有效期至"), required=False, help_text=_("最后一个有效的日子；不填则没有期限。到期自动失效")
    )

    def prepare(self) -> None:
        if self.record is not None and self.record.regulation.expires:
            self.initial["expires"] = self.record.regulation.expires

    def clean_document_number(self) -> str:
        number: str = self.cleaned_data["document_number"]
        if RegulationText.objects.filter(organ=self.record.organ, document_number=number).exists():
            raise ValidationError(_("本单位已有文件使用这个文号，请核对"))
        return number

    def clean(self) -> dict[str, Any]:
        since, expires = self.cleaned_data.get("since"), self.cleaned_data.get("expires")
        if since and expires and expires < since:
            self.add_error("expires", _("不能早于施行的日子"))
        return self.cleaned_data

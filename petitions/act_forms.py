"""What each act on a petition asks for."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from massline.texts import LineField, ReasonField
from massline.time import today
from petitions import categories
from petitions.identity import SealedIdentity
from petitions.models import Demand, Outcome, Purpose, RatedObject
from petitions.work import work_of
from responsibility.models import Appointment, Organ, OrganKind, Post, Region
from responsibility.people import one_each
from responsibility.rules import rule

LONG = 4000


def says_something(text: str) -> None:
    """Letters, digits or signs: a title of characters that nobody sees is no title, and no link in the ledger."""
    if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise ValidationError(forms.Field.default_error_messages["required"], code="required")


def text_field(label: Any, *, required: bool = True, rows: int = 4, hint: Any = "") -> forms.CharField:
    """Free text as the interchange form has it: at most 4000 characters."""
    return forms.CharField(
        label=label, required=required, max_length=LONG, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}),
        validators=[says_something],
    )  # fmt: skip


def category_choices() -> list[Any]:
    """The three levels as groups of one list: what a page without script offers."""
    groups: list[Any] = [("", _("请选择"))]
    for first in categories.tree():
        leaves = [
            (leaf["code"], leaf["name"] if leaf is second else f"{second['name']} / {leaf['name']}")
            for second in first["children"] or [first]
            for leaf in second["children"] or [second]
        ]
        groups.append((first["name"], leaves))
    return groups


class CategorySelect(forms.Select):
    """The list of classes; each carries its everyday words for the finder, which only a script shows."""

    def __init__(self) -> None:
        super().__init__()
        self.choices: Any = category_choices  # made when shown: REST fills this form and shows none

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        words = categories.words(str(value))
        if words:
            option["attrs"]["data-words"] = words
        return option


class CategoryField(LineField):
    """A content class (内容分类) by its six-digit code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("内容分类"))
        super().__init__(max_length=6, **kwargs)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not categories.exists(code):
            raise ValidationError(_("没有这个内容分类，请从列表中选择"))
        return code


class OrganField(forms.ModelChoiceField):
    """An organ by its code. None is chosen beforehand: what is sent by mistake lands on somebody else's desk."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organ.objects.none(), to_field_name="code", empty_label=_("请选择"), **kwargs)


class RegionField(forms.ModelChoiceField):
    """A region by its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("问题发生在哪个地方"))
        super().__init__(
            Region.objects.served().order_by("code"), to_field_name="code", empty_label=_("请选择"), **kwargs
        )


class ActForm(forms.Form):
    """A form that knows the record it acts on."""

    def __init__(self, data: Any, record: Demand) -> None:
        super().__init__(data)
        self.record = record
        self.prepare()

    def prepare(self) -> None:
        """Fills in choices that depend on the record."""


class RegisterForm(ActForm):
    category = CategoryField()
    region = RegionField(label=_("问题属地"))
    purpose = forms.ChoiceField(
        label=_("信访目的"), choices=Purpose.choices, help_text=_("发现是检举控告的，不要登记，请办理“移送检举控告”")
    )

    def prepare(self) -> None:
        self.fields["category"].widget = CategorySelect()
        self.initial = {
            "category": self.record.category,
            "region": self.record.petition.region.code,
            "purpose": self.record.purpose,
        }


class ForwardForm(ActForm):
    organ = OrganField(label=_("转送到"))
    note = text_field(_("转办意见"), required=False, rows=2)

    def prepare(self) -> None:
        self.fields["organ"].queryset = (  # type: ignore[attr-defined]
            Organ.objects.filter(valid_until=None, pk__in=Post.objects.values("organ"))
            .exclude(kind__in=(OrganKind.PETITION_OFFICE, OrganKind.DISCIPLINE))
            .order_by("id")
        )


class ObjectForm(ActForm):
    reason = text_field(_("异议理由"), hint=_("写明依据哪一条职责规定不属于本单位"))


class DecideObjectionForm(ActForm):
    agree = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("true", _("异议成立，收回重新转办")), ("false", _("异议不成立，仍由该单位办理"))],
        coerce=lambda value: value == "true",
        widget=forms.RadioSelect,
    )
    reason = text_field(_("决定理由"), rows=3)

    def __init__(self, data: Any, record: Demand) -> None:
        if data is not None and isinstance(data.get("agree"), bool):
            data = {**data, "agree": str(data["agree"]).lower()}
        super().__init__(data, record)


class DeclineForm(ActForm):
    reason = text_field(_("不予受理的理由"))
    where_to_go = text_field(_("应当向哪里提出"), rows=2, hint=_("写明机关名称、法定途径和办理程序（第二十三条）"))


class AssignForm(ActForm):
    handler = forms.ChoiceField(label=_("经办人"))

    def prepare(self) -> None:
        work = work_of(self.record)
        sitting = (
            Appointment.objects.sitting(today())
            .filter(post__organ=self.record.organ_id)
            .exclude(user__in=work.recused)
            .select_related("user", "post")
            .order_by("post__is_top", "post_id", "kind")
        )
        held = one_each(sitting)
        self._posts = {a.user.username: a.post for a in held}
        self.fields["handler"].choices = [  # type: ignore[attr-defined]
            (a.user.username, f"{a.user.name}（{a.post.name}）") for a in held
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "handler" in data:
            data["post"] = self._posts[data["handler"]]
        return data


class AnswerForm(ActForm):
    outcome = forms.ChoiceField(label=_("处理结论"), choices=Outcome.choices, widget=forms.RadioSelect)
    text = text_field(
        _("处理意见"), rows=10, hint=_("写明信访人的请求、事实和理由、处理意见及其法律依据（第三十二条）")
    )


class ExtendForm(ActForm):
    days = forms.IntegerField(
        label=_("延长多少日"),
        min_value=1,
        max_value=rule("XF07").maximum,
        initial=rule("XF07").maximum,
        help_text=_("最多三十日，只能延长一次"),
    )
    reason = text_field(_("延长理由"), rows=3, hint=_("写明情况复杂在哪里；理由会告知信访人"))


class ReturnForm(ActForm):
    reason = text_field(_("退回理由"), rows=3)


class WriteOffForm(ActForm):
    evidence = text_field(_("核实情况"), hint=_("写明怎样核实、看到了什么：回访记录、现场情况、文书等"))


class NoteForm(ActForm):
    text = text_field(_("备注"), rows=3, hint=_("只有办理人员看得到"))


class AskForm(ActForm):
    question = text_field(_("要向信访人了解的情况"), rows=3)


IDENTITY_LABELS = {
    "name": _("姓名"),
    "phone": _("电话"),
    "id_number": _("身份证号码"),
    "email": _("电子邮箱"),
    "address": _("通信地址"),
}
IDENTITY_CHOICES = [(name, IDENTITY_LABELS[name]) for name in SealedIdentity.FIELDS]


class UnmaskForm(ActForm):
    # A class attribute `fields` would hide the form's own, so this input is declared when the form is made.
    def prepare(self) -> None:
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("要查看的内容"), choices=IDENTITY_CHOICES, widget=forms.CheckboxSelectMultiple
        )
        self.fields["reason"] = ReasonField(
            label=_("查看理由"), max_length=LONG, help_text=_("至少十个字；每次查看都会记入日志")
        )


class SupplementForm(ActForm):
    text = text_field(_("补充说明"), rows=5)


class WithdrawForm(ActForm):
    reason = text_field(_("撤回的原因"), rows=3)


class RateForm(ActForm):
    SCORES = ((5, _("非常满意")), (4, _("满意")), (3, _("基本满意")), (2, _("不满意")), (1, _("非常不满意")))

    object = forms.ChoiceField(label=_("评价对象"), choices=RatedObject.choices, widget=forms.RadioSelect)
    score = forms.TypedChoiceField(label=_("评价"), choices=SCORES, coerce=int, widget=forms.RadioSelect)
    reason = text_field(_("说说原因"), required=False, rows=3)

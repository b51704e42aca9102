"""The forms of whistles: the first call, and the acts on one of the organs that are called."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inspection.whistles.calling import possible_calls
from inspection.whistles.models import MAX_CALLED, CallState, WhistleCall, Worth
from massline.days import DayField
from massline.inputs import ActForm
from massline.texts import LineField, ReasonField, text_field
from responsibility.class_fields import CategoryField
from responsibility.models import Organ
from responsibility.people import HeldPost
from responsibility.pickers import OrganField

ABSENT = "absent"


class WhistleForm(forms.Form):
    """The matter, and the first organ that is called; others are called on the whistle's page."""

    title = LineField(label=_("什么事"), max_length=100)
    matter_text = text_field(_("需要解决什么，到哪里会合"), rows=4, hint=_("不写群众的姓名和联系方式"))
    category = CategoryField(unsure=_("不分类"))
    organ = OrganField(label=_("请哪个单位"), help_text=_("其他单位在吹哨以后再请"))
    come_by = DayField(label=_("最迟哪天到场"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: HeldPost | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if held is not None:
            self.fields["organ"].offer(possible_calls(Organ.objects.get(pk=held.organ)))  # type: ignore[attr-defined]


class CallForm(ActForm):
    """One more organ that is called."""

    organ = OrganField(label=_("请哪个单位"))
    come_by = DayField(label=_("最迟哪天到场"))

    def prepare(self) -> None:
        if self.record is not None:
            here = [one.organ_id for one in self.record.called]
            self.fields["organ"].offer(possible_calls(self.record.organ).exclude(pk__in=here))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if len(self.record.called) >= MAX_CALLED:
            raise ValidationError(_("一次吹哨最多请 %(most)s 个单位"), params={"most": MAX_CALLED})
        return self.cleaned_data


class CalledForm(ActForm):
    """Chooses one of the calls that an act offers to a person; one alone is chosen already."""

    organ = forms.ChoiceField(label=_("哪个单位"), required=False)

    def offer(self, calls: list[WhistleCall]) -> None:
        self._calls = {one.organ.code: one for one in calls}
        field: Any = self.fields["organ"]
        field.required = len(calls) > 1
        choose = [("", _("请选择"))] if field.required else []
        field.choices = [*choose, *((code, one.organ.called) for code, one in self._calls.items())]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "organ" in data:
            data["organ"] = self._calls[data["organ"] or next(iter(self._calls))]
        return data


class ComeForm(CalledForm):
    """What the organ does on the spot: one fact by which that can be checked."""

    fact = text_field(_("谁到场、做了什么"), rows=3, hint=_("写一个乡镇街道可以核对的事实，不用另交照片、台账"))


class CannotForm(CalledForm):
    reason = ReasonField(label=_("不能到场的理由"), max_length=1000)


class DirectForm(CalledForm):
    """What the organ above decides about one that said that it cannot come."""

    comes = forms.ChoiceField(
        label=_("决定"), choices=[("yes", _("仍须到场")), ("no", _("同意不到场"))], widget=forms.RadioSelect
    )
    words = text_field(_("怎样安排"), rows=3)


class RateForm(CalledForm):
    """What it was worth that an organ came; or that it did not, though it says so."""

    worth = forms.ChoiceField(
        label=_("到场解决问题了吗"), choices=[*Worth.choices, (ABSENT, _("没有到场"))], widget=forms.RadioSelect
    )
    words = text_field(_("说明"), required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        one = data.get("organ")
        if one and data.get("worth") == ABSENT and one.state != CallState.CAME:
            self.add_error("worth", _("它还没有说已经报到，不用写；过期没有到场的，由它的上级过问"))
        return data

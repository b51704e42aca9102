"""The form of clearing (保密审查): the result, what was checked, and the words, which the clearer may only shorten."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from massline.inputs import ActForm
from massline.texts import ReasonField, text_field
from records.publishing.duty import organ_above
from records.publishing.labels import words_of
from records.publishing.models import Ground, PublicationState, Result

MASKS = frozenset("×*＊█○")
"""With these a clearer may cover what was there."""
REFERRED = PublicationState.REFERRED
WORD = "word_"
"""Before the name of a text among the form's fields."""
ABOVE, OUTSIDE = "above", "outside"


def is_shortened(new: str, old: str) -> bool:
    """Tells whether a text says nothing that the old one did not: letters were taken away or covered, none added."""
    rest = iter(old)
    return all(letter in rest for letter in new if letter not in MASKS and not letter.isspace())


class ClearForm(ActForm):
    result = forms.ChoiceField(
        label=_("审查结果"), choices=[*Result.choices, (REFERRED.value, _("送审"))], widget=forms.RadioSelect
    )
    grounds = forms.MultipleChoiceField(
        label=_("审查内容"),
        choices=Ground.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("公开和部分公开须逐项确认。"),
    )
    reason = ReasonField(
        label=_("理由"),
        max_length=1000,
        required=False,
        help_text=_("部分公开、不公开和送审须说明理由，申请人会看到。"),
    )
    refer_to = forms.ChoiceField(
        label=_("送审至"),
        choices=[(ABOVE, _("上一级保密审查机构")), (OUTSIDE, _("有关主管部门或者保密行政管理部门（平台以外）"))],
        required=False,
        help_text=_("只在送审时选择。"),
    )

    def prepare(self) -> None:
        """Adds the words as they were proposed. What is not sent stays as it was."""
        for word in words_of(self.record) if self.record else ():
            field = text_field(word.label, required=False)
            field.initial = word.text
            field.help_text = _("部分公开时可以删减，或者用 × 遮盖；不能添加。")
            self.fields[WORD + word.name] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check = {
            Result.PUBLIC: self._check_public,
            Result.PARTLY_PUBLIC: self._check_partly,
            Result.REFUSED: self._check_reason,
            REFERRED: self._check_referral,
        }.get(data.get("result", ""))
        data["words"] = {name: text for name, old in self.record.words.items() if (text := self._word(data, name, old))}
        if check:
            check(data)
        return data

    def _word(self, data: dict[str, Any], name: str, old: str) -> str:
        """Returns a text as it was sent; one that was not sent stays as it was proposed."""
        return str(data.get(WORD + name, "")) if WORD + name in self.data else old

    def _check_grounds(self, data: dict[str, Any]) -> None:
        if set(data.get("grounds", ())) != set(Ground.values):
            self.add_error("grounds", _("公开以前，三项都要确认"))

    def _check_reason(self, data: dict[str, Any]) -> None:
        if not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("请说明理由"))

    def _check_public(self, data: dict[str, Any]) -> None:
        self._check_grounds(data)
        if data["words"] != self.record.words:
            self.add_error("result", _("内容有删减，请选择“部分公开”"))

    def _check_partly(self, data: dict[str, Any]) -> None:
        self._check_grounds(data)
        self._check_reason(data)
        old, new = self.record.words, data["words"]
        for name, text in new.items():
            if not is_shortened(text, old[name]):
                self.add_error(WORD + name, _("这里只能删减或者遮盖，不能添加内容"))
        if new == old:
            self.add_error("result", _("部分公开须删减内容；没有删减的请选择“公开”"))
        title = words_of(self.record)[0].name
        if title not in new:
            self.add_error(WORD + title, _("第一项是公开时的标题，不能删空"))

    def _check_referral(self, data: dict[str, Any]) -> None:
        self._check_reason(data)
        if not data.get("refer_to"):
            self.add_error("refer_to", _("请选择送审至哪里"))
        elif data["refer_to"] == ABOVE and organ_above(self.record.organ) is None:
            self.add_error("refer_to", ValidationError(_("本平台上没有上一级保密审查机构，请选择平台以外")))

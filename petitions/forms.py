"""What a citizen, or a clerk for them, fills in."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from massline.entry_rows import CountedRows
from massline.texts import EmailField, LineField, has_visible_text, text_field
from massline.time import today
from petitions.act_forms import RegionField
from petitions.models import Channel, ComplainedKind, Purpose, TellBy
from petitions.persons import MOST_PERSONS, MOST_REPRESENTATIVES
from petitions.receiving import REACHED_BY, check_postmark, check_received, way_to_tell
from responsibility.class_fields import CategoryField

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
IN_PLAIN_WORDS = (
    (Purpose.REQUEST, _("请求解决问题")),
    (Purpose.APPEAL, _("对已有的处理不服，请求重新处理")),
    (Purpose.SUGGESTION, _("提意见、提建议")),
    (Purpose.CONSULTATION, _("咨询政策、打听情况")),
    (Purpose.OTHER, _("其他")),
)
"""The purposes as a citizen would say them."""
NO_OFFICE = _("这个地方还没有受理信访的机构，请选择上一级地区")
COMPLAINED_ROWS = 3
COMPLAINED_MAX = 10


def valid_id_number(text: str) -> bool:
    """Whether the check digit of a citizen's number is right (GB 11643, ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11] == text[17]


class PhoneField(LineField):
    """A phone number that can be dialled in China; kept as digits with the country code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=32, **kwargs)
        self.widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "CN")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_("请填写能打通的电话号码，例如 13912345678 或 010-12345678"))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class FilingForm(forms.Form):
    """The petition form: what happened, where, what is wanted, and how to answer."""

    purpose = forms.ChoiceField(label=_("您想做什么"), choices=IN_PLAIN_WORDS, widget=forms.RadioSelect)
    title = LineField(
        label=_("标题"), max_length=100, help_text=_("用一句话说明是什么事"), validators=[has_visible_text]
    )
    body = text_field(_("事情经过"), rows=8, hint=_("什么时候、在哪里、发生了什么、您找过谁、结果怎样"))
    category = CategoryField(help_text=_("选不准也没关系，登记时工作人员会核对"))
    wish = text_field(_("您的诉求"), required=False, rows=3, hint=_("希望怎样解决"))
    region = RegionField()
    place = LineField(label=_("具体地点"), max_length=200, required=False, help_text=_("街道、小区、门牌等"))
    name = LineField(
        label=_("姓名"), max_length=64, validators=[has_visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = PhoneField(label=_("电话"))
    tell_by = forms.ChoiceField(
        label=_("怎样告知您"), choices=TellBy.choices, initial=TellBy.SMS, widget=forms.RadioSelect
    )
    email = EmailField(
        label=_("电子邮箱"), required=False, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    id_number = LineField(
        label=_("身份证号码"), required=False, max_length=18, help_text=_("不是必填，填写后便于核实身份")
    )
    address = LineField(
        label=_("通信地址"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    persons = forms.IntegerField(
        label=_("一共多少人"),
        required=False,
        min_value=1,
        max_value=MOST_PERSONS,
        help_text=_("包括您本人"),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("人数应当是 1 到 9999 之间的整数")),
    )
    nonce = LineField(required=False, max_length=64, widget=forms.HiddenInput)
    altcha = LineField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_id_number(self) -> str:
        text = self.cleaned_data["id_number"].replace(" ", "").upper()
        if text and not valid_id_number(text):
            raise ValidationError(_("身份证号码不对，请核对每一位数字"))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("tell_by") == TellBy.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("选择用电子邮件告知，请填写电子邮箱"))
        if data.get("tell_by") == TellBy.LETTER and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("选择用书面信函告知，请填写通信地址"))
        return data


class DayField(forms.DateField):
    """A day that may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, widget=widget, **kwargs)


NEEDED = {
    "phone": _("没有填写电话，不能用短信、电话告知；有通信地址的请选择书面信函"),
    "email": _("选择用电子邮件告知，请填写电子邮箱"),
    "address": _("选择用书面信函告知，请填写通信地址"),
}
"""What is said when the way of telling needs something that is not there."""


UNLESS_A_LETTER: dict[str, Any] = {"required": False, "help_text": _("来信没有写明的不填")}
"""Demanded of every other way by which it came."""


class ClerkFilingForm(FilingForm):
    """A letter, visit or phone call, entered by the organ that received it (Art. 21, 23: everything is entered)."""

    channel = forms.ChoiceField(
        label=_("信访形式"), choices=[c for c in Channel.choices if c[0] != Channel.WEB], widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label=_("信访目的"), choices=Purpose.choices, widget=forms.RadioSelect)
    name = LineField(
        label=_("姓名"), max_length=64, validators=[has_visible_text], **UNLESS_A_LETTER,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = PhoneField(label=_("电话"), **UNLESS_A_LETTER)
    organ = forms.ChoiceField(label=_("收到的单位"), required=False)
    received_on = DayField(label=_("收到日期"), help_text=_("期限从收到之日起算；不填即为今天"))
    sure = forms.BooleanField(label=_("收到日期核对无误"), required=False)
    postmarked_on = DayField(label=_("邮戳日期"), help_text=_("来信才填，看不清的不填"))
    field_order = ("organ", "channel", "received_on", "sure", "postmarked_on")

    def __init__(self, *args: Any, organs: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organ"]
        choice.choices = organs
        if len(organs) < 2:
            del self.fields["organ"]
        if not self.is_bound:
            self.initial["received_on"] = today()
        if not self.data.get("sure"):
            self.fields["sure"].widget = forms.HiddenInput()
        # A clerk writes about somebody else, and what they enter is registered as it is: nobody looks at it again.
        self.fields["category"].help_text = ""
        self.fields["persons"].label, self.fields["persons"].help_text = _("信访人数"), _("不填即为一人")
        self.fields["wish"].label, self.fields["tell_by"].label = _("诉求"), _("告知方式")

    def clean(self) -> dict[str, Any]:
        data = super(FilingForm, self).clean() or {}
        if data.get("channel") != Channel.LETTER:
            data["postmarked_on"] = None
            for name in ("name", "phone"):
                if not data.get(name) and name not in self.errors:
                    message = self.fields[name].error_messages["required"]
                    self.add_error(name, ValidationError(message, code="required"))
        self._check("received_on", lambda day: check_received(day, bool(data.get("sure"))))
        self._check("postmarked_on", lambda day: check_postmark(day, data.get("received_on")))
        if "tell_by" in data and not self.errors.keys() & set(REACHED_BY.values()):
            self._check_way(data)
        return data

    def _check(self, name: str, check: Callable[[date], None]) -> None:
        day = self.cleaned_data.get(name)
        if day is None:
            return
        try:
            check(day)
        except ValidationError as error:
            self.add_error(name, error)
            if error.code == "old":
                self.fields["sure"].widget = forms.CheckboxInput()

    def _check_way(self, data: dict[str, Any]) -> None:
        """Who gave no telephone is told by the address alone; who gave nothing cannot be told, which is said later."""
        way, needs = way_to_tell(data), REACHED_BY[data["tell_by"]]
        if way is None:
            self.add_error("tell_by" if needs == "phone" else needs, NEEDED[needs])
        else:
            data["tell_by"] = way


class ComplainedForm(forms.Form):
    """One person or unit complained about (被反映人或单位)."""

    each, one_more = _("单位或个人"), _("再加一个单位或个人")

    kind = forms.ChoiceField(
        label=_("单位还是个人"), choices=ComplainedKind.choices, initial=ComplainedKind.ORGAN, required=False
    )
    name = LineField(label=_("名称或姓名"), max_length=64, required=False)
    organ = LineField(label=_("所在单位"), max_length=64, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("organ") and not data.get("name"):
            self.add_error("name", _("请写明被反映的单位名称或个人姓名"))
        data["kind"] = data.get("kind") or ComplainedKind.ORGAN
        return data


class RepresentativeForm(forms.Form):
    """One more representative of the group (代表), besides whoever files."""

    each, one_more = pgettext_lazy("一行", "其他代表"), _("再加一名代表")

    name = LineField(label=_("代表姓名"), max_length=64, required=False)
    phone = PhoneField(label=_("代表电话"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("phone") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("请写明代表的姓名"))
        return data


class NamedOnly(CountedRows):
    """Rows that were left empty say nothing."""

    def named(self) -> list[dict[str, str]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]


ComplainedFormSet = forms.formset_factory(
    ComplainedForm,
    formset=NamedOnly,
    extra=COMPLAINED_ROWS,
    max_num=COMPLAINED_MAX,
    absolute_max=COMPLAINED_MAX,
    validate_max=True,
)


OTHERS = MOST_REPRESENTATIVES - 1
TOO_MANY = _("代表最多五名，提交人本人也算一名（《信访工作条例》第二十条）")
FEWER_PERSONS = _("一共 %(persons)s 人，却有 %(named)s 名代表（包括提交人本人），请核对人数")
RepresentativeFormSet = forms.formset_factory(
    RepresentativeForm, formset=NamedOnly, extra=OTHERS, max_num=OTHERS, absolute_max=OTHERS + 1, validate_max=True
)
RepresentativeFormSet.default_error_messages = NamedOnly.default_error_messages | {"too_many_forms": TOO_MANY}


def besides(data: Mapping[str, Any], named: list[dict[str, str]]) -> list[dict[str, str]]:
    """The representatives without whoever files, should they have written themselves down too."""
    own = (data.get("name"), data.get("phone"))
    return [one for one in named if one["name"] != own[0] or one.get("phone", "") not in ("", own[1])]


def check_persons(persons: int | None, others: int) -> None:
    """There are at least as many people as representatives, and at most five of these."""
    if others > OTHERS:
        raise ValidationError(TOO_MANY)
    if others and others >= (persons or 1):
        raise ValidationError(FEWER_PERSONS % {"persons": persons or 1, "named": others + 1})


class FilingSheet:
    """The whole of what is filled in: the form, who is complained about, who else represents the group."""

    def __init__(self, form: type[FilingForm], data: Any = None, **more: Any) -> None:
        self.form = form(data, initial={"nonce": uuid4().hex}, **more)
        self.complained: Any = ComplainedFormSet(data, prefix="complained")
        given = data if data is not None and "representatives-TOTAL_FORMS" in data else None
        self.representatives: Any = RepresentativeFormSet(given, prefix="representatives")

    def is_valid(self) -> bool:
        others = self.representatives
        valid = self.form.is_valid() & self.complained.is_valid() & (not others.is_bound or others.is_valid())
        if "persons" in self.form.cleaned_data:
            try:
                check_persons(self.form.cleaned_data["persons"], len(self._others()))
            except ValidationError as error:
                self.form.add_error("persons", error)
                valid = False
        return valid

    def _others(self) -> list[dict[str, str]]:
        others = self.representatives
        return besides(self.form.cleaned_data, others.named()) if others.is_bound and others.is_valid() else []

    def data(self) -> dict[str, Any]:
        """What filing takes of a valid sheet."""
        return {
            **self.form.cleaned_data,
            "complained_about": self.complained.named(),
            "representatives": self._others(),
        }

    def context(self) -> dict[str, Any]:
        """For the templates; `together` says whether the part about a group has something in it."""
        others = self.representatives
        together = (
            self.form["persons"].value() not in (None, "", 1, "1")
            or others.total_error_count()
            or (others.is_bound and any(form.has_changed() for form in others))
        )
        return {
            "form": self.form,
            "complained": self.complained,
            "representatives": others,
            "several": (self.complained, others),
            "together": bool(together) or "persons" in self.form.errors,
        }


class TrackForm(forms.Form):
    number = LineField(
        label=_("信访编号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    tracking_code = LineField(
        label=_("查询码"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

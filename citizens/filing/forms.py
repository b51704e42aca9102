"""The forms that every filing has: the person who files, the people complained about, the representatives."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citizens.filing.contact_fields import IdNumberField, PhoneField
from citizens.models import ComplainedKind, TellBy
from citizens.models.filings import MAX_REPRESENTATIVES
from massline.drafts.box import box_of
from massline.drafts.content import Content
from massline.drafts.forms import show_draft
from massline.entry_rows import CountedRows
from massline.hanzi import folded_name
from massline.phone_numbers import takes_messages
from massline.texts import EmailField, LineField, has_visible_text
from massline.unjudged import leave_unjudged

COMPLAINED_ROWS = 3
MAX_COMPLAINED = 10
MAX_OTHERS = MAX_REPRESENTATIVES - 1
NO_SMS = _("座机和带分机的号码收不到短信，请改选别的方式，或者填写手机号码")
TOO_MANY = _("代表最多五名，提交人本人也算一名（《信访工作条例》第二十条）")
FEWER_PERSONS = _("一共 %(persons)s 人，却有 %(named)s 名代表（包括提交人本人），请核对人数")


class PersonForm(forms.Form):
    """The person who files, and the way in which they want to be told. A kind adds the fields of the matter."""

    name = LineField(
        label=_("姓名"), max_length=64, validators=[has_visible_text],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = PhoneField(label=_("电话"))
    tell_by = forms.ChoiceField(
        label=_("怎样告知您"), choices=TellBy.choices, initial=TellBy.SMS, widget=forms.RadioSelect,
        help_text=_("短信只能发到手机"),
    )  # fmt: skip
    email = EmailField(
        label=_("电子邮箱"), required=False, max_length=254, help_text=_("选择用电子邮件告知的，才需要填写"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "data-way": TellBy.EMAIL.value}),
    )  # fmt: skip
    id_number = IdNumberField(
        label=_("身份证号码"), required=False, help_text=_("不是必填，填写后便于核实身份；没有身份证的填护照号码")
    )
    address = LineField(
        label=_("通信地址"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    nonce = LineField(required=False, max_length=64, widget=forms.HiddenInput)
    altcha = LineField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_sms(data)
        if data.get("tell_by") == TellBy.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("选择用电子邮件告知，请填写电子邮箱"))
        if data.get("tell_by") == TellBy.LETTER and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("选择用书面信函告知，请填写通信地址"))
        return data

    def check_sms(self, data: Mapping[str, Any]) -> None:
        """Refuses a way of telling by which nothing would ever come."""
        if data.get("tell_by") == TellBy.SMS and data.get("phone") and not takes_messages(data["phone"]):
            self.add_error("tell_by", NO_SMS)


PERSON = ("name", "phone", "tell_by", "email", "id_number", "address")
"""The fields of PersonForm about the person who files; in JSON they form an object of their own."""
HIDDEN = ("nonce", "altcha")
"""The fields that only the page has."""


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
    """One more representative of the group (代表), besides the person who files."""

    each, one_more = pgettext_lazy("一行", "其他代表"), _("再加一名代表")

    name = LineField(label=_("代表姓名"), max_length=64, required=False)
    phone = PhoneField(label=_("代表电话"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("phone") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("请写明代表的姓名"))
        return data


class NamedRows(CountedRows):
    """The rows of a list of names; empty rows are left out."""

    def named(self) -> list[dict[str, str]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]


ComplainedFormSet = forms.formset_factory(
    ComplainedForm,
    formset=NamedRows,
    extra=COMPLAINED_ROWS,
    max_num=MAX_COMPLAINED,
    absolute_max=MAX_COMPLAINED,
    validate_max=True,
)
RepresentativeFormSet = forms.formset_factory(
    RepresentativeForm,
    formset=NamedRows,
    extra=MAX_OTHERS,
    max_num=MAX_OTHERS,
    absolute_max=MAX_OTHERS + 1,
    validate_max=True,
)
RepresentativeFormSet.default_error_messages = NamedRows.default_error_messages | {"too_many_forms": TOO_MANY}


def besides(data: Mapping[str, Any], named: list[dict[str, str]]) -> list[dict[str, str]]:
    """Returns the representatives without the person who files, in case they wrote themselves down too."""
    name, phone = folded_name(data.get("name") or ""), data.get("phone")
    return [one for one in named if folded_name(one["name"]) != name or one.get("phone", "") not in ("", phone)]


def check_persons(persons: int | None, others: int) -> None:
    """Raises ValidationError where there are fewer people than representatives, or more than five of these."""
    if others > MAX_OTHERS:
        raise ValidationError(TOO_MANY)
    if others and others >= (persons or 1):
        raise ValidationError(FEWER_PERSONS % {"persons": persons or 1, "named": others + 1})


class FilingSheet:
    """The whole sheet: the form, the people complained about, the other representatives of a group."""

    def __init__(self, form: type[forms.Form], data: Any = None, **more: Any) -> None:
        self.form = form(data, initial={"nonce": uuid4().hex}, **more)
        self.complained: Any = ComplainedFormSet(data, prefix="complained")
        given = data if data is not None and "representatives-TOTAL_FORMS" in data else None
        self.representatives: Any = RepresentativeFormSet(given, prefix="representatives")

    def show_draft(self, draft: Content) -> None:
        """Judges what was sent and refused; what was only typed so far is not judged."""
        if draft.faulty:
            self.is_valid()
        else:
            leave_unjudged(self.complained)
            leave_unjudged(self.representatives)
        show_draft(draft, self.form)

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
        """Returns the data of a valid sheet for filing."""
        return {
            **self.form.cleaned_data,
            "complained_about": self.complained.named(),
            "representatives": self._others(),
        }

    def context(self) -> dict[str, Any]:
        """Builds the context for templates; `together` says whether the part about a group is filled in."""
        others = self.representatives
        persons = self.form["persons"].value() if "persons" in self.form.fields else None
        together = (
            persons not in (None, "", 1, "1")
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


def sheet_with_draft(request: HttpRequest, build: Callable[[Any], FilingSheet]) -> FilingSheet:
    """Builds the sheet of this page, with what was typed into it before."""
    draft = box_of(request).find(request.path)
    sheet = build(draft.data if draft else None)
    if draft is not None:
        sheet.show_draft(draft)
    sheet.form.keeps_draft = True  # type: ignore[attr-defined]
    return sheet


class TrackForm(forms.Form):
    """The form for the number and tracking code of a record of any kind."""

    number = LineField(
        label=_("编号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    tracking_code = LineField(
        label=_("查询码"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

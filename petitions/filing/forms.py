"""The forms that citizens fill in, and clerks for them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citizens.filing.contact_fields import PhoneField
from citizens.filing.forms import PERSON, PersonForm
from citizens.telling.ways import REACHED_BY
from massline.days import DayField
from massline.texts import LineField, has_visible_text, text_field
from massline.time import today
from petitions.acts.forms import RegionField
from petitions.filing.day_received import check_postmark, check_received, way_to_tell
from petitions.models import ENTERED_CHANNELS, MAX_PERSONS, Channel, Purpose
from responsibility.class_fields import CategoryField

IN_PLAIN_WORDS = (
    (Purpose.REQUEST, _("请求解决问题（投诉、求助）")),
    (Purpose.APPEAL, _("对已有的处理不服，请求重新处理")),
    (Purpose.SUGGESTION, _("提意见、提建议")),
    (Purpose.CONSULTATION, _("咨询政策、打听情况")),
    (Purpose.OTHER, _("其他")),
)
"""The purposes in words that citizens use."""


class FilingForm(PersonForm):
    """The petition form: events, place, demand, and how the petitioner wants to be told."""

    purpose = forms.ChoiceField(label=_("您想做什么"), choices=IN_PLAIN_WORDS, widget=forms.RadioSelect)
    title = LineField(
        label=_("标题"), max_length=100, help_text=_("用一句话说明是什么事"), validators=[has_visible_text]
    )
    body = text_field(_("事情经过"), rows=8, hint=_("什么时候、在哪里、发生了什么、您找过谁、结果怎样"))
    category = CategoryField(unsure=_("我不清楚"), help_text=_("选不准也没关系，登记时由工作人员核对"))
    wish = text_field(_("您的诉求"), required=False, rows=3, hint=_("希望怎样解决"))
    region = RegionField()
    place = LineField(label=_("具体地点"), max_length=200, required=False, help_text=_("街道、小区、门牌等"))
    persons = forms.IntegerField(
        label=_("一共多少人"),
        required=False,
        min_value=1,
        max_value=MAX_PERSONS,
        help_text=_("包括您本人"),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("人数应当是 1 到 9999 之间的整数")),
    )
    field_order: tuple[str, ...] = (
        "purpose", "title", "body", "category", "wish", "region", "place", *PERSON, "persons"
    )  # fmt: skip


MISSING_CONTACT = {
    "phone": _("没有填写电话，不能用短信、电话告知；有通信地址的请选择书面信函"),
    "email": _("选择用电子邮件告知，请填写电子邮箱"),
    "address": _("选择用书面信函告知，请填写通信地址"),
}
"""The messages when the contact is missing that the chosen way of telling needs."""


OPTIONAL_IN_LETTERS: dict[str, Any] = {"required": False, "help_text": _("来信没有写明的不填")}
"""The arguments of fields that are optional in letters, and required for every other channel."""


OF_THE_PERSON = frozenset({*PERSON, "persons"})


class ClerkFilingForm(FilingForm):
    """The form for a letter, visit or phone call, entered by the organ that received it (Art. 21, 23: everything is
    entered)."""

    channel = forms.ChoiceField(label=_("信访形式"), choices=ENTERED_CHANNELS, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("信访目的"), choices=Purpose.choices, widget=forms.RadioSelect)
    name = LineField(
        label=_("姓名"), max_length=64, validators=[has_visible_text], **OPTIONAL_IN_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = PhoneField(label=_("电话"), **OPTIONAL_IN_LETTERS)
    category = CategoryField()
    organ = forms.ChoiceField(label=_("收到的单位"), required=False)
    received_on = DayField(label=_("收到日期"), required=False, help_text=_("期限从收到之日起算；不填即为今天"))
    sure = forms.BooleanField(label=_("收到日期核对无误"), required=False)
    postmarked_on = DayField(label=_("邮戳日期"), required=False, help_text=_("来信才填，看不清的不填"))
    field_order = ("organ", "channel", "received_on", "sure", "postmarked_on", *FilingForm.field_order)

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
        # A clerk writes about a third person, and the entry is registered as it is: no second official checks it.
        self.fields["persons"].label, self.fields["persons"].help_text = _("信访人数"), _("不填即为一人")
        self.fields["wish"].label, self.fields["tell_by"].label = _("诉求"), _("告知方式")

    @property
    def of_the_matter(self) -> list[forms.BoundField]:
        """The fields about the letter, visit or call and its matter."""
        return [field for field in self if field.name not in OF_THE_PERSON]

    @property
    def of_the_person(self) -> list[forms.BoundField]:
        """The fields about who petitions, and how they are told."""
        return [field for field in self if field.name in OF_THE_PERSON]

    def clean(self) -> dict[str, Any]:
        data = super(PersonForm, self).clean() or {}
        self.check_sms(data)
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
        """Checks that the chosen way of telling has its contact; a letter without any contact passes (see
        way_to_tell)."""
        way, needs = way_to_tell(data), REACHED_BY[data["tell_by"]]
        if way is None:
            self.add_error("tell_by" if needs == "phone" else needs, MISSING_CONTACT[needs])
        else:
            data["tell_by"] = way

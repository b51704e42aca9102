"""The form of what a regulation is and who answers for it, and those of acts on regulations with logic of their own."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions.acts.text_forms import WordingField
from institutions.models import Enforcement, Power
from institutions.wording import NUMERAL
from massline.days import DayField
from massline.inputs import ActForm
from massline.keys import key_of
from massline.texts import LineField, text_field
from massline.time import today
from responsibility.class_fields import CategoryField
from responsibility.models import Appointment, Organ, Region
from responsibility.pickers import OrganField, PersonField

CLAUSE = re.compile(f"第{NUMERAL}条")


class ClauseField(LineField):
    """The number of one article: 第十二条."""

    def clean(self, value: Any) -> Any:
        clause = super().clean(value)
        if clause and not CLAUSE.fullmatch(clause):
            raise ValidationError(_("请只写条号，如“第十二条”"))
        return clause


class Duties(forms.Form):
    """The three that every regulation has (三有), and what it is about."""

    category = CategoryField(unsure=_("不分类"))
    powers = forms.MultipleChoiceField(
        label=_("管什么权力"), choices=Power.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_hot_spot = forms.BooleanField(label=_("群众反映集中的热点"), required=False)
    owner = PersonField(by_post=True, label=_("执行主体"), help_text=_("负责落实、按期评估的岗位"))
    supervisor = PersonField(by_post=True, label=_("检查监督"), help_text=_("不能与执行主体是同一岗位"))
    accountability = ClauseField(
        label=_("问责条款"), max_length=20, help_text=_("文本里写明违反了怎样追究的那一条，如“第十二条”")
    )
    accountable_organ = OrganField(label=_("问责机关"))
    safeguards = text_field(_("保障措施"), required=False, rows=2)
    enforced_by = forms.ChoiceField(
        label=_("靠什么落实"), choices=Enforcement.choices, widget=forms.RadioSelect, initial=Enforcement.NONE
    )
    implements_due = DayField(
        label=_("配套规定的期限"), required=False, help_text=_("文本写明“另行制定”的，填配套规定最迟哪一天出台")
    )

    def offer(self, region: int) -> None:
        """Offers the posts and organs of a region and of those within it."""
        places = Region.objects.within(Region.objects.get(pk=region)).values("pk")
        held = Appointment.objects.answering(today()).filter(
            post__organ__region__in=places, post__organ__valid_until=None
        )
        held = held.select_related("user", "post__organ").order_by("post__organ", "post")
        people = list(held)
        self.fields["owner"].offer(people)  # type: ignore[attr-defined]
        self.fields["supervisor"].offer(people)  # type: ignore[attr-defined]
        organs = Organ.objects.filter(region__in=places, valid_until=None).order_by("id")
        self.fields["accountable_organ"].offer(organs)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("owner") and data.get("owner") == data.get("supervisor"):
            self.add_error("supervisor", _("执行的岗位不能监督自己，请选择别的岗位"))
        return data


class DutiesForm(Duties, ActForm):
    """The same for a regulation that there is."""

    def prepare(self) -> None:
        if self.record is None:
            return
        self.offer(self.record.organ.region_id)
        names = ("category", "powers", "is_hot_spot", "accountability", "safeguards", "enforced_by", "implements_due")
        self.initial.update({name: getattr(self.record, name) for name in names})
        for name in ("owner", "supervisor"):
            self.initial[name] = key_of("post", getattr(self.record, f"{name}_id"))
        self.initial["accountable_organ"] = self.record.accountable_organ and self.record.accountable_organ.code


class ReviseForm(ActForm):
    """The wording of a new text; it begins with the one in force."""

    wording = WordingField()


class RepealForm(ActForm):
    """From which day on it does not apply any more, and by what."""

    since = DayField(label=_("自哪一天起废止"))
    by = text_field(_("依据什么废止"), rows=2, hint=_("哪次会议的决定，或者由哪份文件取代"))

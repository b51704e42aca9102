"""The forms of telling: how a citizen was told, and the day on which the letter reached them (送达日期)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citizens.models import TellBy
from massline.days import DayField
from massline.inputs import ActForm
from massline.time import local_day, long_form, today

WHEN_EMPTY = _("不填的：电话、短信、电子邮件以告知当天为准；书面信函先不登记，等签收后按送达回证补登")


def check_served(day: date | None, made: date | None = None) -> date | None:
    """Raises ValidationError for a day that is still to come, or on which the letter was not yet made."""
    if day is not None and day > today():
        raise ValidationError(_("送达日期不能在今天以后"))
    if day is not None and made is not None and day < made:
        raise ValidationError(_("送达日期不能早于文书作出的日期（%(day)s）") % {"day": long_form(made)})
    return day


class ServedForm(ActForm):
    """The day on which a letter that was told reached the citizen."""

    served_on = DayField(label=_("送达日期"))

    def clean_served_on(self) -> date | None:
        return check_served(self.cleaned_data["served_on"], local_day(self.record.made_at))


class TellForm(ServedForm):
    """How the citizen was told, and the day of service where it is known."""

    how = forms.ChoiceField(label=_("怎样告知的"), choices=TellBy.choices)
    served_on = DayField(label=_("送达日期"), required=False, help_text=WHEN_EMPTY)
    field_order = ("how", "served_on")


AS_CHOSEN = "chosen"


class TellManyForm(forms.Form):
    """The same for many letters; each of them checks the day again by its own."""

    how = forms.ChoiceField(label=_("怎样告知的"), choices=[(AS_CHOSEN, _("按各人选择的方式")), *TellBy.choices])
    served_on = DayField(label=_("送达日期"), required=False, help_text=WHEN_EMPTY)

    def clean_served_on(self) -> Any:
        return check_served(self.cleaned_data["served_on"])

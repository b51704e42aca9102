"""The form field for a day, and what a day may be (Shanghai)."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from massline.acts import Invalid
from massline.time import local_day, today


class DayField(forms.DateField):
    """A day, picked from the browser's calendar or typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)


class MeetingDayField(DayField):
    """The day of a meeting that was held: today or before."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=kwargs.pop("label", _("会议日期")), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day > today():
            raise ValidationError(_("会议还没有开"))
        return day


def check_to_come(field: str, day: date, at: datetime) -> None:
    """Refuses an ordered day that does not lie after the day of the order, beside its field."""
    if day <= local_day(at):
        raise Invalid({field: [_now("请填今天以后的日期")]})

"""The form field for a day."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, picked from the browser's calendar or typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)

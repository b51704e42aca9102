"""Forms that show what was typed so far and say nothing about it: nobody is told that half a sentence is too short."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList


def leave_unjudged(form: Any) -> None:
    """Marks a bound form, or a bound set of rows, as judged and without fault."""
    if isinstance(form, forms.BaseFormSet):
        for row in form.forms:
            leave_unjudged(row)
        form._errors, form._non_form_errors = [ErrorDict() for _row in form.forms], ErrorList()  # type: ignore[attr-defined]
        return
    form.unjudged = True
    form._errors, form.cleaned_data = ErrorDict(), {}

"""Asks for a list of entries on a page: a row of fields for each. Programs send the list itself."""

import re
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, ManagementForm
from django.utils.translation import gettext as _

from massline.unjudged import leave_unjudged


class CountedRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows of a page. Where the number of them did not arrive whole, they are counted anew: what was typed stays, and
    the page asks to check it."""

    miscounted = False

    @cached_property
    def management_form(self) -> Any:
        sent: Any = super().management_form
        if not self.is_bound or (sent.is_valid() and sent.cleaned_data[TOTAL_FORM_COUNT] >= 0):
            return sent
        self.miscounted = True
        row = re.compile(rf"{re.escape(str(self.prefix))}-(\d{{1,4}})-")
        last = max((int(found[1]) for name in self.data if (found := row.match(name))), default=-1)
        counted = {TOTAL_FORM_COUNT: last + 1, INITIAL_FORM_COUNT: 0}
        form = ManagementForm({f"{self.prefix}-{name}": number for name, number in counted.items()}, prefix=self.prefix)
        form.full_clean()
        return form

    def clean(self) -> None:
        if self.miscounted:
            raise ValidationError(_("这几行可能没有完整传到，请核对各行内容，再提交一次"))


class EntryRows(forms.Widget):
    """Reads the rows of a page, or the list that a program sent under the field's own name."""

    def __init__(self, form: type[forms.Form], most: int, shown: int) -> None:
        super().__init__()
        self.rows: Any = forms.formset_factory(form, CountedRows, extra=shown, max_num=most, absolute_max=2 * most)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data or f"{name}-TOTAL_FORMS" not in data:
            return data.get(name)
        return [typed for row in self.rows(data, prefix=name) if (typed := _typed(row))]


def _typed(row: forms.BaseForm) -> dict[str, str]:
    """Returns what was typed in a row; nothing where only choices are as they were offered."""
    values = {name: row[name].data or "" for name in row.fields}
    return values if any(values[name] for name, field in row.fields.items() if field.initial is None) else {}


class BoundRows(BoundField):
    """The field on a page, with its rows."""

    @cached_property
    def rows(self) -> Any:
        widget: Any = self.field.widget
        rows = widget.rows(self.form.data if self.form.is_bound else None, prefix=self.html_name)
        if getattr(self.form, "unjudged", False):
            leave_unjudged(rows)
        return rows

    @property
    def errors_in_rows(self) -> bool:
        """Whether the rows themselves say what is wrong, each at its place."""
        return bool(self.form.is_bound and any(self.rows.errors))

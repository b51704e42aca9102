"""What a citizen is about to file, as the page says it on which they check their answers (核对)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from citizens.filing.contact_fields import PhoneField
from citizens.filing.forms import PERSON, FilingSheet
from massline.templatetags.front import target_of
from records.files.staged import StagedFile
from responsibility import content_classes
from responsibility.class_fields import CategoryField


@dataclass(frozen=True)
class Answer:
    """One line: what was asked, what will be filed, and the control that it is changed in."""

    label: str
    text: str
    target: str


@dataclass(frozen=True)
class Part:
    heading: Any
    answers: list[Answer]


def parts_of(sheet: FilingSheet, files: Iterable[StagedFile]) -> list[Part]:
    """Returns the answers of a valid sheet: about the matter, and about the person who files."""
    matter: list[Answer] = []
    person: list[Answer] = []
    for field in sheet.form.visible_fields():
        about_person = field.name in PERSON or field.name == "persons"
        (person if about_person else matter).append(Answer(str(field.label), _said(sheet, field), target_of(field)))
    matter += _rows(sheet.complained)
    matter += [Answer(str(_("照片和文件")), one.name, "part-files") for one in files]
    if sheet.representatives.is_bound:
        person += _rows(sheet.representatives)
    return [Part(_("您反映的事"), matter), Part(_("怎样答复您"), person)]


def _said(sheet: FilingSheet, bound: BoundField) -> str:
    """Returns the answer in words: of a choice its label, of a telephone number what was typed."""
    value, field = sheet.form.cleaned_data.get(bound.name), bound.field
    if isinstance(field, CategoryField):
        return " / ".join(content_classes.path(value or ""))
    if value in (None, ""):
        return ""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices)[value])  # type: ignore[arg-type]
    return str(bound.data if isinstance(field, PhoneField) else value).strip()


def _rows(rows: Any) -> Iterator[Answer]:
    """Returns a line for each row that has a name; one line where rows were on the page and none has."""
    named = [form for form in rows.forms if form.cleaned_data.get("name")]
    for form in named:
        typed = [field.data for field in form if field.name != "kind" and field.data]
        yield Answer(str(form.each), " · ".join(typed), target_of(form["name"]))
    if rows.forms and not named:
        yield Answer(str(rows.form.each), "", target_of(rows.forms[0]["name"]))

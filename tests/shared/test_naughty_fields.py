"""Every type of field that forms are made of, and every naughty string: it is taken or refused, and shown escaped."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.desk import UsernameField
from citizens.filing.contact_fields import IdNumberField, PhoneField
from massline.acts import Invalid
from massline.days import DayField, MeetingDayField
from massline.inputs import Choice, ConfirmField, MultipleChoice, Reason, Text, WholeNumber
from massline.keys import KeyField
from massline.rest_forms import EntriesField, form_values
from massline.texts import EmailField, LineField, ReasonField, TextField
from records.files.forms import ContentField
from responsibility.class_fields import CategoryChoice, CategoryField
from responsibility.models import Appointment, Organ
from responsibility.pickers import OrganField, PersonField
from responsibility.register import tables
from tests.naughty import naughty

pytestmark = pytest.mark.django_db
SHARED = ("massline", "audit", "accounts", "responsibility", "records", "citizens")


def _organ() -> OrganField:
    field = OrganField(label="x")
    field.offer(Organ.objects.all())
    return field


def _person() -> PersonField:
    field = PersonField(label="x")
    field.offer(Appointment.objects.select_related("user", "post__organ"))
    return field


class _Entry(forms.Form):
    name = LineField(max_length=20)


FIELDS: dict[str, Callable[[], forms.Field]] = {
    "Text": Text("x", "x").field,
    "Reason": Reason("x", "x").field,
    "Choice": Choice("x", "x", [("a", "甲"), ("b", "乙")]).field,
    "Choice of numbers": Choice("x", "x", [(1, "甲"), (2, "乙")]).field,
    "MultipleChoice": MultipleChoice("x", "x", [("a", "甲"), ("b", "乙")]).field,
    "WholeNumber": WholeNumber("x", "x", least=1, most=30).field,
    "LineField": lambda: LineField(max_length=100),
    "EmailField": EmailField,
    "TextField": TextField,
    "ReasonField": ReasonField,
    "UsernameField": UsernameField,
    "KeyField": lambda: KeyField(table="post"),
    "CategoryField": CategoryField,
    "CategoryChoice": CategoryChoice,
    "OrganField": _organ,
    "PersonField": _person,
    "ContentField": ContentField,
    "EntriesField": lambda: EntriesField(_Entry, most=3, needed=("name",)),
    "PhoneField": PhoneField,
    "IdNumberField": IdNumberField,
    "YesNo": tables.YesNo,
    "Classes": tables.Classes,
    "a day": forms.DateField,
    "DayField": DayField,
    "MeetingDayField": MeetingDayField,
    "yes or no": forms.BooleanField,
    "ConfirmField": lambda: ConfirmField(label="x"),
}


def test_every_type_of_field_is_tried() -> None:
    """A new one is added to the table above."""

    def below(cls: type) -> set[type]:
        return {cls, *(more for sub in cls.__subclasses__() for more in below(sub))}

    ours = {cls.__name__ for cls in below(forms.Field) if cls.__module__.split(".")[0] in SHARED}
    assert ours - set(FIELDS) == set()


@pytest.mark.parametrize("name", FIELDS)
def test_every_string_is_taken_or_refused_and_shown_escaped(city: SimpleNamespace, name: str) -> None:
    form_class = type("OneField", (forms.Form,), {"x": FIELDS[name]()})
    for text in naughty():
        if name != "EntriesField":  # the rows that a page has for it are fields of their own
            _on_a_page(form_class, text)
        _through_rest(form_class, text)


def _on_a_page(form_class: type[forms.Form], text: str) -> None:
    form = form_class({"x": text})
    taken = form.is_valid()
    shown = str(form)
    assert re.search(r"<(script|img|svg|b)\b|</textarea><", shown) is None, text
    if taken and isinstance(form.cleaned_data["x"], str):
        kept = form.cleaned_data["x"]
        assert "\x00" not in kept
        assert form.fields["x"].clean(kept) == kept, "what was taken once is taken again as it is"


def _through_rest(form_class: type[forms.Form], text: str) -> None:
    for value in (text, [text], {text: text}, [{"name": text}]):
        fields = form_class().fields
        try:
            fields["x"].clean(form_values(fields, {"x": value}).get("x"))
        except (ValidationError, Invalid):
            pass

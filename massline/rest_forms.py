"""Connects REST with forms: JSON as a form's values, and a form's fields as programs see them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from massline.acts import Invalid
from massline.entry_rows import BoundRows, EntryRows
from massline.rest_shapes import component
from massline.texts import one_line

Body = Mapping[str, Any]


def only_text(body: Body) -> bool:
    """Tells whether a form can take the values as they are."""
    return all(isinstance(value, str) and storable(value) for value in body.values())


def storable(text: str) -> bool:
    """Half of a surrogate pair is no character."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


MAX_NAMED, MAX_NAME_LENGTH = 20, 64
"""An answer repeats so many unknown names, and so much of each."""


def unknown_names(given: Iterable[str], known: Collection[str]) -> dict[str, list[str]]:
    """A fault for each name that means nothing here; with the likely right one, where one is close."""
    wrong = [name for name in given if name not in known][:MAX_NAMED]
    return {_repeatable(name): [_said_of(name[:MAX_NAME_LENGTH], known)] for name in wrong}


def _said_of(name: str, known: Collection[str]) -> str:
    longer = [each for each in known if len(each) > 2 and name.startswith(each)]
    close = longer or get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    return _("没有这一项，您要写的可能是 %(name)s") % {"name": close[0]} if close else _("没有这一项")


def _repeatable(name: str) -> str:
    return name[:MAX_NAME_LENGTH].encode("utf-8", "replace").decode()


def form_values(fields: Mapping[str, forms.Field], body: Body, *, alone: bool = True) -> dict[str, Any]:
    """What the form takes of a JSON object, each value of the JSON type that the field has; others are faults. Where
    the form `alone` reads it, so are other names."""
    values: dict[str, Any] = {}
    errors = unknown_names(body, fields) if alone else {}
    for name in fields.keys() & body.keys():
        try:
            values[name] = _value(fields[name], body[name])
        except ValueError as error:
            errors[name] = [str(error)]
        except Invalid as error:
            errors |= {f"{name}.{inner}": messages for inner, messages in error.errors.items()}
    if errors:
        raise Invalid(errors)
    return values


def _value(field: forms.Field, value: Any) -> Any:
    if isinstance(field, EntriesField):
        return field.entries(value)
    kind = json_type(field)
    if kind == "array":
        if not isinstance(value, list):
            raise ValueError(_("这里应当是一个列表"))
        return [_text(item) for item in value]
    if kind == "boolean" and isinstance(value, bool):
        return str(value).lower()
    if kind == "integer" and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("这里应当是文字"))
    if not storable(value):
        raise ValueError(_("文字里有无法识别的字符"))
    return value


class EntriesField(forms.Field):
    """A list of entries, each checked by a form of its own. Programs send it; pages have a row of fields for each."""

    def __init__(
        self, form: type[forms.Form], *, most: int, needed: tuple[str, ...], shown: int = 3, **more: Any
    ) -> None:
        super().__init__(required=False, widget=EntryRows(form, most, shown), **more)
        self.form, self.most, self.needed = form, most, needed

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundRows:
        return BoundRows(form, self, field_name)

    def entries(self, value: Any) -> list[dict[str, Any]]:
        """What the entries hold; raises ValueError for no list or a long one, Invalid with faults as in `0.name`."""
        if not isinstance(value, list):
            raise ValueError(_("这里应当是一个列表"))
        if len(value) > self.most:
            raise ValueError(_("最多填写 %(most)s 个") % {"most": self.most})
        found, errors = [], {}
        for n, given in enumerate(value):
            try:
                found.append(self._entry(given))
            except ValueError as error:
                errors[str(n)] = [str(error)]
            except Invalid as error:
                errors |= {f"{n}.{name}": messages for name, messages in error.errors.items()}
        if errors:
            raise Invalid(errors)
        return found

    def _entry(self, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise ValueError(_("这里应当是一个对象"))
        values = form_values(self.form.base_fields, {name: value for name, value in given.items() if value is not None})
        missing = {name: [_("请填写")] for name in self.needed if not one_line(values.get(name, ""))}
        form = self.form(values)
        if missing or not form.is_valid():
            raise Invalid(messages_of(form) | missing)
        return form.cleaned_data

    def clean(self, value: Any) -> list[dict[str, Any]]:
        try:
            return self.entries(value or [])
        except ValueError as error:
            raise ValidationError(str(error)) from None
        except Invalid as error:
            raise ValidationError([message for messages in error.errors.values() for message in messages]) from None


def json_type(field: forms.Field) -> str:
    """Returns the JSON type of a form's field."""
    if isinstance(field, forms.MultipleChoiceField | EntriesField):
        return "array"
    if isinstance(field, forms.BooleanField):
        return "boolean"
    values = {value for value, _label in getattr(field, "choices", ())} if _short(field) else set()
    if values == {"true", "false"}:
        return "boolean"
    if isinstance(field, forms.IntegerField) or (values and all(isinstance(value, int) for value in values)):
        return "integer"
    return "string"


def _short(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)


BY_CODE = ("category", "region")
"""Fields whose choices have an endpoint of their own."""


def described(fields: Mapping[str, forms.Field]) -> list[dict[str, Any]]:
    """Returns a form's fields, so that a client can build it."""
    return [_described(name, field, name not in BY_CODE) for name, field in fields.items()]


def _described(name: str, field: forms.Field, with_choices: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "label": str(field.label or name),
        "help": str(field.help_text),
        "type": json_type(field),
        "required": field.required,
        "min_length": getattr(field, "min_length", None),
        "max_length": getattr(field, "max_length", None),
        "choices": None,
    }
    if with_choices and isinstance(field, forms.ChoiceField):
        found["choices"] = [
            {"value": _plain_choice(v, found["type"]), "label": str(label)} for v, label in _pairs(field.choices)
        ]
    if isinstance(field, EntriesField):
        found["fields"] = described(field.form.base_fields)
    return found


def _pairs(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Each choice and its label; those of a group one by one."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _pairs(label)
        elif value != "":
            yield getattr(value, "value", value), label


def _plain_choice(value: Any, kind: str) -> Any:
    return value == "true" if kind == "boolean" else value


def refuse_unless_valid(form: forms.BaseForm) -> dict[str, Any]:
    """Returns the form's cleaned data; raises Invalid."""
    if not form.is_valid():
        raise Invalid(messages_of(form))
    return form.cleaned_data


def messages_of(form: forms.BaseForm) -> dict[str, list[str]]:
    return {name: [str(m) for m in messages] for name, messages in form.errors.items()}


# --- Schema -------------------------------------------------------------------------------------------------------
MAX_CHOICES = 20
"""A longer list is one of codes, which the schema leaves to the address that has them."""


def field_for_schema(field: forms.Field, *, needed: bool | None = None) -> serializers.Field[Any, Any, Any, Any]:
    """A form's field as the schema shows it: its type, its bounds, its short list of choices. `needed` says whether
    programs must send it, where the form does not."""
    needed = field.required if needed is None else needed
    more: dict[str, Any] = {"required": needed, "allow_null": not needed}
    if field.label:
        more["label"] = str(field.label)
    if isinstance(field, EntriesField):
        return serializers.ListField(child=_entry(field.form, field.needed)(), max_length=field.most, **more)
    kind = json_type(field)
    if kind == "array":
        return serializers.ListField(child=serializers.CharField(), **more)
    if kind == "boolean":
        return serializers.BooleanField(**more)
    if kind == "integer":
        return serializers.IntegerField(**more | _bounds(field, "min_value", "max_value"))
    more["allow_blank"] = not needed
    choices = list(_pairs(field.choices)) if _short(field) else []  # type: ignore[attr-defined]
    if 0 < len(choices) <= MAX_CHOICES:
        return serializers.ChoiceField(choices=choices, **more)
    text = serializers.EmailField if isinstance(field, forms.EmailField) else serializers.CharField
    return text(**more | _bounds(field, "min_length", "max_length"))


def _bounds(field: forms.Field, *names: str) -> dict[str, Any]:
    return {name: getattr(field, name, None) for name in names}


@cache
def _entry(form: type[forms.Form], needed: tuple[str, ...]) -> type[serializers.Serializer[Any]]:
    """One entry of a list, the same component wherever the list is sent."""
    inner = {name: field_for_schema(each, needed=name in needed) for name, each in form.base_fields.items()}
    return component(form.__name__.removesuffix("Form") + "Entry", inner)

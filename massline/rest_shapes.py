"""Shapes of REST's answers: from one dataclass come its JSON and its component in the schema.

A field's hint may bring what programs are told about it: `Annotated[str, _("单位代码")]`.
"""

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from django.db.models import Choices
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers as s

Shape = type[Any]
"""A dataclass, or a serializer."""
Serializer = s.Serializer[Any]


def camel_case(slug: str) -> str:
    """Returns a kind's or an act's name as the schema's components write it: RegulationText of regulation_text."""
    return "".join(part.title() for part in slug.split("_"))


class Absent(Enum):
    """The default of a field that only some answers have."""

    ABSENT = "absent"

    def __bool__(self) -> bool:
        return False


ABSENT: Any = Absent.ABSENT
PLAIN: Mapping[Any, Any] = {
    str: s.CharField,
    bool: s.BooleanField,
    int: s.IntegerField,
    datetime: s.DateTimeField,
    date: s.DateField,
    Any: s.JSONField,
}


def json_name(name: str) -> str:
    """Names that Python keeps for itself end in an underscore here (`from_`), and not in JSON."""
    return name.removesuffix("_")


def members(answer: Any) -> dict[str, Any]:
    """Returns the fields of a dataclass by their names in JSON."""
    found = ((each.name, getattr(answer, each.name)) for each in fields(answer))
    return {json_name(name): value for name, value in found if value is not ABSENT}


_made: dict[Shape, type[Serializer]] = {}


def serializer_of(shape: Shape) -> type[Serializer]:
    """Returns the component of a dataclass, under its name; a serializer is one already."""
    if issubclass(shape, s.Serializer):
        return shape
    if shape not in _made:
        hints = get_type_hints(shape, include_extras=True)
        declared = {json_name(each.name): _declared(hints[each.name], each) for each in fields(shape)}
        _made[shape] = component(shape.__name__, declared, doc=shape.__doc__)
    return _made[shape]


def _is_shape(hint: Any) -> bool:
    return is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, s.Serializer))


def component(
    name: str, declared: Mapping[str, Any], *bases: type[Serializer], doc: str | None = None
) -> type[Serializer]:
    """Returns a component with these fields, and those of other components."""
    made = type(f"{name}Component", bases or (s.Serializer,), {**declared, "__doc__": doc or ""})
    return extend_schema_serializer(component_name=name)(made)


def _declared(hint: Any, of: Field[Any]) -> s.Field[Any, Any, Any, Any]:
    more: dict[str, Any] = {"required": False} if of.default is ABSENT else {}
    if get_origin(hint) is Annotated:
        hint, more["help_text"] = get_args(hint)
    return _field(hint, more)


def is_list(hint: Any) -> bool:
    """Tells whether this is the type of several."""
    return get_origin(hint) in (list, tuple)


def field_of(hint: Any) -> s.Field[Any, Any, Any, Any]:
    """Returns the field of a type."""
    return _field(hint, {})


def _field(hint: Any, more: dict[str, Any]) -> s.Field[Any, Any, Any, Any]:
    """Returns the field of a type; `more` is what serializers' fields take."""
    inner = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        kinds = [each for each in inner if each is not NoneType]
        more |= {"allow_null": True} if NoneType in inner else {}
        return _field(kinds[0], more) if len(kinds) == 1 else s.CharField(**more)  # a day or an instant
    if is_list(hint):
        if _is_shape(inner[0]):
            return serializer_of(inner[0])(many=True, **more)  # type: ignore[return-value]
        return s.ListField(child=_field(inner[0], {}), **more)
    if get_origin(hint) is dict:
        return s.DictField(child=_field(inner[1], {}), **more)
    if _is_shape(hint):
        return serializer_of(hint)(**more)
    if isinstance(hint, type) and issubclass(hint, Enum):
        choices = hint.choices if issubclass(hint, Choices) else [(each.value, each.value) for each in hint]
        return s.ChoiceField(choices=choices, **more)
    return PLAIN[hint](**more)

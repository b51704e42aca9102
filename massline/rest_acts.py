"""Presents acts to REST's clients, from the same declarations as the pages' buttons and forms."""

from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework import serializers

from massline.acts import Act, Acts, permitted
from massline.rest_forms import described, field_for_schema, form_values, only_text
from massline.rest_shapes import camel_case


def act_data(act: Act, record: Any, actor: Any, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values for the act's form. Unknown names and faults of type are told only to an actor who may act."""
    if only_text(body) and body.keys() <= fields_of_act(act).keys():
        return body
    permitted(act, record, actor)
    return form_values(act.build_form(record, actor, None).fields, body)


def open_acts(acts: Iterable[Act], record: Any, actor: Any) -> list[dict[str, Any]]:
    """Describes these acts, each with its fields, so that a client can build the form."""
    return [
        {"slug": a.slug, "label": a.label, "fields": described(a.build_form(record, actor, None).fields)} for a in acts
    ]


# --- Schema -------------------------------------------------------------------------------------------------------
class Choice(serializers.Serializer[Any]):
    value = serializers.JSONField(help_text="A string, a number or a boolean, as it is to be sent.")
    label = serializers.CharField()  # type: ignore[assignment]


class Field(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField()
    type = serializers.ChoiceField(choices=["string", "boolean", "integer", "array"])
    required = serializers.BooleanField()  # type: ignore[assignment]
    min_length = serializers.IntegerField(allow_null=True)
    max_length = serializers.IntegerField(allow_null=True)
    choices = Choice(many=True, allow_null=True, help_text="null where any text, or a code of one of the lists, fits.")

    def get_fields(self) -> Any:
        inner = Field(many=True, required=False, help_text="Of each entry, where the array is one of objects.")
        return super().get_fields() | {"fields": inner}


class OpenAct(serializers.Serializer[Any]):
    """An act that this person may take now."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    fields = Field(many=True)  # type: ignore[assignment]


def act_parameter(acts: Iterable[Act]) -> OpenApiParameter:
    return OpenApiParameter("act", str, OpenApiParameter.PATH, enum=[act.slug for act in acts])


def inputs_of(prefix: str, acts: Acts, base: Any = serializers.Serializer) -> PolymorphicProxySerializer:
    """Returns each act's input component, from its form. Names begin with the prefix: kinds have acts of the same
    name."""
    return PolymorphicProxySerializer(
        component_name=f"{prefix}Act",
        serializers=[input_of_act(prefix, act, base) for act in acts],
        resource_type_field_name=None,
    )


def any_of(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """Makes the schema say "any of" instead of "one of": a body fits all acts that have its fields."""
    for component in result["components"]["schemas"].values():
        if "oneOf" in component and "discriminator" not in component:
            component["anyOf"] = component.pop("oneOf")
    return result


def input_of_act(prefix: str, act: Act, base: Any = serializers.Serializer) -> Any:
    """What one act takes, as a component whose name begins with the prefix."""
    title = camel_case(act.slug)
    return input_of(f"{prefix}{title}Input", fields_of_act(act), base)


def fields_of_act(act: Act) -> Mapping[str, Any]:
    """Returns the fields of its form, whatever record it is done to."""
    declared: Mapping[str, Any] = getattr(act.form, "base_fields", {})
    return declared or act.build_form(None, None, None).fields


def input_of(name: str, fields: Mapping[str, Any], base: Any = serializers.Serializer, **more: Any) -> Any:
    """Returns the component of a form's fields, and of what is sent besides."""
    return type(name, (base,), {field: field_for_schema(each) for field, each in fields.items()} | more)

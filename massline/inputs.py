"""Declares an act's inputs: its form, or the few texts and choices that make one (`Act.fields`).

An act with logic of its own in its input (choices that depend on the record, one field that checks another) has a form
class; every other one declares its inputs and has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy

from massline.texts import LONG, ReasonField, text_field


class ActForm(forms.Form):
    """A form that knows the record it acts on."""

    def __init__(self, data: Mapping[str, Any] | None = None, record: Any = None) -> None:
        super().__init__(data)
        self.record = record
        self.prepare()

    def prepare(self) -> None:
        """Fills in choices that depend on the record."""


class ConfirmField(forms.BooleanField):
    """The tick before what cannot be taken back: the label says what happens, the hint on what ground."""

    def __init__(self, *, label: Any, ground: Any = "") -> None:
        super().__init__(label=label, help_text=ground)
        self.error_messages["required"] = gettext_lazy("请先核对，再勾选这一项")


class Input(Protocol):
    """One input of an act; its name is the form field's and REST's."""

    @property
    def name(self) -> str: ...

    def field(self) -> forms.Field: ...


@dataclass(frozen=True)
class Text:
    """A text of several lines."""

    name: str
    label: Any
    _: KW_ONLY
    hint: Any = ""
    required: bool = True
    rows: int = 4
    max_length: int = LONG

    def field(self) -> forms.Field:
        return text_field(
            self.label, required=self.required, rows=self.rows, hint=self.hint, max_length=self.max_length
        )


@dataclass(frozen=True)
class Reason:
    """A reason of ten characters at the least."""

    name: str
    label: Any
    _: KW_ONLY
    hint: Any = ""
    max_length: int = LONG

    def field(self) -> forms.Field:
        return ReasonField(label=self.label, max_length=self.max_length, help_text=self.hint)


@dataclass(frozen=True)
class Choice:
    """One of a fixed list: texts, or numbers that stay numbers."""

    name: str
    label: Any
    choices: Sequence[tuple[Any, Any]]
    _: KW_ONLY
    hint: Any = ""
    required: bool = True
    radio: bool = False

    def field(self) -> forms.Field:
        more: dict[str, Any] = {"widget": forms.RadioSelect} if self.radio else {}
        more |= {"label": self.label, "choices": self.choices, "required": self.required, "help_text": self.hint}
        if all(isinstance(value, int) for value, _label in self.choices):
            return forms.TypedChoiceField(coerce=int, empty_value=None, **more)
        return forms.ChoiceField(**more)


@dataclass(frozen=True)
class MultipleChoice:
    """Any of a fixed list, one at the least."""

    name: str
    label: Any
    choices: Sequence[tuple[str, Any]]
    _: KW_ONLY
    hint: Any = ""

    def field(self) -> forms.Field:
        return forms.MultipleChoiceField(
            label=self.label, choices=self.choices, help_text=self.hint, widget=forms.CheckboxSelectMultiple
        )


@dataclass(frozen=True)
class WholeNumber:
    """A whole number between two bounds; the higher one is filled in where `proposed`."""

    name: str
    label: Any
    _: KW_ONLY
    least: int
    most: int | None
    hint: Any = ""
    proposed: bool = False

    def field(self) -> forms.Field:
        return forms.IntegerField(
            label=self.label,
            min_value=self.least,
            max_value=self.most,
            initial=self.most if self.proposed else None,
            help_text=self.hint,
        )


def form_of(*inputs: Input) -> type[ActForm]:
    """Returns the form of an act that declares its inputs."""
    return type("InputsForm", (ActForm,), {each.name: each.field() for each in inputs})

"""Cleans texts of one line, and the fields that take them, of invisible characters that were typed, pasted or imported.

A title with U+202E in it reads backwards, one with a line break draws a second row, a name with U+200B in it is not the
name in a search. No writer means any of it, so nothing is refused: it is left out before a field is judged.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

BREAKS = r"\u0009-\u000d\u001c-\u001e\u0085\u2028\u2029"
"""Tabulators and line breaks of every kind: where one was pasted, a blank was meant."""
CONTROLS = r"\u0001-\u001f\u007f-\u009f"
"""Without U+0000, which no text in PostgreSQL has."""
DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
INVISIBLE = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""What Unicode has everybody ignore (Default_Ignorable_Code_Point), but for joiners and variation selectors."""
JOINERS = r"\u180e\u200c\u200d"
JOINED = r"\u0600-\u1aff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
"""Scripts in which a joiner changes what is seen (Arabic and Mongolian among them), and pictures made of several.
Beside any other letter it is invisible. Variation selectors stay: names are told apart by them (U+E0100 and on)."""

_BREAK = re.compile(f"[{BREAKS}]+")
_UNSEEN = re.compile(f"[\\u0000{CONTROLS}{DIRECTIONS}{INVISIBLE}\\ud800-\\udfff]+")
_LOOSE = re.compile(f"(?<![{JOINED}])[{JOINERS}]+|[{JOINERS}]+(?![{JOINED}])|(?<=[{JOINERS}])[{JOINERS}]+")


def one_line(text: Any) -> str:
    """Returns the text in one line: a line break is a blank, what nobody sees is gone, and so are blanks at both
    ends."""
    said = str(text)
    if said.isascii() and said.isprintable():
        return said.strip()
    return _LOOSE.sub("", _UNSEEN.sub("", _BREAK.sub(" ", said))).strip()


def collapsed(text: Any) -> str:
    """Returns the same with one blank between two words, as people count letters."""
    return " ".join(one_line(text).split())


# --- Form fields --------------------------------------------------------------------------------------------------
class OneLine:
    """Mixin of a text field: its value is the text in one line."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(one_line(value) if isinstance(value, str | Promise) else value)  # type: ignore[misc]


class LineField(OneLine, forms.CharField):
    """Text in one line: a title, a name, an address, a code."""


class EmailField(OneLine, forms.EmailField):
    """An e-mail address as it was pasted, or typed with a Chinese keyboard: ｚｈａｏ＠ｈｏｍｅ。ｃｎ."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return unicodedata.normalize("NFKC", text).replace("。", ".") if isinstance(text, str) else text


class CountsItself:
    """Mixin of a field shown as a textarea: the page counts characters as the server does, and cuts nothing off.

    `maxlength` would count a rare character or a picture as two, and drop the end of what is pasted without a word.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)  # type: ignore[misc]
        if isinstance(widget, forms.Textarea) and "maxlength" in attrs:
            attrs["data-most"] = attrs.pop("maxlength")
        return dict(attrs)


class TextField(CountsItself, forms.CharField):
    """Text of several lines; a line break is one character, though browsers send two for it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class ReasonField(CountsItself, LineField):
    """A reason that says something: so many characters at the least, each run of blanks counted as one."""

    LEAST = 10

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(min_length=self.LEAST, **kwargs)
        self.error_messages["min_length"] = _("理由至少十个字，现在有 %(show_value)s 个字，请写清楚为什么需要")

    def to_python(self, value: Any) -> Any:
        return collapsed(super().to_python(value))


LONG = 4000
"""Characters of a free text at the most (what the national interchange form takes)."""


def has_visible_text(text: str) -> None:
    """Tells whether a text has letters, digits or signs: a title of invisible characters is no title."""
    if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise ValidationError(forms.Field.default_error_messages["required"], code="required")


def text_field(
    label: Any, *, required: bool = True, rows: int = 4, hint: Any = "", max_length: int = LONG
) -> TextField:
    """Makes a field for free text of several lines."""
    return TextField(
        label=label, required=required, max_length=max_length, help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}), validators=[has_visible_text],
    )  # fmt: skip


# --- Columns ------------------------------------------------------------------------------------------------------
class LineColumn(models.CharField):
    """A column of such texts, whatever code writes it: a form, an import, a command, a shell. The table has a plain
    one."""

    def get_prep_value(self, value: Any) -> Any:
        return one_line(value) if isinstance(value, str | Promise) else super().get_prep_value(value)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def with_value(label: Any, value: str, most: int = 40) -> str:
    """What a field is called and what was given for it, where a sentence says both; the value as far as need be."""
    return gettext("%(label)s（%(value)s）") % {"label": label, "value": one_line(value)[:most]}

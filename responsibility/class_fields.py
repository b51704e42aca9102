"""Form fields that ask for a content class (内容分类)."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from massline.texts import LineField
from responsibility import content_classes

CHOOSE = _("请选择")


def by_level(none: Any = CHOOSE) -> list[Any]:
    """Returns the choice of none and the three levels as groups of one list: the choices of a page without script."""
    groups: list[Any] = [("", none)]
    for first in content_classes.tree():
        leaves = [
            (leaf["code"], leaf["name"] if leaf is second else f"{second['name']} / {leaf['name']}")
            for second in first["children"] or [first]
            for leaf in second["children"] or [second]
        ]
        groups.append((first["name"], leaves))
    return groups


def first_level() -> list[Any]:
    """Returns the first level, with "every class" before it and "none yet" after it."""
    named = ((node["code"], node["name"]) for node in content_classes.tree())
    return [("", _("全部")), *named, (content_classes.NONE, content_classes.NOT_YET)]


class TypedWords(str):
    """What was typed into the finder of classes and not chosen from its list."""


class CategorySelect(forms.Select):
    """The list of classes; each carries its everyday words for the finder, which only a script shows.

    The finder sends what was typed into it beside the list, under the name with `_words`.
    """

    offers: Any = staticmethod(by_level)

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.choices: Any = self.offers  # called when shown: REST fills the form and shows none

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Returns the class that was chosen; where none was, what was typed to find one."""
        return super().value_from_datadict(data, files, name) or TypedWords(data.get(f"{name}_words") or "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, TypedWords) and value:
            context["widget"]["attrs"]["data-typed"] = str(value)
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        words = content_classes.words(str(value))
        if words:
            option["attrs"]["data-words"] = words
        return option


class CategoryField(LineField):
    """A content class by its six-digit code; offers those of the lowest level. Where it may stay open, `unsure` is the
    choice that says so."""

    widget: type[CategorySelect] = CategorySelect
    default_error_messages = {
        "unknown": _("没有这个内容分类，请从列表中选择"),
        "not_chosen": _("“%(words)s”还没有选定类别，请从列表中选择一个"),
        "not_chosen_or_unsure": _("“%(words)s”还没有选定类别，请从列表中选择一个，或者选“%(unsure)s”"),
    }

    def __init__(self, *, unsure: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("内容分类"))
        kwargs.setdefault("max_length", 6)
        super().__init__(required=kwargs.pop("required", not unsure), **kwargs)
        self.unsure = unsure
        if unsure:
            self.widget.choices = partial(by_level, unsure)
            self.widget.attrs["data-unsure"] = unsure

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Returns no attributes: a list has no longest text."""
        return {}

    def to_python(self, value: Any) -> str:
        """Returns the code; of words that name exactly one class, the code of that one."""
        words = super().to_python(value)
        if not isinstance(value, TypedWords) or not words:
            return words
        named = content_classes.leaves_named(words)
        if len(named) != 1:
            code = "not_chosen_or_unsure" if self.unsure else "not_chosen"
            raise ValidationError(self.error_messages[code], code=code, params={"words": words, "unsure": self.unsure})
        return named[0]

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code and not content_classes.exists(code):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return code


class FirstLevelSelect(CategorySelect):
    offers = staticmethod(first_level)


class CategoryChoice(CategoryField):
    """A class of any level by its code, to narrow a list to it and all below, or to what has none; offers the first
    level."""

    widget = FirstLevelSelect
    default_error_messages = {"unknown": _("没有这个内容分类")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, max_length=None)

    def clean(self, value: Any) -> str:
        return content_classes.NONE if value == content_classes.NONE else super().clean(value)

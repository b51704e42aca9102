"""Renders the widgets of forms: by templates, and lists of choices by Python."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from massline.html import escaped

SELECT = "django/forms/widgets/select.html"


class Renderer(TemplatesSetting):
    """Django's, with our templates before its own.

    A list of a hundred organs is two thousand template nodes and stands on every list page: Python writes it.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    """Returns the list with its groups and options; whatever they say is escaped unless it is safe."""
    groups = "".join(
        f'<optgroup label="{escaped(name)}">\n{_options(options)}</optgroup>' if name else _options(options)
        for name, options, _place in widget["optgroups"]
    )
    return SafeString(f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>\n{groups}</select>\n')


def _options(options: list[Mapping[str, Any]]) -> str:
    return "".join(
        f'<option value="{escaped(str(option["value"]))}"{_attributes(option["attrs"])}>'
        f"{escaped(option['label'])}</option>\n"
        for option in options
    )


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )

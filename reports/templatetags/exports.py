"""A list's way to an export of what it shows."""

from django import template
from django.urls import reverse

from reports.sheets import default_kind, may_export

register = template.Library()


@register.simple_tag(takes_context=True)
def export_url(context: template.Context, name: str) -> str:
    """Where the list of this name, as it is narrowed now, can be exported; empty for whoever may not."""
    request = context["request"]
    sheet = may_export(request.user).get(name)
    if sheet is None:
        return ""
    kept = request.GET.copy()
    kept.pop("cursor", None)
    if sheet.kind != default_kind():
        kept["kind"] = sheet.kind
    return f"{reverse('export_new')}?{kept.urlencode()}"

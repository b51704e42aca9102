"""The ledger's way to an export of what it shows."""

from django import template
from django.urls import reverse

from reports.columns import may_export

register = template.Library()


@register.simple_tag(takes_context=True)
def export_url(context: template.Context) -> str:
    """Where the list as it is narrowed now can be exported; empty for whoever may not."""
    request = context["request"]
    if not may_export(request.user):
        return ""
    kept = request.GET.copy()
    kept.pop("cursor", None)
    return f"{reverse('export_new')}?{kept.urlencode()}"

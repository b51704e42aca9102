"""The tags of a form with drafts: its hidden field and, where a draft was put into it, the line that says so."""

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.http import HttpRequest

from massline.drafts.box import box_of
from massline.drafts.forms import posted_form, texts_of
from massline.time import clock_time

register = template.Library()
Fields = forms.BaseForm | Mapping[str, str] | None
"""A form, or the labels of its texts by their names."""


@register.inclusion_tag("components/draft.html", takes_context=True)
def draft(
    context: template.Context,
    form: Fields,
    address: str = "",
    anchor: str = "",
    *,
    quiet: bool = False,
    **labels: Any,
) -> dict[str, Any]:
    """Draws the field `draft` of a form that is sent to `address` (without one, to its own page) and stands at
    `anchor`; `labels` name texts that no form declares. A `quiet` one does not say that it has a draft."""
    kept = None if quiet else box_of(context["request"]).find(address or context["request"].path)
    saved = clock_time(kept.saved_at) if kept and kept.saved_at else ""
    return {"token": draft_token(context, form, address, anchor, **labels), "draft": kept, "saved": saved}


@register.simple_tag(takes_context=True)
def draft_token(context: template.Context, form: Fields, address: str = "", anchor: str = "", **labels: Any) -> str:
    """Returns what the field `draft` of such a form holds."""
    request: HttpRequest = context["request"]
    sent = posted_form(request)
    page = sent.page.partition("#")[0] if sent else request.get_full_path()
    declared = texts_of(form) if isinstance(form, forms.BaseForm) else dict(form or {})
    names = declared | {name: str(label) for name, label in labels.items()}
    return box_of(request).open_form(address or request.path, f"{page}#{anchor}" if anchor else page, names).token()


@register.simple_tag(takes_context=True)
def drafted(context: template.Context, address: str, name: str) -> str:
    """Returns what was typed into a field that no form declares."""
    kept = box_of(context["request"]).find(address)
    return (kept.data.get(name) or "") if kept else ""


@register.inclusion_tag("components/drop_draft.html", takes_context=True)
def drop_draft_form(context: template.Context) -> dict[str, Any]:
    """Draws the form that the buttons 不要了 belong to, on a page that has some: no form stands within another."""
    request = context.get("request")
    offered = request is not None and box_of(request).offered
    return {"offered": offered, "csrf_token": context.get("csrf_token")}

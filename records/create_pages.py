"""The pages on which officials create a record: because of a record of another kind, or by itself."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from massline.acts import ActError, Invalid, NotVisible
from massline.drafts.forms import come_back, with_draft
from records.creating import KeyReused, create, declares_create, form_to_create, refusals_on_record
from records.kinds import RecordType, kind_at, record_type
from responsibility.act_pages import refusal_page
from responsibility.subjects import adapter

MAX_KEY_LENGTH = 64


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_from(request: DeskRequest, plural: str, number: str, kind: str) -> HttpResponse:
    """Shows the form of a kind for a record because of another, and creates it."""
    return _create_page(request, kind, visible_record(request, plural, number))


def create_path(kind: RecordType) -> URLPattern:
    """Returns the address of the page on which a record of this kind is created because of no other."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def create_new(request: DeskRequest) -> HttpResponse:
        return _create_page(request, kind.kind, None)

    return path(f"desk/{kind.plural}/new/", create_new, name=f"{kind.kind}_new")


def _create_page(request: DeskRequest, kind: str, source: Any) -> HttpResponse:
    """Shows the form, or creates the record. A fault keeps what was typed."""

    def build(data: Any) -> Any:
        declared, form = form_to_create(kind, data, request.user, source)
        if source is not None:
            form.initial.update(declares_create(declared).begun(source, request.user))
        return form

    try:
        with refusals_on_record(kind):
            if request.method == "POST":
                return _created(request, kind, source)
            form = with_draft(request, request.path, build) if record_type(kind).drafts else build(None)
    except NotVisible:
        raise Http404 from None
    except Invalid as error:
        if error.form is None:
            raise Http404 from None
        form = error.form
        if isinstance(error, KeyReused):
            form.data = request.POST.copy()
            del form.data["request"]
        return come_back(request, form, lambda: _form_page(request, kind, source, form, status=422))
    except ActError as error:
        return refusal_page(request, error, _back(kind, source))
    return _form_page(request, kind, source, form)


def visible_record(request: DeskRequest, plural: str, number: str) -> Any:
    """Returns the record at this address, if it exists for the user; the same 404 for every other."""
    try:
        return kind_at(plural).or_404(request.user, number)
    except NotVisible:
        raise Http404 from None


def _created(request: DeskRequest, kind: str, source: Any) -> HttpResponse:
    """Creates the record and leads to it; back when it does not exist for its creator."""
    key = request.POST.get("request", "")[:MAX_KEY_LENGTH]
    record = create(kind, request.POST, request.user, source, key=key)
    declared = record_type(kind)
    declares = declares_create(declared)
    if declares.result_page and all(hasattr(record, name) for name in declares.reveals):
        return declares.result_page(request, record)
    words = {"kind": declared.title, "number": record.matter.key}
    messages.success(request, _("已新建%(kind)s %(number)s。") % words)
    visible = declared.model._default_manager.for_user(request.user)  # type: ignore[attr-defined]
    return redirect(_address(record) if visible.filter(pk=record.pk).exists() else _back(kind, source))


def _form_page(request: DeskRequest, kind: str, source: Any, form: Any, status: int = 200) -> HttpResponse:
    """Renders the form, under a new key where it has none."""
    context = {
        "kind": record_type(kind).title,
        "number": source.matter.key if source else "",
        "back_url": _back(kind, source),
        "button": declares_create(record_type(kind)).button(request.user),
        "form": form,
        "request_key": form.data.get("request") or uuid4().hex,
    }
    return render(request, "desk/create_from.html", context, status=status)


def _address(record: Any) -> str:
    return adapter(record.matter.kind).address(record.matter.key)


def _back(kind: str, source: Any) -> str:
    """Returns where the user came from: the source, or the list of the kind."""
    return _address(source) if source else reverse(record_type(kind).listing.address)

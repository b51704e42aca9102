"""The pages by which citizens add and read files: on their own record, and on the receipt right after filing."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citizens.citizen import Citizen
from citizens.filing.receipt import kept_receipt
from citizens.public_sides import public_side
from citizens.tracking.closed import ask_again
from citizens.tracking.lookup import filing_of, find, tracked_filing, tracked_record
from citizens.tracking.own_files import own_attachments
from massline.methods import post_only
from massline.request_size import max_body
from massline.web import for_programs
from records.files.acts import HandIn
from records.files.pages import add_each, served
from records.files.upload_limits import max_form_bytes


@max_body(max_form_bytes)
@never_cache
@post_only("tracked")
def tracked_add(request: HttpRequest) -> HttpResponse:
    filing = tracked_filing(request)
    return _added(request, None if filing is None else tracked_record(filing), reverse("tracked"))


@max_body(max_form_bytes)
@never_cache
@post_only("receipt")
def receipt_add(request: HttpRequest) -> HttpResponse:
    """Adds files while the receipt is open, without number and code typed again."""
    kept = kept_receipt(request)
    return _added(request, find(kept["number"], kept["tracking_code"]) if kept else None, reverse("receipt"))


def _added(request: HttpRequest, record: Any, back: str) -> HttpResponse:
    if record is None:
        return _expired(request)
    act = public_side(record.KIND).acts[HandIn.slug]
    return add_each(request, act, record, Citizen(filing_of(record)), back)


def _expired(request: HttpRequest) -> HttpResponse:
    """Asks for number and code again; a script says so beside the files that were chosen."""
    message = _("已经过了半小时，文件没有添加。请重新输入编号和查询码，再添加一次。")
    if for_programs(request):
        return JsonResponse({"message": message}, status=403)
    return ask_again(request, message)


@never_cache
@require_safe
def tracked_read(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    filing = tracked_filing(request)
    if filing is None:
        return ask_again(request)
    return served(get_object_or_404(own_attachments(tracked_record(filing)), pk=pk))

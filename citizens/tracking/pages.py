"""The pages for tracking: the box for number and code, and the page of a citizen's own record with its acts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citizens.citizen import Citizen
from citizens.filing.forms import TrackForm
from citizens.filing.open_for_filing import is_open
from citizens.public_sides import public_side, public_sides
from citizens.tracking.double_press import perform_once
from citizens.tracking.lookup import TRACKING, filing_of, find, own_door, tracked_filing, tracked_record
from citizens.tracking.own_files import own_files, takes_files
from citizens.tracking.resulting_records import grown_from
from massline.acts import ActError, Invalid, NotVisible
from massline.methods import post_only
from massline.rest_shapes import members
from records.files.acts import ADDING
from records.files.models import Attachment
from responsibility.act_pages import act_card


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Opens a record for half an hour by number and code."""
    form, written = TrackForm(request.POST or None), _sent_text(request, request.POST.get("act", ""))
    if request.method != "POST":
        if not is_open():
            return render(request, "public/not_open.html", {"office": None}, status=503)
        return _box(request, TrackForm(), {})
    if not form.is_valid():
        return _box(request, form, written, status=422)
    number = form.cleaned_data["number"]
    if door := own_door(number):
        return redirect(door)
    record = find(number, form.cleaned_data["tracking_code"])
    if record is None:
        form.add_error(None, _("编号或查询码不对，请核对后再试。两者都印在回执上。"))
        return _box(request, form, written, status=404)
    response = _page_with_sent_text(request, record, written) or redirect("tracked")
    TRACKING.set(response, filing_of(record))
    return response


def _box(request: HttpRequest, form: TrackForm, written: dict[str, str], **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    return render(request, "public/track.html", {"form": form, "written": written} | more, status=status)


def _sent_text(request: HttpRequest, slug: str) -> dict[str, str]:
    """Returns the text that a citizen sent for an act after the half hour was over; empty when there was none."""
    words = {name: request.POST[name] for name in ("text", "reason", "object", "score") if request.POST.get(name)}
    known = any(act.slug == slug for side in public_sides().values() for act in side.acts)
    return {"act": slug, **words} if known and words.keys() & {"text", "reason"} else {}


def _page_with_sent_text(request: HttpRequest, record: Any, written: dict[str, str]) -> HttpResponse | None:
    """Renders the record's page with the text sent after the half hour; None without such a text, or without that act
    here."""
    act = next((each for each in public_side(record.KIND).acts if each.slug == written.get("act")), None)
    if act is None:
        return None
    form = act.build_form(record, Citizen(filing_of(record)), written)
    message = _("您刚才写的内容还没有提交，请核对后再提交一次。")
    return _tracked_page(request, record, failed={act.slug: form}, message=message)


@never_cache
@require_safe
def tracked(request: HttpRequest) -> HttpResponse:
    filing = tracked_filing(request)
    return redirect("track") if filing is None else _tracked_page(request, tracked_record(filing))


@post_only("tracked")
def leave(request: HttpRequest) -> HttpResponse:
    """Closes the citizen's own record, for devices that others use too."""
    response = redirect("track")
    TRACKING.delete(response)
    return response


@never_cache
@post_only("tracked")
def tracked_act(request: HttpRequest, slug: str) -> HttpResponse:
    filing = tracked_filing(request)
    if filing is None:
        written = _sent_text(request, slug)
        if not written:
            return redirect("track")
        message = _("已经过了半小时，请重新输入编号和查询码。您刚才写的内容还没有提交，查到以后可以接着提交。")
        return _box(request, TrackForm(), written, message=message, status=403)
    record = tracked_record(filing)
    try:
        perform_once(slug, record, request.POST)
    except Invalid as error:
        return _tracked_page(request, record, failed={slug: error.form}, status=422)
    except NotVisible as error:
        return render(request, "404.html", {"message": error.message}, status=404)
    except ActError as error:  # an official may have been quicker: the page shows the present state
        return _tracked_page(request, tracked_record(filing), message=str(error.message), status=error.status)
    messages.success(request, str(public_side(record.KIND).done[slug]))
    return redirect("tracked")


def _own_file(one: Attachment) -> str:
    return reverse("tracked_attachment", args=[one.pk])


def _tracked_page(
    request: HttpRequest, record: Any, *, failed: dict[str, Any] | None = None, message: str = "", status: int = 200
) -> HttpResponse:
    side, citizen = public_side(record.KIND), Citizen(filing_of(record))
    shown, may = side.shown(record), side.acts.open_to(record, citizen)
    acts = [
        act_card(act, record, citizen, reverse("tracked_act", args=[act.slug]), failed)
        for act in may
        if act.slug not in ADDING
    ]
    for card in acts:
        card.form.auto_id = f"{card.slug}_%s"
    context = members(shown) | {
        "record": shown,
        "acts": acts,
        "message": message,
        "attachments": own_files(record, may, add=reverse("tracked_add"), read=_own_file),
        "takes_files": takes_files(record),
        "office": record.office,
        "grown": grown_from(record),
    }
    return render(request, side.template, context | dict(side.page(record)), status=status)

"""Pages for citizens: file, keep the receipt, follow, and act on one's own petition."""

import json
from base64 import b64decode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import segno
from altcha import v1 as altcha
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from massline import crypto
from massline.acts import ActError, Invalid, NotVisible
from massline.cookies import cookie, delete_cookie, set_cookie
from massline.methods import post_only
from massline.rest_shapes import members
from massline.web import over_limit, used_before
from petitions import filing, office, show, signpost
from petitions.acts import CITIZEN_ACTS, HandIn, Rate, Supplement, Urge, Withdraw
from petitions.forms import NO_OFFICE, FilingForm, FilingSheet, TrackForm
from petitions.idempotency import OtherBody, StillRunning, once
from petitions.models import Demand
from petitions.repeats import perform_once
from petitions.tracking import find
from petitions.visibility import Citizen
from records.files.acts import ADDING
from records.files.models import Attachment
from responsibility.act_pages import act_card

RECEIPT = "receipt"
RECEIPT_AGE = int(timedelta(days=1).total_seconds())
FILED = "filed"
FILED_AGE = int(timedelta(hours=1).total_seconds())
TRACKING = "tracking"
TRACKING_AGE = int(timedelta(minutes=30).total_seconds())
PROOF_AGE = timedelta(minutes=30)
DONE = {
    Supplement.slug: gettext_lazy("补充情况已经提交，办理单位会看到。"),
    HandIn.slug: gettext_lazy("文件已添加。"),
    Urge.slug: gettext_lazy("已经催办，办理单位会收到提醒。"),
    Rate.slug: gettext_lazy("评价已经提交，谢谢您。"),
    Withdraw.slug: gettext_lazy("已经撤回，这件事不再继续办理。"),
}
"""What petitioners are told after each of their acts."""
PREFERENCE_AGE = int(timedelta(days=365).total_seconds())


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is; and where the office of the place is that somebody chose, which their other pages show as well."""
    known = office.places()
    asked = request.GET.get("place", "")
    chosen = asked if asked in {region.code for region in known} else ""
    place = chosen or cookie(request, office.PLACE)
    context = {"places": known, "place": place, "office": office.office_for(place) if known else None}
    response = render(request, "public/home.html", context)
    if chosen:
        set_cookie(response, office.PLACE, chosen, PREFERENCE_AGE)
    return response


def _not_open(request: HttpRequest) -> HttpResponse:
    """Nobody is there yet to receive anything."""
    return render(request, "public/not_open.html", {"office": None}, status=503)


@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Large type (大字版), kept in a cookie; a plain link, so that it works without script."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    size = "large" if request.GET.get("size") == "large" else "normal"
    set_cookie(response, "size", size, PREFERENCE_AGE)
    return response


@never_cache
@require_safe
def altcha_challenge(request: HttpRequest) -> JsonResponse:
    """A proof of work for the form: about a second of a phone's time, much of a flooder's."""
    challenge = altcha.create_challenge(
        altcha.ChallengeOptions(
            hmac_key=crypto.key_for("altcha").hex(),
            max_number=settings.ALTCHA_MAX_NUMBER,
            expires=timezone.now() + PROOF_AGE,
        )
    )
    return JsonResponse(
        {
            "algorithm": challenge.algorithm,
            "challenge": challenge.challenge,
            "maxnumber": settings.ALTCHA_MAX_NUMBER,
            "salt": challenge.salt,
            "signature": challenge.signature,
        }
    )


def proved(payload: str) -> bool:
    """Whether a proof of work is right, fresh and used for the first time."""
    if not payload:
        return False
    try:
        solved = json.loads(b64decode(payload))
        good, _error = altcha.verify_solution(solved, crypto.key_for("altcha").hex(), check_expires=True)
    except Exception:
        # The library meets arbitrary input here, and any fault in it is a proof that fails.
        return False
    # By what was signed: one solution can be written down in many ways.
    return good and not used_before(f"altcha:{solved['signature']}", 3600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The first question. What a form that was opened before there was one still sends here is filed as ever."""
    if request.method == "POST":
        return file(request)
    return signpost.begin(request) if office.is_open() else _not_open(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, both: bool = False) -> HttpResponse:
    """The petition form. A fault keeps everything that was typed. `both`: there is an accusation, too, which is not to
    be written here."""
    if request.method != "POST":
        return _form_page(request, FilingSheet(FilingForm)) if office.is_open() else _not_open(request)
    sheet = FilingSheet(FilingForm, request.POST)
    if not sheet.is_valid():
        return _form_page(request, sheet, status=422) if office.is_open() else _not_open(request)
    if not proved(sheet.form.cleaned_data["altcha"]):
        wait = over_limit("file", request, settings.FILING_LIMIT)
        if wait:
            return _too_many(request, sheet, wait)
    return _file(request, sheet)


def _file(request: HttpRequest, sheet: FilingSheet) -> HttpResponse:
    data = sheet.data()
    nonce = data.pop("nonce") or uuid4().hex
    data.pop("altcha")
    body = data | {"region": data["region"].code}
    same = crypto.keyed_hash("filed", json.dumps(body, sort_keys=True, default=str)).hex()
    if _filed_before(request, same, nonce) and "again" not in request.POST:
        message = _("同样的内容刚才已经提交成功，不用再交。确实要另交一份的，请再点一次“提交”。")
        return _form_page(request, _renewed(request), message=message, status=409, again=True)
    try:
        receipt = once(f"form:{nonce}", body, lambda: filing.file(data))
    except OtherBody:
        message = _("刚才的内容已经提交成功。如果还要另外反映下面的内容，请再次点击“提交”。")
        return _form_page(request, _renewed(request), message=message, status=409)
    except filing.NoPetitionOffice:
        sheet.form.add_error("region", NO_OFFICE)
        return _form_page(request, sheet, status=422)
    except StillRunning as error:
        return _form_page(request, sheet, message=str(error.message), status=409)
    response = redirect("receipt")
    set_cookie(response, RECEIPT, crypto.seal_token(RECEIPT, receipt), RECEIPT_AGE)
    set_cookie(response, FILED, crypto.seal_token(FILED, [same, nonce]), FILED_AGE)
    return response


def _filed_before(request: HttpRequest, same: str, nonce: str) -> bool:
    """Whether this browser has just filed the same in another form: somebody went back from the receipt and pressed
    the button once more. The same form sent twice is known by its nonce, and filed once."""
    try:
        filed, sent = crypto.open_token(FILED, cookie(request, FILED), FILED_AGE)
    except crypto.Unreadable:
        return False
    return filed == same and sent != nonce


def _renewed(request: HttpRequest) -> FilingSheet:
    """The same text in a form that has not been sent yet."""
    data = request.POST.copy()
    data["nonce"] = uuid4().hex
    return FilingSheet(FilingForm, data)


def _too_many(request: HttpRequest, sheet: FilingSheet, wait: int) -> HttpResponse:
    message = _("这个网络地址一小时内提交得太多了，请在 %(minutes)s 分钟后再点“提交”，您填写的内容都还在。") % {
        "minutes": wait // 60 + 1
    }
    response = _form_page(request, sheet, message=message, status=429)
    response["Retry-After"] = str(wait)
    return response


def _form_page(
    request: HttpRequest, sheet: FilingSheet, *, message: str = "", status: int = 200, again: bool = False
) -> HttpResponse:
    both = request.resolver_match is not None and request.resolver_match.url_name == "file_both"
    context = sheet.context() | {"message": message, "again": again, "both": both}
    return render(request, "public/file.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt, until the petitioner says that it is saved; then the code is nowhere any more."""
    try:
        kept = crypto.open_token(RECEIPT, cookie(request, RECEIPT), RECEIPT_AGE)
    except crypto.Unreadable:
        return redirect("track")
    saved = request.method == "POST"
    address = request.build_absolute_uri(reverse("track"))
    track_url = f"{address}#number={kept['number']}&code={kept['tracking_code']}"
    context = kept | {
        "obligations": show.promised(kept),
        "saved": saved,
        "track_url": reverse("track") if saved else track_url,
        "qr_svg": "" if saved else _qr(track_url),
    }
    if saved:
        context["tracking_code"] = None
    elif demand := receipt_demand(request):
        may = CITIZEN_ACTS.open_to(demand, Citizen(demand.petition_id))
        context["attachments"] = show.own_files(demand, may, add=reverse("receipt_add"), read=None)
        context["office"] = demand.office
    response = render(request, "public/receipt.html", context)
    if saved:
        delete_cookie(response, RECEIPT)
    return response


def receipt_demand(request: HttpRequest) -> Demand | None:
    """The petition whose receipt is still open."""
    try:
        kept = crypto.open_token(RECEIPT, cookie(request, RECEIPT), RECEIPT_AGE)
    except crypto.Unreadable:
        return None
    return find(kept["number"], kept["tracking_code"])


def _qr(text: str) -> str:
    return segno.make(text, error="m").svg_inline(scale=4, border=2, svgclass="qr-code", lineclass=None, omitsize=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code open the petition for half an hour."""
    form, written = TrackForm(request.POST or None), _written(request, request.POST.get("act", ""))
    if request.method != "POST":
        return render(request, "public/track.html", {"form": TrackForm()}) if office.is_open() else _not_open(request)
    if not form.is_valid():
        return render(request, "public/track.html", {"form": form, "written": written}, status=422)
    demand = find(form.cleaned_data["number"], form.cleaned_data["tracking_code"])
    if demand is None:
        form.add_error(None, _("编号或查询码不对，请核对后再试。两者都印在回执上。"))
        return render(request, "public/track.html", {"form": form, "written": written}, status=404)
    response = _gone_on_with(request, demand, written) if written else redirect("tracked")
    set_cookie(response, TRACKING, crypto.seal_token(TRACKING, demand.petition_id), TRACKING_AGE)
    return response


def _written(request: HttpRequest, slug: str) -> dict[str, str]:
    """What a petitioner wrote for an act when the half hour was over; empty when they wrote nothing."""
    words = {name: request.POST[name] for name in ("text", "reason", "object", "score") if request.POST.get(name)}
    known = any(act.slug == slug for act in CITIZEN_ACTS)
    return {"act": slug, **words} if known and words.keys() & {"text", "reason"} else {}


def _gone_on_with(request: HttpRequest, demand: Demand, written: dict[str, str]) -> HttpResponse:
    act = CITIZEN_ACTS[written["act"]]
    form = act.build_form(demand, Citizen(demand.petition_id), written)
    message = _("您刚才写的内容还没有提交，请核对后再提交一次。")
    return _tracked_page(request, demand, failed={act.slug: form}, message=message)


@never_cache
@require_safe
def tracked(request: HttpRequest) -> HttpResponse:
    demand = tracked_demand(request)
    return redirect("track") if demand is None else _tracked_page(request, demand)


@post_only("tracked")
def leave(request: HttpRequest) -> HttpResponse:
    """Ends the look at one's petition, for who shares a device."""
    response = redirect("track")
    delete_cookie(response, TRACKING)
    return response


@never_cache
@post_only("tracked")
def tracked_act(request: HttpRequest, slug: str) -> HttpResponse:
    demand = tracked_demand(request)
    if demand is None:
        written = _written(request, slug)
        if not written:
            return redirect("track")
        message = _("已经过了半小时，请重新输入编号和查询码。您刚才写的内容还没有提交，查到以后可以接着提交。")
        context = {"form": TrackForm(), "message": message, "written": written}
        return render(request, "public/track.html", context, status=403)
    try:
        perform_once(slug, demand, request.POST)
    except Invalid as error:
        return _tracked_page(request, demand, failed={slug: error.form}, status=422)
    except NotVisible as error:
        return render(request, "404.html", {"message": error.message}, status=404)
    except ActError as error:  # somebody was quicker, perhaps: the page shows how it is now
        now = tracked_demand(request) or demand
        return _tracked_page(request, now, message=str(error.message), status=error.status)
    messages.success(request, str(DONE[slug]))
    return redirect("tracked")


def tracked_demand(request: HttpRequest) -> Demand | None:
    """The petition whose code was shown in the last half hour."""
    try:
        petition = crypto.open_token(TRACKING, cookie(request, TRACKING), TRACKING_AGE)
    except crypto.Unreadable:
        return None
    return Demand.objects.whole().get(petition=petition)


def _own_file(one: Attachment) -> str:
    return reverse("tracked_attachment", args=[one.pk])


def _tracked_page(
    request: HttpRequest, demand: Demand, *, failed: dict[str, Any] | None = None, message: str = "", status: int = 200
) -> HttpResponse:
    citizen = Citizen(demand.petition_id)
    shown, may = show.tracked(demand), CITIZEN_ACTS.open_to(demand, citizen)
    acts = [
        act_card(act, demand, citizen, reverse("tracked_act", args=[act.slug]), failed)
        for act in may
        if act.slug not in ADDING
    ]
    for card in acts:
        card.form.auto_id = f"{card.slug}_%s"
    files = show.own_files(demand, may, add=reverse("tracked_add"), read=_own_file)
    context = members(shown) | {"petition": shown, "acts": acts, "message": message, "attachments": files}
    context["office"] = demand.office
    context["sealed"] = demand.sealed
    context["ratings"] = show.own_ratings(demand)
    return render(request, "public/tracked.html", context, status=status)

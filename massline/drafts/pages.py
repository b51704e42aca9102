"""The addresses of drafts: to keep one, to drop one, to finish on this device."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from massline.cookies import set_cookie
from massline.drafts.box import OpenForm, box_of
from massline.drafts.forms import keep_posted, posted_form, see_other
from massline.drafts.middleware import text_back
from massline.methods import post_only
from massline.time import clock_time
from massline.web import for_programs, over_limit, problem_response

LIMIT = 6000
"""Times that one address may save in an hour: an office of fifty behind one."""
A_YEAR = 365 * 24 * 3600
SIZES = ("normal", "large")


@never_cache
@post_only("home")
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps a draft: for the script while somebody types, and for buttons that lead to the form with its text.

    `redraw` says in which language or size the form is shown then; `instead` names a draft that this one replaces.
    """
    form = posted_form(request)
    if form is None:
        return _not_kept(request, 400)
    if over_limit("drafts", request, LIMIT):
        return _not_kept(request, 429)
    if keep_posted(request) is None:
        return _not_kept(request, 409)
    if for_programs(request):
        return JsonResponse({"saved": clock_time(timezone.now())})
    if instead := OpenForm.read(request.POST.get("instead", "")):
        box_of(request).drop(instead)
    return _redrawn(request, see_other(form.page))


def _not_kept(request: HttpRequest, status: int) -> HttpResponse:
    heading = _("没有暂存")
    if for_programs(request):
        return problem_response(status, heading)
    return _redrawn(request, text_back(request, heading, status=status))


def _redrawn(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sets the language or the size that the button said: `language:en`, `size:large`; the button keeps the focus, or
    with `:here` its form."""
    what, value, here = (*request.POST.get("redraw", "").split(":", 2), "", "")[:3]
    if what in ("language", "size") and not here and "Location" in response:
        response["Location"] = f"{response['Location'].partition('#')[0]}#{what}"
    if what == "size" and value in SIZES:
        set_cookie(response, "size", value, A_YEAR)
    if what == "language" and check_for_language(value):
        _set_language(response, value)
    return response


def _set_language(response: HttpResponse, code: str) -> None:
    """Sets the cookie as Django's own view does."""
    more: dict[str, Any] = {
        name: getattr(settings, f"LANGUAGE_COOKIE_{name.upper()}")
        for name in ("path", "domain", "secure", "httponly", "samesite")
    }
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=settings.LANGUAGE_COOKIE_AGE, **more)


@never_cache
@post_only("home")
def drop(request: HttpRequest) -> HttpResponse:
    """Throws one draft away, and shows its form empty."""
    form = posted_form(request)
    if form is None:
        return redirect("home")
    box_of(request).drop(form)
    return see_other(form.page)


@never_cache
@post_only("home")
def finish(request: HttpRequest) -> HttpResponse:
    """Ends the drafts of this browser, on devices that others use too."""
    box_of(request).finish()
    messages.success(request, _("在本机填写的内容都已清除。"))
    return redirect("home")

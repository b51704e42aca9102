"""Sees that no form with drafts is lost: neither when its session has ended, nor when the answer is a refusal."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from massline.drafts.box import OpenForm, box_of, owner_of
from massline.drafts.forms import keep_posted, posted_form, posted_texts, see_other
from massline.web import for_programs

NOT_READ = frozenset({400, 413})
"""Answers to what was too much, or no form at all: it must not be read now."""
GIVEN_BACK = frozenset({403, 404, 405, 409, 410, 429, 500, 503})
"""Answers whose page gives back the text of a form that was sent."""


class Drafts:
    """Middleware, after those that send people elsewhere: keeps what a view was not given or would not take.

    A view that shows the form again, or keeps it by itself, says so (`DraftBox.settled`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _may_have_drafts(request) and response.status_code not in NOT_READ:
            form = posted_form(request)
            if form is not None and not box_of(request).settled:
                response = _settle(request, form, response)
        box_of(request).give_cookie(response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        request.reached_view = True  # type: ignore[attr-defined]
        form = posted_form(request) if _may_have_drafts(request) else None
        if form is None or not form.of_official or form.owner == owner_of(request):
            return None
        return _of_another(request, form)


def _may_have_drafts(request: HttpRequest) -> bool:
    return request.method == "POST" and not request.path.startswith(("/api/", "/drafts/"))


def _settle(request: HttpRequest, form: OpenForm, response: HttpResponse) -> HttpResponse:
    """Drops the draft of a form that was taken; keeps that of any other."""
    reached = getattr(request, "reached_view", False)
    if reached and response.status_code < 400:
        box_of(request).drop(form)
        return response
    if not reached and response.status_code == 403:  # a sign-in elsewhere made this page too old
        return _too_old(request, form)
    keep_posted(request)
    if response.status_code in GIVEN_BACK and not for_programs(request):
        return text_back(request, _("刚才的内容没有提交"), status=response.status_code)
    return response


def _too_old(request: HttpRequest, form: OpenForm) -> HttpResponse:
    box = box_of(request)
    if form.of_official and form.owner != box.owner:
        return _of_another(request, form)
    if keep_posted(request) is None:
        return text_back(request, _("页面已过期，刚才的内容没有提交"), form.page, status=403)
    messages.info(request, _("页面已过期，刚才的内容没有提交，但已保留。请核对后再提交一次。"))
    return see_other(form.page)


def _of_another(request: HttpRequest, form: OpenForm) -> HttpResponse:
    """Answers for a form that an official opened who is signed in no more: keeps it for that account alone."""
    kept = keep_posted(request) is not None
    box_of(request).settled = True
    if not request.user.is_authenticated:
        if kept:
            messages.info(request, _("您的内容已保留，登录后可接着办理。"))
            return redirect_to_login(form.page)
        heading = _("登录已失效，刚才的内容没有提交")
        return text_back(request, heading, redirect_to_login(form.page).url, status=403)  # type: ignore[attr-defined]
    heading = _("这张表是用另一个账号打开的，没有提交")
    said = _("填写的内容已为那个账号保留，用那个账号登录后可以接着办理。") if kept else ""
    return render(request, "desk/message.html", {"heading": heading, "message": said}, status=409)


def text_back(request: HttpRequest, heading: str, back: str = "", status: int = 409) -> HttpResponse:
    """Renders a page that gives a text back which nothing keeps, or which has no page of its own any more."""
    box_of(request).settled = True
    context = {"heading": heading, "texts": posted_texts(request), "back_url": back}
    return render(request, "drafts/text_back.html", context, status=status)

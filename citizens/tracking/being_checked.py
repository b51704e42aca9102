"""The page that a citizen finds in the place of a record that is frozen (冻结): no detail, and no other page of it."""

from collections.abc import Callable
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.tracking.lookup import BeingChecked


class BeingCheckedPage:
    """Answers every page of a frozen record of a citizen; REST says the same by itself."""

    async_capable: ClassVar = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, BeingChecked):
            return None
        message = _("核查结束以后可以照常查询。办理期限照常计算，您不必做什么。")
        context = {"heading": exception.title, "message": message, "back_url": reverse("track")}
        return render(request, "public/message.html", context, status=exception.status)

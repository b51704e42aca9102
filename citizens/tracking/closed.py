"""What a citizen reads who comes back to their own record after the half hour for which the code opens it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

CLOSED = _("查到以后只打开半小时，现在已经关闭。请重新输入编号和查询码。")


def ask_again(request: HttpRequest, message: Any = CLOSED) -> HttpResponse:
    """Leads to the box for number and code, and says why."""
    messages.warning(request, message)
    return redirect("track")

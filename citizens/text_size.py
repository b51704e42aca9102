"""Sets large type (大字版) for citizens, kept in a cookie; a plain link, so that it works without script."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from massline.cookies import set_cookie

KEPT = int(timedelta(days=365).total_seconds())


@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    size = "large" if request.GET.get("size") == "large" else "normal"
    set_cookie(response, "size", size, KEPT)
    return response

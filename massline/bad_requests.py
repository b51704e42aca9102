"""What is answered to a request that cannot be read."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from massline.pages import BadCursor
from massline.web import for_programs, problem_response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Problem details for programs, a page for people; whoever turned the pages of a list is led to its first."""
    if for_programs(request):
        return problem_response(400, _("请求无法识别"))
    if not isinstance(exception, BadCursor):
        return defaults.bad_request(request, exception)
    kept = request.GET.copy()
    kept.pop("cursor", None)
    said = _("这一页的地址不完整，或者已经失效：请从第一页看起，筛选条件还在。")
    first = f"{request.path}?{kept.urlencode()}"
    return render(request, "400.html", {"message": said, "first_url": first}, status=400)

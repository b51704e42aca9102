"""The front page, the help page, and the page of the first question before a petition is filed."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citizens.filing.pages import FilingPage
from massline.cookies import cookie, set_cookie
from petitions.models import Demand
from petitions.public import receiving_office as office

PLACE_KEPT = 365 * 24 * 3600
file = FilingPage.as_view(kind=Demand.KIND)
file_both = FilingPage.as_view(kind=Demand.KIND, more={"both": True})
"""The page for citizens who have an accusation besides their petition: it tells them not to write it here."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Shows the front page with the petition office of the chosen place; a cookie keeps the place for the other
    pages."""
    known = office.places()
    asked = request.GET.get("place", "")
    chosen = asked if asked in {region.code for region in known} else ""
    place = chosen or cookie(request, office.PLACE)
    context = {"places": known, "place": place, "office": office.office_for(place) if known else None}
    response = render(request, "public/home.html", context)
    if chosen:
        set_cookie(response, office.PLACE, chosen, PLACE_KEPT)
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponseBase:
    """Asks which of three situations the citizen is in. A form that is sent to this address is filed."""
    if request.method == "POST" or not office.is_open():
        return file(request)
    return render(request, "public/begin.html")

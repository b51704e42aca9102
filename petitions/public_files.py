"""Files of petitioners on their own petition: on its page, and on the receipt right after filing."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from massline.methods import post_only
from massline.request_size import max_body
from petitions.acts import CITIZEN_ACTS, HandIn
from petitions.models import Demand
from petitions.public import receipt_demand, tracked_demand
from petitions.visibility import Citizen
from records.files.models import Attachment
from records.files.pages import add_each, served
from records.files.upload_limits import max_form_bytes


@max_body(max_form_bytes)
@never_cache
@post_only("tracked")
def tracked_add(request: HttpRequest) -> HttpResponse:
    return _added(request, tracked_demand(request), reverse("tracked"))


@max_body(max_form_bytes)
@never_cache
@post_only("receipt")
def receipt_add(request: HttpRequest) -> HttpResponse:
    """While the receipt is open: nothing has to be typed again."""
    return _added(request, receipt_demand(request), reverse("receipt"))


def _added(request: HttpRequest, demand: Demand | None, back: str) -> HttpResponse:
    if demand is None:
        return redirect("track")
    return add_each(request, CITIZEN_ACTS[HandIn.slug], demand, Citizen(demand.petition_id), back)


@never_cache
@require_safe
def tracked_read(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    demand = tracked_demand(request)
    if demand is None:
        return redirect("track")
    if demand.sealed:
        raise Http404
    return served(get_object_or_404(Attachment.objects.about(Demand.KIND, demand.pk).for_citizen(), pk=pk))

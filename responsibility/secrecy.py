"""The page on which a reader signs the commitment to secrecy (保密承诺) before a walled record opens for them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from massline.acts import NotVisible
from massline.methods import post_only
from responsibility import readers


@login_required
@never_cache
@require_safe
def secrecy(request: DeskRequest) -> HttpResponse:
    """Lists the days since when records wait for the user's commitment, and nothing of what they are."""
    rows = readers.undeclared(request.user)[:100]
    return render(request, "desk/secrecy.html", {"items": [{"pk": row.pk, "since": row.since} for row in rows]})


@login_required
@post_only("secrecy")
def declare(request: DeskRequest, pk: int) -> HttpResponse:
    """Signs the commitment for one record."""
    try:
        readers.declare(request.user, pk)
    except NotVisible:
        raise Http404 from None
    messages.success(request, _("已签署保密承诺，现在可以阅看。"))
    return redirect("secrecy")

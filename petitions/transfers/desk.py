"""The register of accusations handed over: its declaration and list, and the page for entering papers directly."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.desk import DeskRequest
from accounts.separation import refuse_page
from massline.acts import Invalid, Refused
from massline.drafts.forms import come_back, with_draft
from massline.time import today
from petitions.desk.menu import keeps_the_register
from petitions.models import Demand
from petitions.transfers.acts import TRANSFER_ACTS
from petitions.transfers.cards import CARDS, note_reading
from petitions.transfers.columns import COLUMNS
from petitions.transfers.entering import enter_paper, receiving_organ, receiving_post
from petitions.transfers.forms import PaperForm
from petitions.transfers.models import Transfer, TransferState
from petitions.transfers.rest import REST, SHOWN
from petitions.transfers.subject import TransferAdapter, describe
from records.creating import create, form_to_create
from records.files.models import Attachment
from records.files.pages import served
from records.kinds import Create, RecordType
from records.kinds import register as register_kind
from records.listing import Listing


def _this_year(request: DeskRequest) -> dict[str, Any]:
    """Counts the year's transfers for the yearly report (Art. 41)."""
    lines = Transfer.objects.for_user(request.user).filter(sent_at__year=today().year)
    counts = lines.aggregate(
        sent=Count("pk"),
        waiting=Count("pk", filter=Q(state=TransferState.SENT)),
        papers=Count("pk", filter=Q(demand=None)),
    )
    return {"year": today().year, "counts": counts, "may_enter": receiving_post(request.user) is not None}


TRANSFERS = register_kind(
    RecordType(
        kind=Transfer.KIND,
        plural="transfers",
        title=gettext_lazy("移送登记"),
        model=Transfer,
        acts=TRANSFER_ACTS,
        final=frozenset({TransferState.RECEIPTED}),
        columns=COLUMNS,
        listing=Listing(
            heading=gettext_lazy("移送登记簿"),
            address="transfers",
            shown=("number", "state", "sent_on", "pages", "sent_to", "receipt"),
            joined=SHOWN,
            order="sent_at",
            newest_first=True,
            empty=gettext_lazy("还没有移送登记。"),
            template="desk/transfers.html",
            more=_this_year,
        ),
        describe=describe,
        adapter=TransferAdapter,
        cards=CARDS,
        menu=keeps_the_register,
        with_related=lambda lines: lines.select_related(*SHOWN, "demand__petition__region"),
        rest=REST,
        create=Create(
            form=PaperForm,
            form_arguments=lambda user: {"record": receiving_organ(user)},
            may=lambda user: receiving_post(user) is not None,
            make=enter_paper,
        ),
    )
)


@login_required
@never_cache
@require_safe
def transfer_file(request: DeskRequest, number: str, pk: int) -> FileResponse:
    line = TRANSFERS.or_404(request.user, number)
    if not line.may_be_read_by(request.user):
        raise Http404
    assert line.demand is not None
    note_reading(line, request.user)
    return served(get_object_or_404(Attachment.objects.about(Demand.KIND, line.demand.pk).kept(), pk=pk))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_new(request: DeskRequest) -> HttpResponse:
    """Enters a letter, visit or call that is an accusation: channel, pages and receiver; nothing of its content."""
    try:
        if request.method == "POST":
            line = create(Transfer.KIND, request.POST, request.user)
            messages.success(request, _("已记入移送登记簿：%(number)s") % {"number": line.number})
            return redirect("transfer", line.number)
        form = with_draft(request, request.path, lambda data: form_to_create(Transfer.KIND, data, request.user)[1])
    except Refused:
        return refuse_page(request, str(_("登记移送")))
    except Invalid as error:
        faulty = {"form": error.form}
        return come_back(request, error.form, lambda: render(request, "desk/transfer_new.html", faulty, status=422))
    return render(request, "desk/transfer_new.html", {"form": form})

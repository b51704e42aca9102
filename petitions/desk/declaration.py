"""The declaration of petitions as a kind of record, and the page for entering one."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from accounts.separation import refuse_page
from citizens.filing.forms import FilingSheet, sheet_with_draft
from citizens.filing.idempotency import OtherBody, StillRunning, once
from citizens.public_sides import open_to_citizens
from citizens.tracking.view import promised_in
from massline.acts import Invalid
from massline.drafts.forms import come_back
from petitions.acts import OFFICIAL_ACTS
from petitions.desk import petition_view as show
from petitions.desk.adapter import PetitionAdapter, describe
from petitions.desk.bulk import BULK_ACTS
from petitions.desk.cards import CARDS
from petitions.desk.columns import COLUMNS
from petitions.desk.documents import DOCUMENTS, with_letters
from petitions.desk.exporting import EXPORTED
from petitions.desk.filters import DemandFilter
from petitions.desk.rest import REST
from petitions.figures.bulletin import BULLETIN
from petitions.figures.indicators import FIGURES
from petitions.filing.entering import EntryForm, enter, enter_form, organs_of, receiving_posts
from petitions.filing.forms import ClerkFilingForm
from petitions.importing.importer import IMPORTER
from petitions.models import FINAL, Demand, State
from petitions.public.side import PUBLIC_SIDE, may_search, way_to_search
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_columns import light_of

PETITIONS = register(
    RecordType(
        kind="petition",
        plural="petitions",
        title=gettext_lazy("信访事项"),
        model=Demand,
        acts=OFFICIAL_ACTS,
        note="note",
        final=FINAL,
        columns=COLUMNS,
        listing=Listing(
            heading=gettext_lazy("台账"),
            address="ledger",
            shown=(
                "light",
                "due_strict",
                "number",
                "title",
                "category_name",
                "organ",
                "holder",
                "state",
                "received",
            ),
            joined=("petition", "organ"),
            chosen=("title", "category_name", "region_name", "organ", "state"),
            chosen_joined=("petition__region",),
            filters=DemandFilter,
            caption=gettext_lazy("按法定截止日期排列的信访事项"),
            row_css=light_of,
            template="desk/ledger.html",
            elsewhere=lambda request: way_to_search(request.user),
            more=lambda request: {"may_search_person": may_search(request.user)},
        ),
        number="petition__number",
        citizen=gettext_lazy("信访人"),
        exported=EXPORTED,
        bulk=BULK_ACTS,
        with_related=lambda demands: with_letters(demands.whole()),
        describe=describe,
        adapter=PetitionAdapter,
        obligations=show.obligations_of,
        cards=CARDS,
        documents=DOCUMENTS,
        not_there=gettext_lazy("没有这件信访事项，或者它不在您的职责范围内"),
        importer=IMPORTER,
        rest=REST,
        figures=FIGURES,
        bulletin=BULLETIN,
        create=Create(
            form=EntryForm,
            form_arguments=organs_of,
            may=lambda user: bool(receiving_posts(user)),
            make=enter_form,
            reveals=("receipt",),
            result_page=lambda request, demand: entered(request, demand.receipt),
        ),
    )
)
open_to_citizens(Demand.KIND, PUBLIC_SIDE)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Enters a letter, visit or call for the organ that received it (Art. 21, 23), and shows the receipt to hand
    over."""
    posts = receiving_posts(request.user)
    if not posts:
        return refuse_page(request, str(_("登记来件")))

    def build(data: Any) -> FilingSheet:
        return FilingSheet(ClerkFilingForm, data, **organs_of(request.user))

    if request.method != "POST":
        return render(request, "desk/new.html", sheet_with_draft(request, build).context())
    sheet = build(request.POST)
    receipt = _enter(request, sheet) if sheet.is_valid() else None
    if receipt is None:
        return come_back(request, sheet.form, lambda: render(request, "desk/new.html", sheet.context(), status=422))
    return entered(request, receipt)


def entered(request: HttpRequest, receipt: Mapping[str, Any]) -> HttpResponse:
    """Renders the receipt to hand over."""
    found = Demand.objects.select_related("petition", "office").get(petition__number=receipt["number"])
    context = dict(receipt) | {
        "obligations": promised_in(receipt),
        "channel": found.petition.channel,
        "is_registered": found.state != State.RECEIVED,
        "office": found.office.called,
    }
    return render(request, "desk/entered.html", context, status=201)


def _enter(request: DeskRequest, sheet: FilingSheet) -> Mapping[str, Any] | None:
    """Enters the petition and returns its receipt; a form sent twice is entered once. None for a fault that only filing
    finds."""
    data = sheet.data()
    key = f"desk:{data.pop('nonce') or uuid4().hex}"
    posts = receiving_posts(request.user)
    post = posts[data.get("organ") or next(iter(posts))]
    try:
        return once(key, data, lambda: enter(data, request.user, post))
    except Invalid as error:
        error.shown_in(sheet.form)
    except (OtherBody, StillRunning) as error:
        sheet.form.add_error(None, str(error.message))
    return None

"""Petitions as a kind of record, and their pages for officials: one petition with its acts, new entries."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.desk import DeskRequest
from accounts.separation import refuse_page
from massline.methods import post_only
from petitions import bulk, filing, show
from petitions.acts import OFFICIAL_ACTS
from petitions.attachments.panel import panel
from petitions.columns import COLUMNS, light_of
from petitions.entering import enter, entry_form, make, receiving
from petitions.exporting import EXPORTED
from petitions.filters import DemandFilter
from petitions.forms import NO_OFFICE, ClerkFilingForm, FilingSheet
from petitions.idempotency import OtherBody, StillRunning, once
from petitions.menu import reads
from petitions.models import FINAL, Demand
from petitions.person import may_search
from petitions.rest import REST
from petitions.tellings import waits_to_be_told
from records.creating import openings
from records.files.forms import ADDING
from records.kinds import Create, RecordType, register
from records.links import links_of, with_links
from records.listing import Listing
from records.timeline import timeline
from responsibility.act_pages import ActPages, Failed
from responsibility.show import escalations_about, instructions

PETITIONS = register(
    RecordType(
        kind="petition",
        plural="petitions",
        title=gettext_lazy("信访事项"),
        model=Demand,
        acts=OFFICIAL_ACTS,
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
            joined=("petition", "organ", "handler"),
            filters=DemandFilter,
            caption=gettext_lazy("按截止日期排列的信访事项"),
            row_css=light_of,
            template="desk/ledger.html",
            more=lambda request: {"may_search_person": may_search(request.user)},
        ),
        number="petition__number",
        citizen=gettext_lazy("信访人"),
        exported=EXPORTED,
        bulk=bulk.open_to,
        menu=reads,
        whole=lambda demands: demands.whole(),
        not_there=gettext_lazy("没有这件信访事项，或者它不在您的职责范围内"),
        rest=REST,
        create=Create(
            form=entry_form,
            may=lambda user: bool(receiving(user)),
            make=make,
            reveals=("receipt",),
            after=lambda request, demand: entered(request, demand.receipt),
        ),
    )
)


@login_required
@never_cache
@require_safe
def petition(request: DeskRequest, number: str) -> HttpResponse:
    return _petition_page(request, PETITIONS.or_404(request.user, number))


@login_required
@never_cache
@post_only("petition", "number")
def petition_act(request: DeskRequest, number: str, slug: str) -> HttpResponse:
    return PAGES.perform(request, PETITIONS.or_404(request.user, number), slug)


def _petition_page(
    request: DeskRequest, demand: Demand, *, failed: Failed | None = None, status: int = 200
) -> HttpResponse:
    now, steps = timezone.now(), escalations_about("petition", demand.pk)
    facts = show.summary(demand, now) | show.detail(demand)
    facts |= {"category": facts["category_name"], "region": facts["region_name"]}
    linked = links_of(demand, request.user)
    links, may = show.chain_of(demand, steps), OFFICIAL_ACTS.open_to(demand, request.user)
    if demand.handler_id is not None:
        facts |= {"handler": "、".join(links[0].people) or facts["handler"]}
    context = {
        "petition": facts,
        "petitioner": show.petitioner(demand, getattr(demand, "unmasked", {})),
        "representatives": show.representatives(demand),
        "complained": show.complained(demand),
        "obligations": show.obligations_of(demand),
        "postmarked_on": demand.petition.postmarked_on,
        "to_tell": waits_to_be_told(demand, request.user),
        "chain": links if demand.due_at else [],
        "timeline": with_links(timeline(demand.matter, public=False), linked),
        "linked": linked,
        "openings": openings(demand, request.user),
        "answers": show.answers(demand),
        "attachments": panel(
            demand, citizen=False, open_acts=may, url=reverse("attachment_add", args=[demand.petition.number])
        ),
        "instructions": instructions(steps),
        "ratings": show.ratings(demand),
        "acts": PAGES.cards(demand, request.user, failed, [act for act in may if act.slug not in ADDING]),
    }
    return render(request, "desk/petition.html", context, status=status)


PAGES = ActPages(
    acts=OFFICIAL_ACTS,
    show=_petition_page,
    address="petition",
    list_address="ledger",
    visible=Demand.objects.for_user,
)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """A letter, visit or call entered by the organ that received it (Art. 21, 23), with the receipt to hand over."""
    posts = receiving(request.user)
    if not posts:
        return refuse_page(request, str(_("登记来件")))
    organs = [(code, held.organ_name) for code, held in posts.items()]
    sheet = FilingSheet(ClerkFilingForm, request.POST if request.method == "POST" else None, organs=organs)
    receipt = None
    if request.method == "POST" and sheet.is_valid():
        receipt = _enter(request, sheet)
    if receipt is None:
        return render(request, "desk/new.html", sheet.context(), status=422 if request.method == "POST" else 200)
    return entered(request, receipt)


def entered(request: HttpRequest, receipt: Mapping[str, Any]) -> HttpResponse:
    """The receipt to hand over."""
    context = dict(receipt) | {"obligations": show.promised(receipt)}
    return render(request, "desk/entered.html", context, status=201)


def _enter(request: DeskRequest, sheet: FilingSheet) -> Mapping[str, Any] | None:
    """The receipt; sent twice, entered once. None when the form has a fault that only filing finds."""
    data = sheet.data()
    key = f"desk:{data.pop('nonce') or uuid4().hex}"
    body = data | {"region": data["region"].code}
    posts = receiving(request.user)
    post = posts[data.get("organ") or next(iter(posts))]
    try:
        return once(key, body, lambda: enter(data, request.user, post))
    except filing.NoPetitionOffice:
        sheet.form.add_error("region", NO_OFFICE)
    except (OtherBody, StillRunning) as error:
        sheet.form.add_error(None, str(error.message))
    return None

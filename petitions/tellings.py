"""The queue of what petitioners have to be told (告知): the text to read or print; who told whom, when, how."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import DeskRequest
from audit import log
from petitions import events
from petitions.letters import LETTERS
from petitions.models import Demand, TellBy, Telling
from petitions.visibility import standing
from petitions.work import subject_of

SHOWN = 50


class ToldForm(forms.Form):
    how = forms.ChoiceField(label=_("怎样告知的"), choices=TellBy.choices)


def to_tell(user: Any) -> QuerySet[Telling]:
    """What the organs tell in which this person works, about petitions that exist for them."""
    mine = Q(office__in=standing(user).organs) & Q(demand__in=Demand.objects.for_user(user))
    return Telling.objects.filter(mine).select_related("demand__petition__petitioner", "office", "told_by")


@login_required
@never_cache
@require_safe
def tellings(request: DeskRequest) -> HttpResponse:
    queue = to_tell(request.user).filter(told_at=None).order_by("made_at", "id")[:SHOWN]
    done = to_tell(request.user).exclude(told_at=None).order_by("-told_at", "-id")[:10]
    context = {"items": [_item(telling) for telling in queue], "done": [_done(telling) for telling in done]}
    return render(request, "desk/tellings.html", context)


def _item(telling: Telling, form: forms.Form | None = None) -> dict[str, Any]:
    petitioner = telling.demand.petition.petitioner
    contact = {"sms": "phone", "phone": "phone", "email": "email", "letter": "address"}[petitioner.tell_by]
    return {
        "pk": telling.pk,
        "number": telling.demand.petition.number,
        "url": reverse("petition", args=[telling.demand.petition.number]),
        "event_label": LETTERS[telling.letter],
        "text": telling.text,
        "way_label": petitioner.get_tell_by_display(),
        "address": petitioner.masked()[contact],
        "created_at": telling.made_at,
        "form": form or ToldForm(initial={"how": petitioner.tell_by}, auto_id=f"telling-{telling.pk}-%s"),
        "action": reverse("telling", args=[telling.pk]),
    }


def _done(telling: Telling) -> dict[str, Any]:
    return {
        "number": telling.demand.petition.number,
        "event_label": LETTERS[telling.letter],
        "told_at": telling.told_at,
        "told_by": telling.told_by.name if telling.told_by else "",
        "way_label": telling.get_told_how_display(),
    }


@login_required
@require_POST
@transaction.atomic
def telling(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the petitioner has been told, by whom, when and how."""
    found = get_object_or_404(to_tell(request.user).select_for_update(of=("self",)), pk=pk)
    form = ToldForm(request.POST)
    if form.is_valid() and found.told_at is None:
        tell(found, request.user, form.cleaned_data["how"])
    return redirect("tellings")


def tell(telling: Telling, user: Any, how: str, at: Any = None) -> None:
    """Puts on record that the petitioner was told; runs in the caller's transaction."""
    at = at or timezone.now()
    facts = {"letter": telling.letter, "how": how, "at": at.isoformat()}
    log.record(events.TOLD, subject=subject_of(telling.demand), facts=facts)
    telling.told_at, telling.told_by, telling.told_how = at, user, how
    telling.save(update_fields=["told_at", "told_by", "told_how"])

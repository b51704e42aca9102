"""The queue of what petitioners have to be told (告知): the text to read or print; who told whom, when, how."""

from datetime import datetime
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
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from audit import log
from massline.acts import ActError, lock_alone, perform
from massline.keys import key_of
from massline.methods import post_only
from petitions import events
from petitions.acts import OFFICIAL_ACTS
from petitions.identity import readable
from petitions.letters import LETTERS
from petitions.models import Demand, TellBy, Telling
from petitions.work import subject_of
from responsibility.models import Delivery, Message
from responsibility.models.owed import clock_time
from responsibility.people import standing

SHOWN = 50
CONTACT: dict[str, str] = {TellBy.SMS: "phone", TellBy.PHONE: "phone", TellBy.EMAIL: "email", TellBy.LETTER: "address"}
"""What each way of telling needs to know of the petitioner."""


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
    return _queue_page(request)


def _queue_page(request: DeskRequest, clear: dict[int, str] | None = None) -> HttpResponse:
    """The queue; `clear` holds the contact of the one item that was asked for."""
    queue = to_tell(request.user).filter(told_at=None).order_by("made_at", "id")[:SHOWN]
    done = to_tell(request.user).exclude(told_at=None).order_by("-told_at", "-id")[:10]
    items = list(queue)
    sent = messages_of([telling.pk for telling in items])
    context = {
        "items": [_item(telling, clear or {}) | sent.get(telling.pk, {}) for telling in items],
        "done": [_done(telling) for telling in done],
    }
    return render(request, "desk/tellings.html", context)


def _item(telling: Telling, clear: dict[int, str]) -> dict[str, Any]:
    petitioner, key = telling.demand.petition.petitioner, key_of("telling", telling.pk)
    return {
        "key": key,
        "number": telling.demand.petition.number,
        "url": reverse("petition", args=[telling.demand.petition.number]),
        "event_label": LETTERS[telling.letter],
        "text": telling.text,
        "way_label": petitioner.get_tell_by_display(),
        "address": clear.get(telling.pk) or petitioner.masked()[CONTACT[petitioner.tell_by]],
        "clear": telling.pk in clear,
        "created_at": telling.made_at,
        "form": ToldForm(initial={"how": petitioner.tell_by}, auto_id=f"telling-{key}-%s"),
        "action": reverse("telling", args=[telling.pk]),
        "show": reverse("telling_contact", args=[telling.pk]),
    }


def _done(telling: Telling) -> dict[str, Any]:
    return {
        "number": telling.demand.petition.number,
        "event_label": LETTERS[telling.letter],
        "told_at": telling.told_at,
        "told_by": telling.told_by.name if telling.told_by else _("系统自动发送"),
        "way_label": telling.get_told_how_display(),
    }


@login_required
@post_only("tellings")
@transaction.atomic
def telling(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the petitioner has been told, by whom, when and how. Pressed twice, told once; told by somebody else
    meanwhile, this person hears of it."""
    get_object_or_404(to_tell(request.user), pk=pk)
    lock_alone(Telling, pk)
    found = get_object_or_404(to_tell(request.user), pk=pk)
    form = ToldForm(request.POST)
    if found.told_at is not None and found.told_by != request.user:
        context = {"heading": _already_told(found, found.told_at), "back_url": reverse("tellings")}
        return render(request, "desk/message.html", context, status=409)
    if form.is_valid() and found.told_at is None:
        tell(found, request.user, form.cleaned_data["how"])
    return redirect("tellings")


def _already_told(telling: Telling, at: datetime) -> str:
    by = telling.office.name if telling.told_by else _("系统")
    said = {"by": by, "when": clock_time(at), "how": telling.get_told_how_display()}
    return str(_("%(by)s已于 %(when)s 告知信访人（%(how)s），不用再告知。") % said)


@login_required
@never_cache
@post_only("tellings")
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Shows the one contact that the chosen way needs: an unmasking like any other, with its reason on record."""
    found = get_object_or_404(to_tell(request.user).filter(told_at=None), pk=pk)
    field = CONTACT[found.demand.petition.petitioner.tell_by]
    asked = {"fields": [field], "reason": reason_of(found.letter)}
    try:
        done = perform(OFFICIAL_ACTS["unmask"], Demand, found.demand_id, request.user, asked, seen=found.demand)
    except ActError as error:
        context = {"heading": error.message, "back_url": reverse("tellings")}
        return render(request, "desk/message.html", context, status=error.status)
    return _queue_page(request, {pk: readable(field, done.unmasked[field])})


def reason_of(letter: str) -> str:
    """Why somebody looks at the contact: to tell what this letter says."""
    return str(_("告知信访人：%(letter)s") % {"letter": LETTERS[letter]})


def messages_of(tellings: list[int]) -> dict[int | None, dict[str, Any]]:
    """Which of these a message still tells, and why it did not arrive: then the clerk tells by other means."""
    found = Message.objects.filter(telling__in=tellings, state__in=[*Message.AHEAD, Delivery.FAILED])
    return {
        message.telling: {"fault": message.fault} if message.state == Delivery.FAILED else {"on_its_way": True}
        for message in found.only("telling", "state", "fault")
    }


def tell(telling: Telling, user: Any, how: str, at: Any = None) -> None:
    """Puts on record that the petitioner was told; runs in the caller's transaction."""
    at = at or timezone.now()
    facts = {"letter": telling.letter, "how": how, "at": at.isoformat()}
    log.record(events.TOLD, subject=subject_of(telling.demand), facts=facts)
    telling.told_at, telling.told_by, telling.told_how = at, user, how
    telling.save(update_fields=["told_at", "told_by", "told_how"])

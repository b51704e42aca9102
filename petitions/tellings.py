"""The queue of what petitioners have to be told (告知): by when, and in which words; who told whom, when, how."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from massline.acts import ActError, Invalid, WrongState, perform
from massline.keys import key_of
from massline.methods import post_only
from petitions.acts import OFFICIAL_ACTS, UnmaskToTell
from petitions.identity import readable
from petitions.letters import LETTERS, NOTICE_RULES
from petitions.models import Demand, State, Telling
from petitions.outgoing import SOURCE
from petitions.receiving import REACHED_BY
from petitions.telling import bulk
from petitions.telling.acts import TELLING_ACTS
from petitions.telling.models import TellingQuerySet, TellingState
from petitions.transfers.sealing import NEUTRAL
from responsibility import obligations
from responsibility.act_pages import refusal_page
from responsibility.models import Delivery, Message
from responsibility.people import position_of
from responsibility.presentation import light_of

SHOWN = 50


def to_tell(user: Any) -> TellingQuerySet:
    """What the organs tell in which this person works, about petitions that exist for them; that an accusation was
    handed over tells whoever did it."""
    seen = Q(demand__in=Demand.objects.for_user(user)) | Q(letter=NEUTRAL, demand__transfer__sent_by=user)
    mine = Q(office__in=position_of(user).organs) & seen
    return Telling.objects.filter(mine).select_related("demand__petition__petitioner", "office", "told_by", "owed")


@login_required
@never_cache
@require_safe
def tellings(request: DeskRequest) -> HttpResponse:
    return _queue_page(request)


def _queue_page(
    request: DeskRequest,
    *,
    clear: dict[int, str] | None = None,
    failed: dict[int, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The queue, what is due first on top; `clear` holds the contact of the one item that was asked for."""
    waiting = to_tell(request.user).filter(state=TellingState.WAITING)
    queue = list(waiting.order_by(F("owed__due_at").asc(nulls_last=True), "made_at", "id")[: SHOWN + 1])
    done = to_tell(request.user).filter(state=TellingState.TOLD).order_by("-told_at", "-id")[:10]
    sent = messages_of([telling.pk for telling in queue])
    context = {
        "items": [_item(telling, clear or {}, failed or {}) | sent.get(telling.pk, {}) for telling in queue[:SHOWN]],
        "more": len(queue) > SHOWN,
        "shown": SHOWN,
        "bulk_form": bulk.HowForm(auto_id="bulk-%s"),
        "done": [_done(telling) for telling in done],
    }
    return render(request, "desk/tellings.html", context, status=status)


def _item(telling: Telling, clear: dict[int, str], failed: dict[int, Any]) -> dict[str, Any]:
    petitioner, key, owed = telling.demand.petition.petitioner, key_of("telling", telling.pk), telling.owed
    return {
        "key": key,
        "number": telling.demand.petition.number,
        "url": _address(telling),
        "event_label": LETTERS[telling.letter],
        "text": telling.text,
        "way_label": petitioner.get_tell_by_display(),
        "address": clear.get(telling.pk) or petitioner.masked()[REACHED_BY[petitioner.tell_by]],
        "clear": telling.pk in clear,
        "unreachable": not petitioner.masked()[REACHED_BY[petitioner.tell_by]],
        "created_at": telling.made_at,
        "goal": obligations.rule_of(owed).shown_title if owed else "",
        "due": owed.due_strict if owed and owed.closed_at is None else None,
        "provisional": bool(owed and owed.provisional),
        "light": light_of(owed, timezone.now()) if owed else "none",
        "form": _form("tell", telling, f"telling-{key}-%s", how=petitioner.tell_by),
        "action": reverse("telling", args=[telling.pk]),
        "cannot_form": failed.get(telling.pk) or _form("cannot_tell", telling, f"cannot-{key}-%s"),
        "cannot_failed": telling.pk in failed,
        "cannot": reverse("cannot_tell", args=[telling.pk]),
        "show": reverse("telling_contact", args=[telling.pk]),
    }


def _form(slug: str, telling: Telling, auto_id: str, **initial: str) -> Any:
    """An act's form as one of many on the page."""
    form: Any = TELLING_ACTS[slug].build_form(telling, None, None)
    form.auto_id, form.initial = auto_id, initial
    return form


def _address(telling: Telling) -> str:
    demand = telling.demand
    if demand.sealed:
        return reverse("transfer", args=[demand.transfer.number])
    return reverse("petition", args=[demand.petition.number])


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
def telling(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the petitioner has been told, by whom, when and how. Pressed twice, told once; told by somebody else
    meanwhile, this person hears of it."""
    found = get_object_or_404(to_tell(request.user), pk=pk)
    try:
        perform(TELLING_ACTS["tell"], Telling, found.pk, request.user, request.POST, seen=found)
    except Invalid:
        return redirect("tellings")
    except ActError as error:
        return _too_late(request, pk, error)
    return redirect("tellings")


@login_required
@never_cache
@post_only("tellings")
def cannot(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the petitioner cannot be told, and why. A fault keeps what was typed."""
    found = get_object_or_404(to_tell(request.user), pk=pk)
    try:
        perform(TELLING_ACTS["cannot_tell"], Telling, found.pk, request.user, request.POST, seen=found)
    except Invalid as error:
        form: Any = error.form
        form.auto_id = f"cannot-{key_of('telling', pk)}-%s"
        return _queue_page(request, failed={pk: form}, status=422)
    except ActError as error:
        return _too_late(request, pk, error)
    return redirect("tellings")


def _too_late(request: DeskRequest, pk: int, error: ActError) -> HttpResponse:
    if isinstance(error, WrongState) and Telling.objects.filter(pk=pk, told_by=request.user).exists():
        return redirect("tellings")
    return refusal_page(request, error, reverse("tellings"))


@login_required
@never_cache
@post_only("tellings")
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Shows the one contact that the chosen way needs: an unmasking like any other, with its reason on record."""
    found = get_object_or_404(to_tell(request.user).filter(state=TellingState.WAITING), pk=pk)
    field = REACHED_BY[found.demand.petition.petitioner.tell_by]
    asked = {"fields": [field], "reason": reason_of(found.letter)}
    try:
        unmask = UnmaskToTell() if found.demand.sealed else OFFICIAL_ACTS["unmask"]
        done = perform(unmask, Demand, found.demand_id, request.user, asked, seen=found.demand)
    except ActError as error:
        return refusal_page(request, error, reverse("tellings"))
    return _queue_page(request, clear={pk: readable(field, done.unmasked[field])})


def reason_of(letter: str) -> str:
    """Why somebody looks at the contact: to tell what this letter says."""
    return str(_("告知信访人：%(letter)s") % {"letter": LETTERS[letter]})


def waits_to_be_told(demand: Demand, user: Any) -> bool:
    """Whether an organ of this person has a letter about it in the queue; as far as what is owed tells."""
    decided = demand.state not in (State.REGISTERED, State.FORWARDED, State.OBJECTED, State.DECLINING)
    due = (o for o in demand.owed if o.closed_at is None and o.organ_id in position_of(user).organs)
    return any(obligations.rule_of(o).closed_by and (decided or o.rule not in NOTICE_RULES) for o in due)


def messages_of(tellings: list[int]) -> dict[int | None, dict[str, Any]]:
    """Which of these a message still tells, and why it did not arrive: then the clerk tells by other means."""
    found = Message.objects.filter(source=SOURCE, telling__in=tellings, state__in=[*Message.AHEAD, Delivery.FAILED])
    return {
        message.telling: {"fault": message.fault} if message.state == Delivery.FAILED else {"on_its_way": True}
        for message in found.only("telling", "state", "fault")
    }

"""The leader's desk: what has climbed to the user, and their answers to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, IntegerField, Prefetch, QuerySet, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import User
from massline.acts import ActError
from massline.keys import id_of, is_key, key_of
from massline.methods import post_only
from massline.time import today
from responsibility import ladder, obligations
from responsibility.act_pages import ActPages, Failed
from responsibility.acts import LEADER_ACTS
from responsibility.chain import chain
from responsibility.desk.described import describe
from responsibility.desk.going_on import ways_on
from responsibility.desk.owed import escalation_ids_told
from responsibility.desk.work_list import next_item
from responsibility.models import Escalation, Obligation
from responsibility.next_act import first_of
from responsibility.performing import perform_from_form
from responsibility.presentation import (
    ObligationRow,
    Rung,
    chain_links,
    escalations_about,
    goal_of,
    instructions_of,
    light_of,
    obligation_row,
    rungs_below,
)
from responsibility.subjects import Described, Ordered, adapter, ordered
from responsibility.visibility import visible_to

PAGE = 100
ACKNOWLEDGE = LEADER_ACTS["acknowledge"]


def escalated_to(user: User) -> QuerySet[Escalation]:
    """Queries the escalations to this person, those that wait for them first."""
    waits = Case(When(state__in=Escalation.OPEN, then=0), default=1, output_field=IntegerField())
    return (
        Escalation.objects.filter(pk__in=escalation_ids_told(user))
        .filter(visible_to(user, "obligation__"))
        .select_related("obligation__organ", "obligation__post", "organ")
        .prefetch_related(Prefetch("owed", Obligation.objects.select_related("organ", "post").order_by("due_at")))
        .order_by(waits, "-noticed_at", "-id")
    )


@login_required
@never_cache
@require_safe
def escalations(request: DeskRequest) -> HttpResponse:
    """The leader's desk: lists the escalations to the user, since when, and through whom."""
    rows = list(escalated_to(request.user)[:PAGE])
    described = describe([e.obligation for e in rows], request.user)
    below, words = rungs_below(rows), ordered(e.obligation for e in rows)
    items = [
        _escalation_row(e, described[e.obligation.subject_kind, e.obligation.subject_id], below, words)
        for e in rows
        if (e.obligation.subject_kind, e.obligation.subject_id) in described
    ]
    return render(request, "desk/escalations.html", {"groups": _by_organ(items)})


@dataclass(frozen=True)
class EscalationRow:
    """A step up the chain as its addressee is shown it."""

    key: str
    url: str
    number: str
    title: str
    step_label: Any
    since: datetime
    noticed_at: datetime
    through: list[Rung]
    organ: str
    light: str
    state_label: str
    mine: ObligationRow | None
    goal: str
    basis: str
    overdue_by_days: int
    text: str
    """What the record says."""
    is_unsigned: bool


@dataclass(frozen=True)
class OrganGroup:
    """What has climbed from one organ."""

    organ: str
    items: list[EscalationRow]

    @property
    def unsigned(self) -> list[str]:
        """The keys of those that nobody has acknowledged yet."""
        return [item.key for item in self.items if item.is_unsigned]


def _by_organ(items: Iterable[EscalationRow]) -> list[OrganGroup]:
    """Groups by the organ that did not do it; first the organs of which something waits for an answer."""
    found: dict[str, list[EscalationRow]] = defaultdict(list)
    for item in items:
        found[item.organ].append(item)
    return [OrganGroup(organ, rows) for organ, rows in found.items()]


def _escalation_row(
    e: Escalation, about: Described, below: Mapping[int, list[Rung]], words: Mapping[int, Ordered]
) -> EscalationRow:
    owed = [o for o in e.owed.all() if o.closed_at is None]
    first = min(owed, key=lambda o: (o.due_at is None, o.due_at), default=None)
    now = timezone.now()
    return EscalationRow(
        key=key_of("escalation", e.pk),
        url=reverse("escalation", args=[e.pk]),
        number=e.obligation.subject_key,
        title=about.title,
        step_label=ladder.label(e.step),
        since=e.since,
        noticed_at=e.noticed_at,
        through=below[e.pk],
        organ=e.obligation.organ.called,
        light=light_of(e.obligation, now),
        state_label=e.get_state_display(),
        mine=obligation_row(first, now) if first else None,
        goal=goal_of(e.obligation, words),
        basis=obligations.rule_of(e.obligation).shown_basis,
        overdue_by_days=e.obligation.days_over(today()) if e.obligation.closed_at is None else 0,
        text=about.text,
        is_unsigned=e.state in ACKNOWLEDGE.from_states,
    )


@login_required
@never_cache
@require_safe
def escalation(request: DeskRequest, pk: int) -> HttpResponse:
    return _escalation_page(request, _mine(request, pk))


@login_required
@post_only("escalation", "pk")
def escalation_act(request: DeskRequest, pk: int, slug: str) -> HttpResponse:
    return PAGES.perform(request, _mine(request, pk), slug)


@login_required
@post_only("escalations")
def acknowledge_many(request: DeskRequest) -> HttpResponse:
    """Acknowledges each that was sent, by itself; what another leader was quicker with stays as it is."""
    sent = [id_of("escalation", key) for key in request.POST.getlist("escalation")[:PAGE] if is_key("escalation", key)]
    done = sum(_acknowledged(e, request.user) for e in escalated_to(request.user).filter(pk__in=sent))
    said = ngettext("已签收 %(n)d 件。", "已签收 %(n)d 件。", done) % {"n": done}
    messages.info(request, said if done else _("没有需要签收的，可能已由另一位负责人签收。"))
    return redirect("escalations")


def _acknowledged(e: Escalation, user: User) -> bool:
    try:
        perform_from_form(ACKNOWLEDGE, e, user, {})
    except ActError:
        return False
    return True


def _mine(request: DeskRequest, pk: int) -> Escalation:
    return get_object_or_404(escalated_to(request.user), pk=pk)


def _escalation_page(
    request: DeskRequest, e: Escalation, *, failed: Failed | None = None, status: int = 200
) -> HttpResponse:
    kind, pk = e.obligation.subject_kind, e.obligation.subject_id
    about = adapter(kind).describe([pk], request.user).get(pk)
    if about is None:
        raise Http404
    now, steps, answering = timezone.now(), escalations_about(kind, pk), _answering(e)
    may = LEADER_ACTS.open_to(e, request.user)
    typed = failed or PAGES.drafted(request, e, may)
    acts = PAGES.cards(e, request.user, typed, may)
    owed = {o.rule for o in e.owed.all() if o.closed_at is None}
    context = {
        "escalation": _escalation_row(e, about, rungs_below([e], steps), ordered([e.obligation])),
        "record": {
            "number": e.obligation.subject_key,
            "url": about.url,
            "title": about.title,
            "state_label": about.state_label,
            "organ": about.organ,
            "handler": "" if e.obligation.closed_at else about.handler,
        },
        "chain": chain_links(chain(e.chain_subject(), now), ladder.depth_of(e.step)),
        "obligations": [replace(obligation_row(o, now), post=answering) for o in e.owed.all()],
        "instructions": instructions_of(steps),
        "acts": acts,
        "ways_on": ways_on(kind, e.obligation.subject_key, request.user),
        "faulty": any(act.form.errors for act in acts),
        "open_act": "" if typed else first_of(may, e.state, owed),
        "refused": PAGES.refused(request, e, acts),
        "next_item": next_item(request, request.user, "escalation", e.pk),
    }
    return render(request, "desk/escalation.html", context, status=status)


def _answering(e: Escalation) -> str:
    """The posts that may answer, as they are called within the organ that it climbed to."""
    posts = e.addressees.select_related("organ").order_by("id")
    return "、".join(post.called if post.organ_id == e.organ_id else str(post) for post in posts)


PAGES = ActPages(
    acts=LEADER_ACTS,
    show=_escalation_page,
    address="escalation",
    list_address="escalations",
    visible=escalated_to,
    key=lambda e: e.pk,
)

"""Pages for officials that every mechanism shares: my work, the inbox, the leader's desk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import menu
from accounts.desk import DeskRequest
from accounts.models import Kind, User
from accounts.separation import ADMINISTRATIONS, open_to_administrations, record_names
from audit import log
from massline.acts import lock_row
from massline.methods import post_only
from massline.pages import Page, keyset
from massline.time import today
from responsibility import duties, events, ladder, notices, obligations
from responsibility.act_pages import ActPages, Failed
from responsibility.acts import LEADER_ACTS
from responsibility.chain import chain
from responsibility.models import Escalation, Notice, Obligation
from responsibility.models.obligations import collapsed_into_older
from responsibility.people import position_of
from responsibility.presentation import (
    ObligationRow,
    Rung,
    chain_links,
    escalations_about,
    gaps,
    goal_of,
    instructions_of,
    light_of,
    obligation_row,
    rungs_below,
)
from responsibility.subjects import (
    Described,
    Ordered,
    adapter,
    kinds,
    on_walled_records,
    ordered,
    visible_to,
    waiting_for,
)

PAGE = 100


@open_to_administrations
@login_required
@never_cache
@require_safe
def my_work(request: DeskRequest) -> HttpResponse:
    """Lists what the user's posts owe, and what waits for them to assign, by due date."""
    user = request.user
    if user.kind != Kind.OFFICIAL:  # who holds no post owes nothing: they begin where they have something to see
        return redirect(menu.items_for(user)[0].address)
    page = keyset(owed_by(user), request.GET.get("cursor", ""), request.GET)
    described = _describe(page.rows, user)
    now = timezone.now()
    words = ordered(page.rows)
    shown = [(o, described.get((o.subject_kind, o.subject_id))) for o in page.rows]
    items = [_work_row(o, about, words, now) for o, about in shown if about is not None]
    context = {"items": items, "not_open": _not_open(user)} | _pages(page)
    return render(request, "desk/my_work.html", context)


def _not_open(user: User) -> bool:
    """Tells whether a user without a post finds nothing because a duty has no organ yet."""
    return not position_of(user).held and bool(duties.missing())


def owed_by(user: User) -> QuerySet[Obligation]:
    """Queries what the user's posts owe, what waits for them to assign, and their answers to escalations.

    An organ with two top leaders has that duty on one post; either may answer, so both are reminded (党政同责).
    """
    posts = position_of(user).posts
    exists = visible_to(user) | visible_to(user, "escalation__obligation__")
    owed = (
        Obligation.objects.open()
        .filter(Q(post__in=posts) | waiting_for(user) | Q(escalation__in=escalation_ids_told(user)))
        .filter(exists)
    )
    return owed.select_related("escalation__obligation", "organ")


def _describe(owed: Collection[Obligation], user: User) -> dict[tuple[str, int], Described]:
    """Describes each obligation's record as this person may see it; a leader's duty to answer by what it answers
    for."""
    found: dict[tuple[str, int], Described] = {}
    root = {(o.subject_kind, o.subject_id): o.escalation.obligation if o.escalation else o for o in owed}
    for kind in {o.subject_kind for o in root.values()}:
        pks = {o.subject_id for o in root.values() if o.subject_kind == kind}
        seen = adapter(kind).describe(pks, user)
        found |= {key: seen[o.subject_id] for key, o in root.items() if o.subject_kind == kind and o.subject_id in seen}
    return found


@dataclass(frozen=True)
class WorkRow:
    """An obligation as my work shows it."""

    number: str
    url: str
    title: str
    goal: str
    due: date | datetime | None
    due_legal: date | datetime | None
    provisional: bool
    light: str
    category: str
    state_label: Any


def _work_row(o: Obligation, about: Described, words: Mapping[int, Ordered], now: datetime) -> WorkRow:
    return WorkRow(
        number=o.subject_key,
        url=reverse("escalation", args=[o.escalation_id]) if o.escalation_id else about.url,
        title=about.title,
        goal=goal_of(o, words),
        due=o.due_strict,
        due_legal=o.due_legal,
        provisional=o.provisional,
        light=light_of(o, now),
        category=about.category,
        state_label=about.state_label,
    )


def _pages(page: Page) -> dict[str, str | None]:
    return {"next_url": page.next, "previous_url": page.previous}


DUTIES: dict[str, Any] = {
    Kind.SYSADMIN: gettext_lazy(
        "您是系统管理员，负责平台运行。按照职责分离的要求，您不能查看%(records)s；与您有关的消息会显示在这里。"
    ),
    Kind.SECADMIN: gettext_lazy(
        "您是安全管理员，负责账号和权限：在服务器上用 manage.py load_register 登记或者停用账号、任免岗位，"
        "用 manage.py set_password 账号名 --one-time 重新设置密码。"
        "按照职责分离的要求，您不能查看%(records)s；与您有关的消息会显示在这里。"
    ),
    Kind.AUDITADMIN: gettext_lazy(
        "您是审计管理员，负责核查日志是否完整：在服务器上运行 manage.py audit verify。"
        "按照职责分离的要求，您不能查看%(records)s；与您有关的消息会显示在这里。"
    ),
}
"""What the three administrations (三员) find here, who read no record."""


def _duty_of(kind: str) -> str:
    return str(DUTIES[kind]) % {"records": record_names()} if kind in DUTIES else ""


@open_to_administrations
@login_required
@never_cache
@require_safe
def inbox(request: DeskRequest) -> HttpResponse:
    """Lists the notices to the user, newest first: the number, and nothing about a citizen."""
    mine = notices_to(request.user).select_related("obligation__post__organ", "escalation")
    page = keyset(mine, request.GET.get("cursor", ""), request.GET, by="told_at", newest_first=True)
    details = _details(page.rows, request.user)
    shown = [_inbox_row(notice, request.user, details) for notice in page.rows]
    kind = request.user.kind
    not_open = kind != Kind.OFFICIAL and bool(duties.missing())
    context = {"notices": shown, "duty": _duty_of(kind), "not_open": not_open}
    return render(request, "desk/inbox.html", context | _pages(page))


def notices_to(user: User) -> QuerySet[Notice]:
    """Queries the notices to this person, but for those about records that were walled off since."""
    return Notice.objects.filter(recipient=user).exclude(on_walled_records(user)).exclude(collapsed_into_older())


@dataclass(frozen=True)
class InboxRow:
    """A notice as the inbox shows it."""

    pk: int
    title: str
    sentence: str
    url: str
    created_at: datetime
    read_at: datetime | None


def _inbox_row(notice: Notice, user: User, details: Mapping[int, str]) -> InboxRow:
    goal = obligations.rule_of(notice.obligation).shown_title if notice.obligation else ""
    sentence = details.get(notice.pk, goal)
    return InboxRow(notice.pk, notice.title, sentence, _address(notice, user), notice.told_at, notice.read_at)


def _details(rows: Collection[Notice], user: User) -> dict[int, str]:
    """Returns the lines of notices whose kind has details; administrators get those of gaps in the chain alone."""
    found = gaps(notice for notice in rows if notice.kind == notices.CHAIN_GAP.name)
    if user.kind in ADMINISTRATIONS:
        return found
    for name in {notice.kind for notice in rows}:
        if say := notices.kind_of(name).details:
            found |= say([notice for notice in rows if notice.kind == name], user)
    return found


def _address(notice: Notice, user: User) -> str:
    """Returns the address of a notice's page; administrators are not led to a record."""
    declared = notice.declared
    if declared.about_records and user.kind in ADMINISTRATIONS:
        return ""
    if declared.page:
        return declared.page(notice)
    return adapter(notice.subject_kind).address(notice.subject_key) if notice.subject_kind in kinds() else ""


@open_to_administrations
@login_required
@post_only("inbox")
@transaction.atomic
def notice(request: DeskRequest, pk: int) -> HttpResponse:
    """Marks one notice to me as read."""
    get_object_or_404(notices_to(request.user), pk=pk)
    lock_row(Notice, pk)
    mine = Notice.objects.get(pk=pk)
    if mine.read_at is None:
        log.record(events.NOTICE_READ, subject=log.Subject(mine.subject_kind, mine.subject_key))
        same = Q(pk=mine.pk)
        if mine.declared.collapsed:
            same |= Q(kind=mine.kind, recipient=request.user, read_at=None)
        Notice.objects.filter(same).update(read_at=timezone.now())
    return redirect("inbox")


def escalation_ids_told(user: User) -> QuerySet[Notice, Any]:
    """Queries the ids of escalations to the posts that this person answers in today: with the post goes the say."""
    told = Notice.objects.filter(post__in=position_of(user).posts, kind=notices.ESCALATED.name)
    return told.values("escalation")


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
    described = _describe([e.obligation for e in rows], request.user)
    below, words = rungs_below(rows), ordered(e.obligation for e in rows)
    items = [
        _escalation_row(e, described[e.obligation.subject_kind, e.obligation.subject_id], below, words)
        for e in rows
        if (e.obligation.subject_kind, e.obligation.subject_id) in described
    ]
    return render(request, "desk/escalations.html", {"items": items})


@dataclass(frozen=True)
class EscalationRow:
    """A step up the chain as its addressee is shown it."""

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


def _escalation_row(
    e: Escalation, about: Described, below: Mapping[int, list[Rung]], words: Mapping[int, Ordered]
) -> EscalationRow:
    owed = [o for o in e.owed.all() if o.closed_at is None]
    first = min(owed, key=lambda o: (o.due_at is None, o.due_at), default=None)
    now = timezone.now()
    return EscalationRow(
        url=reverse("escalation", args=[e.pk]),
        number=e.obligation.subject_key,
        title=about.title,
        step_label=ladder.label(e.step),
        since=e.since,
        noticed_at=e.noticed_at,
        through=below[e.pk],
        organ=e.obligation.organ.name,
        light=light_of(e.obligation, now),
        state_label=e.get_state_display(),
        mine=obligation_row(first, now) if first else None,
        goal=goal_of(e.obligation, words),
        basis=obligations.rule_of(e.obligation).shown_basis,
        overdue_by_days=e.obligation.days_over(today()) if e.obligation.closed_at is None else 0,
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
    acts = PAGES.cards(e, request.user, failed or PAGES.drafted(request, e, may), may)
    context = {
        "escalation": _escalation_row(e, about, rungs_below([e], steps), ordered([e.obligation])),
        "record": {
            "number": e.obligation.subject_key,
            "url": about.url,
            "title": about.title,
            "state_label": about.state_label,
            "organ": about.organ,
            "handler": about.handler,
        },
        "chain": chain_links(chain(e.chain_subject(), now), ladder.depth_of(e.step)),
        "obligations": [replace(obligation_row(o, now), post=answering) for o in e.owed.all()],
        "instructions": instructions_of(steps),
        "acts": acts,
        "refused": PAGES.refused(request, e, acts),
    }
    return render(request, "desk/escalation.html", context, status=status)


def _answering(e: Escalation) -> str:
    """The posts that may answer, as they are called within the organ that it climbed to."""
    posts = e.addressees.select_related("organ").order_by("id")
    return "、".join(post.name if post.organ_id == e.organ_id else str(post) for post in posts)


PAGES = ActPages(
    acts=LEADER_ACTS,
    show=_escalation_page,
    address="escalation",
    list_address="escalations",
    visible=escalated_to,
    key=lambda e: e.pk,
)

"""The inbox: notices to the user."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import Kind, User
from accounts.separation import ADMINISTRATIONS, open_to_administrations, record_names
from audit import log
from massline.acts import lock_row
from massline.methods import post_only
from massline.pages import keyset
from responsibility import duties, events, notices, obligations
from responsibility.models import Notice
from responsibility.models.obligations import collapsed_into_older
from responsibility.presentation import gaps
from responsibility.subjects import adapter, kinds, on_walled_records

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
    return render(request, "desk/inbox.html", context | {"next_url": page.next, "previous_url": page.previous})


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

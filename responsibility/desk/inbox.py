"""The inbox: notices to the user."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import Kind, User
from accounts.separation import ADMINISTRATIONS, open_to_administrations, record_names
from audit import log
from massline.acts import lock_row
from massline.keys import NotAKey, id_of, key_of
from massline.methods import post_only
from massline.pages import SIZE, keyset
from responsibility import duties, events, notices, obligations
from responsibility.desk.escalations import escalated_to
from responsibility.models import Notice
from responsibility.models.obligations import collapsed_into_older
from responsibility.presentation import gaps, instructions_told
from responsibility.subjects import Described, adapter, kinds
from responsibility.visibility import on_walled_records

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
    """Lists the notices to the user, newest first; what cannot wait stands above them until it is read."""
    user, cursor = request.user, request.GET.get("cursor", "")
    mine = notices_to(user).select_related("obligation__post__organ", "escalation")
    newest = mine.filter(read_at=None).order_by("-pk").values_list("pk", flat=True).first()
    urgent = Q(kind__in=notices.names(lambda kind: kind.first), read_at=None)
    first = [] if cursor else list(mine.filter(urgent).order_by("-told_at", "-id")[:SIZE])
    page = keyset(mine.exclude(urgent), cursor, request.GET, by="told_at", newest_first=True)
    reading = _Reading([*first, *page.rows], user)
    not_open = user.kind != Kind.OFFICIAL and bool(duties.missing())
    context = {
        "first": [reading.row(notice) for notice in first],
        "notices": [reading.row(notice) for notice in page.rows],
        "newest": key_of("notice", newest) if newest else "",
        "duty": _duty_of(user.kind),
        "not_open": not_open,
        "next_url": page.next,
        "previous_url": page.previous,
    }
    return render(request, "desk/inbox.html", context)


def notices_to(user: User) -> QuerySet[Notice]:
    """Queries the notices to this person, but for those about records that were walled off since."""
    return Notice.objects.filter(recipient=user).exclude(on_walled_records(user)).exclude(collapsed_into_older())


@dataclass(frozen=True)
class InboxRow:
    """A notice as the inbox shows it."""

    pk: int
    title: str
    about: str
    """The title of the record, where it exists for the reader."""
    reason: str
    url: str
    """Empty where the reader may not see the page behind it, or not any more."""
    created_at: datetime
    read_at: datetime | None


class _Reading:
    """Reads for all notices of a page what their rows show, in a fixed number of statements."""

    def __init__(self, rows: Collection[Notice], user: User) -> None:
        self._is_administrator = user.kind in ADMINISTRATIONS
        self._records = {} if self._is_administrator else _records(rows, user)
        self._climbed = set() if self._is_administrator else _climbed_to(rows, user)
        self._details = _details(rows, user, self._records)

    def row(self, notice: Notice) -> InboxRow:
        record = self._records.get((notice.subject_kind, notice.subject_key))
        goal = obligations.rule_of(notice.obligation).shown_title if notice.obligation else ""
        return InboxRow(
            pk=notice.pk,
            title=notice.title,
            about=record.title if record and notice.declared.numbered else "",
            reason=self._details.get(notice.pk, goal),
            url=self._address(notice, record),
            created_at=notice.told_at,
            read_at=notice.read_at,
        )

    def _address(self, notice: Notice, record: Described | None) -> str:
        """Returns the address of a notice's page; administrators are not led to a record."""
        declared = notice.declared
        if declared.about_records and self._is_administrator:
            return ""
        if declared is notices.ESCALATED and notice.escalation_id not in self._climbed:
            return record.url if record else ""
        return declared.page(notice) if declared.page else record.url if record else ""


def _records(rows: Collection[Notice], user: User) -> dict[tuple[str, str], Described]:
    """Describes the records behind notices, as far as they exist for this person."""
    return {
        (kind, key): about
        for kind in {notice.subject_kind for notice in rows} & {*kinds()}
        for key, about in adapter(kind)
        .describe_numbers({notice.subject_key for notice in rows if notice.subject_kind == kind}, user)
        .items()
    }


def _climbed_to(rows: Collection[Notice], user: User) -> set[int]:
    """Returns the escalations behind notices that this person answers for today."""
    told = [n.escalation_id for n in rows if n.escalation_id and n.kind == notices.ESCALATED.name]
    return set(escalated_to(user).filter(pk__in=told).order_by().values_list("pk", flat=True)) if told else set()


def _details(rows: Collection[Notice], user: User, records: Mapping[tuple[str, str], Described]) -> dict[int, str]:
    """Returns the reasons of notices whose kind has details; administrators get those of gaps in the chain alone."""
    found = gaps(notice for notice in rows if notice.kind == notices.CHAIN_GAP.name)
    if user.kind in ADMINISTRATIONS:
        return found
    for name in {notice.kind for notice in rows}:
        if say := notices.kind_of(name).details:
            found |= say([notice for notice in rows if notice.kind == name], user)
    seen = [
        one for one in rows if one.kind == notices.INSTRUCTED.name and (one.subject_kind, one.subject_key) in records
    ]
    return found | instructions_told(seen)


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
        messages.success(request, _("已标为已读：%(notice)s") % {"notice": mine.title})
    return redirect("inbox")


@open_to_administrations
@login_required
@post_only("inbox")
@transaction.atomic
def read_all(request: DeskRequest) -> HttpResponse:
    """Marks as read what the user had when the page was shown; what came since they have not seen."""
    try:
        newest = id_of("notice", request.POST.get("newest", ""))
    except NotAKey:
        return redirect("inbox")
    unread = Notice.objects.filter(recipient=request.user, read_at=None, pk__lte=newest)
    if unread.exists():
        log.record(events.NOTICES_READ)
        unread.update(read_at=timezone.now())
        messages.success(request, _("全部消息已标为已读。"))
    return redirect("inbox")

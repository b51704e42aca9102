"""Writes the texts of messages: numbers, dates and kinds. Nothing about a citizen, no title."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from massline.time import local_time, short_form
from responsibility import obligations
from responsibility.models import Notice, Obligation

LANGUAGE = "zh-hans"


def notice_text(notice: Notice) -> tuple[str, str]:
    """Returns subject and text. What is mailed at once was missed by law: the legal date, as on the timeline."""
    with override(LANGUAGE):
        subject = notice.title
        goal = obligations.rule_of(notice.obligation).shown_title if notice.obligation else ""
        due = _due(notice.obligation, notice.obligation.due_legal) if notice.obligation else ""
        lines = [subject + "。"]
        if goal:
            lines.append(_("事项：%(goal)s") % {"goal": goal} + (_("，期限 %(due)s") % {"due": due} if due else ""))
        return subject, "\n".join([*lines, "", *_foot("inbox")])


def digest_text(notices: Iterable[Notice], owed: Iterable[Obligation], now: datetime) -> tuple[str, str]:
    """Returns subject and text: unread notices, then what is due soon or overdue."""
    with override(LANGUAGE):
        day = local_time(now)
        subject = _("每日摘要（%(month)s月%(day)s日）") % {"month": day.month, "day": day.day}
        lines: list[str] = []
        if unread := [f"· {n.title}" for n in notices]:
            lines += [_("未读消息："), *unread, ""]
        if due := [_owed(o, now) for o in owed]:
            lines += [_("已经超期或者七日内到期："), *due, ""]
        if not lines:
            return subject, ""
        return subject, "\n".join([*lines, *_foot("desk")])


def _owed(o: Obligation, now: datetime) -> str:
    state = _("已超期") if o.is_overdue(now) else _("待办")
    return f"· {o.subject_key} {obligations.rule_of(o).shown_title} {_due(o, o.due_strict)} {state}"


def _due(o: Obligation, day: date | datetime | None) -> str:
    """Returns the day, and whether the holidays of its year may still move it."""
    if day is None:
        return ""
    written = short_form(day)
    return _("%(day)s（暂定）") % {"day": written} if o.provisional else written


def _foot(page: str) -> list[str]:
    """Returns the last lines: where to read on, and how to change this."""
    where = _("请登录平台查看：%(url)s") % {"url": settings.SITE + reverse(page)}
    return [where, "", _("此邮件由系统自动发出，请勿回复。提醒方式可在平台“通知设置”中更改。")]

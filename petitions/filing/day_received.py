"""Checks the day of receipt of a letter, visit or call that an official enters: every period runs from it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citizens.models import TellBy
from citizens.telling.ways import REACHED_BY
from massline.time import instant, local_day, long_form, today
from petitions.models import Channel
from responsibility.rules import editions

FIRST_DAY = min(rule.valid_from for rule in editions("XF01") if rule.valid_from)
"""The first day for which the rules have a period."""
CONFIRMED_FROM_AGE = timedelta(days=31)
"""The age from which a day of receipt must be confirmed: it is more often a slip of the pen than a letter left
lying."""


def check_received(day: date, sure: bool) -> None:
    """Raises ValidationError for a day that is impossible, or so long ago that the official must confirm it."""
    if day > today():
        raise ValidationError(_("收到日期不能晚于今天"))
    if day < FIRST_DAY:
        raise ValidationError(
            _("%(day)s以前收到的，期限没有收录，不能在这里登记；请用“导入旧台账”接收") % {"day": long_form(FIRST_DAY)}
        )
    if today() - day > CONFIRMED_FROM_AGE and not sure:
        raise ValidationError(_("收到日期在一个月以前，请核对；确实是这一天的，请勾选“收到日期核对无误”"), code="old")


def check_postmark(postmark: date, received: date | None) -> None:
    if postmark > (received or today()):
        raise ValidationError(_("邮戳日期不能晚于收到日期"))


def moment_received(day: date | None) -> datetime:
    """Returns the moment of receipt: now for today, else the beginning of that day (which is not counted)."""
    now = timezone.now()
    if day is None or day == local_day(now):
        return now
    return instant(day)


def way_to_tell(data: Mapping[str, Any]) -> str | None:
    """Returns the way of telling that these contact data allow: the chosen one; None when its contact is missing.

    A letter without any contact gets the way LETTER, and each notification of it ends with cannot_tell (Art. 23).
    """
    chosen = str(data["tell_by"])
    if data.get(REACHED_BY[chosen]):
        return chosen
    nothing = not any(data.get(field) for field in REACHED_BY.values())
    return str(TellBy.LETTER) if nothing and data.get("channel") == Channel.LETTER else None

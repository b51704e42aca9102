"""`manage.py sweep [--now ISO]`: escalates what is overdue by hand, as beat does every minute."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from massline.time import instant, local_time
from responsibility.sweep import sweep


class Command(BaseCommand):
    help = "Takes every step up the responsibility chain that is due, and prints what was done as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="RFC 3339 instant to sweep at; naive means Shanghai time")
        parser.add_argument("--force", action="store_true", help="allow a time ahead of the clock outside the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _moment(options["now"])
        if now > timezone.now() and not (settings.DEMO or options["force"]):
            raise CommandError(_("--now 晚于当前时间：只在演示环境可用，或加 --force 明确执行"))
        swept = sweep(now)
        for number in swept.failed:
            self.stderr.write(_("%(number)s 的到期检查出错，已推后一小时") % {"number": number})
        self.stdout.write(json.dumps(swept.as_json(), ensure_ascii=False))


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        moment = instant(parse_datetime(text) or datetime.fromisoformat(text))
        local_time(moment)
    except (ValueError, OverflowError):
        raise CommandError(_("--now 需要形如 2026-11-23T09:00:00+08:00 的时间")) from None
    return moment

"""`manage.py erase_person NUMBER --by USERNAME --ground TEXT`: clears what the citizen of one record gave."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import actor_of
from citizens.erasure.erase import erase, numbered
from massline.acts import NotVisible


class Command(BaseCommand):
    help = "Erases the identity and every text of what one citizen filed; its states, dates and outcome stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--by", required=True, help="username of the official who decided it")
        parser.add_argument("--ground", required=True, help="legal ground; it stays in the log: nothing personal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            record = numbered(options["number"])
            erase(record, actor_of(User.objects.get(username=options["by"])), options["ground"])
        except User.DoesNotExist:
            raise CommandError(_("没有这个用户：%(name)s") % {"name": options["by"]}) from None
        except NotVisible:
            raise CommandError(_("没有这个编号：%(number)s") % {"number": options["number"]}) from None
        self.stdout.write(_("%(number)s 的个人信息和陈述已清除") % {"number": record.matter.key})

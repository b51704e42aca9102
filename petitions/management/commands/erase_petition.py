"""`manage.py erase_petition NUMBER --by USERNAME --ground TEXT`: clears what a petitioner gave."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import actor_of
from petitions.erasure import erase
from petitions.filing import NUMBERS
from petitions.models import Petition


class Command(BaseCommand):
    help = "Erases the identity and every text of one petition; its states, dates and outcome stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--by", required=True, help="username of the official who decided it")
        parser.add_argument("--ground", required=True, help="legal ground; it stays in the log: nothing personal")

    def handle(self, *args: Any, **options: Any) -> None:
        number = NUMBERS.plain(options["number"])
        try:
            erase(number, actor_of(User.objects.get(username=options["by"])), options["ground"])
        except User.DoesNotExist:
            raise CommandError(_("没有这个用户：%(name)s") % {"name": options["by"]}) from None
        except Petition.DoesNotExist:
            raise CommandError(_("没有这个编号：%(number)s") % {"number": number}) from None
        self.stdout.write(_("%(number)s 的个人信息和陈述已清除") % {"number": number})

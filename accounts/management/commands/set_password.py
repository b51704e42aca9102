"""`manage.py set_password NAME`: a new password for an account, typed twice or read from standard input."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.passwords import set_password
from audit.context import SYSTEM, acting
from massline.acts import lock_row
from massline.texts import one_line


class Command(BaseCommand):
    help = "Sets the password of an account. Ends its sessions and tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--one-time", action="store_true", help="it must be changed at the next sign-in")

    def handle(self, *args: Any, **options: Any) -> None:
        name, one_time = one_line(options["username"]), options["one_time"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("没有账号 %(name)s。账号由 manage.py load_register 开设。") % {"name": name})
        password = _typed()
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        with acting(SYSTEM), transaction.atomic():
            lock_row(User, user.pk)
            set_password(user, password, one_time=one_time)
        said = _("账号 %(name)s（%(who)s）的密码已设定，原来的登录都已退出。") % {"name": name, "who": user.name}
        self.stdout.write(said + (_("下次登录必须修改。") if one_time else ""))
        if not user.is_active:
            self.stdout.write(_("注意：这个账号已停用，不能登录。"))


def _typed() -> str:
    """Twice at a terminal, so that a slip shows; else the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(_("新密码："))
    if password != getpass(_("再输一次：")):
        raise CommandError(_("两次输入不一样，密码没有改。"))
    return password

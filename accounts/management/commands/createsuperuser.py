"""Replaces Django's command of this name and says how accounts are created here."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "There is no superuser: system, security and audit administration are three people."

    def add_arguments(self, parser: CommandParser) -> None:
        for option in ("--username", "--name", "--email", "--database"):
            parser.add_argument(option)
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(
            _(
                "这里没有超级用户：系统管理员、安全管理员、审计管理员由三个人分别担任（三员分立）。"
                "账号请用 manage.py load_register 登记，密码请用 manage.py set_password 设定；做法见 "
                "docs/operations.md。"
            )
        )

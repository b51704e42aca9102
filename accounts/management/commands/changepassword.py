"""Replaces Django's command of this name, which would leave no event and end no token."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Use `manage.py set_password NAME`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", default="NAME")
        parser.add_argument("--database")

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(_("请用 manage.py set_password %(name)s。") % {"name": options["username"]})

"""`manage.py load_register FILE`: regions, organs, posts and people from one file; docs/operations.md says how."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from audit.context import SYSTEM, acting
from responsibility import duties
from responsibility.register.loading import Report, load
from responsibility.register.reading import read
from responsibility.register.tables import BadRegister


class Command(BaseCommand):
    help = "Loads a register (TOML or a workbook): what differs is changed, what the file does not name stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--passwords", type=Path, metavar="FILE", help="write the new accounts' passwords there (0600), not here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting(SYSTEM), transaction.atomic():
                report = load(read(options["file"]))
                if options["dry_run"]:
                    transaction.set_rollback(True)
                elif options["passwords"] and report.passwords:
                    _keep(options["passwords"], _lines(report))
        except BadRegister as error:
            count = _("共 %(n)s 处，什么都没有装入。") % {"n": len(error.faults)}
            raise CommandError("\n".join([*error.faults, count])) from None
        except OSError as error:
            facts = {"name": error.filename or options["file"], "error": error.strerror}
            raise CommandError(_("读写不了文件 %(name)s：%(error)s") % facts) from None
        self._tell(report, options)

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        say = self.stdout.write
        if options["dry_run"]:
            say(_("试行，什么都没有改："))
        for change in report.changes or [_("没有变化。")]:
            say(change)
        if report.missing:
            say(_("库里有、文件里没有，保持原样："))
            for each in report.missing:
                say(f"  {each}")
        if report.passwords and not options["dry_run"]:
            if options["passwords"]:
                say(_("临时密码已写入 %(file)s，请分别交给本人后删除。") % {"file": options["passwords"]})
            else:
                say(_("临时密码只显示这一次，请分别交给本人；第一次登录必须修改："))
                for line in _lines(report):
                    say(f"  {line}")
        if not options["dry_run"]:
            for duty in duties.missing():
                say(str(duty.without))


def _lines(report: Report) -> list[str]:
    width = max(len(username) for username, _name, _password in report.passwords)
    return [f"{username:<{width}}  {password}  {name}" for username, name, password in report.passwords]


def _keep(path: Path, lines: list[str]) -> None:
    """Writes a file that its owner alone can read, and never over another file."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")

"""The English translations: --update after changing texts, --check in CI, --compile before running."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from massline import translations


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--update", action="store_true", help="add new strings to locale/en")
        group.add_argument("--check", action="store_true", help="fail when a string has no English")
        group.add_argument("--compile", action="store_true", help="make the .mo files")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            translations.compile_changed()
        elif options["update"]:
            self.stdout.write(f"{translations.update()} new strings")
        elif faults := translations.faults():
            raise CommandError(
                "\n".join([*faults, f"{len(faults)} strings need English: manage.py translations --update"])
            )

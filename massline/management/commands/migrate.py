"""Django's `migrate`, which first looks whether the database is one of this version."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from massline.versions import refuse_other_versions


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        refuse_other_versions(connections[options["database"]])
        super().handle(*args, **options)

"""Which versions of massline a database can be run by: the migrations that made it say so."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from massline.stack import OF_ANOTHER_VERSION

LAST_OF_BEFORE = "0.1"
"""The last version before the migrations were written anew. What it made or migrated, it alone runs."""

WRITTEN_ANEW = ("accounts", "0001_users")
"""A migration that every database has since then, and none before."""

EARLIER = f"""\
这个数据库由 massline {LAST_OF_BEFORE} 或更早的版本建立，本版本不能运行它。没有改动任何内容。\
能运行它的最后一个版本是 {LAST_OF_BEFORE}。
This database was made by massline {LAST_OF_BEFORE} or earlier, and this version cannot run it. Nothing was changed. \
The last version that runs it is {LAST_OF_BEFORE} (docs/operations.md)."""
LATER = """\
这个数据库已由更新的 massline 迁移，本版本不能运行它。没有改动任何内容。请使用那个版本或更新的版本。
This database was migrated by a later massline, and this version cannot run it. Nothing was changed. \
Use that version or a later one (docs/operations.md)."""


def refuse_other_versions(connection: BaseDatabaseWrapper) -> None:
    """Raises a CommandError when migrations of ours were applied that this version does not have. Only reads."""
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    applied = {name for name in MigrationRecorder(connection).applied_migrations() if name[0] in ours}
    if applied - MigrationLoader(None).disk_migrations.keys():
        raise CommandError(LATER if WRITTEN_ANEW in applied else EARLIER, returncode=OF_ANOTHER_VERSION)

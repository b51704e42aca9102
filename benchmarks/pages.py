"""The ledger and a petition's page: statements, and time with many petitions against time with few."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.test import RequestFactory

from accounts.models import User
from benchmarks.city import STATES, Copies
from benchmarks.ground import Ground
from benchmarks.measure import Line, Sizes, least_ms, statements
from petitions.models import Demand

MOST_LEDGER, MOST_PETITION, MOST_GROWTH = 12, 12, 1.3
LEDGER = "/desk/ledger/"
FILTERS = ("", "state=handling", "organ=department", "category=010000", "overdue=true", "overdue=false", "q=%E6%A5%BC")
READERS = ("clerk", "leader", "handler", "deputy", "mayor", "district_clerk", "auditor")
"""Who sees all of a city, an organ's, a few, one class, everything; nothing at all; everything but accusations."""


def run(ground: Ground, sizes: Sizes) -> Iterator[Line]:
    with ground.database("bench_pages"):
        copies = Copies(STATES)
        pages = list(_pages(copies.originals[STATES.index("handling")]))
        copies.grow(sizes.small)
        asked = {what: reader(who) for what, who, _path in pages}
        few = {what: least_ms(partial(asked[what], path), sizes.repeat) for what, _who, path in pages}
        copies.grow(sizes.large)
        for what, _who, path in pages:
            with statements() as sent:
                asked[what](path)
            most = MOST_LEDGER if path.startswith(LEDGER) else MOST_PETITION
            yield Line.count(what, len(sent), most)
            many = least_ms(partial(asked[what], path), sizes.repeat)
            yield Line.growth(f"{what}, {sizes.large:,} : {sizes.small:,}", many, few[what], MOST_GROWTH)


def _pages(demand: Demand) -> Iterator[tuple[str, str, str]]:
    """What, read by whom, where."""
    for query in FILTERS:
        yield f"ledger {query or 'as it opens'}", "clerk", f"{LEDGER}?{query}"
    for who in READERS[1:]:
        yield f"ledger of {who}", who, LEDGER
    yield "petition page", "clerk", f"/desk/petitions/{demand.petition.number}/"


def reader(username: str) -> Callable[[str], Any]:
    """Asks for pages as somebody who has signed in, through all that a request goes through."""
    user = User.objects.get(username=username)
    with transaction.atomic():
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
    factory = RequestFactory(SERVER_NAME="localhost")
    application: Any = WSGIHandler()
    factory.cookies["sessionid"] = session.session_key  # type: ignore[assignment]

    def ask(path: str) -> None:
        status: list[str] = []
        response = application(factory.get(path).environ, lambda line, _headers: status.append(line))
        response.close()
        assert status == ["200 OK"], (path, status)

    return ask

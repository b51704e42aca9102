"""Fixtures that every test may use. Tests run on real PostgreSQL, as the application's role.

Ordinary tests (`django_db`, `db`) run in a transaction that is rolled back. A test that commits, uses threads or a
live server takes `cloned_db` (or `site`) instead: a database of its own, dropped afterwards. `owner` may be used as
well: mark with `django_db(databases=["default", "owner"])`.
"""

import itertools
import os
import pickle
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import translation

from tests import database, order

_numbers = itertools.count(1)
STARTED = time.time()
UNSKIPPABLE = bool(os.environ.get("CI") or os.environ.get("MASSLINE_CI"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kind", help="only what concerns this kind of record: `make test KIND=petitions`")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(order.Stopwatch(config))
    if not hasattr(config, "workerinput"):  # workers of xdist find it in the environment
        database.start_postgres()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Where nothing may be skipped, a skipped test is a failed one; and elsewhere only a browser's absence skips."""
    report = yield
    may_skip = item.get_closest_marker("browser") is not None and not UNSKIPPABLE
    if report.skipped and not hasattr(report, "wasxfail") and not may_skip:
        report.outcome = "failed"
        report.longrepr = f"skipped, which only browser tests may, and not here: {report.longrepr}"
    return report


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line says how many tests were skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput") and not config.option.collectonly:
        stats = reporter.stats
        failed = len(stats.get("failed", [])) + len(stats.get("error", []))
        print(f"{len(stats.get('passed', []))} passed, {failed} failed, {len(stats.get('skipped', []))} skipped")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[str]:
    """In the place of pytest-django's own: the owner migrated the template, this worker gets a clone. Its name."""
    with django_db_blocker.unblock(), database.passing("main") as name:
        yield name


@pytest.fixture(scope="session")
def built_city(django_db_setup: str, django_db_blocker: Any) -> Iterator[tuple[str, bytes]]:
    """A clone that holds the small city of tests/city.py, for this worker: its name, and the people, pickled."""
    from tests.city import build_city

    with django_db_blocker.unblock():
        with time_machine.travel(STARTED):
            template, city = database.world_template("city", build_city)
        with database.clone("city", template) as name:
            yield name, pickle.dumps(city)


@pytest.fixture
def right_database(request: pytest.FixtureRequest, django_db_setup: str, django_db_blocker: Any) -> None:
    """A test with `city` begins where it stands, another one where nothing is; within a world it stays there."""
    wanted = request.getfixturevalue("built_city")[0] if "city" in request.fixturenames else django_db_setup
    with django_db_blocker.unblock():
        here = connection.settings_dict["NAME"]
        if here != wanted and here.endswith(("_main", "_city")):
            database.point_at(wanted)


@pytest.fixture
def _django_db_helper(right_database: None, _django_db_helper: None) -> None:
    """pytest-django's fixture that opens the transaction: in the right database."""


@pytest.fixture(autouse=True)
def forget_calendars() -> Iterator[None]:
    """Each test is a process of its own to the calendar: what one loads and rolls back, the next never sees."""
    from responsibility import calendar

    calendar.forget()
    yield
    calendar.forget()
    for database_and_version in [key for key in calendar._read_before if key[1] > 1]:
        del calendar._read_before[database_and_version]


@pytest.fixture
def cloned_db(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test that commits. Yields its name."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        pytest.fail("cloned_db and django_db do not go together: the one commits, the other rolls back")
    with django_db_blocker.unblock(), database.passing(str(next(_numbers))) as name:
        yield name


@pytest.fixture
def site(cloned_db: str) -> Iterator[str]:
    """The address of a live server on a database of its own."""
    from tests.live_site import live_site

    with live_site() as address:
        yield address


@contextmanager
def open_folder() -> Iterator[Path]:
    """A passing folder whose parents every account may walk through, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="massline-home-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def stack_home() -> Iterator[Path]:
    """A MASSLINE_HOME for the tests of one module."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def stack_database(django_db_setup: str) -> Iterator[dict[str, str]]:
    """The environment of a stack that has nothing to migrate: a database like any test's, in the place of its own."""
    with database.clone("stack") as name:
        yield database.urls_of(name)


@pytest.fixture(autouse=True)
def own_language() -> None:
    """A request in English leaves its language behind in this thread; the next test begins with the site's own."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def clean_cache() -> None:
    """Counters of attempts and limits begin anew in each test."""
    from django.core.cache import caches

    for cache in caches.all():
        cache.clear()


@pytest.fixture
def still(settings: Any) -> Iterator[None]:
    """Time stands still and the log's settings stay, so that two looks at the same thing are alike."""
    settings.LOGGING_CONFIG = None
    with time_machine.travel("2026-09-15 10:00+08:00", tick=False):
        yield


@pytest.fixture
def citizen(city: Any) -> Any:
    """A browser in that city, which sees an error of ours as its page."""
    from django.test import Client

    return Client(raise_request_exception=False)


@pytest.fixture
def city(db: None, built_city: tuple[str, bytes]) -> Any:
    """The small city of tests/city.py, in a transaction that is rolled back."""
    return pickle.loads(built_city[1])

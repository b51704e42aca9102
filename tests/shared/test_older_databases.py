"""A full database of each released version is migrated to today's: migrations add, and lose nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from accounts.models import User
from audit.verify import verify
from responsibility.sweep import sweep
from tests import database
from tests.catalogue import differences, facts
from tests.older_databases import MADE_AT, older_database, recordings
from tests.reader import page

CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]")


def test_there_is_one() -> None:
    assert recordings()


@pytest.fixture(scope="module", params=recordings())
def migrated(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Its name. `migrate` would refuse it, were a migration gone that it has."""
    with django_db_blocker.unblock(), older_database(request.param) as name, time_machine.travel(MADE_AT):
        call_command("migrate", database="owner", verbosity=0)
        yield name


def test_it_is_like_a_new_one(migrated: str) -> None:
    """Else a migration was changed after it had run somewhere."""
    older = plain_facts()
    with database.passing("new"):
        assert differences(plain_facts(), older) == []


def plain_facts() -> dict[str, str]:
    """PostgreSQL writes the casts of a condition in another way once it was dumped and restored."""
    with connections["owner"].cursor() as cursor:
        return {about: CASTS.sub("", fact) for about, fact in facts(cursor).items()}


def test_every_row_is_read_and_is_as_the_log_says(migrated: str) -> None:
    for model in apps.get_models():
        assert len([*model._base_manager.using("owner")]) == model._base_manager.using("owner").count()
    report = verify()
    assert report.ok and report.missing_events == 0, report


def test_work_goes_on_in_it(migrated: str) -> None:
    sweep()
    assert page(User.objects.get(username="clerk"), "/desk/ledger/")

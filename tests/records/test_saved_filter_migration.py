"""Filters that were kept of the ledger stay, as those of petitions; and the way back keeps them too."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from audit.verify import verify
from records.models import SavedFilter
from tests.city import build_city
from tests.records.test_saved_filters import LAMPS, kept, save

KEPT = """
SELECT audit_record_table('rows_migrated', 'petitions_savedfilter', '{}');
INSERT INTO petitions_savedfilter (user_id, name, query, salt)
SELECT id, '楼道', 'q=%%E6%%A5%%BC', sha256(username::bytea) FROM accounts_user WHERE username IN ('clerk', 'chief')
"""


def migrated(*where: str) -> None:
    call_command("migrate", *where, database="owner", verbosity=0)


@pytest.fixture
def before(cloned_db: str) -> SimpleNamespace:
    """A database of before, in which two officials keep a filter."""
    city = build_city()
    migrated("petitions", "0026")
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(KEPT, [])
    return city


def test_they_stay_under_their_names_as_filters_of_petitions(before: SimpleNamespace) -> None:
    migrated()
    assert kept(before.clerk) == kept(before.chief) == {"楼道": "q=%E6%A5%BC"}
    assert set(SavedFilter.objects.values_list("kind", flat=True)) == {"petition"}
    with transaction.atomic():
        save(before.clerk, "又一个", LAMPS)
    assert set(kept(before.clerk)) == {"楼道", "又一个"}
    report = verify("records_savedfilter")
    assert report.ok and report.missing_events == 0


def test_the_way_back_keeps_them(before: SimpleNamespace) -> None:
    migrated()
    migrated("petitions", "0026")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT name, query FROM petitions_savedfilter")
        assert cursor.fetchall() == [("楼道", "q=%E6%A5%BC")] * 2
    migrated()
    assert verify().ok and kept(before.chief) == {"楼道": "q=%E6%A5%BC"}

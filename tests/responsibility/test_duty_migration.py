"""Offices of a database of before keep their places when their kind becomes a duty."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from audit.verify import verify
from petitions.duties import PETITION_OFFICE
from responsibility.duties import office_for
from responsibility.models import OrganDuty
from tests.city import build_city

BEFORE = "0020_sources"
CITY = """
INSERT INTO responsibility_organ (code, name, kind, region_id, valid_from, valid_until, address, telephone, hours)
SELECT code, code, kind, (SELECT id FROM responsibility_region WHERE code = '990100000000'), since, until, '', '', ''
FROM (VALUES
    ('older', 'petition_office', date '2000-01-01', date '2010-05-01'),
    ('old', 'petition_office', date '2000-01-01', date '2019-03-01'),
    ('jiwei', 'discipline', date '2018-03-01', NULL)) AS made (code, kind, since, until)
"""


@pytest.fixture
def moved(cloned_db: str) -> SimpleNamespace:
    """A city whose office had two before it, which the register let begin whenever it pleased."""
    city = build_city()
    call_command("migrate", "responsibility", BEFORE, database="owner", verbosity=0)
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT audit_record_table('rows_migrated', 'responsibility_organ', '{}')")
        cursor.execute(CITY)
    call_command("migrate", database="owner", verbosity=0)
    return city


def test_every_office_has_its_duty_from_where_the_one_before_ended(moved: SimpleNamespace) -> None:
    found = OrganDuty.objects.order_by("duty", "region", "since")
    assert list(found.values_list("organ__code", "duty", "since", "until")) == [
        ("jiwei", "discipline", date(2018, 3, 1), None),
        ("older", "petition_office", date(2000, 1, 1), date(2010, 5, 1)),
        ("old", "petition_office", date(2010, 5, 1), date(2019, 3, 1)),
        ("office", "petition_office", date(2020, 1, 1), None),
        ("district_office", "petition_office", date(2020, 1, 1), None),
    ]
    here = moved.region["990100000000"].pk
    for day, code in ((date(2010, 4, 30), "older"), (date(2010, 5, 1), "old"), (date(2026, 1, 1), "office")):
        office = office_for(PETITION_OFFICE, here, day)
        assert office is not None and office.code == code
    assert office_for(PETITION_OFFICE, here, date(2019, 6, 1)) is None


def test_the_log_explains_what_the_migration_changed(moved: SimpleNamespace) -> None:
    report = verify("responsibility_organ", "responsibility_organduty")
    assert report.ok and report.missing_events == 0

"""Files say which organ added them: by the name of that day, on the desk and to the citizen who may read them."""

import re
from importlib import import_module

import pytest
from django.db import connections

from audit.models import AuditRow
from records.files.models import Attachment
from responsibility.models import Organ
from tests.chain_lab import event
from tests.city import file_petition, walk_to
from tests.records.test_files import desk, room, tracking, upload  # noqa: F401

pytestmark = pytest.mark.django_db

OFFICE, DEPARTMENT = "试水市信访局", "试水市住房和城乡建设局"
backfill = import_module("records.migrations.0010_files_by_organ")


@pytest.fixture
def filed(city):
    """Handled by the department, with a file of the citizen, of the office and of the department."""
    filed = walk_to("handling", file_petition())
    upload(tracking(filed), "/track/own/files/", b"words", "mine.txt")
    address = f"/desk/petitions/{filed.number}/files/"
    upload(desk(city.clerk), address, b"words", "office.txt")
    upload(desk(city.handler), address, b"words", "department.txt", public="on")
    return filed


def said(html, name):
    """What stands beside a file of this name, between its size and its moment."""
    (found,) = re.findall(rf"{name}(?:</a>)? <span[^>]*>([^<]*)<", html)
    return [part.strip() for part in found.split("·")[1:-1]]


def test_an_official_reads_which_organ_added_a_file(city, filed):
    html = desk(city.auditor).get(f"/desk/petitions/{filed.number}/").content.decode()
    assert (said(html, "mine.txt"), said(html, "office.txt"), said(html, "department.txt")) == (
        ["信访人"],
        [OFFICE],
        [DEPARTMENT],
    )


def test_the_citizen_reads_it_beside_what_they_did_not_add_themselves(city, filed):
    html = tracking(filed).get("/track/own/").content.decode()
    assert said(html, "mine.txt") == [] and said(html, "department.txt") == [DEPARTMENT]
    assert OFFICE not in html.split('id="attachments"')[1].split("</section>")[0]


def test_it_keeps_its_name_of_that_day(city, filed):
    event()
    Organ.objects.filter(pk=city.organ["department"].pk).update(name="试水市住房城乡建设和交通局")
    html = desk(city.auditor).get(f"/desk/petitions/{filed.number}/").content.decode()
    assert said(html, "department.txt") == [DEPARTMENT]


def test_the_log_tells_it_of_files_that_were_there_before(city, filed):
    event()
    Attachment.objects.update(organ_name="")
    with connections["default"].cursor() as cursor:
        cursor.execute(backfill.FROM_THE_LOG)
    names = dict(Attachment.objects.values_list("name", "organ_name"))
    assert names == {"mine.txt": "", "office.txt": OFFICE, "department.txt": DEPARTMENT}
    assert AuditRow.objects.filter(table_name="records_attachment", op="U", event=None).count() == 0

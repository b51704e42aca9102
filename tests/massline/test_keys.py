"""Row ids never leave: addresses, forms, REST, cursors and exports carry keys, which have no order."""

import json
import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import log
from audit.models import AuditEvent
from citizens.models import CitizenNotification
from massline.keys import NotAKey, id_of, key_of, register, tables
from petitions.models import State
from records import events, tasks
from records.files.models import Attachment
from records.importing.models import Import
from records.models import SavedFilter
from reports.export_kinds import ExportScope, export_kinds
from reports.unsealing import Unsealer
from responsibility.models import Escalation, Notice, Obligation
from responsibility.sweep import sweep
from tests.api import Api
from tests.city import file_petition, walk_to
from tests.petitions.test_import_page import client, confirmed, private  # noqa: F401
from tests.records.test_files import photo, room, tracking, upload  # noqa: F401

pytestmark = pytest.mark.django_db
BY_ID = re.compile(
    r"/(?:files|letters|imports|exports|saved|inbox|escalations)/\d+(?=/)|imported=\d+(?![\w])|letter-\d+\b"
)
KEY = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")


# --- The keys themselves ----------------------------------------------------------------------------------------------
def test_a_key_stands_for_its_id_in_its_table_alone() -> None:
    for table in tables():
        for pk in (1, 2, 3, 2**31, 2**63 - 1):
            key = key_of(table, pk)
            assert KEY.fullmatch(key) and id_of(table, key) == pk
            for other in set(tables()) - {table}:
                with pytest.raises(NotAKey):
                    id_of(other, key)


KNOWN = {
    "attachment": "4tb0sxrp229vsq4fy4r1spz96d",
    "escalation": "5td3kf84r7j9yb93f7ny9n0h9y",
    "event": "2j97p3t6h2x8vgsqv9aj32hvfp",
    "export": "747vsnnax2sd6jmmdxcxpk0wnk",
    "filter": "5sa8s171zw1n8q1jrb6pmaygek",
    "import": "1tjp7wvn5z0ybxc7ztna378kb9",
    "letter": "18rpg957tywh82jgef0v41dryc",
    "notice": "3kvs867a48ekj2bsmc2y2cg870",
    "obligation": "53jkya4aya3wsk1fq25z328p77",
    "post": "2cs68gbk6t7db0gh18wp10ztcq",
    "reader": "0f8xh9rn1mts1ng4616q5ae1dd",
}
"""Of the first row, by the key of the tests: as they were before apps registered their tables."""


def test_keys_that_were_given_out_stay() -> None:
    assert {table: key_of(table, 1) for table in KNOWN} == KNOWN


def test_a_table_is_registered_once_and_no_other_has_keys() -> None:
    with pytest.raises(ValueError, match="registered twice: notice"):
        register("petitions", "notice")
    for unknown in (lambda: key_of("notcie", 1), lambda: id_of("notcie", KNOWN["notice"])):
        with pytest.raises(LookupError, match="notcie"):
            unknown()


def test_keys_keep_no_order() -> None:
    keys = [key_of("obligation", pk) for pk in range(1, 200)]
    assert len(set(keys)) == 199
    upwards = sum(one < next_one for one, next_one in zip(keys, keys[1:], strict=False))
    assert 60 < upwards < 140


@pytest.mark.parametrize("forged", ["", "1", "0" * 26, "z" * 26, "0" * 25 + "O", "é" * 26, "0" * 27, "\0" * 26])
def test_what_is_no_key_is_told_without_asking_the_database(forged: str) -> None:
    with CaptureQueriesContext(connection) as queries, pytest.raises(NotAKey):
        id_of("export", forged)
    assert not queries.captured_queries


# --- Where people and programs meet them ------------------------------------------------------------------------------
@pytest.fixture
def climbed(city: SimpleNamespace) -> Any:
    filed = walk_to(State.FORWARDED)
    for days in (20, 24, 28):
        sweep(timezone.now() + timedelta(days=days))
    return filed


@pytest.mark.usefixtures("room", "private")
def test_no_page_names_a_row_by_its_id(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    for days in (20, 24, 28, 40):
        sweep(timezone.now() + timedelta(days=days))
    upload(tracking(filed), "/track/own/files/", photo())
    clerk = client(city.clerk)
    confirmed(clerk)
    tasks.imports()
    clerk.post("/desk/ledger/saved/", {"name": "本月", "query": f"imported={Import.objects.get().key}"})
    assert SavedFilter.objects.exists() and CitizenNotification.objects.exists() and Notice.objects.exists()
    seen = 0
    for who in ("clerk", "chief", "receiver", "leader", "mayor", "auditor", "inspector"):
        browser = client(getattr(city, who))
        paths = ["/desk/", "/desk/ledger/", "/desk/inbox/", "/desk/letters/", "/desk/imports/", "/desk/exports/"]
        paths += ["/desk/escalations/", f"/desk/petitions/{filed.number}/"]
        for _more in range(2):
            found = [link for path in paths for link in _addresses(browser, path) if KEY.search(link)]
            paths = [link for link in dict.fromkeys(found) if "/file/" not in link]
            seen += len(found)
    _addresses(tracking(filed), "/track/own/")
    assert seen > 20


def _addresses(browser: Client, path: str) -> list[str]:
    response = browser.get(path)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return []
    page = response.content.decode()
    assert not BY_ID.search(page), (path, BY_ID.search(page))
    assert not re.search(r'<option value="\d{1,5}"', page), path  # codes of classes and regions are longer
    return re.findall(r'(?:href|hx-get)="(/desk/[^"]*)"', page)


@pytest.mark.usefixtures("room")
def test_a_forged_key_and_an_old_number_lead_nowhere_and_ask_nothing(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    upload(tracking(filed), "/track/own/files/", photo())
    real = Attachment.objects.get().pk
    good = reverse("petition_file", args=[filed.number, real])
    browser = client(city.clerk)
    assert browser.get(good).status_code == 200
    for wrong in (
        str(real),
        key_of("letter", real),
        key_of("attachment", real)[::-1],
        key_of("attachment", real).upper(),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/desk/petitions/{filed.number}/files/{wrong}/").status_code == 404
        assert not any("records_attachment" in query["sql"] for query in queries.captured_queries)


def test_rest_names_obligations_and_escalations_by_keys(city: SimpleNamespace, climbed: Any) -> None:
    shown = Api(city.clerk).get(f"/petitions/{climbed.number}/").json()
    owed = Obligation.objects.filter(subject_key=climbed.number, subject_kind="petition")
    assert {row["id"] for row in shown["obligations"]} == {key_of("obligation", o.pk) for o in owed}
    (row,) = (r for r in Api(city.leader).get("/escalations/").json()["results"] if r["step"] == "top")
    pk = id_of("escalation", row["id"])
    assert Escalation.objects.get(pk=pk).obligation.subject_key == climbed.number
    with CaptureQueriesContext(connection) as queries:
        assert Api(city.leader).get(f"/escalations/{pk}/").status_code == 404
    assert not any("responsibility_escalation" in query["sql"] for query in queries.captured_queries)


def test_a_cursor_can_be_read_by_nobody_else(city: SimpleNamespace) -> None:
    for _n in range(51):
        file_petition()
    link = Api(city.clerk).get("/petitions/").json()["next"]
    cursor = link.split("cursor=")[1].replace("%3D", "=")
    for part in re.split(r"[:.]", cursor):
        raw = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        assert not re.search(rb"false|true|20\d\d-\d\d", raw)
    page = Api(city.clerk).get(link).json()
    assert len(page["results"]) == 1
    assert Api(city.clerk).get("/petitions/?cursor=" + cursor[:-3]).status_code == 400
    assert Api(city.leader).get("/escalations/?cursor=" + cursor).status_code == 400, "of another list"


# --- The log, exported ------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("private")
def test_how_many_rows_an_import_brought_stands_on_its_askers_page_alone(city: SimpleNamespace) -> None:
    clerk = client(city.clerk)
    job = confirmed(clerk)
    tasks.imports()
    told = AuditEvent.objects.filter(subject_kind="import")
    assert {"import.step", "import.ended"} <= set(told.values_list("name", flat=True))
    assert set(told.values_list("subject_key", flat=True)) == {job.key}
    for event in told:
        assert not event.facts.keys() & {"came_in", "rejected", "already_there", "until"}, event.facts
        assert not re.search(r"\d", event.sentence)
    assert f"?imported={job.key}" in clerk.get(f"/desk/imports/{job.key}/").content.decode()


def test_an_old_event_leaves_without_its_counts_and_ids(city: SimpleNamespace) -> None:
    counts = {"came_in": 7, "rejected": 1, "already_there": 2, "source": "老台账", "import": "12"}
    log.record(events.IMPORT_ENDED, subject=log.Subject("import", "12"), facts=counts)
    now = timezone.now()
    columns = [c for c in export_kinds()["events"].columns(now) if c.name in ("event", "subject", "sentence", "facts")]
    texts = [replace(column, source=Cast(column.source, TextField())) for column in columns]
    found = export_kinds()["events"].selected(ExportScope(city.auditor, {}, now), texts).filter(name="import.ended")
    rows = [Unsealer(columns)(row) for row in found]
    assert [json.loads(facts) for *_more, facts in rows] == [{"source": "老台账"}]
    assert "12" not in str(rows) and "7" not in str(rows)

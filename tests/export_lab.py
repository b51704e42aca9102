"""A city to export, and exports asked for and fetched as people do.

An export reads one moment through a connection of its own, so all of this is committed to a database of its own.
"""

import csv
import io
import json
import mimetypes
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import openpyxl
from django.db import transaction
from django.db.models import Value
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from massline.keys import id_of
from petitions.models import SEEN, Petition, State
from reports.models import Export
from responsibility.sweep import sweep
from tests import database
from tests.chain_lab import sh
from tests.city import build_city, file_petition, walk_to
from tests.conftest import open_folder
from tests.shared.test_query_counts import signed_in

REASON = "核对信访人联系方式是否如实登记"
NAUGHTY = [
    "=1+1",
    "+8613",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    " =1",
    "\u3000=1",
    "\ufeff=1",
]
PLAIN = ["楼道照明", "a,b", 'say "no"', "第一行\n第二行", "😀", "'quoted", "1=1", "\\N", "\\.", "NULL", "a;b"]
ABOUT_THE_AUDITOR = [{"kind": "person", "name": "申计明", "organ": ""}]


def city_to_export(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The fixture `world` of the modules about exports."""
    with django_db_blocker.unblock(), open_folder() as folder:
        storages = {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        with override_settings(STORAGES=storages), database.world("exports", build) as made:
            made.folder, made.clients = folder, {}
            yield made


def build() -> SimpleNamespace:
    city = build_city()
    long_ago = timezone.now() - timedelta(days=100)
    made = SimpleNamespace(city=city)
    made.states = [walk_to(state).number for state in SEEN]
    for title in NAUGHTY + PLAIN:
        with transaction.atomic():
            filed = file_petition(title=title, place=title, body=title, name=title, address=title)
            Petition.objects.filter(pk=filed.petition.pk).update(title=Value(title))  # as rows of before may hold it
        made.states.append(filed.number)
    made.states.append(file_petition(category="").number)
    made.holiday = file_petition(received_at=sh("2026-09-18 10:00")).number
    made.guessed = file_petition(received_at=sh("2031-09-18 10:00")).number
    made.states += [made.holiday, made.guessed]
    made.overdue = file_petition(received_at=long_ago).number
    made.handed_over = walk_to(State.TRANSFERRED).number
    made.recused = file_petition(complained_about=ABOUT_THE_AUDITOR).number
    for days in (0, 7, 14):
        sweep(timezone.now() + timedelta(days=days))
    made.numbers = {*made.states, made.overdue}
    return made


def client_of(world: SimpleNamespace, who: str) -> Client:
    if who not in world.clients:
        world.clients[who] = signed_in(getattr(world.city, who))
    return world.clients[who]


def posted(world: SimpleNamespace, who: str, what: str, form: str, **more: Any) -> Any:
    data = {"what": what, "form": form, "nonce": str(uuid4())} | more
    return client_of(world, who).post("/desk/exports/new/", data)


def made(world: SimpleNamespace, what: str, form: str, who: str = "auditor", **more: Any) -> tuple[Export, bytes]:
    """The export and what its asker is handed."""
    response = posted(world, who, what, form, **more)
    assert response.status_code == 302, response.content.decode()
    job = Export.objects.get(pk=id_of("export", response["Location"].split("/")[-2]))
    assert job.state == "done", job.fault
    return job, fetched(world, job, who)


def link(world: SimpleNamespace, job: Export, who: str = "auditor") -> str:
    page = client_of(world, who).get(f"/desk/exports/{job.key}/").content.decode()
    return re.search(r'href="(/desk/exports/\w+/file/[^"]+)"', page)[1]  # type: ignore[index]


def fetched(world: SimpleNamespace, job: Export, who: str = "auditor") -> bytes:
    response = client_of(world, who).get(link(world, job, who))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; ")
    assert job.form != "xlsx" or mimetypes.guess_extension(response["Content-Type"]) == ".xlsx"
    assert "no-store" in response["Cache-Control"]
    return b"".join(response.streaming_content)


def rows(data: bytes, form: str) -> list[dict[str, Any]]:
    """The file as a table program reads it: one dict a row."""
    if form == "jsonl":
        return [json.loads(line) for line in data.decode().splitlines()]
    if form == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets:
        heads, *lines = sheet.iter_rows(values_only=True)
        found += [dict(zip(heads, line, strict=True)) for line in lines]
    return found

"""Whether files are scanned is for somebody to decide; until then none are taken: pages, REST and /readyz say so."""

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.test import Client

from massline.env import Env
from massline.stack.home import Home
from massline.stack.scanner import variables
from massline.stack.valkey import free_port
from records.files.models import Attachment
from tests.api import Api
from tests.city import file_petition, walk_to
from tests.database import BASE
from tests.file_lab import photo, processes_started
from tests.import_lab import GOOD, HEAD
from tests.massline.test_settings import PRODUCTION, read_settings
from tests.petitions.test_public_pages import FORM
from tests.records.test_files import clamd, desk, room, tracking, upload  # noqa: F401
from tests.stack.test_stack import Launcher

NOT_NOW = "本网站目前不接收文件"


@pytest.fixture
def filed(city):
    return walk_to("handling", file_petition())


@pytest.mark.django_db
def test_undecided_no_file_is_taken_and_everything_says_so(city, filed, settings) -> None:
    settings.SCANNER = ""
    citizen, official, before = tracking(filed), desk(city.handler), processes_started()
    page = f"/desk/petitions/{filed.number}/"
    for client, shown in ((citizen, "/track/own/"), (official, page)):
        text = client.get(shown).content.decode()
        assert NOT_NOW in text and 'type="file"' not in text
        refused = upload(client, shown + "files/", photo())
        assert refused.status_code == 409 and NOT_NOW in refused.content.decode()
    given = {"number": filed.number, "tracking_code": filed.code, "name": "a", "content": "5Zyo"}
    for answer in (
        Api().post("/public/track/acts/hand_in/", given),
        Api(city.handler).post(f"/petitions/{filed.number}/acts/attach/", {"name": "a", "content": "5Zyo"}),
    ):
        assert answer.status_code == 409 and NOT_NOW in answer.json()["detail"]
    shown = Api(city.handler).get(f"/petitions/{filed.number}/").json()
    assert "attach" not in {act["slug"] for act in shown["acts"]}
    assert not Attachment.objects.exists() and processes_started() == before


@pytest.mark.django_db
def test_undecided_the_receipt_and_the_import_say_so(city, settings) -> None:
    settings.SCANNER = ""
    visitor = Client()
    visitor.post("/file/", FORM | {"nonce": "receipt-undecided"})
    text = visitor.get("/receipt/").content.decode()
    assert NOT_NOW in text and 'type="file"' not in text
    clerk = desk(city.clerk)
    text = clerk.get("/desk/imports/").content.decode()
    assert NOT_NOW in text and 'type="file"' not in text
    assert clerk.post("/desk/imports/", {"source": "老", "file": ledger()}).status_code == 409


def ledger():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.csv", (HEAD + GOOD).encode())


@pytest.mark.django_db
def test_a_ledger_is_scanned_like_any_other_file(city, settings) -> None:
    clerk = desk(city.clerk)
    with clamd(settings):
        assert clerk.post("/desk/imports/", {"source": "老台账", "file": ledger()}).status_code == 302
        infected = ledger()
        infected.write(b"EICAR")
        infected.seek(0)
        refused = clerk.post("/desk/imports/", {"source": "老台账", "file": infected})
        assert refused.status_code == 422 and "病毒" in refused.content.decode()
    settings.CLAMD = "127.0.0.1:1"
    assert "没有应答" in clerk.post("/desk/imports/", {"source": "老台账", "file": ledger()}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scanner", "said"), [("clamd", "scanned"), ("none", "not scanned"), ("", "not taken: MASSLINE_SCANNER is not set")]
)
def test_readyz_says_which(client: Client, settings, scanner: str, said: str) -> None:
    settings.SCANNER = scanner
    assert client.get("/readyz").json()["files"] == said


@pytest.mark.django_db
def test_officials_read_whether_files_were_scanned_and_citizens_need_not(city, filed, settings) -> None:
    citizen = tracking(filed)
    upload(citizen, "/track/own/files/", photo())
    with clamd(settings):
        upload(citizen, "/track/own/files/", photo())
    text = desk(city.handler).get(f"/desk/petitions/{filed.number}/").content.decode()
    assert text.count("未经病毒扫描") == 1 and text.count("已查毒") == 1
    own = citizen.get("/track/own/").content.decode()
    assert "病毒" not in own and "查毒" not in own


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ""),
        ({"MASSLINE_SCANNER": "none"}, "none"),
        ({"MASSLINE_SCANNER": "clamd", "MASSLINE_CLAMD": "/run/clamd.sock"}, "clamd"),
        ({"MASSLINE_CLAMD": "127.0.0.1:3310"}, ""),
        ({"MASSLINE_ENV": "demo"}, "none"),
        ({"MASSLINE_ENV": "demo", "MASSLINE_CLAMD": "127.0.0.1:3310"}, "clamd"),
    ],
)
def test_only_production_has_no_default(tmp_path: Path, given: dict[str, str], found: str) -> None:
    assert read_settings(tmp_path, "s.SCANNER", **PRODUCTION | given)[:2] == (0, found)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"MASSLINE_SCANNER": "clamd"}, "MASSLINE_SCANNER=clamd needs MASSLINE_CLAMD"),
        ({"MASSLINE_SCANNER": "clamd", "MASSLINE_CLAMD": "clamd"}, "MASSLINE_SCANNER=clamd needs MASSLINE_CLAMD"),
        ({"MASSLINE_SCANNER": "perhaps"}, "MASSLINE_SCANNER must be one of clamd, none"),
        ({"MASSLINE_SCANNER": "none", "MASSLINE_CLAMD": "127.0.0.1:3310"}, "contradict each other"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(tmp_path: Path, given: dict[str, str], complaint: str) -> None:
    code, _, said = read_settings(tmp_path, **PRODUCTION | given)
    assert code == 1 and complaint in said


# --- make up ----------------------------------------------------------------------------------------------------------


def test_make_up_asks_once_at_a_terminal_and_keeps_the_answer(stack_home: Path, stack_database: dict[str, str]) -> None:
    """What it says without a terminal stands in tests/stack/test_stack.py."""
    launcher = Launcher(stack_home, free_port(), DEMO="0", **stack_database)
    said, files = at_a_terminal(launcher, b"perhaps\n2\n")
    assert said.count("1 / 2 / Enter") == 2 and files == "not scanned"
    said, files = at_a_terminal(launcher, b"")
    assert "Enter" not in said and files == "not scanned"
    home = Home.at(stack_home)
    assert variables(Env({}), home, demo=False) == {"MASSLINE_SCANNER": "none"}
    assert variables(Env({"MASSLINE_SCANNER": "clamd"}), home, demo=False) == {}, "the environment goes before it"


def at_a_terminal(launcher: Launcher, typed: bytes) -> tuple[str, str]:
    """All that was said until it was ready, and what /readyz says of files."""
    ours, theirs = pty.openpty()
    run = [sys.executable, "manage.py", "up"]
    popen = subprocess.Popen(
        run, env=launcher.environ, cwd=BASE, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    os.write(ours, typed)
    said, until = b"", time.monotonic() + 90
    try:
        while not re.search(rb"ready: \S+\s", said):
            assert time.monotonic() < until and popen.poll() is None, said
            said += os.read(ours, 4096)
        files = launcher.get("/readyz")[1]["files"]
    finally:
        popen.terminate()
        popen.wait(40)
        os.close(ours)
    return said.decode(), files

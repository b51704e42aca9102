"""A file that takes long is queued: nobody gets it, the page says so, and a worker judges it in the end."""

import io
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from audit.context import SYSTEM
from audit.models import AuditEvent
from citizens.erasure.erase import erase, numbered
from massline.files import process
from massline.keys import key_of
from records.files import background, storing
from records.files.models import Attachment, Kind, Scan
from records.tasks import files as task
from tests.city import build_city, file_petition, walk_to
from tests.file_lab import docx, hungry_pdf, photo, processes_started, slow_docx
from tests.records.test_files import clamd, desk, room, tracking, upload  # noqa: F401

FILES = "/track/own/files/"
CHECKING = "文件已收到，正在检查"


@pytest.fixture
def hasty(monkeypatch):
    """No process is done in a moment like that."""
    monkeypatch.setattr(storing, "QUICK", replace(process.QUICK, wall=0.001))


@pytest.fixture
def filed(city):
    return walk_to("handling", file_petition())


def lying_about() -> list[bytes]:
    names = default_storage.listdir(storing.FOLDER)[1]
    return [default_storage.open(f"{storing.FOLDER}/{name}").read() for name in names]


@pytest.mark.django_db
def test_a_slow_file_that_a_script_adds_is_said_to_be_received(city, filed, hasty) -> None:
    citizen = tracking(filed)
    answer = citizen.post(FILES, {"file": named("门口.png", photo())}, headers={"Accept": "application/json"})
    page = citizen.get(answer.json()["next"]).content.decode()
    assert re.search(rf'role="status"[^>]*>{CHECKING}', page), "above the page, not only beside the file"


@pytest.mark.django_db
def test_a_slow_file_is_queued_and_shown_when_it_is_judged(
    city, filed, hasty, django_capture_on_commit_callbacks
) -> None:
    citizen = tracking(filed)
    answer = citizen.post(FILES, {"file": named("门口.png", photo())}, follow=True)
    assert CHECKING in answer.content.decode()
    one = Attachment.objects.get()
    assert (one.scan, one.kind, one.filename) == (Scan.QUEUED, Kind.UNKNOWN, "门口.png")
    official = desk(city.handler)
    for client, page, file in (
        (citizen, "/track/own/", theirs(one)),
        (official, f"/desk/petitions/{filed.number}/", f"/desk/petitions/{filed.number}/files/{key(one)}/"),
    ):
        shown = client.get(page).content.decode()
        assert "门口.png" in shown and CHECKING in shown and file not in shown
        assert client.get(file).status_code == 404
    assert lying_about() == [photo()]

    with django_capture_on_commit_callbacks(execute=True):
        assert task.apply().successful()
    one.refresh_from_db()
    assert (one.scan, one.refusal, one.kind) == (Scan.NONE, "", Kind.JPEG)
    served = b"".join(citizen.get(theirs(one)).streaming_content)
    assert (one.size, one.sha256) == (len(served), storing.digest(served))
    assert lying_about() == [served] and b"MAKER" not in served, "the raw file is gone"
    page = citizen.get("/track/own/").content.decode()
    assert CHECKING not in page and theirs(one) in page and "门口.jpg" in page
    assert AuditEvent.objects.filter(name="attachment_checked", subject_key=filed.number).count() == 1


def key(one: Attachment) -> str:
    return key_of("attachment", one.pk)


def theirs(one: Attachment) -> str:
    """The file's address on the citizen's page."""
    return f"/track/own/files/{key(one)}/"


def named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "reason", "said"),
    [
        (docx("<w:altChunk/>"), "说明.docx", "office_outside", "这份文档会从别处读取内容"),
        (b"no picture", "门口.jpg", "picture_broken", "这张图片打不开"),
    ],
    ids=["fetches", "a text that is called a picture"],
)
def test_what_is_refused_later_says_why_and_nothing_of_it_stays(
    city, filed, hasty, content, name, reason, said, django_capture_on_commit_callbacks
) -> None:
    citizen = tracking(filed)
    upload(citizen, FILES, content, name)
    with django_capture_on_commit_callbacks(execute=True):
        assert task.apply().successful()
    one = Attachment.objects.get()
    assert (one.scan, one.refusal, one.sha256, lying_about()) == (Scan.REFUSED, reason, "", [])
    page = citizen.get("/track/own/").content.decode()
    assert name in page and "没有收下" in page and said in page
    assert citizen.get(theirs(one)).status_code == 404
    log = desk(city.handler).get(f"/desk/petitions/{filed.number}/").content.decode()
    assert f"文件没有通过检查，没有保存：{said}" in log


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("module", "name", "why"),
    [(sys, "executable", "could be started: No such file"), (process, "PROGRAM", "did not load")],
    ids=["no process", "no judge"],
)
def test_a_file_that_nobody_could_judge_stays_queued_and_the_log_says_why(
    city, filed, hasty, monkeypatch, caplog, module, name, why, django_capture_on_commit_callbacks
) -> None:
    """It is no fault of the file: later it is judged."""
    upload(tracking(filed), FILES, photo(), "a.jpg")
    one = Attachment.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(module, name, "/nowhere/python" if module is sys else "import nowhere")
        assert task.apply().successful()
    one.refresh_from_db()
    assert (one.scan, one.refusal, lying_about()) == (Scan.QUEUED, "", [photo()])
    (said,) = [record.msg for record in caplog.records if "file_not_judged" in record.getMessage()]
    assert why in said["why"] and said["file"] == key(one)
    with django_capture_on_commit_callbacks(execute=True):
        task.apply()
    one.refresh_from_db()
    assert one.scan == Scan.NONE


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_stops_no_other(
    city, filed, hasty, caplog, django_capture_on_commit_callbacks
) -> None:
    for name in ("first.jpg", "second.jpg"):
        upload(tracking(filed), FILES, photo(), name)
    first = Attachment.objects.earliest("id")
    Path(default_storage.path(first.stored)).unlink()
    Path(default_storage.path(first.stored)).mkdir()
    with django_capture_on_commit_callbacks(execute=True):
        task.apply()
    scans = Attachment.objects.order_by("id").values_list("scan", flat=True)
    assert list(scans) == [Scan.QUEUED, Scan.NONE]
    assert "file_not_judged" in caplog.text and key(first) in caplog.text and "IsADirectoryError" in caplog.text


@pytest.mark.django_db
def test_a_virus_in_a_queued_file_is_found_and_nothing_stays(
    city, filed, hasty, settings, django_capture_on_commit_callbacks
) -> None:
    with clamd(settings):
        upload(tracking(filed), FILES, b"EICAR words", "a.txt")
        with django_capture_on_commit_callbacks(execute=True):
            task.apply()
    one = Attachment.objects.get()
    assert (one.scan, one.refusal, lying_about()) == (Scan.REFUSED, "infected", [])


@pytest.mark.django_db
def test_a_queued_file_is_erased_with_the_person(city, filed, hasty, django_capture_on_commit_callbacks) -> None:
    upload(tracking(filed), FILES, photo(), "张三.jpg")
    with django_capture_on_commit_callbacks(execute=True):
        erase(numbered(filed.number), SYSTEM, "个人信息保护法第四十七条")
        before = processes_started()
        task.apply()
    one = Attachment.objects.get()
    assert (one.name, one.erased, one.sha256, lying_about()) == ("", True, "", [])
    assert processes_started() == before


def test_whoever_erases_does_not_wait_and_is_not_undone(cloned_db: str, hasty, monkeypatch) -> None:
    """The file is being judged, and has seconds to go."""
    with transaction.atomic():
        build_city()
        filed = file_petition()
    with transaction.atomic():
        upload(tracking(filed), FILES, slow_docx(3_000_000), "张三.docx")
    with ThreadPoolExecutor(1) as pool:
        before = processes_started()
        working = pool.submit(in_thread, background.check_queued)
        while processes_started() == before:
            time.sleep(0.01)
        began = time.monotonic()
        erase(numbered(filed.number), SYSTEM, "个人信息保护法第四十七条")
        assert time.monotonic() - began < 2 and not working.done()
        working.result(60)
    one = Attachment.objects.get()
    assert (one.name, one.scan, one.erased, lying_about()) == ("", Scan.QUEUED, True, [])


def test_two_workers_judge_a_file_once(cloned_db: str, hasty) -> None:
    with transaction.atomic():
        build_city()
        filed = file_petition()
    with transaction.atomic():
        upload(tracking(filed), FILES, photo(), "a.jpg")
    before = processes_started()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(in_thread, background.check_queued) for _worker in range(2)]:
            done.result(60)
    assert processes_started() == before + 1
    assert Attachment.objects.get().scan == Scan.NONE and len(lying_about()) == 1


def in_thread(work) -> None:
    try:
        work()
    finally:
        connection.close()


# --- The limits, with files that need more ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("content", [hungry_pdf, slow_docx], ids=["four gigabytes", "a minute"])
def test_a_file_that_eats_the_machine_is_ended_and_the_page_answers(city, filed, content) -> None:
    given, citizen = content(), tracking(filed)
    assert len(given) < 1_000_000
    began = time.monotonic()
    answer = upload(citizen, FILES, given, "a.bin")
    assert time.monotonic() - began < 9 and answer.status_code in (302, 422)
    assert not Attachment.objects.filter(scan__in=Attachment.DONE).exists()
    assert citizen.get("/track/own/").status_code == 200


PEAK_OF_JUDGING = """
import resource, sys
from massline.files import process
from massline.files.reasons import NotAccepted
try:
    process.judge(sys.stdin.buffer.read())
except (NotAccepted, process.TakesTooLong):
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("content", [hungry_pdf, slow_docx], ids=["four gigabytes", "a minute"])
def test_a_file_that_eats_the_machine_gets_no_more_memory_than_its_limit(content) -> None:
    """In a process of its own: the peak of children counts all that a process ever had, so other tests' too."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK_OF_JUDGING], input=content(), capture_output=True, cwd=process.BASE, check=True
    )
    assert 0 < int(done.stdout) < 900_000, "kilobytes"


@pytest.mark.django_db
def test_a_file_too_heavy_for_a_worker_is_refused(
    city, filed, hasty, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(background, "PATIENT", replace(process.PATIENT, cpu=2))
    upload(tracking(filed), FILES, slow_docx(), "a.docx")
    with django_capture_on_commit_callbacks(execute=True):
        task.apply()
    assert (Attachment.objects.get().refusal, lying_about()) == ("heavy", [])


def test_a_judging_process_is_alone_and_ends_with_its_parent(tmp_path) -> None:
    """Its environment is empty, its folder the root; when its parent is killed, it goes too."""
    import os
    import signal
    import subprocess

    (tmp_path / "slow").write_bytes(slow_docx())
    code = (
        "import sys; from massline.files.process import *; from pathlib import Path; "
        "judge(Path(sys.argv[1]).read_bytes(), PATIENT)"
    )
    environ = {"PATH": "/usr/bin", "SECRET": "not for it", "PYTHONPATH": process.BASE}
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "slow")], env=environ)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    until = time.monotonic() + 20
    while not (found := children.read_text().split()) and time.monotonic() < until:
        time.sleep(0.02)
    child = Path("/proc") / found[0]
    while b"judge" not in (child / "cmdline").read_bytes():
        time.sleep(0.02)
    while "Max address space         2147483648" not in (child / "limits").read_text():
        assert time.monotonic() < until, "it works without limits"
        time.sleep(0.02)
    assert "Max core file size        0 " in (child / "limits").read_text()
    assert (child / "environ").read_bytes() == b"" and os.readlink(child / "cwd") == "/"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while child.exists() and "Z" not in (child / "stat").read_text().rpartition(")")[2].split()[0]:
        assert time.monotonic() < until + 20
        time.sleep(0.05)


def test_only_a_few_are_judged_at_once(monkeypatch) -> None:
    """The others are told at once that it takes longer."""
    monkeypatch.setattr(process, "FREE_WITHIN", 0.1)
    slow, limits = slow_docx(), replace(process.QUICK, wall=2)

    def ask(_n: int) -> str:
        try:
            process.judge(slow, limits)
        except process.TakesTooLong as error:
            return type(error).__name__
        return ""

    before = processes_started()
    with ThreadPoolExecutor(6) as pool:
        said = sorted(pool.map(ask, range(6)))
    assert said == ["Busy"] * 4 + ["TakesTooLong"] * 2 and processes_started() == before + 2

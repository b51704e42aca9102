"""Files that people hand in: what is taken and what is not, who may have them, and what becomes of them."""

import io
import socket
import struct
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from audit.context import SYSTEM
from audit.models import AuditEvent
from citizens.erasure.erase import erase, numbered
from massline.acts import Invalid
from massline.files.kinds import sanitize
from massline.files.process import judge
from massline.files.reason_texts import WORDS, text_of
from massline.files.reasons import NotAccepted, Reason
from massline.keys import key_of
from records.files import background, storing
from records.files.models import Attachment, Kind, Scan
from tests.city import act, file_petition, walk_to
from tests.file_lab import docx, packed, pdf, photo, png_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        ("情况说明：楼道的灯坏了。".encode(), "text"),
        ("情况说明：楼道的灯坏了。".encode("gb18030"), "text"),
        (docx(), "docx"),
        (xlsx(), "xlsx"),
        (photo(), "jpeg"),
        (photo(fmt="HEIF"), "jpeg"),
    ],
    ids=range(7),
)
def test_kinds_by_content(content, kind):
    assert judge(content).kind == kind


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a;" + pdf(),
        packed({"a.txt": "a"}),
        b"Rar!\x1a\x07\x00abc",
        b"\x1f\x8b\x08\x00abc",
        b"7z\xbc\xaf\x27\x1cabc",
        b"MZ\x90\x00" + b"\0" * 200,
        b"\x7fELF" + b"\0" * 200,
        b"<html><script>alert(1)</script></html>",
        b"  <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1 hello}",
        b"\x00\x00\x00\x18ftypheic\x00\x00",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        bytes(range(256)) * 4,
    ],
    ids=range(14),
)
def test_what_is_no_document_is_refused_with_what_to_do(content):
    with pytest.raises(NotAccepted) as refused:
        sanitize(content)
    assert len(text_of(refused.value.reason)) > 8


def test_every_reason_has_its_words():
    assert set(WORDS) == set(Reason)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"%PDF-", b"PK\x03\x04"]),
    rest=st.binary(max_size=400),
)
def test_any_bytes_are_taken_or_refused_with_a_reason(start, rest):
    with suppress(NotAccepted):  # and nothing else is ever raised
        sanitize(start + rest)


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_pictures_lose_the_place_and_stand_upright(fmt):
    kind, content = sanitize(photo(fmt=fmt))
    assert b"MAKER" not in content and kind == Kind.JPEG
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (40, 60) and not dict(picture.getexif())


@pytest.mark.parametrize("fmt", ["PNG", "WEBP"])
def test_of_a_film_the_first_picture_stays(fmt):
    out, frames = io.BytesIO(), [Image.new("RGB", (60, 40), colour) for colour in ("teal", "red", "blue")]
    frames[0].save(out, fmt, save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(sanitize(out.getvalue())[1])) as picture:
        assert getattr(picture, "n_frames", 1) == 1 and picture.getpixel((5, 5))[0] < 50


def test_pictures_too_large_to_open_are_refused_by_their_header():
    began = time.process_time()
    with pytest.raises(NotAccepted) as refused:
        sanitize(png_of(50_000, 50_000))
    assert refused.value.reason == Reason.PICTURE_LARGE and time.process_time() - began < 0.5


# --- On the pages -----------------------------------------------------------------------------------------------------


def desk(user) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def tracking(filed) -> Client:
    client = Client()
    client.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    return client


def file_of(filed, one):
    """The address of a file on the desk."""
    return f"/desk/petitions/{filed.number}/files/{key_of('attachment', one.pk)}/"


def upload(client: Client, address: str, content: bytes, name: str = "a.jpg", **more):
    return client.post(address, {"file": SimpleUploadedFile(name, content), **more})


@pytest.fixture(autouse=True)
def room(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "file_permissions_mode": 0o600},
        }
    }


def added(filed):
    """A file of five bytes, by the clerk."""
    return act(filed.demand, "clerk", "attach", {"name": "a.txt", "content": io.BytesIO(b"words")})


@pytest.fixture
def filed(city):
    return walk_to("handling", file_petition())


def test_a_citizen_adds_a_photograph_and_the_handler_sees_it(city, filed):
    citizen = tracking(filed)
    answer = upload(citizen, "/track/own/files/", photo(), "我家楼道.png")
    assert answer.status_code == 302
    one = Attachment.objects.get()
    assert (one.kind, one.filename, one.added_by, one.scan) == (Kind.JPEG, "我家楼道.jpg", None, Scan.NONE)
    assert "我家楼道.jpg" in citizen.get("/track/own/").content.decode()
    page = desk(city.handler).get(f"/desk/petitions/{filed.number}/").content.decode()
    assert "我家楼道.jpg" in page and "未经病毒扫描" in page
    assert AuditEvent.objects.filter(name="attached", subject_key=filed.number).count() == 1
    served = desk(city.handler).get(f"/desk/petitions/{filed.number}/files/{key_of('attachment', one.pk)}/")
    assert served.status_code == 200 and served["Content-Type"] == "image/jpeg"
    assert served["X-Content-Type-Options"] == "nosniff" and "sandbox" in served["Content-Security-Policy"]
    assert "no-store" in served["Cache-Control"] and served["Cross-Origin-Resource-Policy"] == "same-origin"
    assert b"MAKER" not in b"".join(served.streaming_content)


def test_who_may_not_see_the_petition_may_not_have_its_files(city, filed):
    upload(tracking(filed), "/track/own/files/", photo())
    address = f"/desk/petitions/{filed.number}/files/{key_of('attachment', Attachment.objects.get().pk)}/"
    for user, status in ((city.clerk, 200), (city.auditor, 200), (city.district_handler, 404), (city.sysadmin, 403)):
        assert desk(user).get(address).status_code == status, user
        assert upload(desk(user), f"/desk/petitions/{filed.number}/files/", photo()).status_code in (302, 403, 404)
    assert set(Attachment.objects.exclude(added_by=None).values_list("added_by__username", flat=True)) == {"clerk"}
    other = walk_to("handling", file_petition())
    pk = key_of("attachment", Attachment.objects.filter(added_by=None).get().pk)
    assert tracking(other).get(f"/track/own/files/{pk}/").status_code == 404
    assert desk(city.clerk).get(f"/desk/petitions/{other.number}/files/{pk}/").status_code == 404
    assert Client().get(f"/track/own/files/{pk}/").status_code == 302


def test_what_an_official_adds_is_the_petitioners_only_when_meant_for_them(city, filed):
    address = f"/desk/petitions/{filed.number}/files/"
    upload(desk(city.handler), address, b"notes for ourselves", "inside.txt")
    upload(desk(city.handler), address, b"for the petitioner", "letter.txt", public="on")
    page = tracking(filed).get("/track/own/").content.decode()
    assert "letter.txt" in page and "inside.txt" not in page
    inside = Attachment.objects.get(name="inside.txt")
    assert tracking(filed).get(f"/track/own/files/{key_of('attachment', inside.pk)}/").status_code == 404
    assert page.count("添加了文件") == 1 and "内部文件" not in page, "nor does the timeline tell of it"
    told = AuditEvent.objects.filter(subject_key=filed.number, name__startswith="attached").order_by("id")
    assert list(told.values_list("name", "public")) == [
        ("attached_inside", False),
        ("attached", True),
    ]


def test_a_text_comes_as_a_file_and_never_as_a_page(city, filed):
    upload(tracking(filed), "/track/own/files/", "甲".encode(), '..\\../"x"\r\n.txt')
    served = desk(city.clerk).get(
        f"/desk/petitions/{filed.number}/files/{key_of('attachment', Attachment.objects.get().pk)}/"
    )
    assert served["Content-Disposition"].startswith("attachment") and "\n" not in served["Content-Disposition"]
    assert "/" not in Attachment.objects.get().name


def test_limits_say_what_to_do(city, filed, settings):
    settings.ATTACHMENT_MAX_COUNT, settings.ATTACHMENT_MAX_BYTES = 2, 1000
    citizen = tracking(filed)
    refused = upload(citizen, "/track/own/files/", b"a" * 1001, "big.txt")
    assert refused.status_code == 422 and "big.txt" in refused.content.decode() and "MB" in refused.content.decode()
    assert upload(citizen, "/track/own/files/", b"", "empty.txt").status_code == 422
    assert citizen.post("/track/own/files/").status_code == 422
    for _again in range(2):
        assert upload(citizen, "/track/own/files/", b"words", "a.txt").status_code == 302
    assert "2" in upload(citizen, "/track/own/files/", b"words", "a.txt").content.decode()
    assert Attachment.objects.count() == 2
    json = citizen.post("/track/own/files/", headers={"Accept": "application/json"})
    assert json.status_code == 422 and json.json()["message"]


def test_one_that_is_not_taken_stops_no_other(city, filed):
    files = [SimpleUploadedFile("bad.zip", packed({"a": "a"})), SimpleUploadedFile("good.txt", b"words")]
    answer = tracking(filed).post("/track/own/files/", {"file": files})
    assert answer.status_code == 422 and "bad.zip" in answer.content.decode()
    assert Attachment.objects.get().name == "good.txt"


def test_nothing_is_added_to_what_is_over(city):
    closed = walk_to("closed", file_petition())
    assert upload(tracking(closed), "/track/own/files/", photo()).status_code == 409
    assert not Attachment.objects.exists()


def test_erasing_takes_the_files(city, filed, django_capture_on_commit_callbacks):
    upload(tracking(filed), "/track/own/files/", photo(), "张三.jpg")
    one = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        erase(numbered(filed.number), SYSTEM, "个人信息保护法第四十七条")
    one.refresh_from_db()
    assert (one.name, one.sha256, one.erased) == ("", "", True)
    assert not default_storage.exists(one.stored)
    assert desk(city.clerk).get(file_of(filed, one)).status_code == 404


def test_a_row_that_fails_leaves_no_file_and_left_overs_go_after_a_day(city, filed, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Attachment.objects, "create", fails)
    with pytest.raises(RuntimeError):
        added(filed)
    assert not default_storage.exists(storing.FOLDER) or default_storage.listdir(storing.FOLDER)[1] == []
    monkeypatch.undo()
    added(filed)
    kept = Attachment.objects.get()
    default_storage.save(f"{storing.FOLDER}/orphan", SimpleUploadedFile("x", b"x"))
    assert background.remove_orphans() == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert background.remove_orphans() == 1
    assert default_storage.exists(kept.stored)


# --- The scanner ------------------------------------------------------------------------------------------------------


@contextmanager
def clamd(settings, think=lambda: None):
    """A server that speaks clamd's INSTREAM, thinks a while, and finds one well-known word."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _from = listening.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", said.read(4))[0]:
                    content += said.read(size)
                think()
                found = b"EICAR" in content
                caller.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")

    threading.Thread(target=serve, daemon=True).start()
    settings.SCANNER = "clamd"
    settings.CLAMD = f"127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield
    finally:
        listening.close()


def test_the_scanner_is_asked_and_believed(city, filed, settings):
    with clamd(settings):
        citizen = tracking(filed)
        assert upload(citizen, "/track/own/files/", b"plain words " * 20_000, "a.txt").status_code == 302
        assert Attachment.objects.get().scan == Scan.CLEAN
        refused = upload(citizen, "/track/own/files/", b"EICAR test file", "b.txt")
    assert refused.status_code == 422 and "病毒" in refused.content.decode()
    assert Attachment.objects.count() == 1


def test_while_the_scanner_is_away_nothing_is_served(city, filed, settings):
    settings.SCANNER, settings.CLAMD = "clamd", "127.0.0.1:1"
    for text in (b"words", b"EICAR words"):
        upload(tracking(filed), "/track/own/files/", text, "a.txt")
    assert set(Attachment.objects.values_list("scan", flat=True)) == {Scan.WAITING}
    first, second = Attachment.objects.order_by("id")
    address = f"/desk/petitions/{filed.number}/files/{key_of('attachment', first.pk)}/"
    assert desk(city.clerk).get(address).status_code == 404
    with clamd(settings):
        background.rescan()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.scan, second.scan) == (Scan.CLEAN, Scan.INFECTED)
    assert desk(city.clerk).get(address).status_code == 200
    assert desk(city.clerk).get(file_of(filed, second)).status_code == 404


def test_the_log_has_neither_name_nor_hash(city, filed):
    from audit.models import AuditRow

    upload(tracking(filed), "/track/own/files/", b"words", "张三的材料.txt")
    images = str(list(AuditRow.objects.filter(table_name="records_attachment").values()))
    one = Attachment.objects.get()
    assert "张三" not in images and one.sha256 not in images and one.stored not in images


def test_two_at_once_keep_to_the_limit(city, filed, settings):
    settings.ATTACHMENT_MAX_TOTAL = 8
    added(filed)
    with pytest.raises(Invalid):
        added(filed)

"""Files that come in through REST, on the receipt right after filing, and in requests that are too large."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import AuditEvent
from records.files.models import Attachment
from tests.api import Api
from tests.city import file_petition, walk_to
from tests.file_lab import packed, photo
from tests.petitions.test_public_pages import FORM
from tests.records.test_files import desk, room, tracking, upload  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(city):
    return walk_to("handling", file_petition())


def test_through_rest_a_file_comes_in_base64(city, filed):
    api = Api(city.handler)
    address = f"/petitions/{filed.number}/acts/attach/"
    body = {"name": "现场.png", "content": b64encode(photo()).decode(), "public": True}
    assert api.post(address, body).status_code == 200
    one = Attachment.objects.get()
    assert (one.filename, one.public, one.added_by) == ("现场.jpg", True, city.handler)
    for content, said in (
        ("***", "base64"),
        ("汉字", "base64"),
        ("\x88\xf6s", "base64"),
        (b64encode(packed({"a": "a"})).decode(), "压缩"),
        ("", "填写"),
        (b64encode("照片没有发出来".encode()).decode(), "图片打不开"),
    ):
        refused = api.post(address, body | {"content": content})
        assert refused.status_code == 422 and said in str(refused.json()["errors"]["content"]), refused.json()
    given = {"number": filed.number, "tracking_code": filed.code, "name": "补充.txt", "content": "5Zyo"}
    assert Api().post("/public/track/acts/hand_in/", given).status_code == 200
    assert Attachment.objects.filter(added_by=None).count() == 1
    assert Api(city.auditor).post(address, body).status_code == 403
    assert AuditEvent.objects.filter(name="act_refused", facts__act="attach").count() == 1


def test_right_after_filing_files_are_added_on_the_receipt(city):
    citizen = Client()
    assert citizen.post("/file/", FORM | {"nonce": "receipt-files"}).status_code == 302
    assert "/receipt/files/" in citizen.get("/receipt/").content.decode()
    answer = upload(citizen, "/receipt/files/", photo(), "门口.png")
    assert answer.status_code == 302 and answer["Location"] == "/receipt/"
    page = citizen.get("/receipt/").content.decode()
    assert "门口.jpg" in page or "门口.png" in page
    assert citizen.get("/track/own/").status_code == 302  # the receipt opens nothing else
    citizen.post("/receipt/", {"saved": "1"})
    assert upload(citizen, "/receipt/files/", photo()).status_code == 302 and Attachment.objects.count() == 1


def test_a_file_that_a_script_adds_is_confirmed_on_the_page_it_reloads(city, filed):
    citizen = tracking(filed)
    file = SimpleUploadedFile("门口.jpg", photo())
    answer = citizen.post("/track/own/files/", {"file": file}, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    assert "文件已添加。" in citizen.get(answer.json()["next"]).content.decode()


def test_what_announces_too_much_is_refused_unread(city, filed, settings):
    settings.ATTACHMENT_MAX_TOTAL = settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    citizen, many = tracking(filed), str(3 * 1024 * 1024)
    for address, client in (
        ("/track/own/files/", citizen),
        (f"/desk/petitions/{filed.number}/files/", desk(city.clerk)),
    ):
        page = client.post(address, b"x", "multipart/form-data; boundary=a", headers={"Content-Length": many})
        assert page.status_code == 413 and "2 MB" in page.content.decode()
    asked = {"Content-Length": many, "Accept": "application/json"}
    quiet = citizen.post("/track/own/files/", b"x", "multipart/form-data; boundary=a", headers=asked)
    assert quiet.status_code == 413 and "2 MB" in quiet.json()["message"]
    problem = Api(city.clerk).post(f"/petitions/{filed.number}/acts/note/", {"text": "a" * 1_500_000})
    assert problem.status_code == 413 and problem["Content-Type"] == "application/problem+json"
    large = {"name": "a.txt", "content": b64encode(b"a" * 1_000_000).decode()}
    kept = Api(city.clerk).post(f"/petitions/{filed.number}/acts/attach/", large)
    assert kept.status_code == 200, kept.json()

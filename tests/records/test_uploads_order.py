"""Rights, state, room and rate come first: of a file that is not wanted nothing is decoded, and nobody is started."""

import time
from base64 import b64encode

import pytest

from records.files.models import Attachment
from tests.api import Api
from tests.city import file_petition, walk_to
from tests.file_lab import large_png, processes_started
from tests.records.test_files import desk, room, tracking, upload  # noqa: F401

pytestmark = pytest.mark.django_db
FILES, HAND_IN = "/track/own/files/", "/public/track/acts/hand_in/"


@pytest.fixture
def filed(city):
    return walk_to("handling", file_petition())


def through_rest(filed, content: str) -> object:
    given = {"number": filed.number, "tracking_code": filed.code, "name": "a.txt", "content": content}
    return Api().post(HAND_IN, given)


def test_a_closed_petition_looks_at_no_file(city):
    closed, picture = walk_to("closed", file_petition()), large_png()
    citizen = tracking(closed)
    before, began = processes_started(), time.process_time()
    assert upload(citizen, FILES, picture).status_code == 409
    assert through_rest(closed, b64encode(picture).decode()).status_code == 409
    assert through_rest(closed, "no base64 at all").status_code == 409
    assert time.process_time() - began < 1 and processes_started() == before


def test_who_may_not_add_has_no_file_looked_at(city, filed):
    before = processes_started()
    address = f"/desk/petitions/{filed.number}/files/"
    assert upload(desk(city.auditor), address, large_png()).status_code == 403
    assert upload(desk(city.outsider), address, large_png()).status_code == 404
    refused = Api(city.auditor).post(f"/petitions/{filed.number}/acts/attach/", {"name": "a", "content": "no base64"})
    assert refused.status_code == 403 and processes_started() == before


def test_without_room_no_file_is_looked_at(city, filed, settings):
    settings.ATTACHMENT_MAX_COUNT = 1
    citizen = tracking(filed)
    assert upload(citizen, FILES, b"words", "a.txt").status_code == 302
    before = processes_started()
    assert upload(citizen, FILES, large_png()).status_code == 422
    assert "最多添加 1" in str(through_rest(filed, "no base64").json()["errors"]["content"])
    assert processes_started() == before


def test_pages_and_rest_have_one_limit_for_citizens(city, filed, settings):
    settings.UPLOAD_LIMIT = 2
    citizen = tracking(filed)
    assert upload(citizen, FILES, b"words", "a.txt").status_code == 302
    assert through_rest(filed, "5Zyo").status_code == 200
    before = processes_started()
    many = through_rest(filed, "5Zyo")
    assert many.status_code == 429 and int(many["Retry-After"]) > 0
    assert upload(citizen, FILES, large_png()).status_code == 429
    assert processes_started() == before and Attachment.objects.count() == 2


def test_pages_and_rest_have_one_limit_for_officials(city, filed, settings):
    settings.UPLOAD_LIMIT = 2
    address, act = f"/desk/petitions/{filed.number}/files/", f"/petitions/{filed.number}/acts/attach/"
    body = {"name": "a.txt", "content": "5Zyo"}
    assert upload(desk(city.handler), address, b"words", "a.txt").status_code == 302
    assert Api(city.handler).post(act, body).status_code == 200
    assert Api(city.handler).post(act, body).status_code == 429
    assert upload(desk(city.handler), address, b"words", "a.txt").status_code == 429
    assert Api(city.clerk).post(act, body).status_code == 200  # from the same address, by another account


def test_each_file_of_a_form_counts_and_one_petition_has_its_own_limit(city, filed, settings):
    settings.ATTACHMENT_MAX_COUNT = 2
    citizen = tracking(filed)
    answers = [upload(citizen, FILES, b"", "a.txt").status_code for _again in range(7)]
    assert answers == [422] * 6 + [429]
    other = file_petition()
    assert upload(tracking(other), FILES, b"words", "a.txt").status_code == 302

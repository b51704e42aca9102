"""Files of a kind that no app has: added and read under its own addresses, seen by whoever sees the record."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from massline.keys import key_of
from petitions.models import Demand
from records import kinds
from records.files.acts import ADDING, Attach
from records.files.models import Attachment
from records.files.storing import check_room
from records.timeline import sentence
from tests.city import file_petition
from tests.kinds.lab import ERRANDS, errand, paper_kinds
from tests.kinds.models import Errand
from tests.records.test_files import desk, room, upload  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]


HERE = "/desk/errands/N-1/"


@pytest.fixture
def found(city: SimpleNamespace) -> Iterator[Errand]:
    """An errand of the department."""
    with paper_kinds():
        yield errand("N-1", city.organ["department"])


def shown(user: Any, address: str = HERE) -> str:
    return desk(user).get(address).content.decode()


def test_a_file_is_added_and_read_by_whoever_sees_the_record(city: SimpleNamespace, found: Errand) -> None:
    assert "还没有文件" in shown(city.handler)
    answer = upload(desk(city.handler), f"{HERE}files/", b"words", "记录.txt")
    assert answer.status_code == 302 and answer.headers["Location"] == HERE
    one = Attachment.objects.about("errand", found.pk).get()
    file = f"{HERE}files/{key_of('attachment', one.pk)}/"
    assert f'href="{file}">记录.txt</a>' in shown(city.leader)
    assert b"".join(desk(city.leader).get(file).streaming_content) == b"words"  # type: ignore[attr-defined]
    for address in (file, HERE):
        assert desk(city.clerk).get(address).status_code == 404, "who does not see the errand"
    assert upload(desk(city.clerk), f"{HERE}files/", b"words", "a.txt").status_code == 404
    assert desk(city.handler).get(f"{HERE}files/").headers["Location"] == HERE


def test_a_kind_without_citizens_shows_files_to_officials_alone(city: SimpleNamespace, found: Errand) -> None:
    page = shown(city.handler)
    assert 'name="file"' in page and 'name="public"' not in page
    upload(desk(city.handler), f"{HERE}files/", b"words", "a.txt", public="on")
    assert not Attachment.objects.get().public
    told = AuditEvent.objects.get(subject_kind="errand", subject_key="N-1")
    assert (told.name, told.public, told.actor_label) == ("attached_inside", False, city.handler.name)
    assert sentence(told.name, told.facts) == "添加了内部文件（文本文件）"


def test_a_petition_of_the_same_id_has_room_of_its_own(city: SimpleNamespace, found: Errand, settings: Any) -> None:
    settings.ATTACHMENT_MAX_COUNT = 1
    upload(desk(city.handler), f"{HERE}files/", b"words", "a.txt")
    check_room(Demand(pk=found.pk, petition=file_petition().petition))
    with pytest.raises(ValidationError, match="每件最多添加 1 个文件"):
        check_room(found)
    refused = upload(desk(city.handler), f"{HERE}files/", b"words", "b.txt")
    assert refused.status_code == 422 and "每件最多添加 1 个文件" in refused.content.decode()


def test_acts_that_add_files_are_named_alike_in_every_kind() -> None:
    """REST counts what they bring before it reads it."""
    adding = {act.slug for kind in (*kinds.record_types(), ERRANDS) for act in kind.acts if isinstance(act, Attach)}
    assert adding == {"attach"} and adding < ADDING

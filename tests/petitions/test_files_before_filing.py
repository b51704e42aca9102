"""Photographs are added before a petition is filed, wait with the form, and are handed in with it."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from petitions.models import Petition
from records.files import background, staged
from records.files.models import Attachment
from tests.draft_lab import hidden_fields, text
from tests.file_lab import photo
from tests.petitions.test_public_pages import FORM

pytestmark = [pytest.mark.django_db]
PAGE, CHECK = "/file/matter/", "/file/matter/?check"
TYPED = {name: value for name, value in FORM.items() if name not in ("checked", "nonce", "altcha")}


def picture(name: str = "楼道.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(), "image/jpeg")


def add(citizen: Client, **more: Any) -> Any:
    return citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED | {"file": picture(), "add": "1"} | more)


def test_a_photograph_waits_with_the_form_and_is_filed_with_it(city: SimpleNamespace, citizen: Client) -> None:
    assert add(citizen, phone="12")["Location"] == f"{PAGE}#part-files"
    page = text(citizen.get(PAGE))
    assert "楼道.jpg" in page and FORM["body"] in page and "error-summary" not in page
    kept = next(iter(default_storage.listdir(staged.FOLDER)[1]))
    assert b"JFIF" not in default_storage.open(f"{staged.FOLDER}/{kept}").read(), "sealed"
    assert (
        citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED | {"phone": "12"})["Location"]
        == f"{PAGE}#error-summary"
    )
    assert citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED)["Location"] == CHECK
    assert "楼道.jpg" in text(citizen.get(CHECK)) and not Attachment.objects.exists()
    sent = hidden_fields(citizen, CHECK, PAGE)
    assert [citizen.post(PAGE, sent)["Location"] for _press in range(2)] == ["/receipt/"] * 2
    one = Attachment.objects.get()
    assert (one.name, one.kind, one.added_by_id) == ("楼道.jpg", "jpeg", None) and Petition.objects.count() == 1
    assert "楼道.jpg" in text(citizen.get("/receipt/"))


def test_files_chosen_and_not_added_go_on_with_the_form(city: SimpleNamespace, citizen: Client) -> None:
    sent = hidden_fields(citizen, PAGE) | TYPED | {"file": [picture("一.jpg"), picture("二.jpg")]}
    assert citizen.post(PAGE, sent)["Location"] == CHECK
    page = text(citizen.get(CHECK))
    assert "一.jpg" in page and "二.jpg" in page


def test_a_file_is_removed_and_a_program_is_refused(city: SimpleNamespace, citizen: Client) -> None:
    program = SimpleUploadedFile("a.exe", b"MZ\x90\0" + bytes(200), "x/x")
    add(citizen, file=[picture(), program])
    page = text(citizen.get(PAGE))
    assert "a.exe：" in page and "只接收照片" in page and page.count('name="files"') == 1
    stored = re.findall(r'name="remove" value="([^"]+)"', page)[0]
    citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED | {"remove": stored})
    assert "楼道.jpg" not in text(citizen.get(PAGE)) and FORM["body"] in text(citizen.get(PAGE))


def test_it_works_in_a_browser_that_keeps_nothing(city: SimpleNamespace) -> None:
    page = text(Client().post(PAGE, TYPED | {"nonce": "one", "file": picture()}))
    sent = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    assert Client().post(PAGE, sent)["Location"] == "/receipt/" and Attachment.objects.get().name == "楼道.jpg"


def test_what_is_never_filed_is_gone_a_day_later(
    city: SimpleNamespace, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(citizen)
    background.remove_orphans()
    assert len(default_storage.listdir(staged.FOLDER)[1]) > 0
    monkeypatch.setattr(background, "ORPHAN_AGE", -background.ORPHAN_AGE)
    background.remove_orphans()
    assert default_storage.listdir(staged.FOLDER)[1] == []
    assert (
        citizen.post(PAGE, hidden_fields(citizen, PAGE) | TYPED | {"checked": "1"})["Location"]
        == f"{PAGE}#error-summary"
    )
    assert "有文件已经过期" in text(citizen.get(PAGE)) and not Petition.objects.exists()

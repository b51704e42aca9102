"""What pages and REST say about faulty input reads like an office that wants to help, and says which field is meant."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.api import FILING, V1
from tests.shared.test_query_counts import FORM

pytestmark = pytest.mark.django_db
FAULTY = {
    "title": "题" * 101, "purpose": "hack", "region": "zzz", "email": "x@", "persons": "很多", "place": "地" * 201,
    "nonce": "wording",
}  # fmt: skip
LABELS = {"title": "标题", "body": "事情经过", "name": "姓名"}
TRANSLATED = ("确保该变量", "有效的", "合法的", "该选择", "字段", "变量")


def summary(client: Client, **more: str) -> str:
    answer = client.post("/file/", FORM | more)
    assert answer.status_code == 422
    found = re.search(r'id="error-summary".*?</ul>', answer.content.decode(), re.S)
    assert found is not None
    return found[0]


def test_the_summary_of_faults_names_each_field_and_says_what_to_do(city: SimpleNamespace) -> None:
    said = summary(Client(), **FAULTY)
    for words in ("标题：最多 100 个字，现在有 101 个字，请删减", "请选择：您想做什么", "请选择：问题发生在哪个地方",
                  "请填写完整的电子邮箱，例如 name@example.com", "具体地点：最多 200 个字"):  # fmt: skip
        assert words in said
    assert not any(words in said for words in TRANSLATED)


def test_rest_says_the_same(city: SimpleNamespace) -> None:
    answer: Any = Client().post(
        V1 + "/public/petitions/", FILING | {"title": "题" * 101, "purpose": "hack"}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "title": ["最多 100 个字，现在有 101 个字，请删减"],
        "purpose": ["请从列出的选项中选择"],
    }


def test_english_readers_are_told_in_english(city: SimpleNamespace) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["django_language"] = "en"
    assert "Title: Ensure this value has at most 100 characters" in summary(client, **FAULTY)


@pytest.mark.parametrize("nothing", ["\u202e\u200b", "\ufeff", "\u00ad\u2060", "\u200d", "\ue000"])
@pytest.mark.parametrize("field", ["title", "body", "name"])
def test_what_nobody_can_see_is_not_an_answer(city: SimpleNamespace, field: str, nothing: str) -> None:
    said = summary(Client(), **{field: nothing, "nonce": "unseen"})
    assert f"请填写：{LABELS[field]}" in said


def test_a_title_of_signs_and_joined_letters_is_one(city: SimpleNamespace) -> None:
    assert Client().post("/file/", FORM | {"title": "👨\u200d👩\u200d👧 ???", "nonce": "signs"}).status_code == 302

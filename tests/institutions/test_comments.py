"""Citizens comment on a draft while it is open, and each of them is answered before it goes on."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from citizens.models import CitizenNotification
from institutions.acts.comments import COMMENT_ACTS
from institutions.models import RegulationText
from institutions.models.comment import Comment
from massline.acts import WrongState, perform
from responsibility.models import Obligation
from tests.api import V1, Api
from tests.institutions_lab import does, in_force, published
from tests.shared.kinds.comment import FILING, comment, publish, with_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city):
    return with_draft(city)


def test_a_comment_goes_to_the_organ_and_is_owed_an_answer(town):
    answer = Api().post("/public/comments/", FILING)
    assert answer.status_code == 201, answer.content
    made = Comment.objects.get(number=answer.json()["number"])
    assert (made.about, made.organ.code) == ("第二条", "department")
    (owed,) = Obligation.objects.open().about(made.KIND, made.pk)
    assert (owed.rule, owed.organ.code) == ("IN12", "department")
    assert [one["rule"] for one in answer.json()["obligations"]] == ["IN12"]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"article": "第九条"}, "article", "没有“第九条”"),
        ({"article": "九"}, "article", "只写条号"),
        ({"draft": "WB20260101-000001"}, "draft", ""),
        ({"body": ""}, "body", ""),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(town, given, field, said):
    answer = Api().post("/public/comments/", FILING | given)
    assert answer.status_code == 422
    assert said in str(answer.json()["errors"][field])


def test_nobody_comments_before_the_draft_is_public_or_after_its_days(town):
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        answer = Api().post("/public/comments/", FILING)
        assert answer.status_code == 422 and "现在没有" in str(answer.json()["errors"]["draft"])
    assert "楼道照明管理办法" in Client().get("/comments/new/").content.decode()
    RegulationText.objects.update(state="draft")
    assert Api().post("/public/comments/", FILING).status_code == 422


def test_each_comment_is_answered_before_the_text_goes_on(town):
    made = comment(town)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        with pytest.raises(WrongState, match="还有 1 条意见"):
            does(town, town.draft, "receiver", "answer_comments")
        comment_answered(town, made)
        assert does(town, town.draft, "receiver", "answer_comments").state == "checking"


def comment_answered(town, made):
    perform(COMMENT_ACTS["answer"], Comment, made.pk, town.receiver, {"outcome": "adopted", "reason": "改为当日修好"})
    letter = CitizenNotification.objects.get(subject_kind=Comment.KIND, subject_id=made.pk)
    assert "采纳" in letter.text and "改为当日修好" in letter.text


def test_what_was_cleared_is_public_and_names_nobody(town):
    made = comment(town, "answered")
    publish(town, made)
    regulation = in_force(town)
    published(town, regulation)
    shown = Client().get(f"/public/comments/{made.number}/").content.decode()
    assert "部分采纳" in shown and FILING["citizen"]["name"] not in shown
    (row,) = Api().get("/public/regulations/").json()["results"]
    assert row["title"] == "楼道照明管理办法"
    whole = Api().get(f"/public/regulations/{regulation.number}/").json()
    assert "第三条" in whole["wording"]
    drafts = Api().get("/public/regulation-texts/").json()["results"]
    assert [one["title"] for one in drafts] == ["楼道照明管理办法"]
    assert Client().get(f"{V1}/public/regulations/ZD1/").status_code == 404

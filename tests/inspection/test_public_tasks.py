"""What the public reads of tasks: nothing before two posts agreed, then dates and result, and no people."""

from types import SimpleNamespace

import pytest
from django.test import Client

from inspection.acts import TASK_ACTS
from massline.time import long_form
from tests.api import Api
from tests.inspection_lab import add_office, does, published, task_in
from tests.secrecy_lab import add_secrecy

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: SimpleNamespace) -> SimpleNamespace:
    return add_secrecy(add_office(city))


def test_what_was_verified_is_read_by_everybody_once_two_posts_agreed(town: SimpleNamespace) -> None:
    task = task_in(town, "verified")
    assert Client().get(f"/public/tasks/{task.number}/").status_code == 404
    published(town, task)
    (row,) = Api().get("/public/tasks/").json()["results"]
    assert row["title"] == "幸福里楼道照明"
    shown = Client().get(f"/public/tasks/{task.number}/").content.decode()
    assert "夜间逐个楼道看过，全部亮灯" in shown and town.handler.name not in shown


def test_a_day_that_was_moved_is_proposed_with_the_first_one(town: SimpleNamespace) -> None:
    task = does(town, task_in(town, "working"), "mayor", "postpone")
    for who, act in (("leader", "report"), ("dc_clerk", "verify")):
        task = does(town, task, who, act)
    initial = TASK_ACTS["propose_publication"].build_form(task, town.dc_clerk, None).initial
    assert initial["due_on"] == f"{long_form(task.due_on)}（原定{long_form(task.first_due_on)}）"

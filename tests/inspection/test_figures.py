"""The figures of tasks: what was verified at once, taken up again, and answered when others waited for it."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from inspection.figures import ANSWERED, FIRST, REOPENED
from inspection.models import Task
from massline.time import today
from records.figures.indicators import Indicator
from records.figures.overview import results
from records.figures.periods import Period
from tests.inspection_lab import add_office, does, task_in
from tests.reader import reader, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(city: SimpleNamespace) -> SimpleNamespace:
    return add_office(city)


def counted(city: SimpleNamespace, indicator: Indicator) -> dict[str, int]:
    day = today()
    return results(indicator.cohort, Period(day, day), timezone.now(), Task.objects.for_user(city.dc_clerk))


def listed(city: SimpleNamespace, indicator: Indicator, result: str) -> str:
    day = today().isoformat()
    query = f"?cohort={indicator.name}&cohort_from={day}&cohort_to={day}&result={result}"
    return source(reader(city.dc_clerk), f"/desk/tasks/{query}")


def test_verified_at_the_first_attempt_is_what_was_never_sent_back(office: SimpleNamespace) -> None:
    at_once, sent_back = task_in(office, "closed"), task_in(office, "reported")
    for who, act in (("dc_clerk", "send_back"), ("leader", "report"), ("dc_clerk", "verify"), ("dc_head", "write_off")):
        does(office, sent_back, who, act)
    task_in(office, "verified")
    assert counted(office, FIRST) == {"first": 1, "again": 1}
    page = listed(office, FIRST, "first")
    assert at_once.number in page and sent_back.number not in page


def test_what_is_taken_up_again_counts_as_reopened_once_and_for_good(office: SimpleNamespace) -> None:
    lasts, came_back = task_in(office, "closed"), task_in(office, "closed")
    assert counted(office, REOPENED) == {"lasted": 2}
    does(office, came_back, "dc_head", "reopen")
    assert counted(office, REOPENED) == {"lasted": 1, "reopened": 1}
    for who, act in (("leader", "report"), ("dc_clerk", "verify"), ("dc_head", "write_off")):
        does(office, came_back, who, act)
    assert counted(office, REOPENED) == {"lasted": 1, "reopened": 1}
    page = listed(office, REOPENED, "reopened")
    assert came_back.number in page and lasts.number not in page


def test_an_answer_to_who_waits_counts_for_the_organ_that_owed_it(office: SimpleNamespace) -> None:
    does(office, task_in(office, "blocked"), "other_leader", "resume")
    owed = ANSWERED.cohort.found(Period(today(), today().replace(year=today().year + 1)), timezone.now())
    assert list(owed.values_list("organ__code", "result")) == [("other", "on_time")]

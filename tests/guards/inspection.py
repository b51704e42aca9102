"""Tasks and their milestones."""

from datetime import timedelta

from django.utils import timezone

from inspection.models import Milestone, Task
from massline.time import today
from tests.guards import refused
from tests.inspection_lab import add_office, does, task_in


def task(city, state="working"):
    return Task.objects.filter(pk=task_in(add_office(city), state).pk)


def milestone(city):
    made = task(city).get()
    does(city, made, "handler", "plan_item")
    return Milestone.objects.filter(task=made)


@refused("task_state")
def _(city):
    task(city).update(state="lost")


@refused("task_origin")
def _(city):
    task(city).update(origin="rumour")


@refused("task_track")
def _(city):
    task(city).update(track="private")


@refused("task_leader_is_not_handler")
def one_post_for_both(city):
    task(city).update(leader=city.post["handler"])


@refused("task_leader_is_not_handler")
def without_a_responsible_person(city):
    task(city).update(handler=None)


@refused("task_leader_is_not_handler")
def without_an_office(city):
    task(city).update(office=None)


@refused("task_only_postponed")
def _(city):
    task(city).update(due_on=today() + timedelta(days=2))


@refused("task_ordered_for_later")
def a_deadline_in_the_past(city):
    task(city).update(first_due_on=today())


@refused("task_blocked_by_another")
def blocked_by_nobody(city):
    task(city).update(state="blocked")


@refused("task_blocked_by_another")
def blocked_by_itself(city):
    task(city, "blocked").update(waits_for=city.organ["department"])


@refused("task_blocked_by_another")
def waiting_while_at_work(city):
    task(city).update(waits_for=city.organ["other"])


@refused("inspection_task_number_key")
def _(city):
    one = task(city).get()
    Task.objects.filter(pk=task_in(city, "draft").pk).update(number=one.number)


@refused("milestone_once")
def _(city):
    one = milestone(city).get()
    Milestone.objects.create(task=one.task, item=one.item, goal="又一个", days=1, last_day=one.last_day)


@refused("milestone_item")
def _(city):
    milestone(city).update(item=0)


@refused("milestone_days")
def _(city):
    milestone(city).update(days=0)


@refused("milestone_done_by_whom")
def reached_by_nobody(city):
    milestone(city).update(done_at=timezone.now())


@refused("milestone_done_by_whom")
def a_fact_of_what_is_not_reached(city):
    milestone(city).update(fact="已列出")


@refused("milestone_in_time")
def after_its_task(city):
    milestone(city).update(last_day=today() + timedelta(days=61))


@refused("milestone_stays")
def reached_and_then_not(city):
    found = milestone(city)
    does(city, found.get().task, "handler", "feed_back", item=1, reached=True, fact="清单共 23 盏")
    found.update(done_at=None, done_by=None, fact="")

"""Tasks and their milestones; decisions, the steps before them, and the votes."""

from datetime import timedelta

from django.utils import timezone

from inspection.models import Decision, DecisionStep, Milestone, Task, Vote
from massline.time import today
from tests.decision_lab import decision_in
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


def help_owed(city):
    made = task(city).get()
    does(city, made, "dc_clerk", "ask_help")
    return Milestone.objects.filter(task=made)


@refused("milestone_days")
def a_milestone_without_its_days(city):
    milestone(city).update(days=None)


@refused("one_open_help_an_organ")
def asked_twice_for_help(city):
    one = help_owed(city).get()
    Milestone.objects.create(task=one.task, item=2, goal="又一项", helper=one.helper, last_day=one.last_day)


@refused("helper_is_not_lead")
def the_lead_as_its_own_helper(city):
    one = milestone(city).get()
    Milestone.objects.create(task=one.task, item=2, goal="又一项", helper=one.task.organ, last_day=one.last_day)


@refused("help_stays")
def help_passed_on(city):
    help_owed(city).update(helper=city.organ["other"])


@refused("milestone_stays")
def reached_and_then_not(city):
    found = milestone(city)
    does(city, found.get().task, "handler", "feed_back", item=1, reached=True, fact="清单共 23 盏")
    found.update(done_at=None, done_by=None, fact="")


def decision(city, state="preparing"):
    return Decision.objects.filter(pk=decision_in(city, state).pk)


def step(city):
    return DecisionStep.objects.filter(decision=decision(city).get(), step="participation")


def vote(city, state="adopted"):
    return Vote.objects.filter(decision=decision(city, state).get()).order_by("seq")[:1]


def of(rows):
    return type(rows[0]).objects.filter(pk=rows[0].pk)


@refused("decision_state")
def _(city):
    decision(city, "adopted").update(state="lost")


@refused("decision_matter")
def _(city):
    decision(city).update(matter_type="rumour")


@refused("decision_drafted_for_an_organ")
def decided_by_nobody(city):
    decision(city).update(office=None)


@refused("decision_by_a_meeting")
def adopted_without_a_meeting(city):
    decision(city).update(state="adopted")


@refused("inspection_decision_number_key")
def _(city):
    one = decision(city).get()
    Decision.objects.filter(pk=decision_in(city, "preparing").pk).update(number=one.number)


@refused("decision_step_once")
def _(city):
    one = step(city).get()
    one.pk = None
    one.save(force_insert=True)


@refused("decision_step_step")
def _(city):
    step(city).update(step="luck")


@refused("decision_step_days")
def ended_before_it_began(city):
    step(city).update(shortened=True, until="2020-01-01")


@refused("decision_step_days")
def taken_on_no_day(city):
    step(city).update(since=None)


@refused("decision_step_asked_thirty_days")
def the_public_was_asked_for_a_week(city):
    one = step(city).get()
    DecisionStep.objects.filter(pk=one.pk).update(until=one.since + timedelta(days=7))


@refused("decision_vote_once")
def _(city):
    one = vote(city)[0]
    Vote.objects.create(decision=one.decision, meeting=1, seq=one.seq, name="又一人", choice="for", said_why=False)


@refused("decision_vote_choice")
def _(city):
    one = vote(city)[0]
    Vote.objects.create(decision=one.decision, meeting=1, seq=9, name="又一人", choice="maybe", said_why=True)


@refused("decision_vote_dissent")
def against_it_without_a_word(city):
    one = vote(city)[0]
    Vote.objects.create(decision=one.decision, meeting=1, seq=9, name="又一人", choice="against", said_why=False)


@refused("decision_vote_stays")
def a_vote_that_turns_afterwards(city):
    of(vote(city)).update(choice="against", said_why=True)

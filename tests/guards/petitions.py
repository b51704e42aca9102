"""Petitions, and whatever belongs to one."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from citizens.models import CitizenNotification, Complained, Filing, Rating, Representative
from massline.time import local_day
from petitions.models import Answer, Demand, Petition
from tests.city import file_petition, walk_to
from tests.guards import refused

DAY = date(2026, 1, 1)
WEEK = timedelta(days=7)


@refused("petitions_petition_number_key")
def _(city):
    Petition.objects.filter(pk=file_petition().petition.pk).update(number=file_petition().number)


@refused("petition_channel")
def _(city):
    Petition.objects.filter(pk=file_petition().petition.pk).update(channel="pigeon")


@refused("only_letters_have_a_postmark")
def a_visit_with_a_postmark(city):
    Petition.objects.filter(pk=file_petition(channel="visit").petition.pk).update(postmarked_on=DAY)


def group(persons=3, others=1):
    """A petition of several people, with so many representatives besides the petitioner."""
    named = [{"name": f"代表{n}", "phone": ""} for n in range(others)]
    return file_petition(persons=persons, representatives=named).petition


@refused("petition_persons")
def nobody(city):
    Petition.objects.filter(pk=file_petition().petition.pk).update(persons=0)


@refused("petition_persons")
def too_many_persons(city):
    Petition.objects.filter(pk=group().pk).update(persons=10_000)


@refused("no_more_representatives_than_persons")
def fewer_persons_than_representatives(city):
    Petition.objects.filter(pk=group(3, 2).pk).update(persons=2)


@refused("no_more_representatives_than_persons")
def a_representative_of_one_person(city):
    Representative.objects.create(filing=file_petition().petition.filing, seq=2)


@refused("at_most_five_representatives")
def a_sixth(city):
    Representative.objects.create(filing=group(20, 4).filing, seq=6)


@refused("at_most_five_representatives")
def a_first_besides_the_petitioner(city):
    Representative.objects.create(filing=group(20, 4).filing, seq=1)


@refused("representative_once")
def _(city):
    Representative.objects.create(filing=group(20, 1).filing, seq=2)


@refused("filing_tell_by")
def _(city):
    Filing.objects.filter(pk=file_petition().petition.pk).update(tell_by="shout")


@refused("citizens_filing_code_hash_key")
def one_code_for_two(city):
    code = Filing.objects.get(pk=file_petition().petition.pk).code_hash
    Filing.objects.create(kind="petition", tell_by="sms", code_hash=code)


@refused("complained_kind")
def _(city):
    Complained.objects.create(filing=file_petition().petition.filing, kind="ghost", name="某")


@refused("one_demand_a_petition")
def _(city):
    second = file_petition().demand
    second.pk, second.seq = None, 2
    second.save(force_insert=True)


def changed(demand: Demand, **changes: Any) -> None:
    Demand.objects.filter(pk=demand.pk).update(**changes)


@refused("petitions_demand.organ_id")
def _(city):
    changed(file_petition().demand, organ=None)


@refused("petitions_demand.office_id")
def _(city):
    changed(file_petition().demand, office=None)


@refused("demand_state")
def _(city):
    changed(file_petition().demand, state="lost")


@refused("demand_purpose")
def _(city):
    changed(file_petition().demand, purpose="fun")


@refused("demand_category")
def _(city):
    changed(file_petition().demand, category="12")


@refused("registered_has_a_class")
def _(city):
    changed(file_petition(category="").demand, state="registered")


@refused("handled_by_somebody")
def handling_without_handler(city):
    changed(walk_to("accepted").demand, state="handling")


@refused("handled_by_somebody")
def answered_without_handler(city):
    changed(walk_to("accepted").demand, state="answered", outcome="supported")


@refused("outcome_when_answered")
def answered_without_outcome(city):
    changed(walk_to("handling").demand, state="answered")


@refused("outcome_when_answered")
def outcome_before_the_answer(city):
    changed(walk_to("handling").demand, outcome="supported")


@refused("outcome_when_answered")
def outcome_not_of_the_three(city):
    changed(walk_to("answered").demand, outcome="whatever")


@refused("open_has_a_date")
def _(city):
    changed(file_petition().demand, due_at=None)


@refused("answer_outcome")
def _(city):
    demand = walk_to("handling").demand
    Answer.objects.create(demand=demand, outcome="maybe", text="x", author=city.handler, answered_at=timezone.now())


def told(**changes: Any) -> None:
    telling = CitizenNotification.objects.about("petition", walk_to("forwarded", told=False).demand.pk).first()
    assert telling is not None
    CitizenNotification.objects.filter(pk=telling.pk).update(**changes)


@refused("told_by_whom_when_how")
def told_by_nobody(city):
    told(state="told", told_at=timezone.now(), told_how="letter")


@refused("told_by_whom_when_how")
def told_at_no_time(city):
    told(told_by=city.clerk, told_how="sms")


@refused("told_by_whom_when_how")
def told_in_no_way(city):
    told(state="told", told_at=timezone.now(), told_by=city.clerk)


@refused("told_has_its_moment")
def told_and_waiting_still(city):
    told(told_at=timezone.now(), told_by=city.clerk, told_how="sms")


@refused("told_has_its_moment")
def told_without_a_moment(city):
    told(state="told")


SERVED = {"state": "told", "told_at": timezone.now(), "told_how": "sms", "served_noted_at": timezone.now()}


@refused("served_after_it_was_made")
def served_before_it_was_made(city):
    told(**SERVED, served_on=DAY)


@refused("served_after_it_was_made")
def served_after_that_was_entered(city):
    told(**SERVED, served_on=local_day(timezone.now()) + WEEK)


@refused("served_after_it_was_made")
def served_and_nobody_knows_since_when(city):
    told(**SERVED | {"served_noted_at": None}, served_on=local_day(timezone.now()))


@refused("served_after_it_was_made")
def served_and_not_told(city):
    told(served_on=local_day(timezone.now()), served_noted_at=timezone.now())


@refused("notification_state")
def _(city):
    told(state="lost")


@refused("notification_returned")
def _(city):
    told(returned="eaten")


@refused("citizens_citizennotification_owed_id_key")
def two_letters_for_one_duty(city):
    first, second = CitizenNotification.objects.about("petition", walk_to("accepted", told=False).demand.pk).order_by(
        "id"
    )
    CitizenNotification.objects.filter(pk=second.pk).update(owed=first.owed)


def rated(**more: Any) -> Rating:
    demand = walk_to("answered").demand
    base = {"subject_kind": "petition", "subject_id": demand.pk, "object": "organ", "organ": demand.organ}
    base |= {"score": 5, "rated_at": timezone.now()}
    Rating.objects.create(**base | more)
    return Rating.objects.create(**base | more)


@refused("score_1_to_5")
def too_good(city):
    rated(score=6)


@refused("score_1_to_5")
def too_bad(city):
    rated(score=0)


@refused("one_rating_an_object")
def _(city):
    rated()

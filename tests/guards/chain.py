"""Accounts, organs and posts; what is owed, and how it climbs."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from petitions.duties import PETITION_OFFICE
from petitions.models import Demand
from responsibility.models import Absence, Appointment, Escalation, Notice, Obligation, Organ, Post, Region
from tests.city import SINCE, file_petition, has_duty
from tests.guards import refused

DAY = date(2026, 1, 1)
WEEK = timedelta(days=7)


def absence(city: Any, since: date = DAY, days: int = 30) -> Absence:
    held = Appointment.objects.get(post=city.post["leader"], kind="regular")
    return Absence.objects.create(appointment=held, since=since, until=since + timedelta(days=days))


def acting(city: Any, **more: Any) -> Appointment:
    return Appointment.objects.create(user=city.deputy, post=city.post["leader"], kind="acting", **more)


def owed(demand: Demand, **changes: Any) -> Obligation:
    """The open obligation about a demand, with some columns overwritten behind the engine's back."""
    found = Obligation.objects.open().about("petition", demand.pk).get()
    Obligation.objects.filter(pk=found.pk).update(**changes)
    return found


def climbed(demand: Demand, **more: Any) -> Escalation:
    now = timezone.now()
    base = {"step": "top", "organ": demand.organ, "since": now, "noticed_at": now, "state": "told"}
    return Escalation.objects.create(obligation=Obligation.objects.about("petition", demand.pk).get(), **base | more)


@refused("user_kind")
def _(city):
    User.objects.filter(pk=city.clerk.pk).update(kind="emperor")


@refused("accounts_user_username_key")
def _(city):
    User.objects.create(username="clerk", name="另一人", password="!")


@refused("post_class_prefixes")
def a_prefix_of_three_digits(city):
    Post.objects.filter(pk=city.post["deputy"].pk).update(in_charge_of=["01", "011"])


@refused("post_class_prefixes")
def a_prefix_that_is_a_word(city):
    Post.objects.filter(pk=city.post["deputy"].pk).update(in_charge_of=["01\n"])


@refused("post_class_prefixes")
def a_prefix_that_is_nothing(city):
    Post.objects.filter(pk=city.post["deputy"].pk).update(in_charge_of=[None])


@refused("region_code")
def _(city):
    Region.objects.create(code="99", name="太短")


@refused("organ_kind")
def _(city):
    Organ.objects.filter(code="department").update(kind="club")


@refused("organ_dates")
def _(city):
    Organ.objects.filter(code="department").update(valid_until=date(2000, 1, 1))


@refused("organ_not_its_own_parent")
def _(city):
    Organ.objects.filter(code="department").update(parent=city.organ["department"])


@refused("organ_not_its_own_successor")
def _(city):
    Organ.objects.filter(code="department").update(valid_until=DAY, successor=city.organ["department"])


@refused("successor_of_an_ended_organ")
def succeeded_while_it_is_there(city):
    Organ.objects.filter(code="department").update(successor=city.organ["other"])


@refused("successor_of_an_ended_organ")
def there_again_with_a_successor(city):
    Organ.objects.filter(code="department").update(valid_until=DAY, successor=city.organ["other"])
    Organ.objects.filter(code="department").update(valid_until=None)


@refused("one_organ_a_duty")
def two_organs_for_a_duty(city):
    has_duty(city.organ["department"], PETITION_OFFICE, since=DAY)


@refused("one_organ_a_duty")
def a_duty_moved_into_anothers_days(city):
    city.organ["office"].duties.update(until=DAY)
    has_duty(city.organ["department"], PETITION_OFFICE, since=DAY).duties.update(since=DAY - WEEK)


@refused("organ_duty_dates")
def _(city):
    city.organ["office"].duties.update(until=SINCE)


@refused("post_name_in_organ")
def _(city):
    Post.objects.create(organ=city.organ["department"], name="局长")


@refused("one_holder_at_a_time")
def two_regular_holders(city):
    Appointment.objects.create(user=city.deputy, post=city.post["leader"], since=DAY)


@refused("one_holder_at_a_time")
def two_acting_holders(city):
    away = absence(city)
    for user in (city.deputy, city.colleague):
        Appointment.objects.create(
            user=user, post=city.post["leader"], kind="acting", because="absence", absence=away,
            since=away.since, until=away.until,
        )  # fmt: skip


@refused("one_holder_at_a_time")
def moved_into_another(city):
    held = Appointment.objects.get(post=city.post["leader"])
    Appointment.objects.filter(pk=held.pk).update(until=DAY)
    after = Appointment.objects.create(user=city.deputy, post=city.post["leader"], since=DAY)
    Appointment.objects.filter(pk=after.pk).update(since=DAY - WEEK)


@refused("appointment_dates")
def _(city):
    Appointment.objects.filter(post=city.post["leader"]).update(until=date(2020, 1, 1))


@refused("acting_states_why")
def acting_without_a_reason(city):
    acting(city, since=DAY, until=DAY + WEEK)


@refused("acting_states_why")
def acting_for_a_vacancy_names_an_absence(city):
    Appointment.objects.filter(post=city.post["leader"]).update(until=DAY)
    acting(city, because="vacancy", absence=absence(city), since=DAY, until=DAY + WEEK)


@refused("acting_within_absence")
def acting_for_an_absence_without_naming_it(city):
    acting(city, because="absence", since=DAY, until=DAY + WEEK)


@refused("acting_states_why")
def regular_with_a_reason(city):
    Appointment.objects.filter(post=city.post["leader"]).update(because="vacancy")


@refused("acting_within_absence")
def acting_begins_too_early(city):
    acting(city, because="absence", absence=absence(city), since=DAY - WEEK, until=DAY + WEEK)


@refused("acting_within_absence")
def acting_ends_too_late(city):
    acting(city, because="absence", absence=absence(city), since=DAY, until=DAY + timedelta(days=31))


@refused("acting_within_absence")
def acting_never_ends(city):
    acting(city, because="absence", absence=absence(city), since=DAY)


@refused("acting_within_absence")
def acting_for_somebody_else(city):
    held = Appointment.objects.get(post=city.post["chief"])
    away = Absence.objects.create(appointment=held, since=DAY, until=DAY + WEEK)
    acting(city, because="absence", absence=away, since=away.since, until=away.until)


@refused("acting_within_absence")
def acting_prolonged(city):
    away = absence(city)
    row = acting(city, because="absence", absence=away, since=away.since, until=away.until)
    Appointment.objects.filter(pk=row.pk).update(until=away.until + WEEK)


@refused("acting_within_absence")
def absence_shortened_under_whoever_acts(city):
    away = absence(city)
    acting(city, because="absence", absence=away, since=away.since, until=away.until)
    Absence.objects.filter(pk=away.pk).update(until=away.since + WEEK)


@refused("acting_in_vacancy")
def acting_while_the_post_is_held(city):
    acting(city, because="vacancy", since=DAY, until=DAY + WEEK)


@refused("acting_in_vacancy")
def acting_until_after_the_successor_comes(city):
    Appointment.objects.filter(post=city.post["leader"]).update(until=DAY)
    Appointment.objects.create(user=city.deputy, post=city.post["leader"], since=DAY + WEEK)
    acting(city, because="vacancy", since=DAY, until=DAY + 2 * WEEK)


@refused("acting_in_vacancy")
def successor_appointed_over_whoever_acts(city):
    Appointment.objects.filter(post=city.post["leader"]).update(until=DAY)
    acting(city, because="vacancy", since=DAY, until=DAY + 2 * WEEK)
    Appointment.objects.create(user=city.colleague, post=city.post["leader"], since=DAY + WEEK)


@refused("absence_dates")
def _(city):
    absence(city, days=0)


@refused("owed_once")
def _(city):
    first = Obligation.objects.open().about("petition", file_petition().demand.pk).get()
    first.pk = None
    first.save(force_insert=True)


@refused("responsibility_obligation.post_id")
def _(city):
    owed(file_petition().demand, post=None)


@refused("responsibility_obligation.organ_id")
def _(city):
    owed(file_petition().demand, organ=None)


@refused("legal_after_strict")
def _(city):
    owed(file_petition().demand, strict_at=timezone.now() + timedelta(days=99))


@refused("closed_with_outcome")
def closed_without_outcome(city):
    owed(file_petition().demand, closed_at=timezone.now(), next_at=None, next_step="")


@refused("closed_with_outcome")
def outcome_while_open(city):
    owed(file_petition().demand, outcome="met")


@refused("closed_with_outcome")
def outcome_not_in_the_list(city):
    owed(file_petition().demand, closed_at=timezone.now(), outcome="lost", next_at=None, next_step="")


@refused("closed_never_climbs")
def _(city):
    owed(file_petition().demand, closed_at=timezone.now(), outcome="met")


@refused("next_step_has_its_moment")
def step_without_moment(city):
    owed(file_petition().demand, next_at=None)


@refused("next_step_has_its_moment")
def moment_without_step(city):
    owed(file_petition().demand, next_step="")


@refused("responsibility_obligation_extended_days_check")
def _(city):
    owed(file_petition().demand, extended_days=-1)


@refused("breach_stays")
def breach_cleared(city):
    demand = file_petition().demand
    owed(demand, breached_at=timezone.now())
    owed(demand, breached_at=None)


@refused("breach_stays")
def breach_dated_anew(city):
    demand = file_petition().demand
    owed(demand, breached_at=timezone.now())
    owed(demand, breached_at=timezone.now() + WEEK)


@refused("one_step_once")
def _(city):
    demand = file_petition().demand
    climbed(demand)
    climbed(demand)


@refused("escalation_state")
def _(city):
    climbed(file_petition().demand, state="ignored")


@refused("instructed_when")
def _(city):
    climbed(file_petition().demand, state="instructed")


def notice(city: Any, **more: Any) -> Notice:
    base = {"recipient": city.clerk, "kind": "warning", "subject_kind": "petition", "subject_key": "X"}
    return Notice.objects.create(**base | {"told_at": timezone.now()} | more)


@refused("told_once_a_step")
def _(city):
    step = climbed(file_petition().demand)
    notice(city, escalation=step)
    notice(city, escalation=step, kind="office")


@refused("told_once_for_all")
def _(city):
    for subject in ("A", "B"):
        notice(city, kind="task.imported", subject_key=subject, merge_key="1")


@refused("notice_kind")
def _(city):
    notice(city, kind="What I heard")

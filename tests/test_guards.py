"""What the database itself refuses, to the application's own role: every constraint and trigger, by its name."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from petitions.attachments.models import Attachment
from petitions.importing.models import Import, ImportedFrom, ImportReject
from petitions.models import Answer, Complained, Demand, Entry, NamedReader, Petition, Petitioner, Rating, Telling
from petitions.persons import Representative
from petitions.saved import SavedFilter
from reports.models import Export
from responsibility.models import (
    Absence,
    Appointment,
    Escalation,
    Message,
    Notice,
    Obligation,
    Organ,
    Post,
    Preference,
    Region,
)
from tests.chain_lab import constraint, event
from tests.city import file_petition, walk_to

DAY = date(2026, 1, 1)
WEEK = timedelta(days=7)
Breaks = Callable[[Any], Any]
BROKEN: dict[str, list[Breaks]] = {}


def refused(name: str) -> Callable[[Breaks], Breaks]:
    """Registers a way to break a constraint of this name."""

    def keep(breaks: Breaks) -> Breaks:
        BROKEN.setdefault(name, []).append(breaks)
        return breaks

    return keep


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


@refused("one_petition_office_a_region")
def _(city):
    Organ.objects.create(code="second", name="第二信访局", kind="petition_office", region=city.organ["office"].region)


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


@refused("breach_stays")
def breach_deleted_with_its_row(city):
    demand = file_petition().demand
    owed(demand, breached_at=timezone.now()).delete()


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


@refused("notice_kind")
def _(city):
    notice(city, kind="gossip")


@refused("petitions_petition_number_key")
def _(city):
    Petition.objects.filter(pk=file_petition().petition.pk).update(number=file_petition().number)


@refused("petition_channel")
def _(city):
    Petition.objects.filter(pk=file_petition().petition.pk).update(channel="pigeon")


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
    Representative.objects.create(petition=file_petition().petition, seq=2)


@refused("at_most_five_representatives")
def a_sixth(city):
    Representative.objects.create(petition=group(20, 4), seq=6)


@refused("at_most_five_representatives")
def a_first_besides_the_petitioner(city):
    Representative.objects.create(petition=group(20, 4), seq=1)


@refused("representative_once")
def _(city):
    Representative.objects.create(petition=group(20, 1), seq=2)


@refused("petitioner_tell_by")
def _(city):
    Petitioner.objects.filter(petition=file_petition().petition).update(tell_by="shout")


@refused("petitions_petitioner_petition_id_key")
def _(city):
    Petitioner.objects.create(petition=file_petition().petition, tell_by="sms")


@refused("complained_kind")
def _(city):
    Complained.objects.create(petition=file_petition().petition, kind="ghost", name="某")


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
    changed(file_petition().demand, category="01")


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


@refused("demand_legal_after_strict")
def _(city):
    changed(file_petition().demand, due_at=timezone.now() - WEEK)


@refused("answer_outcome")
def _(city):
    demand = walk_to("handling").demand
    Answer.objects.create(demand=demand, outcome="maybe", text="x", author=city.handler, answered_at=timezone.now())


@refused("entry_kind")
def _(city):
    now = timezone.now()
    Entry.objects.create(demand=file_petition().demand, kind="rumour", act="note", event_id=1, text="x", written_at=now)


def told(**changes: Any) -> None:
    telling = Telling.objects.filter(demand=walk_to("forwarded").demand).first()
    assert telling is not None
    Telling.objects.filter(pk=telling.pk).update(**changes)


@refused("told_by_whom_when_how")
def told_by_nobody(city):
    told(told_at=timezone.now(), told_how="letter")


@refused("told_by_whom_when_how")
def told_at_no_time(city):
    told(told_by=city.clerk, told_how="sms")


@refused("told_by_whom_when_how")
def told_in_no_way(city):
    told(told_at=timezone.now(), told_by=city.clerk)


def rated(**more: Any) -> Rating:
    demand = walk_to("answered").demand
    base = {"object": "organ", "organ": demand.organ, "score": 5, "rated_at": timezone.now()}
    Rating.objects.create(demand=demand, **base | more)
    return Rating.objects.create(demand=demand, **base | more)


@refused("score_1_to_5")
def too_good(city):
    rated(score=6)


@refused("score_1_to_5")
def too_bad(city):
    rated(score=0)


@refused("rated_object")
def _(city):
    rated(object="mayor")


@refused("one_rating_an_object")
def _(city):
    rated()


@refused("reader_dates")
def _(city):
    NamedReader.objects.filter(user=city.chief).update(until=date(2020, 1, 1))


def imported(city: Any, **more: Any) -> Import:
    return Import.objects.create(asked_by=city.clerk, asked_at=timezone.now(), filename="a.csv", **more)


def taken_from(job: Import, key: str) -> ImportedFrom:
    return ImportedFrom.objects.create(
        petition=file_petition().petition,
        taken_by=job,
        source="old",
        source_key=key,
        digest=b"",
        taken_at=timezone.now(),
    )


@refused("import_state")
def _(city):
    imported(city, state="lost")


@refused("import_counts_rows_once")
def _(city):
    imported(city, total=9, done=3, came_in=2, rejected=1, already_there=1)


@refused("imported_once")
def _(city):
    job = imported(city)
    taken_from(job, "1")
    taken_from(job, "1")


@refused("rejected_once")
def _(city):
    job = imported(city)
    for _again in range(2):
        ImportReject.objects.create(job=job, row=2, reasons=[], cells=[])


@refused("told_once_an_import")
def _(city):
    for kind in ("imported", "chain_gap"):
        Notice.objects.create(
            recipient=city.clerk, kind=kind, subject_kind="import", subject_key="1", told_at=timezone.now()
        )


def export(city: Any, **more: Any) -> Export:
    given = {"nonce": uuid4(), "what": "ledger", "form": "csv", "language": "zh-hans", "name": uuid4().hex}
    return Export.objects.create(asked_by=city.auditor, asked_at=timezone.now(), **given | more)


@refused("export_state")
def _(city):
    export(city, state="lost")


@refused("export_what")
def _(city):
    export(city, what="everything")


@refused("export_form")
def _(city):
    export(city, form="exe")


@refused("exported_once")
def _(city):
    nonce = uuid4()
    export(city, nonce=nonce)
    export(city, nonce=nonce)


@refused("personal_only_with_a_reason")
def _(city):
    export(city, fields=["name"], reason="因为         ")


@refused("one_filter_a_name")
def _(city):
    for _again in range(2):
        SavedFilter.objects.create(user=city.clerk, name="同名", query="state=closed")


@refused("done_with_rows_and_hash")
def _(city):
    export(city, state="done", rows=1, as_of=timezone.now(), expires_at=timezone.now())


def message(**more: Any) -> Message:
    now = timezone.now()
    plain = {"purpose": "telling", "channel": "email", "made_at": now, "next_at": now, "telling": 1}
    return Message.objects.create(**plain | {"message_id": f"<{Message.objects.count()}@x>"} | more)


@refused("message_about_one_thing")
def _(city):
    message(telling=None)


@refused("message_state")
def sent_at_no_time(city):
    message(state="sent", next_at=None)


@refused("message_state")
def waits_for_ever(city):
    message(next_at=None)


@refused("message_channel")
def _(city):
    message(channel="pigeon")


@refused("sent_once_a_telling")
def _(city):
    message()
    message()


@refused("one_digest_a_day")
def _(city):
    for _again in range(2):
        message(purpose="digest", telling=None, recipient=city.clerk, day=date(2026, 11, 23))


@refused("sent_once_a_notice")
def _(city):
    notice = Notice.objects.create(
        recipient=city.clerk, kind="overdue", subject_kind="petition", subject_key="1", told_at=timezone.now()
    )
    for _again in range(2):
        message(purpose="notice", telling=None, recipient=city.clerk, notice=notice)


@refused("digest_hour")
def _(city):
    Preference.objects.create(user=city.clerk, since=timezone.now(), digest_hour=24)


def attached(**more: Any) -> Attachment:
    given = {"kind": "text", "size": 5, "stored": uuid4().hex, "scan": "none", "added_at": timezone.now()}
    return Attachment.objects.create(petition=file_petition().petition, **given | more)


@refused("attachment_kind")
def _(city):
    attached(kind="exe")


@refused("attachment_scan")
def _(city):
    attached(scan="perhaps")


@refused("attachment_size")
def _(city):
    attached(size=0)


CASES = [(name, breaks) for name, ways in BROKEN.items() for breaks in ways]


@pytest.mark.parametrize(
    ("name", "breaks"), CASES, ids=[f"{name}-{b.__name__}" if b.__name__ != "_" else name for name, b in CASES]
)
def test_the_database_refuses(city, name, breaks):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0].endswith("_app")
    event()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        breaks(city)
    assert constraint(caught.value) == name


@pytest.mark.django_db
def test_every_declared_constraint_is_broken_once():
    """A constraint added to a model without a test of its refusal shows here."""
    declared = {
        c.name
        for app in ("accounts", "responsibility", "petitions", "reports")
        for model in apps.get_app_config(app).get_models()
        for c in model._meta.constraints
    }
    assert declared - set(BROKEN) == set()


@pytest.mark.django_db
def test_every_trigger_of_ours_is_broken_once():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT prosrc FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid "
            "WHERE proname LIKE 'responsibility\\_%' OR proname LIKE 'petitions\\_%' OR proname LIKE 'accounts\\_%'"
        )
        sources = "".join(source for (source,) in cursor.fetchall())
    raised = set(re.findall(r"CONSTRAINT = '(\w+)'", sources))
    assert raised and raised - set(BROKEN) == set()


def test_a_post_held_in_turn_is_no_overlap(city):
    event()
    Appointment.objects.filter(post=city.post["leader"]).update(until=DAY)
    Appointment.objects.create(user=city.deputy, post=city.post["leader"], since=DAY)


def test_acting_within_the_absence_and_in_a_vacancy_is_kept(city):
    event()
    away = absence(city)
    acting(city, because="absence", absence=away, since=away.since, until=away.until)
    Appointment.objects.filter(post=city.post["chief"]).update(until=DAY)
    Appointment.objects.create(user=city.clerk, post=city.post["chief"], kind="acting", because="vacancy", since=DAY)

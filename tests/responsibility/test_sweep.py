"""How what is overdue climbs: the default ladder by dates written by hand, and everybody who is told."""

from datetime import UTC, timedelta

import pytest

from audit.models import AuditEvent
from responsibility import ladder
from responsibility.models import Appointment, Escalation, Notice, Obligation
from tests.chain_lab import absent, appoint, at, names, owed_about, sh, sweep_at, told
from tests.city import act, file_petition, tell_all, walk_to
from tests.reader import page

pytestmark = pytest.mark.django_db
DISTRICT = "990102000000"
FILED = "2026-09-15 10:00"
OFFICE = {"district_clerk", "district_chief"}


def in_the_district(**more):
    """A petition that a district department handles from 15 September on: 60 days, until Saturday 14 November."""
    with at(FILED) as now:
        filed = file_petition(region=DISTRICT, received_at=now, **more)
        demand = filed.demand
        for who, slug, data in (
            ("district_clerk", "register", {"category": "010101", "region": DISTRICT, "purpose": "request"}),
            ("district_clerk", "forward", {"organ": "district_department", "note": ""}),
            ("district_leader", "accept", {}),
            ("district_leader", "assign", {"handler": "district_handler"}),
        ):
            demand = act(demand, who, slug, data)
            tell_all(demand)
    return demand


def in_the_city(assigned_by="leader", **more):
    """The same in a department of the city, with a deputy in charge."""
    with at(FILED) as now:
        demand = walk_to("accepted", file_petition(received_at=now, **more)).demand
        return act(demand, assigned_by, "assign", {"handler": "handler"})


def step(name):
    return Escalation.objects.get(step=name, obligation__subject_kind="petition")


def test_the_ladder_climbs_by_the_calendar(city):
    """Warned by the plain count; overdue when Monday the 16th is over; then 3, 5 and 5 working days."""
    demand = in_the_district()
    expected = [
        ("warn_30", "2026-10-27 19:48", {"district_handler"}, "warned"),
        ("warn_3wd", "2026-11-11", {"district_handler"}, "warned"),
        ("overdue", "2026-11-17", {"district_handler"}, "overdue"),
        ("top", "2026-11-21", {"district_leader"}, "escalated"),
        ("superior-1", "2026-11-28", {"district_head"}, "escalated"),
        ("superior-2", "2026-12-05", {"secretary", "mayor"}, "escalated"),
    ]
    for name, moment, people, counted in expected:
        owed = owed_about(demand, "XF06")
        assert (owed.next_step, owed.next_at) == (name, sh(moment))
        before = sweep_at(owed.next_at - timedelta(seconds=1))
        assert not Escalation.objects.filter(step=name, obligation=owed).exists(), before
        swept = sweep_at(moment)
        assert getattr(swept, counted) >= 1
        taken = step(name)
        assert {n for k, n in told(escalation=taken) if k != "office"} == people
        assert names("office", escalation=taken) == OFFICE
        assert taken.noticed_at == sh(moment)
        assert taken.since == (sh(moment) if name.startswith("warn") else sh("2026-11-17"))
    owed.refresh_from_db()
    assert (owed.next_step, owed.next_at, owed.breached_at) == ("", None, sh("2026-11-17"))
    assert sweep_at("2027-06-01").as_json()["escalated"] == 0
    assert Escalation.objects.filter(obligation=owed).count() == len(expected)


def test_a_filing_nobody_touches_climbs_over_the_national_holiday(city):
    """Owed by 30 September; the seven days off do not count, the Saturday worked instead (10 October) does."""
    with at(FILED) as now:
        demand = file_petition(received_at=now).demand
    expected = [
        ("warn_30", "2026-09-26 07:48", {"clerk"}),
        ("warn_3wd", "2026-09-28", {"clerk"}),
        ("overdue", "2026-10-01", {"clerk"}),
        ("top", "2026-10-11", {"chief"}),
        ("superior-1", "2026-10-17", {"secretary", "mayor"}),
    ]
    for name, moment, people in expected:
        owed = owed_about(demand, "XF01")
        assert (owed.next_step, owed.next_at) == (name, sh(moment))
        sweep_at(moment)
        assert {n for k, n in told(escalation=step(name)) if k != "office"} == people
    assert owed_about(demand, "XF01").next_at is None


def test_overdue_tells_the_handler_and_the_deputy_in_charge(city):
    in_the_city()
    sweep_at("2026-11-17")
    assert names("overdue") == {"handler", "deputy"}
    assert names("office") == {"clerk", "chief"}
    assert step("overdue").state == "told" and not step("overdue").owed.exists()


def test_a_deputy_in_charge_of_other_classes_is_not_told(city):
    type(city.post["deputy"]).objects.filter(pk=city.post["deputy"].pk).update(in_charge_of=["02"])
    in_the_city()
    sweep_at("2026-11-17")
    assert names("overdue") == {"handler"}


def test_the_next_step_counts_from_the_notice_and_not_from_the_due_date(city):
    demand = in_the_city()
    sweep_at("2026-11-24 15:00")  # the sweeper was late by a week
    owed = owed_about(demand, "XF06")
    assert (step("overdue").noticed_at, step("overdue").since) == (sh("2026-11-24 15:00"), sh("2026-11-17"))
    assert (owed.next_step, owed.next_at) == ("top", sh("2026-11-28"))


def test_long_unswept_work_enters_at_one_step(city):
    """Half a year without a sweep: one step, and whoever is above is not late for what they were not told."""
    demand = in_the_city()
    swept = sweep_at("2027-04-15 09:00")
    assert (swept.warned, swept.overdue, swept.escalated) == (0, 1, 0)
    assert list(Escalation.objects.values_list("step", flat=True)) == ["overdue"]
    owed = owed_about(demand, "XF06")
    assert owed.breached_at == sh("2026-11-17")
    assert owed.next_at == sh("2027-04-21")  # 16, 19 and 20 April


def test_a_warning_overtaken_by_the_next_is_not_given_afterwards(city):
    demand = in_the_city()
    sweep_at("2026-11-12 09:00")
    assert list(Escalation.objects.values_list("step", flat=True)) == ["warn_30"]
    assert owed_about(demand, "XF06").next_step == "overdue"


def test_warnings_use_the_plain_count_when_the_legal_day_is_later(city):
    with at("2026-09-18 10:00") as now:
        demand = file_petition(received_at=now).demand  # strict 3 October, legal 8 October
    sweep_at("2026-09-28")
    assert Escalation.objects.get().step == "warn_3wd"
    sweep_at("2026-10-08 23:59:59")
    assert not Escalation.objects.filter(step="overdue").exists()
    sweep_at("2026-10-09")
    assert step("overdue").since == sh("2026-10-09") == owed_about(demand, "XF01").breached_at


def test_two_leaders_are_both_told_and_owe_one_answer(city):
    in_the_city()
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    at_the_root = step("superior-1")
    assert names("escalated", escalation=at_the_root) == {"secretary", "mayor"}
    assert sorted(at_the_root.owed.values_list("rule", flat=True)) == ["ML02", "ML03"]


def test_what_a_leader_owes_counts_from_the_notice(city):
    in_the_city()
    sweep_at("2026-11-17")
    sweep_at("2026-11-21")  # a Saturday
    owed = {o.rule: o for o in step("top").owed.all()}
    assert owed["ML02"].opened_at == owed["ML03"].opened_at == sh("2026-11-21")
    assert str(owed["ML02"].due_legal) == "2026-11-23"
    assert str(owed["ML03"].due_legal) == "2026-11-25"
    assert {o.post_id for o in owed.values()} == {city.post["leader"].pk}
    assert {o.organ_id for o in owed.values()} == {city.organ["department"].pk}


def test_a_leader_who_does_not_answer_is_told_once_and_breached(city):
    in_the_city()
    for moment in ("2026-11-17", "2026-11-21", "2026-11-24", "2026-11-26", "2026-11-27"):
        sweep_at(moment)
    owed = {o.rule: o for o in step("top").owed.all()}
    assert (owed["ML02"].breached_at, owed["ML03"].breached_at) == (sh("2026-11-24"), sh("2026-11-26"))
    assert [o.next_at for o in owed.values()] == [None, None]
    reminders = Notice.objects.filter(obligation__in=list(owed.values()), kind="overdue")
    assert sorted(reminders.values_list("recipient__username", "obligation__rule")) == [
        ("leader", "ML02"),
        ("leader", "ML03"),
    ]


def test_a_gap_goes_to_the_next_level_and_tells_the_system_administrators(city):
    demand = in_the_city()
    Appointment.objects.filter(post=city.post["leader"]).update(until=sh("2026-11-01").date())
    sweep_at("2026-11-17")
    assert not names("chain_gap")
    sweep_at("2026-11-21")
    assert names("chain_gap") == {"sysadmin"}
    assert names("escalated") == {"secretary", "mayor"}
    inbox = page(city.sysadmin, "/desk/inbox/")
    assert "无人负责的岗位：试水市住房和城乡建设局 局长（岗位空缺）。请核对任职登记。" in inbox
    taken = step("superior-1")
    assert [s["reason"] for s in taken.skipped] == ["vacant"]
    assert owed_about(demand, "XF06").next_at is None  # the root has been told


def test_nobody_at_the_first_step_goes_on_to_the_top(city):
    in_the_city()
    for who in ("handler", "deputy"):
        absent(city.post[who], sh("2026-11-01").date(), days=60)
    swept = sweep_at("2026-11-17")
    assert (swept.overdue, swept.escalated) == (0, 1)
    assert names("escalated") == {"leader"}
    assert [s["reason"] for s in step("top").skipped] == ["on_leave", "on_leave"]
    assert names("chain_gap") == {"sysadmin"}


def test_nobody_on_the_whole_chain_alerts_the_administrators(city):
    demand = in_the_city()
    day = sh("2026-11-01").date()
    posts = [city.post[who] for who in ("handler", "deputy", "leader", "secretary", "mayor")]
    Appointment.objects.filter(post__in=posts).update(until=day)
    sweep_at("2026-11-17")
    taken = Escalation.objects.get()
    assert (taken.step, taken.state) == ("superior-1", "told")
    assert len(taken.skipped) == 5 and not taken.owed.exists()
    assert names("chain_gap") == {"sysadmin"} and names("office") == {"clerk", "chief"}
    assert AuditEvent.objects.filter(name="chain_gap").exists()
    owed = owed_about(demand, "XF06")
    assert (owed.breached_at, owed.next_at) == (sh("2026-11-17"), None)


def test_same_person_or_complained_about_is_no_gap_in_the_register(city):
    in_the_city("deputy", complained_about=[{"kind": "person", "name": "林局正", "organ": ""}])
    sweep_at("2026-11-17")
    sweep_at("2026-11-21")
    assert names("escalated") == {"secretary", "mayor"}
    assert not names("chain_gap")
    assert [s["reason"] for s in step("superior-1").skipped] == ["complained_about"]


def test_one_complained_about_is_told_of_no_step(city):
    in_the_city(complained_about=[{"kind": "person", "name": n, "organ": ""} for n in ("傅主管", "辛访明", "甄书成")])
    for moment in ("2026-10-28", "2026-11-11", "2026-11-17", "2026-11-21", "2026-11-28", "2026-12-10"):
        sweep_at(moment)
    assert not {"deputy", "chief", "secretary"} & {name for _, name in told()}
    assert names("escalated") == {"leader", "mayor"} and names("office") == {"clerk"}


def test_whoever_acts_is_told_in_the_place_of_whoever_is_away(city):
    in_the_city()
    away = absent(city.post["leader"], sh("2026-11-01").date(), days=60)
    appoint(
        city.colleague, city.post["leader"], kind="acting", because="absence", absence=away,
        since=away.since, until=away.until,
    )  # fmt: skip
    sweep_at("2026-11-17")
    sweep_at("2026-11-21")
    assert names("escalated") == {"colleague"} and not names("chain_gap")


def test_provisional_dates_climb_too(city):
    with at("2026-12-20 10:00") as now:
        demand = file_petition(received_at=now).demand
    owed = owed_about(demand, "XF01")
    assert owed.provisional and str(owed.due_legal) == "2027-01-04"
    sweep_at("2027-01-05")
    assert step("overdue").since == sh("2027-01-05")


def test_everything_settles_when_the_work_is_done(city):
    demand = in_the_city()
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    with at("2026-11-22 09:00"):
        act(demand, "handler", "answer", {"outcome": "supported", "text": "已修好"})
        tell_all(demand)
    assert step("top").state == "settled"
    assert set(step("top").owed.values_list("outcome", flat=True)) == {"released"}
    before = Notice.objects.count()
    sweep_at("2026-11-27")
    assert Notice.objects.count() == before


def test_every_step_stands_on_the_timeline_with_the_day_it_fell_due(city):
    demand = in_the_city()
    for moment in ("2026-11-18 09:00", "2026-11-24 09:00"):
        sweep_at(moment)
    events = AuditEvent.objects.filter(subject_key=demand.petition.number, name__in=("overdue", "escalated"))
    assert [e.name for e in events.order_by("id")] == ["overdue", "escalated"]
    for told_of in events:
        assert told_of.public and told_of.actor_kind == "system"
        assert told_of.facts["fell_due"] == sh("2026-11-17").astimezone(tz=UTC).isoformat()
        assert told_of.facts["due"] == "2026-11-16"


def test_a_returned_answer_goes_on_from_where_it_had_climbed(city):
    demand = in_the_city()
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    with at("2026-11-22 09:00"):
        act(demand, "handler", "answer", {"outcome": "supported", "text": "已修好"})
        act(demand, "chief", "return", {"reason": "没有修"})
    owed = owed_about(demand, "XF06")
    assert (owed.next_step, owed.next_at) == ("superior-1", sh("2026-11-28"))
    sweep_at("2026-11-28")
    assert Escalation.objects.filter(obligation=owed).count() == 3


def test_the_ladder_is_data_and_marked_to_be_confirmed():
    import tomllib
    from pathlib import Path

    data = tomllib.loads((Path(ladder.__file__).parent / "data" / "ladder.toml").read_text())
    assert data["status"] == "confirm"
    assert ladder.ladder() == ladder.Ladder(overdue=0, top=3, superior=5, instruction=5)


def test_an_empty_sweep_costs_a_fixed_handful_of_statements(city, django_assert_max_num_queries):
    in_the_city()
    Obligation.objects.open().update(next_at=sh("2027-01-01"))
    with django_assert_max_num_queries(6):
        sweep_at("2026-10-01")

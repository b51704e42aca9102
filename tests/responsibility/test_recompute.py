"""A late arrangement of holidays moves open dates and never a breach: dated cases by hand.

What is made up for 2027 (tests/calendar_lab.py): Friday 1 to Monday 4 January off, Saturday 9 January worked; Sunday
31 January worked, 5 to 12 February off. Before it is loaded, 2027 has weekends and 1 January.
"""

from datetime import timedelta

import pytest

from audit.models import AuditEvent
from massline.acts import perform
from responsibility import obligations, recompute, tasks
from responsibility.acts import LEADER_ACTS
from responsibility.calendar import _in_force
from responsibility.models import Escalation, Obligation
from responsibility.subjects import ChainSubject, Matter
from responsibility.sweep import sweep
from tests.calendar_lab import OF_2027, arrange
from tests.chain_lab import at, event, owed_about, sh, sweep_at
from tests.city import act, file_petition, walk_to

pytestmark = pytest.mark.django_db
LOADED = "2026-12-31 12:00"


@pytest.fixture
def work(city):
    """Where somebody owes what a test opens."""
    event()
    return ChainSubject(city.organ["department"].pk, "010101", city.post["handler"].pk)


def matter_since(since):
    """A petition that was received and withdrawn then: nothing is owed about it but what a test opens."""
    with at(since) as now:
        matter = act(file_petition(received_at=now).demand, "citizen", "withdraw", {"reason": "已经解决"}).matter
    event()
    return matter


def opened(work, rule, since, **more):
    return obligations.open_(matter_since(since), rule, work, sh(since), **more)


def dates(o):
    return str(o.due_strict), str(o.due_legal)


def loaded(moment=LOADED, **more):
    """The arrangement comes at this moment, and everything is recomputed."""
    with at(moment) as now:
        event()
        arrange(**more)
        return recompute.recompute(now)


@pytest.mark.parametrize(
    ("rule", "since", "more", "before", "after"),
    [
        # The last day is Monday the 4th, off now: until Tuesday.
        ("XF01", "2026-12-20 10:00", {}, ("2027-01-04", "2027-01-04"), ("2027-01-04", "2027-01-05")),
        ("XF01", "2026-12-17 09:00", {}, ("2027-01-01", "2027-01-04"), ("2027-01-01", "2027-01-05")),
        # The last day is a Saturday that is worked now: no longer until Monday.
        ("XF01", "2026-12-25 09:00", {}, ("2027-01-09", "2027-01-11"), ("2027-01-09", "2027-01-09")),
        ("XF13", "2026-12-10 09:00", {}, ("2027-01-09", "2027-01-11"), ("2027-01-09", "2027-01-09")),
        ("XF06", "2026-12-02 09:00", {}, ("2027-01-31", "2027-02-01"), ("2027-01-31", "2027-01-31")),
        # Spring Festival: Friday 5 February to Friday the 12th, and the weekend.
        ("XF06", "2026-12-07 09:00", {}, ("2027-02-05", "2027-02-05"), ("2027-02-05", "2027-02-15")),
        # No day off near it: known for certain now.
        ("XF06", "2026-11-23 09:00", {}, ("2027-01-22", "2027-01-22"), ("2027-01-22", "2027-01-22")),
        # By the working day: 25, 28 to 31 December, then 5 to 9 January in the place of 4 to 8.
        ("ML01", "2026-12-24 09:00", {}, ("2027-01-08", "2027-01-08"), ("2027-01-09", "2027-01-09")),
        ("ML04", "2026-12-30 09:00", {}, ("2027-01-07", "2027-01-07"), ("2027-01-08", "2027-01-08")),
        ("ML02", "2026-12-31 09:00", {}, ("2027-01-04", "2027-01-04"), ("2027-01-05", "2027-01-05")),
        ("ML03", "2026-12-31 09:00", {}, ("2027-01-06", "2027-01-06"), ("2027-01-07", "2027-01-07")),
        # As ordered: twenty days.
        ("XF12", "2026-12-15 09:00", {"days": 20}, ("2027-01-04", "2027-01-04"), ("2027-01-04", "2027-01-05")),
        # Over before the year begins.
        ("XF03", "2026-12-16 09:00", {}, ("2026-12-31", "2026-12-31"), ("2026-12-31", "2026-12-31")),
    ],
)
def test_dates_by_hand(work, rule, since, more, before, after):
    o = opened(work, rule, since, **more)
    assert dates(o) == before and o.provisional is (before[1] > "2026-12-31")
    loaded()
    o.refresh_from_db()
    assert dates(o) == after and not o.provisional
    assert o.due_at == sh(f"{after[1]} 00:00") + timedelta(days=1)
    anew = obligations.build(Matter("petition", 0, "anew"), rule, work, sh(since), **more)
    assert (o.strict_at, o.due_at, o.calendar) == (anew.strict_at, anew.due_at, anew.calendar)


def test_an_extended_period_moves_with_its_extension(work):
    """60 days from 7 November are over on 6 January, 30 more on 5 February, in Spring Festival."""
    o = opened(work, "XF06", "2026-11-07 09:00")
    obligations.extend(o, 30, sh("2026-12-20"))
    assert dates(o) == ("2027-02-05", "2027-02-05")
    loaded()
    o.refresh_from_db()
    assert (dates(o), o.extended_days) == (("2027-02-05", "2027-02-15"), 30)


def test_a_december_day_that_is_off_for_new_year_moves_a_date_that_seemed_certain(work):
    """As 31 December 2018, off by the arrangement for 2019."""
    o = opened(work, "XF01", "2026-12-16 09:00")
    assert dates(o) == ("2026-12-31", "2026-12-31") and not o.provisional
    off, worked = OF_2027["元旦"]
    loaded("2026-12-20 09:00", days=OF_2027 | {"元旦": (["2026-12-31", *off], worked)})
    o.refresh_from_db()
    assert dates(o) == ("2026-12-31", "2027-01-05")


def test_a_date_counted_back_moves_with_a_day_after_it(work):
    """Three working days before 1 January: 29 December, until the 31st is off."""
    o = opened(work, "CT02", "2026-12-01 09:00", days=31)
    assert dates(o) == ("2026-12-29", "2026-12-29") and not o.provisional
    off, worked = OF_2027["元旦"]
    loaded("2026-12-20 09:00", days=OF_2027 | {"元旦": (["2026-12-31", *off], worked)})
    o.refresh_from_db()
    assert dates(o) == ("2026-12-28", "2026-12-28")


def test_what_has_no_date_or_is_due_by_the_hour_stays(work):
    ordered, hours = opened(work, "XF16", "2026-12-20"), opened(work, "HL03a", "2026-12-31 23:30")
    before = hours.due_at
    loaded()
    ordered.refresh_from_db()
    hours.refresh_from_db()
    assert ordered.due_at is None and hours.due_at == before == sh("2027-01-01 01:30")


def test_the_days_are_shown_as_they_were_counted(work):
    """The derivation tells of the arrangement that the date stands under."""
    o = opened(work, "XF01", "2026-12-20 10:00")
    loaded()
    o.refresh_from_db()
    due = obligations.computed_due(o)
    assert due.calendar.version == 2 and str(due.due_legal) == "2027-01-05"


# --- Breaches ---------------------------------------------------------------------------------------------------------


def test_a_breach_stays_where_the_date_would_have_been_later(work):
    o = opened(work, "XF01", "2026-12-20 10:00")
    o.breached_at = o.due_at
    o.save()
    done = loaded("2027-01-05 10:00")
    o.refresh_from_db()
    assert (dates(o), o.breached_at, o.provisional) == (("2027-01-04", "2027-01-04"), sh("2027-01-05"), False)
    assert done.counts["breached"] == 1
    kept = AuditEvent.objects.get(name="breach_kept")
    assert not kept.public and (kept.facts["was"], kept.facts["due"]) == ("2027-01-04", "2027-01-05")


def test_whether_the_sweep_ran_in_time_does_not_decide_about_a_breach(work):
    o = opened(work, "XF01", "2026-12-20 10:00")
    loaded("2027-01-05 10:00")
    o.refresh_from_db()
    assert dates(o) == ("2027-01-04", "2027-01-04") and o.is_overdue(sh("2027-01-05 10:00"))
    obligations.close(o, sh("2027-01-05 11:00"))
    assert (o.outcome, o.breached_at) == ("late", sh("2027-01-05"))


def test_a_minute_before_it_is_overdue_the_date_still_moves(work):
    o = opened(work, "XF01", "2026-12-20 10:00")
    loaded("2027-01-04 23:59")
    o.refresh_from_db()
    assert dates(o) == ("2027-01-04", "2027-01-05")


def test_nothing_becomes_overdue_by_a_date_that_was_over_before_it_was_known(work):
    """Promised until Monday the 11th; by the arrangement it was over on Saturday the 9th; it comes on Sunday."""
    o = opened(work, "XF01", "2026-12-25 09:00")
    loaded("2027-01-10 12:00")
    o.refresh_from_db()
    assert (dates(o), o.provisional, o.breached_at) == (("2027-01-09", "2027-01-11"), False, None)
    assert (o.calendar, o.calendar_checked) == (1, 2)
    assert str(obligations.computed_due(o).due_legal) == "2027-01-11", "its days are shown as they were promised"
    assert AuditEvent.objects.get(name="due_kept").facts["due"] == "2027-01-09"
    sweep_at("2027-01-11 23:59")
    o.refresh_from_db()
    assert (o.next_step, o.next_at, o.breached_at) == ("overdue", sh("2027-01-12"), None)


def test_on_its_last_day_a_date_still_comes_forward(work):
    o = opened(work, "XF01", "2026-12-25 09:00")
    loaded("2027-01-09 12:00")
    o.refresh_from_db()
    assert dates(o) == ("2027-01-09", "2027-01-09")


def test_what_is_closed_keeps_its_date_and_is_no_longer_called_provisional(work):
    o = opened(work, "XF01", "2026-12-20 10:00")
    obligations.close(o, sh("2026-12-30"))
    loaded()
    o.refresh_from_db()
    assert (dates(o), o.provisional, o.outcome) == (("2027-01-04", "2027-01-04"), False, "met")


def test_what_is_opened_again_later_follows(work):
    matter = matter_since("2026-12-20 10:00")
    o = obligations.open_(matter, "XF03", work, sh("2026-12-20 10:00"))
    obligations.close(o, sh("2026-12-30"))
    loaded()
    with at("2027-01-03 10:00") as now:
        obligations.reopen(matter, "XF03", work, now)
        tasks.recompute()
    o.refresh_from_db()
    assert dates(o) == ("2027-01-04", "2027-01-05")


def test_what_was_opened_by_the_old_calendar_while_the_new_one_was_loaded_follows(work):
    """A request that began before the load commits its date after the first run."""
    loaded()
    o = opened(work, "XF01", "2026-12-20 10:00")
    old = obligations.computed_due(o, obligations.at_version(1))
    obligations.set_dates(o, old)
    o.save()
    with at(LOADED):
        tasks.recompute()
    o.refresh_from_db()
    assert dates(o) == ("2027-01-04", "2027-01-05")


# --- Once, and to the end ---------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing_and_tells_nothing(work):
    for since in ("2026-12-20", "2026-12-25", "2026-12-02"):
        opened(work, "XF01", since)
    loaded()
    before = (list(Obligation.objects.order_by("pk").values()), AuditEvent.objects.count())
    with at(LOADED):
        tasks.recompute()
    assert (list(Obligation.objects.order_by("pk").values()), AuditEvent.objects.count()) == before


def test_what_was_killed_in_between_goes_on(work):
    for number in range(5):
        opened(work, "XF01", f"2026-12-2{number} 10:00")
    with at(LOADED) as now:
        event()
        arrange()
        known = obligations.calendar()
        first = list(Obligation.objects.open().order_by("pk").values_list("pk", flat=True)[:2])
        recompute._Batch(first, known, now, "2027").write()
        assert Obligation.objects.open().computed_before(2).count() == 3
        tasks.recompute()
    assert not Obligation.objects.computed_before(2).exists()
    assert AuditEvent.objects.filter(name__in=["due_moved", "due_settled"]).count() == 5, "an event each, once"


def test_one_that_cannot_be_recomputed_stops_no_other_and_is_reported(work):
    bad, good = (opened(work, "XF01", "2026-12-20 10:00") for _ in range(2))
    Obligation.objects.filter(pk=bad.pk).update(edition="lost")
    done = loaded()
    good.refresh_from_db()
    assert dates(good) == ("2027-01-04", "2027-01-05") and list(done.failed.values()) == [bad.subject_key]
    Obligation.objects.filter(pk=bad.pk).update(edition="2022")
    with at(LOADED):
        tasks.recompute()
    bad.refresh_from_db()
    assert dates(bad) == ("2027-01-04", "2027-01-05"), "mended, it follows by itself"


def test_it_costs_the_same_for_each_that_moves_and_nothing_for_each_that_stays(work, django_assert_max_num_queries):
    def cost(moving, staying):
        Obligation.objects.all().update(calendar=1, calendar_checked=1)
        for o in [opened(work, "XF01", "2026-12-20 10:00") for _ in range(moving)]:
            obligations.set_dates(o, obligations.computed_due(o, obligations.at_version(1)))
            o.save()
        for _ in range(staying):
            opened(work, "XF01", "2026-11-20 10:00")
        Obligation.objects.update(calendar_checked=1)
        with at(LOADED) as now, django_assert_max_num_queries(10_000) as counted:
            recompute.recompute(now)
        return len(counted)

    event()
    arrange()
    cost(0, 1)
    base = cost(0, 1)
    assert cost(0, 7) == base
    one, four, eleven = cost(1, 0), cost(3, 0), cost(7, 0)  # those of before move again
    assert (eleven - four) / 7 == (four - one) / 3 == 5


# --- Ladder and ledger ------------------------------------------------------------------------------------------------


def test_a_warning_that_the_new_date_has_passed_over_is_given_at_once(work):
    """Three working days before the end of the 4th: the 30th by the old days, the 29th by the new."""
    o = opened(work, "XF01", "2026-12-20 10:00")
    assert (o.next_step, o.next_at) == ("warn_3wd", sh("2026-12-30"))
    loaded("2026-12-29 09:00")
    o.refresh_from_db()
    assert (o.next_step, o.next_at) == ("warn_3wd", sh("2026-12-29"))


def test_a_warning_moves_with_the_working_days_though_the_date_stays(work):
    """Due on Thursday the 7th as before; three working days before that are the 5th to the 7th, either way; for what is
    due on Wednesday the 6th it is 31 December now, and was 4 January."""
    o = opened(work, "XF01", "2026-12-22 00:00")
    warned = sh("2027-01-07") - timedelta(days=16) * 0.3
    assert (o.next_step, o.next_at) == ("warn_30", warned)
    Obligation.objects.filter(pk=o.pk).update(next_step="warn_3wd", next_at=sh("2027-01-04"))
    loaded()
    o.refresh_from_db()
    assert (dates(o), o.next_step, o.next_at) == (("2027-01-06", "2027-01-06"), "warn_3wd", sh("2026-12-31"))


def test_what_has_climbed_climbs_on_by_the_new_days(city):
    """Overdue since 6 January; the leader is told after three working days: 7, 8 and, now, Saturday the 9th."""
    with at("2026-12-21 10:00") as now:
        demand = file_petition(received_at=now).demand
    sweep_at("2027-01-06")
    assert owed_about(demand, "XF01").next_at == sh("2027-01-12")
    loaded("2027-01-06 10:00")
    o = owed_about(demand, "XF01")
    assert (o.next_step, o.next_at, o.breached_at) == ("top", sh("2027-01-10"), sh("2027-01-06"))


def test_a_sweep_that_asked_before_the_load_climbs_by_the_new_days_too(city):
    """What it locks was recomputed by then: its next step must not lie on the old days for ever."""
    with at("2026-12-21 10:00") as now:
        demand = file_petition(received_at=now).demand
    loaded("2027-01-05 12:00")
    _in_force.set(1)
    with at("2027-01-06") as now:
        sweep(now)
    assert owed_about(demand, "XF01").next_at == sh("2027-01-10")


def test_what_an_instruction_lets_rest_rests_by_the_new_days(city):
    """Instructed on Tuesday 5 January: five working days are 6 to 9 and 11, and not 6, 7, 8, 11, 12."""
    with at("2026-12-10 10:00") as now:
        demand = file_petition(received_at=now).demand
    sweep_at("2026-12-26")
    sweep_at("2026-12-31")
    climbed = Escalation.objects.get(step="top")
    with at("2027-01-05 10:00") as now:
        perform(LEADER_ACTS["instruct"], Escalation, climbed.pk, city.chief, {"text": "马上办"}, at=now)
    assert owed_about(demand, "XF01").next_at == sh("2027-01-13")
    loaded("2027-01-06 10:00")
    assert owed_about(demand, "XF01").next_at == sh("2027-01-12")


def test_the_ledger_and_the_ladder_say_the_same(city):
    with at("2026-12-20 10:00") as now:
        demand = file_petition(received_at=now).demand
    loaded()
    demand.refresh_from_db()
    o = owed_about(demand, "XF01")
    assert (demand.strict_at, demand.due_at) == (o.strict_at, o.due_at) == (sh("2027-01-05"), sh("2027-01-06"))
    told = AuditEvent.objects.get(name="due_moved", subject_key=demand.petition.number)
    assert told.public and told.facts["was"] == "2027-01-04" and told.facts["due"] == "2027-01-05"
    sweep_at("2027-01-05 23:00")
    assert owed_about(demand, "XF01").breached_at is None
    sweep_at("2027-01-06")
    assert owed_about(demand, "XF01").breached_at == sh("2027-01-06")


def test_the_window_for_an_objection_moves_too(city):
    """Forwarded on Wednesday 30 December: five working days are over on the 8th, and were on the 7th."""
    with at("2026-12-30 10:00") as now:
        demand = walk_to("forwarded", file_petition(received_at=now)).demand
    loaded()
    with at("2027-01-08 17:00"):
        assert act(demand, "receiver", "object", {"reason": "不属于我单位"}).state == "objected"

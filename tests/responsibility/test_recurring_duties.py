"""Recurring duties (经常性职责): one period after the other, owed by whoever is there, fulfilled or missed for good."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit import log
from audit.context import SYSTEM
from audit.models import AuditEvent, AuditRow
from massline.acts import NotVisible, WrongState, perform
from responsibility import deadlines
from responsibility.acts import LEADER_ACTS
from responsibility.duty_periods import visible_periods
from responsibility.models import Appointment, DutyPeriod, Escalation, Notice, Obligation, PostDuty
from responsibility.period_acts import PERIOD_ACTS
from responsibility.recurring import AHEAD, Fulfils, periods_to_open, run_daily
from responsibility.sweep import sweep
from tests.chain_lab import at, constraint, event, organ, person, post, sh
from tests.chore_kind import does, make_chore, second_kind
from tests.people_lab import look

pytestmark = pytest.mark.django_db
MONTHLY, QUARTERLY, BY_JANUARY = "OL01", "CT01a", "GK05a"
DAY = timedelta(days=1)


@pytest.fixture
def town():
    """A city with one department: its head, and a section whose chief owes what tests say."""
    event()
    made = SimpleNamespace()
    made.city = organ("市政府", kind="committee")
    made.mayor = person("市长")
    post(made.city, "市长", made.mayor, is_top=True)
    made.office = organ("住建局", made.city)
    made.head, made.chief = person("局长"), person("科长")
    made.head_post = post(made.office, "局长", made.head, is_top=True)
    made.post = post(made.office, "科长", made.chief)
    return made


def owes(town, rule=MONTHLY, since="2026-01-01", until=None, **more):
    return PostDuty.objects.create(
        post=more.get("post", town.post), rule=rule, since=date.fromisoformat(since),
        until=until and date.fromisoformat(until),
    )  # fmt: skip


def job(moment):
    with at(moment) as now:
        run_daily(now)
        event()


def periods():
    return [(str(p.since), str(p.until), p.state) for p in DutyPeriod.objects.order_by("since", "rule")]


def period(since):
    return DutyPeriod.objects.get(since=date.fromisoformat(since))


def owed(since):
    return Obligation.objects.get(subject_kind="duty_period", subject_id=period(since).pk)


def sweeps(*days):
    for day in days:
        with at(day) as now:
            sweep(now)


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_the_period_around_today_and_one_that_begins_soon_are_opened(town):
    owes(town)
    job("2026-11-29 00:05")
    assert periods() == [("2026-11-01", "2026-12-01", "owed"), ("2026-12-01", "2027-01-01", "owed")]
    assert [str(owed(since).due_legal) for since in ("2026-11-01", "2026-12-01")] == ["2026-11-30", "2026-12-31"]
    assert owed("2026-12-01").post == town.post
    assert owed("2026-12-01").opened_at == sh("2026-12-01")


def test_a_duty_older_than_its_rule_is_owed_since_the_rule_is_in_force(town):
    owes(town, BY_JANUARY, "2018-01-01")
    job("2026-11-29 00:05")
    assert periods() == [("2026-01-01", "2027-01-01", "owed")]


def test_a_year_is_owed_by_its_day(town):
    owes(town, BY_JANUARY)
    job("2026-12-20 00:05")
    assert str(owed("2027-01-01").due_legal) == "2027-01-31"


def test_only_whole_periods_are_owed(town):
    owes(town, since="2026-11-10", until="2027-01-20")
    for day in ("2026-11-15", "2026-12-20", "2027-01-15"):
        job(day)
    assert [since for since, _until, _state in periods()] == ["2026-12-01"]


def test_a_job_that_stood_still_leaves_no_gap(town):
    owes(town)
    job("2026-03-10")
    job("2026-06-10")
    assert [since for since, _until, _state in periods()] == [f"2026-0{month}-01" for month in (3, 4, 5, 6)]


def test_a_second_run_opens_nothing(town):
    owes(town)
    job("2026-11-29 00:05")
    before = AuditEvent.objects.exclude(name="notice_read").count()
    job("2026-11-29 00:06")
    assert AuditEvent.objects.exclude(name="notice_read").count() == before


def test_no_job_opens_a_period_twice(town):
    owes(town)
    job("2026-11-29 00:05")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        DutyPeriod.objects.create(
            number="LX-2", post=town.post, rule=MONTHLY, since=date(2026, 11, 15), until=date(2026, 11, 20)
        )
    assert constraint(refused.value) == "one_period_a_duty"


def test_a_post_has_a_duty_once_a_day(town):
    owes(town, until="2026-12-01")
    owes(town, QUARTERLY)
    owes(town, since="2026-12-01")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        owes(town, since="2026-11-30", until="2026-12-01")
    assert constraint(refused.value) == "one_duty_of_a_post"
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        owes(town, "GK05b", since="2026-11-30", until="2026-11-30")
    assert constraint(refused.value) == "post_duty_dates"


def test_one_duty_that_cannot_be_kept_up_stops_no_other(town, caplog):
    owes(town, "XX99")
    owes(town)
    job("2026-11-10")
    assert [since for since, _until, _state in periods()] == ["2026-11-01"]
    assert "could not be kept up" in caplog.text


def test_a_rule_that_does_not_recur_or_is_off_opens_nothing(town):
    owes(town, "XF06")
    owes(town, "DD01")
    job("2026-11-10")
    assert periods() == []


EVERY = {"month": 36, "quarter": 12, "half-year": 6, "year": 3}


@pytest.mark.parametrize("every", EVERY)
def test_every_day_of_three_years_lies_in_one_period(every):
    """The job of each day, in the months that it was asked for and those that it brings by itself."""
    duty, reached, opened = PostDuty(since=date(2024, 1, 1), until=date(2027, 1, 1)), None, []
    for n in range(366 + 365 + 365):
        day = date(2024, 1, 1) + DAY * n
        for since, until in periods_to_open(duty, reached, every, day):
            opened.append((since, until))
            reached = until
        assert sum(since <= day < until for since, until in opened) == 1
    assert len(opened) == EVERY[every]
    assert opened == sorted(set(opened))


@given(
    st.sampled_from(sorted(EVERY)),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    st.lists(st.integers(0, 500), min_size=1, max_size=30),
)
def test_whenever_the_job_runs_there_is_no_gap_and_no_overlap(every, begins, days):
    duty, reached, opened = PostDuty(since=begins, until=None), None, []
    for n in sorted(days):
        day = begins + DAY * n
        for since, until in periods_to_open(duty, reached, every, day):
            opened.append((since, until))
            reached = until
        if opened:
            assert opened[-1][1] > day + AHEAD - DAY, "whatever begins soon is open"
    assert all(period == deadlines.period_of(period[0], every) for period in opened)
    assert all(since >= begins for since, _until in opened)
    assert [until for _since, until in opened[:-1]] == [since for since, _until in opened[1:]]


# --- Fulfilling -------------------------------------------------------------------------------------------------------


@pytest.fixture
def task(town):
    with second_kind():
        yield make_chore("RW-1", "会议", town.post, pk=7)


MEETS = Fulfils(MONTHLY)


def test_an_act_on_another_record_fulfils_the_period(town, task):
    owes(town)
    job("2026-11-02")
    does(task, MEETS, sh("2026-11-20 10:00"))
    assert periods() == [("2026-11-01", "2026-12-01", "fulfilled")]
    assert (owed("2026-11-01").outcome, owed("2026-11-01").closed_at) == ("met", sh("2026-11-20 10:00"))
    found = AuditEvent.objects.get(name="period_fulfilled")
    assert (found.facts["by_kind"], found.facts["by_key"], found.actor_kind) == ("chore", "RW-1", SYSTEM.kind)
    assert (found.subject_kind, found.subject_key) == ("duty_period", period("2026-11-01").number)
    assert found.sentence == "“召开支部委员会会议、党小组会”2026年11月1日至2026年11月30日一期已经履行"


def test_what_the_act_changes_afterwards_is_explained_by_the_act(town, task):
    owes(town)
    job("2026-11-02")
    does(task, MEETS, sh("2026-11-20 10:00"))
    PostDuty.objects.update(until=date(2027, 1, 1))
    image = AuditRow.objects.filter(table_name="responsibility_postduty").latest("id")
    assert image.event.name == "notice_read", "the event that stands behind the test's act"


def test_a_second_act_in_a_month_is_not_next_months(town, task):
    owes(town)
    job("2026-11-20")
    does(task, MEETS, sh("2026-11-21 10:00"))
    does(task, MEETS, sh("2026-11-22 10:00"))
    assert [state for *_days, state in periods()] == ["fulfilled", "owed"]


def test_only_its_own_post_and_its_own_rules(town, task):
    owes(town)
    owes(town, QUARTERLY)
    owes(town, post=town.head_post)
    job("2026-11-02")
    does(task, MEETS, sh("2026-11-20 10:00"))
    done = DutyPeriod.objects.filter(state="fulfilled")
    assert [(p.post, p.rule) for p in done] == [(town.post, MONTHLY)]
    does(task, Fulfils(QUARTERLY, "CT01b", post=lambda doing: town.post.pk), sh("2026-11-20 11:00"))
    assert {(p.post, p.rule) for p in done.all()} == {(town.post, MONTHLY), (town.post, QUARTERLY)}


def test_an_act_may_come_before_the_job(town, task):
    owes(town)
    does(task, MEETS, sh("2026-11-02 08:00"))
    assert periods() == [("2026-11-01", "2026-12-01", "fulfilled")]


def test_after_its_day_but_within_its_period_it_is_late(town, task):
    owes(town, BY_JANUARY)
    job("2026-01-02")
    sweeps("2026-02-01 00:05")
    does(task, Fulfils(BY_JANUARY), sh("2026-02-10 10:00"))
    assert (period("2026-01-01").state, owed("2026-01-01").outcome) == ("fulfilled", "late")


def test_nobody_fulfils_or_ends_a_period_by_hand(town):
    owes(town)
    job("2026-11-02")
    for act in PERIOD_ACTS:
        with pytest.raises(NotVisible):
            perform(act, DutyPeriod, period("2026-11-01").pk, town.chief, {})


# --- Missing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def missed(town):
    """November went by; the job of the first of December has ended it."""
    owes(town, until="2026-12-01")
    job("2026-11-02")
    job("2026-12-01 00:05")
    return owed("2026-11-01")


def test_until_its_last_day_is_over_it_is_owed(town):
    owes(town)
    job("2026-11-02")
    with at("2026-11-30 23:59") as now, pytest.raises(WrongState):
        perform(PERIOD_ACTS["miss"], DutyPeriod, period("2026-11-01").pk, SYSTEM, {}, at=now)
    job("2026-11-30 23:59")
    assert period("2026-11-01").state == "owed"
    job("2026-12-01 00:05")
    assert period("2026-11-01").state == "missed"
    found = AuditEvent.objects.get(name="period_missed")
    assert (found.actor_kind, found.facts["act"]) == ("system", "miss")


def test_what_was_missed_cannot_be_fulfilled_any_more(town, missed, task):
    does(task, MEETS, sh("2026-12-01 08:00"))
    does(task, MEETS, sh("2026-11-30 08:00"))
    assert period("2026-11-01").state == "missed"


@pytest.mark.parametrize("change", [{"state": "fulfilled"}, {"until": date(2027, 1, 1)}])
def test_the_database_lets_nobody_change_it(missed, change):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        DutyPeriod.objects.update(**change)
    assert constraint(refused.value) == "missed_stays"


def test_it_climbs_like_anything_that_is_overdue(town, missed):
    sweeps("2026-12-01 00:06", "2026-12-10", "2026-12-25")
    told = set(Notice.objects.values_list("recipient__name", "kind"))
    reminded = ("局长", "overdue")  # of the answer that they owe
    assert told == {("科长", "overdue"), ("局长", "escalated"), reminded, ("市长", "escalated")}
    job("2026-12-26")
    missed.refresh_from_db()
    assert (missed.next_at, missed.closed_at) == (None, None), "nobody is above, and no leader has answered"


def test_it_ends_when_the_leaders_have_answered(town, missed):
    sweeps("2026-12-01 00:06", "2026-12-10")
    job("2026-12-11")
    missed.refresh_from_db()
    assert missed.closed_at is None, "its leader has yet to answer"
    climbed = Escalation.objects.get(state="sent")
    with at("2026-12-11 10:00") as now:
        perform(LEADER_ACTS["instruct"], Escalation, climbed.pk, town.head, {"text": "下月补上两次"}, at=now)
    job("2026-12-12")
    missed.refresh_from_db()
    assert (missed.outcome, missed.next_at) == ("missed", None)
    climbed.refresh_from_db()
    assert climbed.state == "instructed"
    assert AuditEvent.objects.filter(name="period_settled").count() == 1
    assert period("2026-11-01").state == "missed"


def test_where_nobody_is_above_it_ends_with_the_climbing(town, missed):
    Appointment.objects.filter(user__in=[town.mayor, town.head]).update(until=date(2026, 12, 1))
    sweeps("2026-12-01 00:06", "2026-12-10", "2026-12-25")
    job("2026-12-26")
    missed.refresh_from_db()
    assert (missed.outcome, str(missed.closed_at.date())) == ("missed", "2026-12-25")


# --- Ending early -----------------------------------------------------------------------------------------------------


def test_a_duty_that_ends_releases_what_is_left_of_it(town):
    duty = owes(town)
    job("2026-11-29")
    duty.until = date(2026, 12, 10)
    duty.save()
    job("2026-11-30")
    assert [state for *_days, state in periods()] == ["owed", "released"]
    assert owed("2026-12-01").outcome == "released"
    assert owed("2026-11-01").closed_at is None


# --- What people see --------------------------------------------------------------------------------------------------


def test_my_work_and_the_leaders_desk_show_it(town, missed):
    with at("2026-12-01 09:00"):
        mine = look(town.chief, "/desk/")
        assert "召开支部委员会会议、党小组会（2026年11月1日至2026年11月30日）" in mine
        assert "未履行" in mine
    sweeps("2026-12-01 09:06", "2026-12-10")
    with at("2026-12-10 09:00"):
        assert period("2026-11-01").number in look(town.head, "/desk/escalations/")


def test_its_page_shows_how_it_climbed(town, missed):
    sweeps("2026-12-01 09:06", "2026-12-10")
    address = f"/desk/duties/{period('2026-11-01').number}/"
    for user in (town.chief, town.head, town.mayor):
        page = look(user, address)
        assert "期满未履行，不能补办" in page
        assert "“召开支部委员会会议、党小组会”超期未办，已上报住建局局长" in page
    other = person("别局局长")
    post(organ("水务局", town.city), "局长", other, is_top=True)
    look(other, address, status=404)
    assert log.Subject("duty_period", period("2026-11-01").number) == owed("2026-11-01").subject


def test_nothing_of_it_exists_for_a_closed_account(town, missed):
    assert visible_periods(town.head).exists()
    town.head.is_active = False
    assert not visible_periods(town.head).exists()

"""The written notice is done when it was given (Art. 23): cases by hand, each day counted on the calendar of 2026.

Days off: Friday 25 to Sunday 27 September, 1 to 7 October. Worked instead: Sunday 20 September, Saturday 10 October.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from citizens.telling.acts import TELLING_ACTS
from massline.acts import Invalid, WrongState, perform
from petitions.figures import indicators as figures
from petitions.models import Demand, State
from records.figures.overview import results
from records.figures.periods import Period
from records.models import ActText
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation, Obligation
from responsibility.outbox.deliver import deliver
from tests.chain_lab import at, names, owed_about, sh, sweep_at
from tests.city import ACCEPTED, ANSWER, FORWARDED, act, file_petition, tell_all, walk_to
from tests.mail_lab import post_office
from tests.reader import owed as shown
from tests.reader import page, tracked

pytestmark = pytest.mark.django_db
NOTICE = "收到转送、交办后，书面告知信访人"
DECLINE = {"reason": "已进入诉讼程序", "where_to_go": "试水市中级人民法院"}
CANNOT = {"unclear": "address", "reason": "按信封地址两次投递，均查无此人退回"}


def forwarded(moment: str, **more: Any) -> SimpleNamespace:
    """Forwarded to the department at this moment; what the office has to tell of that, told at once."""
    with at(moment) as now:
        return walk_to(State.FORWARDED, file_petition(received_at=now, **more))


def decided(filed: SimpleNamespace, moment: str, slug: str = "accept") -> CitizenNotification:
    """The letter of the department's decision, in its queue; to declining the office has agreed at once."""
    with at(moment):
        act(filed.demand, "receiver", slug, DECLINE if slug == "decline" else {})
        if slug == "decline":
            act(filed.demand, "chief", "agree", {"note": "已核对立案通知书"})
    return CitizenNotification.objects.about("petition", filed.demand.pk).get(state="waiting")


def told(telling: CitizenNotification, moment: str, slug: str = "tell", **data: Any) -> Obligation:
    """What was owed by the letter, after this."""
    with at(moment):
        user = next(a.user for a in _appointments(telling) if telling.roles_of(a.user))
        perform(TELLING_ACTS[slug], CitizenNotification, telling.pk, user, data or {"how": "letter"})
    return Obligation.objects.get(pk=telling.owed_id)


def _appointments(telling: CitizenNotification) -> Any:
    from responsibility.models import Appointment

    return Appointment.objects.filter(post__organ=telling.office_id, post__is_intake=True).select_related("user")


@pytest.mark.parametrize(
    ("received", "accepted", "slug", "telling", "due", "outcome"),
    [
        # Fifteen days from Tuesday 15 September: Wednesday the 30th.
        ("2026-09-15 10:00", "2026-09-16 09:00", "accept", "2026-09-30 23:59", "2026-09-30", "met"),
        ("2026-09-15 10:00", "2026-09-16 09:00", "accept", "2026-10-01 00:00", "2026-09-30", "late"),
        ("2026-09-15 10:00", "2026-09-16 09:00", "decline", "2026-09-17 11:00", "2026-09-30", "met"),
        ("2026-09-15 10:00", "2026-09-16 09:00", "decline", "2026-10-08 11:00", "2026-09-30", "late"),
        # From Friday the 18th: Saturday 3 October, in the holiday; Thursday the 8th by law.
        ("2026-09-18 10:00", "2026-10-08 09:00", "accept", "2026-10-08 23:59", "2026-10-08", "met"),
        ("2026-09-18 10:00", "2026-10-08 09:00", "accept", "2026-10-09 00:00", "2026-10-08", "late"),
        # Decided when the period was over: told at once, and still too late.
        ("2026-09-15 10:00", "2026-10-08 09:00", "accept", "2026-10-08 09:01", "2026-09-30", "late"),
        # From Friday the 25th (a day off): Saturday 10 October, which is worked instead.
        ("2026-09-25 10:00", "2026-09-28 09:00", "accept", "2026-10-10 23:59", "2026-10-10", "met"),
    ],
)
def test_the_notice_by_law_ends_with_the_day_of_telling(
    city: SimpleNamespace, received: str, accepted: str, slug: str, telling: str, due: str, outcome: str
) -> None:
    filed = forwarded(received)
    letter = decided(filed, accepted, slug)
    waiting = owed_about(filed.demand, "XF03")
    assert (waiting.closed_at, str(waiting.due_legal)) == (None, due), "a decision alone tells nobody"
    done = told(letter, telling)
    assert (done.rule, done.closed_at, done.outcome) == ("XF03", sh(telling), outcome)


@pytest.mark.parametrize(
    ("made", "telling", "due", "outcome"),
    [
        ("2026-09-15 10:00", "2026-09-18 23:59", "2026-09-18", "met"),  # Tuesday: Wednesday, Thursday, Friday
        ("2026-09-15 10:00", "2026-09-19 00:00", "2026-09-18", "late"),
        ("2026-09-18 10:00", "2026-09-22 17:00", "2026-09-22", "met"),  # Friday: Sunday (worked), Monday, Tuesday
        ("2026-09-24 10:00", "2026-09-30 17:00", "2026-09-30", "met"),  # Thursday: the 28th, 29th, 30th
        ("2026-09-30 10:00", "2026-10-10 23:59", "2026-10-10", "met"),  # the 8th, 9th and Saturday the 10th
        ("2026-09-30 10:00", "2026-10-11 00:00", "2026-10-10", "late"),
    ],
)
def test_every_other_letter_has_three_working_days(
    city: SimpleNamespace, made: str, telling: str, due: str, outcome: str
) -> None:
    with at(made):
        filed = walk_to(State.FORWARDED, told=False)
    letter = CitizenNotification.objects.get()
    waiting = owed_about(filed.demand, "ML06")
    assert (letter.letter, letter.owed) == ("forwarded", waiting)
    assert (waiting.post, str(waiting.due_legal)) == (city.post["clerk"], due)
    done = told(letter, telling)
    assert (done.closed_at, done.outcome) == (sh(telling), outcome)


@pytest.mark.parametrize(("moment", "breached"), [("2026-09-29 16:00", None), ("2026-10-01 09:00", sh("2026-10-01"))])
def test_who_cannot_be_told_need_not_be_and_what_was_late_stays_late(
    city: SimpleNamespace, moment: str, breached: Any
) -> None:
    filed = forwarded("2026-09-15 10:00")
    done = told(decided(filed, "2026-09-16 09:00", "decline"), moment, "cannot_tell", **CANNOT)
    assert (done.outcome, done.closed_at, done.breached_at) == ("released", sh(moment), breached)
    assert ActText.objects.get(act="cannot_tell").text == CANNOT["reason"]
    story = page(city.receiver, f"/desk/petitions/{filed.number}/")
    assert "无法告知：不予受理告知书（住址、联系方式不清）" in story and CANNOT["reason"] in story
    assert "住址、联系方式不清" in tracked(filed) and CANNOT["reason"] not in tracked(filed)
    assert Demand.objects.get().due_at is None, "the ledger has no date any more"


def test_a_letter_that_cannot_be_told_asks_why(city: SimpleNamespace) -> None:
    letter = decided(forwarded("2026-09-15 10:00"), "2026-09-16 09:00")
    for given in ({}, {"unclear": "name", "reason": "不清楚"}, {"unclear": "mood", "reason": CANNOT["reason"]}):
        with pytest.raises(Invalid):
            told(letter, "2026-09-16 10:00", "cannot_tell", **({"how": ""} | given))
    told(letter, "2026-09-16 11:00")
    with pytest.raises(WrongState):
        told(letter, "2026-09-16 12:00", "cannot_tell", **CANNOT)


def test_while_the_letter_lies_in_the_queue_nobody_reads_that_it_was_told(city: SimpleNamespace) -> None:
    filed = forwarded("2026-09-15 10:00")
    letter = decided(filed, "2026-09-16 09:00")
    with at("2026-09-16 10:00"):
        for text in (shown(tracked(filed), NOTICE), shown(_desk(city, filed), NOTICE)):
            assert "按期完成" not in text and "最迟 2026年9月30日" in text
        assert f"{NOTICE} 正在办理 已受理，待分派" not in page(city.receiver, "/desk/")
        assert NOTICE in page(city.receiver, "/desk/"), "my work has it"
    told(letter, "2026-09-17 10:00")
    with at("2026-09-17 11:00"):
        assert shown(tracked(filed), NOTICE).startswith(f"{NOTICE} 按期完成")
        assert NOTICE not in page(city.receiver, "/desk/")


def _desk(city: SimpleNamespace, filed: SimpleNamespace) -> str:
    from tests.reader import reader, source

    return source(reader(city.receiver), f"/desk/petitions/{filed.number}/")


@pytest.mark.parametrize(("answer", "outcome"), [("", "met"), ("550 no such mailbox", "")])
def test_a_message_that_arrived_tells_and_one_that_did_not_does_not(
    city: SimpleNamespace, answer: str, outcome: str
) -> None:
    filed = forwarded("2026-09-15 10:00", tell_by="email", email="zhao@home.example")
    letter = decided(filed, "2026-09-16 09:00")
    with post_office() as post, at("2026-09-16 12:00"):
        post.answers = {"zhao@home.example": answer} if answer else {}
        deliver()
    letter.refresh_from_db()
    done = owed_about(filed.demand, "XF03")
    assert done.outcome == outcome and (letter.state == "told") == bool(outcome)
    if not outcome:
        assert told(letter, "2026-09-17 09:00").outcome == "met", "then somebody tells by hand"


def test_writing_off_and_declining_leave_what_the_petitioner_is_to_be_told(city: SimpleNamespace) -> None:
    filed = file_petition()
    for who, slug, data in (*ACCEPTED, ("leader", "assign", {"handler": "handler"})):
        act(filed.demand, who, slug, data)
    act(filed.demand, "handler", "answer", ANSWER)
    act(filed.demand, "chief", "write_off", {"evidence": "电话回访"})
    left = Obligation.objects.open().about("petition", filed.demand.pk)
    assert sorted(left.values_list("rule", "post__name")) == [
        ("ML06", "信访专办岗"),  # the opinion
        ("ML06", "来信来访登记岗"),  # that it was forwarded
        ("ML06", "来信来访登记岗"),  # that it was written off
        ("XF03", "信访专办岗"),  # that it was accepted
    ]
    demand = Demand.objects.get()
    assert demand.due_at == min(o.due_at for o in left if o.due_at), "the ledger still has a date"
    tell_all(demand)
    demand.refresh_from_db()
    assert (left.all().exists(), demand.due_at) == (False, None)


def test_what_is_withdrawn_owes_nothing(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED, told=False)
    act(filed.demand, "citizen", "withdraw", {"reason": "已经解决"})
    assert not Obligation.objects.open().exists()
    tell_all(filed.demand)
    assert set(Obligation.objects.filter(rule__in=("XF03", "ML06")).values_list("outcome", flat=True)) == {"released"}


def test_an_untold_letter_climbs_past_its_own_organ(city: SimpleNamespace) -> None:
    """Owed by Wednesday 30 September; three, then five working days from the 8th on."""
    filed = forwarded("2026-09-15 10:00")
    decided(filed, "2026-09-16 09:00")
    for moment, kind, people in (
        ("2026-10-01", "overdue", {"receiver", "deputy"}),
        ("2026-10-11", "escalated", {"leader"}),
        ("2026-10-17", "escalated", {"secretary", "mayor"}),
    ):
        sweep_at(moment)
        step = Escalation.objects.latest("id")
        assert names(kind, escalation=step) == people, moment


def test_a_letter_of_three_working_days_is_warned_of_once(city: SimpleNamespace) -> None:
    """Made on Tuesday at ten, due when Friday ends: 30 % of 86 hours are left on Thursday at 22:12."""
    with at("2026-09-15 10:00"):
        filed = walk_to(State.FORWARDED, told=False)
    Obligation.objects.filter(rule="XF03").update(next_step="", next_at=None)
    owed_by_office = owed_about(filed.demand, "ML06")
    assert (owed_by_office.next_step, owed_by_office.next_at) == ("warn_30", sh("2026-09-17 22:12"))
    sweep_at("2026-09-17 22:12")
    owed_by_office.refresh_from_db()
    assert (owed_by_office.next_step, owed_by_office.next_at) == ("overdue", sh("2026-09-19"))


def test_the_receiving_post_goes_on_owing_when_somebody_handles_it(city: SimpleNamespace) -> None:
    filed = forwarded("2026-09-15 10:00")
    decided(filed, "2026-09-16 09:00")
    with at("2026-09-16 10:00"):
        act(filed.demand, "leader", "assign", {"handler": "handler"})
    assert owed_about(filed.demand, "XF03").post == city.post["receiver"]
    assert owed_about(filed.demand, "XF06").post == city.post["handler"]


def test_a_leader_gives_the_letter_to_somebody_else_and_not_the_work(city: SimpleNamespace) -> None:
    filed = forwarded("2026-09-15 10:00")
    decided(filed, "2026-09-16 09:00")
    with at("2026-09-16 10:00"):
        act(filed.demand, "leader", "assign", {"handler": "handler"})
    for moment in ("2026-10-01", "2026-10-11"):
        sweep_at(moment)
    climbed = Escalation.objects.get(obligation=owed_about(filed.demand, "XF03"), step="top")
    with at("2026-10-12 09:00"):
        form = LEADER_ACTS["reassign"].build_form(climbed, city.leader, None)
        key = next(key for key, name in form.fields["post"].choices if "物业科" in name)  # type: ignore[attr-defined]
        data = {"post": key, "text": "今天告知"}
        perform(LEADER_ACTS["reassign"], Escalation, climbed.pk, city.leader, data)
    assert owed_about(filed.demand, "XF03").post == city.post["colleague"]
    assert owed_about(filed.demand, "XF06").post == Demand.objects.get().handler == city.post["handler"]


def test_the_rate_of_acceptance_in_time_counts_the_day_of_telling(city: SimpleNamespace) -> None:
    """Two fell due on 30 September: both decided the next day, one told in time and one a day late."""
    for moment in ("2026-09-30 09:00", "2026-10-01 09:00"):
        told(decided(forwarded("2026-09-15 10:00"), "2026-09-16 09:00"), moment)
    decided(forwarded("2026-09-15 11:00"), "2026-09-16 09:00")
    day = sh("2026-09-30").date()
    with at("2026-10-02 09:00"):
        counts = results(figures.ACCEPTED.cohort, Period(day, day), timezone.now(), Demand.objects.for_user(city.chief))
    assert counts == {"on_time": 1, "late": 1, "overdue": 1}


def test_telling_is_an_act_with_its_post_and_its_organ_on_record(city: SimpleNamespace) -> None:
    filed = file_petition()
    for who, slug, data in FORWARDED:
        act(filed.demand, who, slug, data)
    told(CitizenNotification.objects.get(), "2027-01-05 09:00", how="phone")
    event = AuditEvent.objects.get(name="told")
    assert (event.actor_key, event.subject_key) == ("clerk", filed.number)
    assert event.facts | {"by": "试水市信访局", "act": "tell", "letter": "forwarded", "how": "phone"} == event.facts


def test_what_an_organ_had_to_tell_when_the_petition_left_it_is_told_by_the_office(city: SimpleNamespace) -> None:
    filed = forwarded("2026-09-15 10:00")
    with at("2026-09-16 09:00"):
        act(filed.demand, "receiver", "ask", {"question": "是哪一栋楼？"})
        act(filed.demand, "receiver", "object", {"reason": "不属于本单位职责"})
        act(filed.demand, "chief", "decide_objection", {"agree": "true", "reason": "确不属于"})
    letter = CitizenNotification.objects.get(letter="asked")
    left = Obligation.objects.get(pk=letter.owed_id)
    assert (letter.office.code, left.organ.code, left.post) == ("office", "office", city.post["clerk"])
    assert told(letter, "2026-09-16 10:00").outcome == "met"

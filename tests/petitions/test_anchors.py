"""Acceptance tests taken straight from the failures of other systems: numbers 1-9."""

from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from audit import log
from audit.models import AuditEvent
from audit.verify import verify
from responsibility import events, obligations
from responsibility.models import Appointment, Escalation, Message, Notice, Obligation, Preference
from responsibility.outbox.deliver import LEASE, deliver
from responsibility.outbox.queue import fill
from responsibility.sweep import sweep
from tests.chain_lab import at, event, many_overdue, names, owed_about, sh, sweep_at, told
from tests.city import act, file_petition, tell_all, walk_to
from tests.mail_lab import post_office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FILED = "2026-09-15 10:00"


def handling(**more):
    with at(FILED) as now:
        return walk_to("handling", file_petition(received_at=now, **more)).demand


class Killed(Exception):
    """The process ends here."""


@contextmanager
def mail_to(*users):
    """A running mail server, and people who want to be told by it."""
    with post_office() as post:
        event()
        for user in users:
            Preference.objects.create(
                user=user, email=f"{user.username}@office.example", since=sh(FILED), digest_hour=None
            )
        yield post


def dates(demand):
    return list(
        Obligation.objects.about("petition", demand.pk).order_by("id").values_list("rule", "strict_at", "due_at")
    )


def test_anchor_1_touching_hourly_for_60_days_still_escalates_on_the_due_date(city):
    """F1: elsewhere the clock is the time of the last change, so that any comment restarts it."""
    demand = handling()
    before, due = dates(demand), sh("2026-11-17")
    touches = [
        ("leader", "note", {"text": "正在办理"}),
        ("clerk", "note", {"text": "已电话了解"}),
        ("citizen", "urge", {}),
        ("leader", "ask", {"question": "请补充照片"}),
        ("citizen", "supplement", {"text": "照片见附件"}),
        ("leader", "assign", {"handler": "colleague"}),
        ("deputy", "assign", {"handler": "handler"}),
    ]
    moment, n = sh("2026-09-17 11:30"), 0
    while moment < due:
        with at(moment):
            act(demand, *touches[n % len(touches) if n % 24 == 0 else 0])
            if n % 24 == 0:
                tell_all(demand)  # the question: a letter with a date of its own
        n, moment = n + 1, moment + HOUR
    assert n == 1453
    assert dates(demand)[: len(before)] == before
    assert {rule for rule, *_dates in dates(demand)[len(before) :]} == {"ML06"}
    with at(due - timedelta(seconds=1)) as now:
        sweep(now)
    assert not Escalation.objects.filter(step="overdue").exists()
    swept = sweep_at(due)
    assert (swept.overdue, swept.remaining) == (1, 0)
    climbed = Escalation.objects.get(step="overdue")
    assert (climbed.since, climbed.noticed_at, owed_about(demand, "XF06").breached_at) == (due, due, due)
    with at("2026-11-18 09:00"):
        act(demand, "leader", "note", {"text": "再写一条"})
    sweep_at("2026-11-21")
    assert Escalation.objects.filter(step="top").exists()


def ten_thousand_overdue(city, count):
    many_overdue(city, count, sh("2026-01-05 00:00"))
    swept = sweep(sh("2026-11-17"), batch=100)
    assert (swept.overdue, swept.remaining, swept.failed) == (count, 0, [])
    climbed = list(Escalation.objects.order_by("id").values_list("step", "since"))
    assert len(climbed) == count and {step for step, _ in climbed} == {"overdue"}
    assert climbed == sorted(climbed, key=lambda row: row[1])  # oldest first
    assert not Obligation.objects.filter(next_at__lte=sh("2026-11-17")).exists()
    assert not Obligation.objects.open().filter(breached_at=None).exists()


def test_anchor_2_ten_thousand_overdue(city):
    """F2: elsewhere the first hundred rows hide the oldest for ever. The full size is in tests/soak."""
    ten_thousand_overdue(city, 1_000)


def test_anchor_3_unassigned_escalates(city):
    """F3: elsewhere what nobody was assigned to is skipped: here it is owed by a post from the first moment."""
    with at(FILED) as now:
        untouched = file_petition(received_at=now).demand
        forwarded = walk_to("forwarded", file_petition(received_at=now)).demand
        accepted = walk_to("accepted", file_petition(received_at=now)).demand
    for moment in ("2026-10-01", "2026-10-11", "2026-11-17", "2026-11-21"):
        sweep_at(moment)
    for demand, rule, leader in (
        (untouched, "XF01", "chief"), (forwarded, "XF03", "leader"), (accepted, "XF06", "leader"),
    ):  # fmt: skip
        assert demand.handler_id is None
        steps = Escalation.objects.filter(obligation=owed_about(demand, rule))
        assert {"overdue", "top"} <= set(steps.values_list("step", flat=True))
        assert names("escalated", escalation=steps.get(step="top")) == {leader}


def test_anchor_4_handler_without_superior_goes_to_next_level_and_alerts_admin(city):
    """F4: elsewhere a broken chain is skipped in silence."""
    demand = handling()
    Appointment.objects.filter(post__in=[city.post["deputy"], city.post["leader"]]).update(
        until=sh("2026-10-01").date()
    )
    sweep_at("2026-11-17")
    assert names("overdue") == {"handler"} and names("chain_gap") == {"sysadmin"}
    sweep_at("2026-11-21")
    climbed = Escalation.objects.get(obligation=owed_about(demand, "XF06"), step="superior-1")
    assert names("escalated", escalation=climbed) == {"secretary", "mayor"}
    assert names("chain_gap", escalation=climbed) == {"sysadmin"}
    assert climbed.skipped == [
        {"organ": "试水市住房和城乡建设局", "post": "局长", "relation": "top", "reason": "vacant"}
    ]


def test_anchor_5_killed_between_change_and_notice_leaves_exactly_one_notice(city):
    """F6: elsewhere the state is changed first and the message follows outside the transaction, or never."""
    handling()
    with at("2026-11-17") as now:
        with suppress(Killed), transaction.atomic():
            sweep(now)
            assert names("overdue") == {"handler", "deputy"}
            raise Killed  # before the commit: neither the step nor its notice is there
        assert not Escalation.objects.filter(step="overdue").exists() and not names("overdue")
        sweep(now)
        sweep(now)
    assert sorted(Notice.objects.filter(kind="overdue").values_list("recipient__username", flat=True)) == [
        "deputy",
        "handler",
    ]
    with mail_to(city.handler) as post, at("2026-11-17 09:00") as now:
        fill(now)
        Message.objects.update(state="sending", sending_at=now - 2 * LEASE)  # marked, and killed before it left
        assert (deliver().sent, deliver().sent) == (1, 0)
        assert Notice.objects.filter(recipient=city.handler, kind="overdue").count() == 1
        assert [mail["Message-ID"] for mail in post.mails] == [Message.objects.get().message_id]


def test_anchor_7_one_opted_out_and_one_refused_all_others_are_told(city):
    """Elsewhere the first recipient with notifications off ends the loop, and a failed mail is lost in silence."""
    with mail_to(city.deputy, city.clerk, city.handler, city.chief, city.leader) as post, at("2026-11-17 09:00") as now:
        Preference.objects.filter(user=city.deputy).update(at_once=False)
        post.answers["clerk@office.example"] = "550 no such mailbox"
        for user in (city.deputy, city.clerk, city.handler, city.chief, city.leader):
            Notice.objects.create(
                recipient=user, kind="overdue", subject_kind="petition", subject_key="XF20260915-000001", told_at=now
            )
        deliver()
    assert sorted(post.to()) == [f"{name}@office.example" for name in ("chief", "handler", "leader")]
    assert names("overdue") == {"deputy", "clerk", "handler", "chief", "leader"}  # the inbox is never off
    assert names("undelivered") == {"chief"}  # who is above the clerk


def test_anchor_6_scheduler_off_three_days_events_dated_by_due_date(city):
    demand = handling()
    sweep_at("2026-11-16 12:00")
    sweep_at("2026-11-20 12:00")  # nothing ran for three days and a half after it fell due
    due = sh("2026-11-17")
    climbed = Escalation.objects.get(step="overdue")
    assert (climbed.since, owed_about(demand, "XF06").breached_at) == (due, due)
    assert climbed.noticed_at == sh("2026-11-20 12:00")
    happened = AuditEvent.objects.get(subject_key=demand.petition.number, name="overdue")
    assert happened.facts["fell_due"] == "2026-11-16T16:00:00+00:00"
    assert datetime.fromisoformat(happened.facts["at"]) == sh("2026-11-20 12:00")
    # Nobody is late for what they were not told: the leader's step counts from the notice.
    assert owed_about(demand, "XF06").next_at == sh("2026-11-26")


def test_anchor_8_no_repeat_at_midnight_or_weekend(city):
    """Zammad #4432: in the application, and by mail."""
    with mail_to(city.handler, city.deputy, city.leader) as post:
        nothing_is_repeated(city)
    mailed = Message.objects.order_by("message_id").values_list("message_id", flat=True)
    assert sorted(str(mail["Message-ID"]) for mail in post.mails) == list(mailed) != []


def nothing_is_repeated(city):
    demand = handling()
    sweep_at("2026-11-17")  # a Tuesday
    sweep_at("2026-11-21")  # Saturday: the leader is told
    with at("2026-11-21 09:00"):
        from massline.acts import perform
        from responsibility.acts import LEADER_ACTS

        step = Escalation.objects.get(step="top")
        perform(LEADER_ACTS["instruct"], Escalation, step.pk, city.leader, {"text": "抓紧办"})
    before = told(), Notice.objects.count()
    moment = sh("2026-11-21 10:00")
    while moment < sh("2026-11-28"):  # every hour, over two midnights a day and a weekend
        sweep_at(moment)
        with at(moment):
            mailed = deliver().sent
            assert mailed == 0 or moment == sh("2026-11-21 10:00")  # once, then never again
        moment += HOUR
    assert (told(), Notice.objects.count()) == before
    sweep_at("2026-11-28")
    after = Notice.objects.count()
    assert after > before[1]
    for moment in ("2026-11-29", "2026-11-30", "2026-11-30 00:01"):
        sweep_at(moment)
        with at(moment):
            deliver()
    assert Notice.objects.count() == after
    assert len(set(told())) and demand.state == "handling"


def test_anchor_9_extension_after_breach_does_not_erase_the_breach(city):
    demand = handling()
    sweep_at("2026-11-17")
    owed = owed_about(demand, "XF06")
    facts = {"goal": owed.goal, "days": 30, "due": "2026-12-14"}
    log.record(events.EXTENDED, subject=log.Subject("petition", demand.petition.number), facts=facts)
    with at("2026-11-18 09:00") as now:
        obligations.extend(owed, 30, now)
    owed.refresh_from_db()
    assert (owed.breached_at, str(owed.due_legal)) == (sh("2026-11-17"), "2026-12-14")
    for moment in ("2026-11-21", "2026-12-01", "2026-12-10", "2026-12-14 23:59"):
        sweep_at(moment)
    steps = Escalation.objects.filter(obligation=owed).order_by("id").values_list("step", flat=True)
    assert list(steps) == ["overdue", "warn_3wd"]  # warned of the new date; nobody above meanwhile
    with at("2026-12-14 12:00"):
        act(demand, "handler", "answer", {"outcome": "supported", "text": "已修好"})
    owed.refresh_from_db()
    assert (owed.breached_at, owed.outcome) == (sh("2026-11-17"), "late")


def test_anchor_9_what_nobody_swept_before_the_extension_was_breached_all_the_same(city):
    demand = handling()
    event()
    obligations.extend(owed_about(demand, "XF06"), 30, sh("2026-11-18 09:00"))
    assert owed_about(demand, "XF06").breached_at == sh("2026-11-17")


def test_after_all_of_it_the_log_is_whole(city):
    demand = handling()
    for moment in ("2026-10-28", "2026-11-17", "2026-11-21", "2026-11-24", "2026-11-28"):
        sweep_at(moment)
    with at("2026-11-29"):
        act(demand, "handler", "answer", {"outcome": "supported", "text": "已修好"})
    assert verify("responsibility_obligation", "responsibility_escalation", "responsibility_notice").ok

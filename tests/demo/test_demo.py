"""The demo: what it holds, that it keeps the rules of the record, and that what nobody touches climbs to the root."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from citizens.models import CitizenNotification, Complained
from inspection.models import Conclusion, Inspection, InspectionPlan, Milestone, WhistleCall
from massline.time import SHANGHAI
from petitions.demo import grow, story
from petitions.models import FINAL, Demand, Petition, State
from petitions.transfers.models import Transfer
from records.timeline import timeline
from responsibility import ladder
from responsibility.chain import Skip, chain
from responsibility.demo.files import read
from responsibility.models import Appointment, Escalation, EscalationState, Notice, Obligation, Organ
from responsibility.sweep import sweep
from tests import database

PASSWORD = "a demo password"
NOW = datetime(2026, 6, 15, 9, 30, tzinfo=SHANGHAI)
GROWN = list(grow.petitions(lambda *of: Random(str(of))))


def load_demo() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demo in a database of its own, loaded by the command; yields what that printed.

    The clock stands still: however slow the machine is, nothing falls due between the loading and what a test asks.
    """
    as_the_demo, at_the_moment = (
        override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD),
        time_machine.travel(NOW, tick=False),
    )
    with django_db_blocker.unblock(), database.passing("demo"), at_the_moment, as_the_demo:
        yield load_demo()


@pytest.fixture
def undone(loaded: str) -> Iterator[None]:
    """What a test does to the demo is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def escalated_to(username: str) -> Counter[str]:
    mine = Escalation.objects.filter(notices__recipient__username=username, notices__kind="escalated")
    return Counter(mine.values_list("state", flat=True))


def hands_of(record: Any, event: str) -> str:
    """By whose hands this happened to a record; nobody's where it did not."""
    found = AuditEvent.objects.filter(subject_kind=record.KIND, subject_key=record.number, name=event).first()
    return found.actor_key if found else ""


def test_city(loaded: str) -> None:
    assert (Organ.objects.count(), User.objects.count()) == (45, 131)
    assert all(user.check_password(PASSWORD) for user in User.objects.filter(username__in=["clerk", "mayor"]))
    assert PASSWORD in loaded
    for name in ("clerk", "chief", "handler", "deputy", "leader", "mayor", "secretary", "inspector", "auditor"):
        assert f"  {name} " in loaded


def test_every_state_and_every_level(loaded: str) -> None:
    assert Petition.objects.count() == len(story.written()) + len(GROWN) > 300
    states = Counter(Demand.objects.values_list("state", flat=True))
    assert set(states) == set(State)
    assert min(states[state] for state in ("forwarded", "accepted", "handling", "answered", "closed")) >= 10
    assert states["closed"] > Petition.objects.count() / 4
    steps = set(Escalation.objects.values_list("step", flat=True))
    assert steps >= {ladder.WARN_SHARE, ladder.WARN_DAYS, ladder.OVERDUE, ladder.TOP, "superior-1", "superior-2"}
    for leader in ("leader", "mayor", "secretary", "xiaoguangming"):
        assert escalated_to(leader)[EscalationState.SENT] + escalated_to(leader)[EscalationState.ACKNOWLEDGED]
    assert escalated_to("mayor")[EscalationState.SENT]
    assert Escalation.objects.filter(state=EscalationState.INSTRUCTED).exclude(instruction="").exists()
    waiting = CitizenNotification.objects.filter(state="waiting")
    assert 0 < waiting.count() < 70


def test_title_text_wish_and_answer_of_a_petition_are_of_one_matter() -> None:
    told = [theme | case for theme in read(story.HERE / "themes.toml")["theme"] for case in theme["case"]]
    cases = {case["wish"]: case for case in told}
    assert len(cases) == len(told), "each has a wish of its own"
    for petition in GROWN:
        case = cases[petition["wish"]]
        words = [{"p": petition["place"], "n": n} for n in case["numbers"]]
        assert (petition["title"], petition["body"]) in [
            (case["title"].format(**w), case["text"].format(**w)) for w in words
        ]
        for step in petition["story"]:
            if step["act"] == "answer":
                assert any(step["text"].startswith(text) for _outcome, text in case["answer"])


def test_the_log_is_clean(loaded: str) -> None:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert "ok: every row is as the log says" in out.getvalue()


def test_a_second_run_changes_nothing(loaded: str) -> None:
    events, petitions = AuditEvent.objects.count(), Petition.objects.count()
    assert loaded.endswith(load_demo())
    assert (AuditEvent.objects.count(), Petition.objects.count()) == (events, petitions)


def test_another_password_is_set_for_all(undone: None) -> None:
    with override_settings(DEMO_PASSWORD="another one"):
        assert "another one" in load_demo()
    assert User.objects.get(username="auditadmin").check_password("another one")
    assert AuditEvent.objects.filter(name="demo_password_set").count() == 1


@pytest.mark.django_db
def test_never_among_real_data(django_user_model: Any) -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError):
        load_demo()
    with transaction.atomic():
        django_user_model.objects.create_user("somebody", name="Somebody")
    with override_settings(DEMO=True), pytest.raises(CommandError):
        load_demo()
    assert not Petition.objects.exists()


def test_somebody_owes_something_for_everything_open(loaded: str) -> None:
    for demand in Demand.objects.exclude(state__in=FINAL):
        owed = Obligation.objects.open().about("petition", demand.pk)
        assert owed.exists(), demand
        assert demand.due_at == min(o.due_at for o in owed if o.due_at)
        for obligation in owed:
            assert obligation.post.organ_id == obligation.organ_id
            assert Appointment.objects.on(NOW.date()).filter(post=obligation.post_id).exists()
    closed = Demand.objects.filter(state__in=FINAL).values("pk")
    left = Obligation.objects.open().filter(subject_kind="petition", subject_id__in=closed)
    assert set(left.values_list("rule", flat=True)) <= {"XF03", "ML05", "ML06"}, "a letter, or a look"


def test_every_letter_is_told_in_time_but_for_twenty(loaded: str) -> None:
    """What was made when its period was over already is not the teller's fault."""
    letters = [t for t in CitizenNotification.objects.select_related("owed") if t.owed and t.owed.due_at]
    in_time = [t for t in letters if t.made_at < t.owed.due_at]  # type: ignore[union-attr,operator]
    late = [t for t in in_time if t.owed and t.owed.is_overdue(NOW)]
    assert len(late) == 20 and len(in_time) > 500
    lying = [t for t in late if t.state == "waiting"]
    assert len(lying) == 5 and all(t.owed and t.owed.breached_at for t in lying)


def test_nobody_complained_about_is_told(loaded: str) -> None:
    named = list(Complained.objects.exclude(user=None).select_related("user"))
    assert named
    for complained in named:
        petition = Petition.objects.get(filing=complained.filing_id)
        assert complained.user is not None
        assert not Notice.objects.filter(recipient=complained.user, subject_key=petition.number).exists()
        assert not Demand.objects.for_user(complained.user).filter(petition=petition).exists()


def test_who_stands_in_and_what_is_vacant(loaded: str) -> None:
    absent = User.objects.get(username="taojianguo")
    assert not Notice.objects.filter(recipient=absent).exists()
    assert AuditEvent.objects.filter(actor_key="songyufen", acted_for=absent.name).exists()
    demand = Demand.objects.filter(organ__code="zhujian", state="handling").first()
    assert demand is not None
    top = [link for link in chain(demand.chain_subject(), NOW) if link.acting_for == absent.name]
    assert [link.user_name for link in top] == ["宋玉芬"]
    skipped = [gap["reason"] for e in Escalation.objects.filter(step="superior-1") for gap in e.skipped or ()]
    assert Skip.VACANT in skipped
    assert Notice.objects.filter(recipient__username="sysadmin", kind="chain_gap").exists()


def test_timelines_tell_the_moments_of_the_story(loaded: str) -> None:
    for demand in Demand.objects.select_related("petition"):
        moments = [one.at for one in timeline(demand.matter, public=False)]
        assert moments == sorted(moments)
        assert moments[0] == demand.received_at
        assert moments[-1] <= timezone.now()


def test_a_sweep_now_finds_nothing(loaded: str) -> None:
    swept = sweep(timezone.now())
    assert (swept.warned, swept.overdue, swept.escalated, swept.remaining) == (0, 0, 0, 0)


def test_what_nobody_touches_climbs_to_the_root_and_stops(undone: None) -> None:
    for days in range(1, 121):
        swept = sweep(NOW + timedelta(days=days))
        assert (swept.remaining, swept.failed) == (0, [])
    owed = Obligation.objects.open().filter(subject_kind="petition")
    assert owed.exists()
    for obligation in owed:
        last = obligation.escalations.exclude(step__in=ladder.WARNINGS).latest("id")
        assert last.organ.parent_id is None, obligation
        assert (obligation.next_step, obligation.next_at) == ("", None)
        assert obligation.breached_at == obligation.due_at
    leaders = Obligation.objects.open().filter(subject_kind="escalation")
    assert not leaders.exclude(next_at=None).exists()


def test_accusations_were_handed_over_and_exist_for_nobody(loaded: str) -> None:
    lines = Counter(Transfer.objects.values_list("state", flat=True))
    assert lines == {"sent": 2, "receipted": 1}
    for user in User.objects.filter(is_active=True):
        assert not Demand.objects.for_user(user).filter(state="transferred").exists()
    assert not Petition.objects.filter(title__contains="食堂采购").exists(), "the receipt has come: it is sealed"
    assert Obligation.objects.open().filter(rule="SV04").count() == 2


def test_inspections_of_the_year_plan_and_by_themselves(loaded: str) -> None:
    assert InspectionPlan.objects.values_list("year", "state").get() == (2026, "approved")
    assert set(Inspection.objects.values_list("announced", "state")) == {(True, "concluded"), (False, "closed")}
    served = {one.organ.code: one for one in Conclusion.objects.select_related("organ")}
    assert {organ: one.state for organ, one in served.items()} == {"chengguan": "decided", "shichang": "settled"}
    hands = {name: hands_of(served["chengguan"], name) for name in ("conclusion.served", "conclusion.changed")}
    assert hands == {"conclusion.served": "shangyun", "conclusion.changed": "fangzheng"}, "rechecked by others"
    assert not hands_of(served["shichang"], "conclusion.announced"), "nobody there knew before"


def test_organs_help_with_tasks_and_one_of_them_has_done_its_part(loaded: str) -> None:
    helps = Milestone.objects.filter(task__organ__code="zhujian", helper__isnull=False)
    assert {one.helper.code: bool(one.fact) for one in helps if one.helper} == {"liuyin": True, "shichang": False}
    owed = Obligation.objects.open().filter(rule="DD10", organ__code="shichang", subject_kind="task")
    assert set(owed.values_list("item", flat=True)) <= {4, 5} and owed.exists()


def test_a_whistle_to_which_one_came_one_cannot_and_one_is_late(loaded: str) -> None:
    found = {one.organ.code: one for one in WhistleCall.objects.all()}
    assert {code: (one.state, one.worth) for code, one in found.items()} == {
        "chengguan": ("came", "solved"),
        "shengtai": ("cannot", ""),
        "zhujian": ("called", ""),
    }
    assert [code for code, one in found.items() if one.is_late(NOW.date())] == ["zhujian"]
    owed = Obligation.objects.open().filter(subject_kind="whistle").values_list("rule", "organ__code")
    assert set(owed) == {("CS01", "zhujian"), ("CS01", "shengtai"), ("CS02", "shi")}
    late = Escalation.objects.filter(obligation__subject_kind="whistle", obligation__organ__code="zhujian")
    assert ladder.OVERDUE in set(late.values_list("step", flat=True))

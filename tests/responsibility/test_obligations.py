"""What is owed: opened, closed, opened again, handed over, extended. A breach, once dated, stays."""

from datetime import datetime, timedelta

import pytest

from responsibility import obligations
from responsibility.models import Escalation, Obligation, Organ
from responsibility.subjects import ChainSubject, Matter
from responsibility.sweep import sweep
from tests.chain_lab import appoint, event, organ, owed_about, person, post, sh
from tests.city import act, file_petition, tell_all, walk_to

pytestmark = pytest.mark.django_db
FILED = sh("2026-09-15 10:00")
MATTER = Matter("petition", 1, "XF20260915-000001")


@pytest.fixture(autouse=True)
def _event():
    event()


@pytest.fixture
def work():
    office = organ("住建局", organ("市委", kind="committee"))
    return ChainSubject(office.pk, "010101", post(office, "科员", person("经办")).pk)


def opened(work, rule="XF06", at=FILED, **more):
    return obligations.open_(MATTER, rule, work, at, **more)


def dates(obligation):
    return (obligation.due_strict.isoformat(), obligation.due_legal.isoformat())


@pytest.mark.parametrize(
    ("rule", "start", "strict", "legal", "provisional"),
    [
        ("XF01", "2026-09-15 10:00", "2026-09-30", "2026-09-30", False),
        ("XF01", "2026-09-18 10:00", "2026-10-03", "2026-10-08", False),  # National Day
        ("XF01", "2026-09-05 00:00", "2026-09-20", "2026-09-20", False),  # a Sunday worked instead
        ("XF06", "2026-07-27 09:00", "2026-09-25", "2026-09-28", False),  # Mid-Autumn, three days
        ("XF06", "2026-11-23 09:00", "2027-01-22", "2027-01-22", True),
        ("XF01", "2026-12-16 09:00", "2026-12-31", "2026-12-31", False),
        ("XF01", "2026-12-17 09:00", "2027-01-01", "2027-01-04", True),
        ("ML01", "2026-09-24 09:00", "2026-10-15", "2026-10-15", False),
        ("ML02", "2026-09-30 23:59", "2026-10-08", "2026-10-08", False),
    ],
)
def test_dates_by_hand(work, rule, start, strict, legal, provisional):
    found = opened(work, rule, sh(start))
    assert dates(found) == (strict, legal)
    assert found.provisional is provisional
    end = datetime.fromisoformat(legal).date() + timedelta(days=1)
    assert found.due_at == sh(f"{end}")


def test_it_keeps_the_edition_that_it_was_opened_under(work):
    found = opened(work, "XF01", sh("2022-05-01 00:00"))
    assert (found.edition, obligations.rule_of(found).edition) == ("2022", "2022")
    Obligation.objects.filter(pk=found.pk).update(edition="2005")
    found.refresh_from_db()
    assert "2005" in obligations.computed_due(found).rule.basis
    # What was filed before falls under the older regulation, and before that under none that is on record.
    assert opened(work, "XF06", sh("2022-04-30 23:59")).edition == "2005"
    with pytest.raises(ValueError, match="1995"):
        opened(work, "XF01", sh("2005-04-30 23:59"))


def test_a_rule_without_a_number_has_no_date_and_never_climbs(work):
    found = opened(work, "XF12")
    assert (found.strict_at, found.due_at, found.next_at, found.next_step) == (None, None, None, "")
    ordered = opened(work, "XF16")
    assert ordered.due_at is None
    obligations.close(found, FILED)
    assert dates(opened(work, "XF12", days=20)) == ("2026-10-05", "2026-10-08")


def test_the_hours_of_a_rule_by_the_hour(work):
    found = opened(work, "HL03a", sh("2026-10-01 23:30"))
    assert found.due_legal == sh("2026-10-02 01:30")


def test_hours_that_end_at_midnight_are_shown_as_an_hour(work):
    assert opened(work, "HL03a", sh("2026-10-01 22:00")).due_legal == sh("2026-10-02 00:00")


def test_an_organ_without_a_post_cannot_owe(work):
    with pytest.raises(obligations.NoResponsiblePost):
        opened(ChainSubject(organ("无人局").pk, "010101"))


def test_what_nobody_handles_yet_is_owed_by_whoever_receives_for_the_organ(work):
    assert opened(ChainSubject(work.organ, "010101")).post_id == work.post  # the only post there is
    top = post(Organ.objects.get(pk=work.organ), "局长", person("局长"), is_top=True)
    assert opened(ChainSubject(work.organ, "010101"), "XF05").post_id == top.pk
    intake = post(Organ.objects.get(pk=work.organ), "收件", person("收件"), is_intake=True)
    assert opened(ChainSubject(work.organ, "010101"), "XF03").post_id == intake.pk


def test_warnings_use_the_plain_count_and_overdue_the_legal_one(work):
    found = opened(work, "XF01", sh("2026-09-18 00:00"))  # strict Saturday 3 October, legal Thursday 8 October
    assert (found.next_step, found.next_at) == ("warn_3wd", sh("2026-09-28"))
    obligations.schedule(found, sh("2026-09-28"))
    assert (found.next_step, found.next_at) == ("warn_30", sh("2026-10-04") - timedelta(days=16) * 0.3)
    obligations.schedule(found, sh("2026-10-04"))
    assert (found.next_step, found.next_at) == ("overdue", sh("2026-10-09"))


@pytest.mark.parametrize(
    ("moment", "outcome", "late"),
    [
        ("2026-09-20 10:00", "met", False),
        ("2026-09-30 23:59:59", "met", False),
        ("2026-10-01 00:00", "late", True),
        ("2026-10-20 00:00", "late", True),
    ],
)
def test_closing_in_time_or_late(work, moment, outcome, late):
    found = opened(work, "XF01")
    obligations.close(found, sh(moment))
    found.refresh_from_db()
    assert (found.outcome, found.closed_at, found.next_at) == (outcome, sh(moment), None)
    assert found.breached_at == (sh("2026-10-01") if late else None)


def test_released_late_is_released_and_breached(work):
    found = opened(work, "XF01")
    obligations.close(found, sh("2026-10-02"), released=True)
    assert (found.outcome, found.breached_at) == ("released", sh("2026-10-01"))


def test_closing_all_or_some(work):
    for rule in ("XF01", "XF03", "XF06"):
        opened(work, rule)
    obligations.close_all(MATTER, FILED, ["XF01"])
    assert set(Obligation.objects.open().values_list("rule", flat=True)) == {"XF03", "XF06"}
    obligations.close_all(Matter("petition", 2, "other"), FILED)
    assert Obligation.objects.open().count() == 2
    obligations.close_all(MATTER, FILED, released=True)
    assert not Obligation.objects.open().exists()


def test_opened_again_with_the_same_dates(work):
    found = opened(work)
    obligations.close(found, sh("2026-10-20 12:00"))
    other = post(post_of(work).organ, "另一科员", person("另一"))
    again = obligations.reopen(
        MATTER, "XF06", ChainSubject(work.organ, work.content_class, other.pk), sh("2026-11-20 12:00")
    )
    assert again.pk == found.pk
    assert (again.closed_at, again.outcome, again.due_at, again.post_id) == (None, "", found.due_at, other.pk)
    assert (again.next_step, again.next_at) == ("overdue", found.due_at)  # both warnings lie behind


def post_of(work):
    from responsibility.models import Post

    return Post.objects.get(pk=work.post)


def test_opened_again_before_a_warning_is_warned(work):
    found = opened(work)
    before = (found.next_step, found.next_at)
    obligations.close(found, sh("2026-09-20"))
    again = obligations.reopen(MATTER, "XF06", work, sh("2026-09-21"))
    assert (again.next_step, again.next_at) == before


# --- extension (XF07) -----------------------------------------------------------------------------------------------


def test_an_extension_counts_from_the_original_last_day(work):
    found = opened(work)  # 14 November, a Saturday
    assert dates(found) == ("2026-11-14", "2026-11-16")
    obligations.extend(found, 30, sh("2026-11-10"))
    found.refresh_from_db()
    assert dates(found) == ("2026-12-14", "2026-12-14")
    assert found.extended_days == 30
    obligations.extend(found, 30, sh("2026-12-01"))
    assert dates(found) == ("2027-01-13", "2027-01-13") and found.provisional


def step(found, name, at):
    """As if the sweep had taken it."""
    found.escalations.create(step=name, organ_id=found.organ_id, since=at, noticed_at=at, state="told")


def test_after_an_extension_the_warnings_that_were_not_given_are_given(work):
    found = opened(work)
    step(found, "warn_30", found.next_at)
    obligations.extend(found, 30, sh("2026-11-01"))
    assert (found.next_step, found.next_at) == ("warn_3wd", sh("2026-12-10"))


def test_after_an_extension_no_step_is_taken_twice(work):
    found = opened(work)
    for name in ("warn_30", "warn_3wd", "overdue"):
        step(found, name, sh("2026-11-17"))
    obligations.extend(found, 10, sh("2026-11-18"))  # 24 November
    assert found.breached_at == sh("2026-11-17")
    assert (found.next_step, found.next_at) == ("top", sh("2026-11-25"))


def test_after_a_short_extension_the_ladder_keeps_its_distance(work):
    found = opened(work)
    step(found, "overdue", sh("2026-11-17"))
    obligations.extend(found, 3, sh("2026-11-18"))  # until 17 November, which is over
    assert (found.next_step, found.next_at) == ("top", sh("2026-11-21"))


def test_the_root_is_told_once_whatever_is_extended_or_opened_again(work):
    found = opened(work)
    for name in ("overdue", "top", "superior-1"):
        step(found, name, sh("2026-11-30"))
    obligations.schedule(found, sh("2026-12-01"))
    assert (found.next_step, found.next_at) == ("", None)


def test_a_skipped_step_is_not_taken_later(work):
    """Nobody was there at the overdue step, so it entered at the top: it never goes back down."""
    found = opened(work)
    step(found, "top", sh("2026-11-17"))
    obligations.schedule(found, sh("2026-11-17"))
    assert (found.next_step, found.next_at) == ("superior-1", sh("2026-11-25"))


def test_an_extension_after_the_breach_leaves_it_late(work):
    found = opened(work)
    obligations.extend(found, 30, sh("2026-11-20"))
    assert found.breached_at == sh("2026-11-17")
    obligations.close(found, sh("2026-12-01"))
    assert (found.outcome, found.breached_at) == ("late", sh("2026-11-17"))


def test_a_late_answer_that_is_returned_stays_late(work):
    found = opened(work)
    obligations.close(found, sh("2026-11-20"))
    again = obligations.reopen(MATTER, "XF06", work, sh("2026-11-21"))
    assert again.breached_at == sh("2026-11-17")
    obligations.extend(again, 30, sh("2026-11-21"))
    obligations.close(again, sh("2026-11-22"))
    assert again.outcome == "late"


# --- on a petition --------------------------------------------------------------------------------------------------


def test_a_filing_is_owed_by_the_petition_office_from_its_receipt(city):
    filed = file_petition(received_at=FILED)
    found = Obligation.objects.open().about("petition", filed.demand.pk).get()
    assert (found.rule, found.organ, found.post) == ("XF01", city.organ["office"], city.post["clerk"])
    assert found.opened_at == FILED == filed.demand.received_at
    assert (filed.demand.strict_at, filed.demand.due_at) == (found.strict_at, found.due_at)


@pytest.mark.parametrize(
    ("state", "owed"),
    [
        ("received", {"XF01": "clerk"}),
        ("registered", {"XF01": "clerk"}),
        ("forwarded", {"XF03": "receiver"}),
        ("objected", {"ML04": "clerk"}),
        ("declining", {"ML04": "clerk", "XF03": "receiver"}),
        ("accepted", {"XF06": "receiver"}),
        ("handling", {"XF06": "handler"}),
        ("answered", {"ML01": "clerk"}),
        ("closed", {}),
        ("not_accepted", {}),
        ("withdrawn", {}),
    ],
)
def test_what_is_owed_in_each_state_and_by_which_post(city, state, owed):
    filed = walk_to(state)
    found = Obligation.objects.open().about("petition", filed.demand.pk)
    assert {o.rule: o.post_id for o in found} == {rule: city.post[who].pk for rule, who in owed.items()}
    earliest = min((o.due_at for o in found), default=None)
    filed.demand.refresh_from_db()
    assert filed.demand.due_at == earliest


def test_an_objection_upheld_is_the_offices_to_reroute(city):
    filed = walk_to("objected")
    demand = act(filed.demand, "chief", "decide_objection", {"agree": "true", "reason": "属实"})
    assert (demand.organ, demand.state) == (city.organ["office"], "registered")
    assert owed_about(demand, "ML04").closed_at is None
    demand = act(demand, "clerk", "forward", {"organ": "other", "note": ""})
    assert owed_about(demand, "ML04").outcome == "met"
    assert owed_about(demand, "XF03").organ == city.organ["other"]


def test_an_objection_dismissed_opens_the_same_period_again(city):
    filed = walk_to("objected")
    before = owed_about(filed.demand, "XF03")
    assert before.outcome == "released"
    demand = act(filed.demand, "chief", "decide_objection", {"agree": "false", "reason": "属于你单位"})
    after = owed_about(demand, "XF03")
    assert (after.pk, after.closed_at, after.due_at) == (before.pk, None, before.due_at)
    assert demand.due_at == before.due_at


def test_a_returned_answer_opens_the_same_period_again(city):
    filed = walk_to("answered")
    before = owed_about(filed.demand, "XF06")
    demand = act(filed.demand, "chief", "return", {"reason": "没有写明依据"})
    after = owed_about(demand, "XF06")
    assert (after.pk, after.closed_at, after.due_at, after.post) == (
        before.pk, None, before.due_at, city.post["handler"],
    )  # fmt: skip
    assert owed_about(demand, "ML01").outcome == "released"
    tell_all(demand)
    demand.refresh_from_db()
    assert demand.due_at == after.due_at


def test_assigning_again_hands_over_what_is_owed(city):
    filed = walk_to("handling")
    act(filed.demand, "deputy", "assign", {"handler": "colleague"})
    assert owed_about(filed.demand, "XF06").post == city.post["colleague"]


def test_forwarding_to_an_organ_without_posts_is_refused_in_words(city):
    from massline.acts import Invalid

    bare = organ("没有岗位的单位", city.organ["root"])
    filed = walk_to("registered")
    with pytest.raises(Invalid) as refused:
        act(filed.demand, "clerk", "forward", {"organ": bare.code, "note": ""})
    assert "organ" in refused.value.errors


def test_what_leaders_owe_about_finished_work_is_released(city):
    filed = walk_to("handling", file_petition(received_at=FILED))
    obligation = owed_about(filed.demand, "XF06")
    sweep(obligation.due_at)
    obligation.refresh_from_db()
    sweep(obligation.next_at)
    climbed = Escalation.objects.get(obligation=obligation, step="top")
    assert climbed.owed.open().count() == 2
    act(filed.demand, "handler", "answer", {"outcome": "supported", "text": "已修好"})
    climbed.refresh_from_db()
    assert climbed.state == "settled"
    assert set(climbed.owed.values_list("outcome", flat=True)) == {"released"}


def test_nobody_who_left_is_owed_anything_new(city):
    """The post owes, whoever holds it: the successor finds it in their work."""
    from responsibility.desk.owed import owed_by

    filed = walk_to("handling")
    held = city.post["handler"].appointments.get()
    day = held.since + timedelta(days=400)
    type(held).objects.filter(pk=held.pk).update(until=day)
    successor = person("新科员")
    appoint(successor, city.post["handler"], since=day)
    assert filed.demand.pk in {o.subject_id for o in owed_by(successor)}

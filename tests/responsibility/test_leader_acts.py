"""The leader's desk as acts: acknowledge, instruct (批示), reassign; who may, what it closes, what it postpones."""

import pytest
from django.urls import reverse
from django.utils import timezone

from massline.acts import Invalid, NotVisible, WrongState, perform
from massline.keys import id_of, key_of
from responsibility.acts import LEADER_ACTS
from responsibility.desk.escalations import escalated_to
from responsibility.desk.owed import owed_by
from responsibility.models import Appointment, Escalation, Notice, Post
from tests.chain_lab import absent, appoint, at, names, owed_about, person, post, sh, sweep_at
from tests.city import act, file_petition, walk_to
from tests.reader import words

pytestmark = pytest.mark.django_db
TEXT = {"text": "请住建局三日内办结并报告。"}


@pytest.fixture
def climbed(city):
    """A petition being handled that has climbed to the head of the department (Saturday 21 November)."""
    with at("2026-09-15 10:00") as now:
        demand = walk_to("handling", file_petition(received_at=now)).demand
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    return demand


def top(demand, step="top"):
    return Escalation.objects.get(obligation=owed_about(demand, "XF06"), step=step)


def do(who, slug, escalation, data=None, moment="2026-11-23 09:00"):
    with at(moment):
        return perform(LEADER_ACTS[slug], Escalation, escalation.pk, who, data or {})


def offered(escalation, leader):
    """The posts to which the work may be reassigned."""
    choices = list(LEADER_ACTS["reassign"].build_form(escalation, leader, None).fields["post"].choices)
    assert choices[0] == ("", "请选择"), "nobody is chosen beforehand"
    return set(Post.objects.filter(pk__in=[id_of("post", key) for key, _label in choices[1:]]))


def owed(escalation):
    return dict(escalation.owed.values_list("rule", "outcome"))


def test_acknowledging_closes_the_first_duty_only(city, climbed):
    done = do(city.leader, "acknowledge", top(climbed))
    assert (done.state, done.answered_by, done.acknowledged_at) == ("acknowledged", city.leader, sh("2026-11-23 09:00"))
    assert owed(done) == {"ML02": "met", "ML03": ""}


def test_instructing_closes_both(city, climbed):
    done = do(city.leader, "instruct", top(climbed), TEXT)
    assert (done.state, done.instruction, done.instructed_at) == ("instructed", TEXT["text"], sh("2026-11-23 09:00"))
    assert owed(done) == {"ML02": "met", "ML03": "met"}


def test_answering_late_is_late(city, climbed):
    done = do(city.leader, "acknowledge", top(climbed), moment="2026-11-24 00:00")
    done = do(city.leader, "instruct", done, TEXT, moment="2026-11-25 23:59")
    assert owed(done) == {"ML02": "late", "ML03": "met"}


def test_either_of_two_leaders_answers(city, climbed):
    sweep_at("2026-11-28")
    step = top(climbed, "superior-1")
    do(city.mayor, "acknowledge", step, moment="2026-11-30")
    done = do(city.secretary, "instruct", step, TEXT, moment="2026-12-01")
    assert (done.state, done.answered_by) == ("instructed", city.secretary)
    assert owed(done) == {"ML02": "met", "ML03": "met"}
    with pytest.raises(WrongState):
        do(city.mayor, "instruct", step, TEXT, moment="2026-12-01")


def test_it_cannot_be_acknowledged_or_instructed_twice(city, climbed):
    do(city.leader, "acknowledge", top(climbed))
    with pytest.raises(WrongState):
        do(city.leader, "acknowledge", top(climbed))
    do(city.leader, "instruct", top(climbed), TEXT)
    for slug in ("acknowledge", "instruct", "reassign"):
        with pytest.raises(WrongState):
            do(city.leader, slug, top(climbed), TEXT)


@pytest.mark.parametrize(
    "who", ["handler", "deputy", "colleague", "chief", "clerk", "secretary", "other_leader", "inspector", "sysadmin"]
)
@pytest.mark.parametrize("slug", ["acknowledge", "instruct", "reassign"])
def test_it_is_nobody_elses(city, climbed, who, slug):
    with pytest.raises(NotVisible):
        do(getattr(city, who), slug, top(climbed), TEXT)


@pytest.mark.parametrize("step", ["overdue", "warn_30"])
def test_what_is_only_told_asks_for_no_answer(city, step):
    with at("2026-09-15 10:00") as now:
        demand = walk_to("handling", file_petition(received_at=now)).demand
    sweep_at("2026-10-28")
    sweep_at("2026-11-17")
    for who in (city.leader, city.deputy, city.handler):
        with pytest.raises(NotVisible):
            do(who, "acknowledge", top(demand, step))


def test_instructing_needs_words(city, climbed):
    with pytest.raises(Invalid) as refused:
        do(city.leader, "instruct", top(climbed), {"text": "  "})
    assert "text" in refused.value.errors
    assert owed(top(climbed)) == {"ML02": "", "ML03": ""}


def test_instructing_postpones_the_next_step_by_the_rest_of_the_ladder(city, climbed):
    assert owed_about(climbed, "XF06").next_at == sh("2026-11-28")
    do(city.leader, "instruct", top(climbed), TEXT)  # Monday the 23rd: five working days
    assert (owed_about(climbed, "XF06").next_step, owed_about(climbed, "XF06").next_at) == (
        "superior-1", sh("2026-12-01"),
    )  # fmt: skip
    sweep_at("2026-11-30 23:59")
    assert not Escalation.objects.filter(step="superior-1").exists()
    sweep_at("2026-12-01")
    assert names("escalated", escalation=top(climbed, "superior-1")) == {"secretary", "mayor"}


def test_acknowledging_postpones_nothing(city, climbed):
    do(city.leader, "acknowledge", top(climbed))
    assert owed_about(climbed, "XF06").next_at == sh("2026-11-28")


def test_an_instruction_never_brings_the_next_step_nearer(city, climbed):
    do(city.leader, "instruct", top(climbed), TEXT, moment="2026-11-21 00:01")
    assert owed_about(climbed, "XF06").next_at == sh("2026-11-28")


def test_an_instruction_from_below_does_not_hold_back_what_has_climbed_past_it(city):
    """In the district the head of the department answers only after the district head was told."""
    with at("2026-09-15 10:00") as now:
        demand = file_petition(region="990102000000", received_at=now).demand
        for who, slug, data in (
            ("district_clerk", "register", {"category": "010101", "region": "990102000000", "purpose": "request"}),
            ("district_clerk", "forward", {"organ": "district_department", "note": ""}),
            ("district_leader", "accept", {}),
            ("district_leader", "assign", {"handler": "district_handler"}),
        ):
            demand = act(demand, who, slug, data)
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    assert owed_about(demand, "XF06").next_at == sh("2026-12-05")
    do(city.district_leader, "instruct", top(demand), TEXT, moment="2026-12-04 17:00")
    assert owed_about(demand, "XF06").next_at == sh("2026-12-05")
    do(city.district_head, "instruct", top(demand, "superior-1"), TEXT, moment="2026-12-04 17:00")
    assert owed_about(demand, "XF06").next_at == sh("2026-12-12")


def test_instructing_adds_responsibility_and_moves_none_away(city, climbed):
    before = owed_about(climbed, "XF06")
    do(city.leader, "instruct", top(climbed), TEXT)
    after = owed_about(climbed, "XF06")
    assert (after.post, after.due_at, after.breached_at, after.closed_at) == (
        before.post, before.due_at, before.breached_at, None,
    )  # fmt: skip


def test_everybody_below_is_told_of_the_instruction(city, climbed):
    Notice.objects.all()
    do(city.leader, "instruct", top(climbed), TEXT)
    assert names("instructed") == {"handler", "deputy", "clerk", "chief"}


def test_one_complained_about_is_not_told_of_the_instruction(city):
    with at("2026-09-15 10:00") as now:
        accused = [{"kind": "person", "name": name} for name in ("傅主管", "程登记")]
        filed = file_petition(received_at=now, complained_about=accused)
        for who, slug, data in (
            ("chief", "register", {"category": "010101", "region": "990100000000", "purpose": "request"}),
            ("chief", "forward", {"organ": "department", "note": ""}),
            ("receiver", "accept", {}),
            ("leader", "assign", {"handler": "handler"}),
        ):
            filed.demand = act(filed.demand, who, slug, data)
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    do(city.leader, "instruct", top(filed.demand), TEXT)
    assert names("instructed") == {"handler", "chief"}


def test_reassigning_hands_the_work_over(city, climbed):
    done = do(city.leader, "reassign", top(climbed), {"post": key_of("post", city.post["colleague"].pk)} | TEXT)
    climbed.refresh_from_db()
    after = owed_about(climbed, "XF06")
    assert (done.state, done.instruction) == ("instructed", TEXT["text"])
    assert (climbed.handler, after.post) == (city.post["colleague"], city.post["colleague"])
    assert after.breached_at == sh("2026-11-17") and after.due_at == sh("2026-11-17")
    assert {"handler", "colleague"} <= names("instructed")
    with at("2026-11-23 10:00"):
        act(climbed, "colleague", "answer", {"outcome": "supported", "text": "已修好"})


def test_the_work_is_handed_only_to_somebody_there_who_is_not_complained_about(city):
    with at("2026-09-15 10:00") as now:
        accused = [{"kind": "person", "name": "何同事"}]
        demand = walk_to("handling", file_petition(received_at=now, complained_about=accused)).demand
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    vacant = post(city.organ["department"], "空岗")
    changed_hands = post(city.organ["department"], "换过人的岗", person("前任"))
    Appointment.objects.filter(post=changed_hands).update(until=sh("2026-01-01").date())
    appoint(person("现任"), changed_hands, since=sh("2026-01-01").date())
    left = post(city.organ["department"], "离任岗", person("离任者"))
    Appointment.objects.filter(post=left).update(until=sh("2026-01-01").date())
    assert offered(top(demand), city.leader) == {city.post["receiver"], city.post["deputy"], changed_hands}
    for refused in (vacant, left, city.post["colleague"], city.post["handler"], city.post["outsider"]):
        with pytest.raises(Invalid):
            do(city.leader, "reassign", top(demand), {"post": key_of("post", refused.pk)} | TEXT)


def test_reassigning_what_the_petition_office_owes_leaves_the_handler_alone(city):
    """To verify (ML01) is the office's; the department's handler stays who answered."""
    with at("2026-09-15 10:00") as now:
        demand = walk_to("answered", file_petition(received_at=now)).demand
    second = post(city.organ["office"], "复核岗", person("复核员"), is_intake=True)
    owed_about(demand, "ML01")
    sweep_at(owed_about(demand, "ML01").due_at)
    sweep_at(owed_about(demand, "ML01").next_at)
    step = Escalation.objects.get(obligation=owed_about(demand, "ML01"), step="top")
    do(
        city.chief,
        "reassign",
        step,
        {"post": key_of("post", second.pk)} | TEXT,
        moment=timezone.localtime(step.noticed_at),
    )
    demand.refresh_from_db()
    assert demand.handler == city.post["handler"]
    assert owed_about(demand, "ML01").post == second


def test_a_successor_answers_what_climbed_to_the_post(city, climbed):
    successor = person("新局长")
    day = sh("2026-11-23").date()
    Appointment.objects.filter(post=city.post["leader"]).update(until=day)
    appoint(successor, city.post["leader"], since=day)
    done = do(successor, "instruct", top(climbed), TEXT)
    assert done.answered_by == successor


def test_whoever_acts_for_the_leader_answers_in_their_place(city, climbed):
    away = absent(city.post["leader"], sh("2026-11-23").date())
    appoint(
        city.colleague, city.post["leader"], kind="acting", because="absence", absence=away,
        since=away.since, until=away.until,
    )  # fmt: skip
    assert do(city.colleague, "acknowledge", top(climbed)).answered_by == city.colleague


def test_a_successor_complained_about_does_not_answer_their_own_case(city):
    with at("2026-09-15 10:00") as now:
        accused = [{"kind": "person", "name": "何同事"}]
        demand = walk_to("handling", file_petition(received_at=now, complained_about=accused)).demand
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    day = sh("2026-11-23").date()
    Appointment.objects.filter(post=city.post["leader"]).update(until=day)
    appoint(city.colleague, city.post["leader"], since=day)
    for slug in ("acknowledge", "instruct", "reassign"):
        with pytest.raises(NotVisible):
            do(city.colleague, slug, top(demand), TEXT)


def test_nothing_is_answered_after_the_work_was_done(city, climbed):
    with at("2026-11-22 09:00"):
        act(climbed, "handler", "answer", {"outcome": "supported", "text": "已修好"})
    with pytest.raises(WrongState):
        do(city.leader, "instruct", top(climbed), TEXT)


def test_before_acceptance_only_who_can_accept_is_offered_the_work(city):
    """A plain colleague could neither see nor accept it."""
    with at("2026-09-15 10:00") as now:
        demand = walk_to("forwarded", file_petition(received_at=now)).demand
    sweep_at(owed_about(demand, "XF03").due_at)
    sweep_at(owed_about(demand, "XF03").next_at)
    climbed = Escalation.objects.get(obligation=owed_about(demand, "XF03"), step="top")
    assert city.post["deputy"] in offered(climbed, city.leader)
    assert city.post["colleague"] not in offered(climbed, city.leader)


def test_both_top_leaders_find_the_duty_to_answer_in_their_work(city, client):
    """An organ with two top posts: the duty stands on one of them, and either may do it (党政同责)."""
    with at("2026-09-15 10:00") as now:
        demand = walk_to("handling", file_petition(received_at=now)).demand
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    step = top(demand, "superior-1")
    assert {o.post for o in step.owed.all()} < {city.post["secretary"], city.post["mayor"]}, "it stands on one post"
    for who in (city.secretary, city.mayor):
        assert step in escalated_to(who)
        assert {o.rule for o in owed_by(who) if o.escalation_id == step.pk} == {"ML02", "ML03"}, who
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        address = reverse("escalation", args=[step.pk])
        assert f'href="{address}?after=' in client.get("/desk/").content.decode()
        shown = words(client.get(address).content.decode())
        assert shown.count("责任单位：中共试水市委、试水市人民政府 · 市委书记、市长") == 2, "both, whoever reads it"
    assert not [o for o in owed_by(city.leader) if o.escalation_id == step.pk], "not whom it does not address"
    do(city.mayor, "instruct", step, TEXT, moment="2026-11-30")
    assert not [o for o in owed_by(city.secretary) if o.escalation_id == step.pk], "answered by one, done for both"

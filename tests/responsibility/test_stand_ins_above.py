"""What climbs to a post is the say of whoever answers in it that day: stand-ins, successors, vacancies, two heads."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import User
from massline.acts import NotVisible, perform
from massline.keys import key_of
from petitions.models import State
from responsibility.acts import LEADER_ACTS
from responsibility.models import Appointment, Escalation, Preference
from responsibility.outbox.deliver import deliver
from tests.chain_lab import absent, at, event, owed_about, sh, sweep_at, told
from tests.city import act, file_petition, walk_to
from tests.mail_lab import post_office
from tests.people_lab import away, chain_on, inbox, look, opens, rest, stands_in

pytestmark = pytest.mark.django_db
FILED = "2026-09-15 10:00"
TEXT = {"text": "请三日内办结并报告。"}


def handled(**more: Any) -> Any:
    """Handled by the department since 15 September: overdue on 17 November, with its head on the 21st."""
    with at(FILED) as now:
        return walk_to(State.HANDLING, file_petition(received_at=now, **more)).demand


def step_of(demand: Any, step: str = "top") -> Escalation:
    return Escalation.objects.get(obligation=owed_about(demand, "XF06"), step=step)


def climbed_to_a_stand_in(city: SimpleNamespace, who: str) -> Escalation:
    """The head is away from 20 to 24 November; the stand-in is there until the 23rd."""
    demand = handled()
    event()
    absence = away(city.leader, date(2026, 11, 20), date(2026, 11, 25))
    stands_in(getattr(city, who), absence, date(2026, 11, 20), date(2026, 11, 24))
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    return step_of(demand)


def lines(moment: str) -> dict[str, set[str]]:
    """What came at this moment into whose inbox."""
    found: dict[str, set[str]] = {}
    for kind, who in told(told_at=sh(moment)):
        found.setdefault(kind, set()).add(who)
    return found


@pytest.mark.parametrize("who", ["colleague", "receiver"])
def test_what_climbed_to_a_stand_in_goes_back_with_the_post(city: SimpleNamespace, who: str) -> None:
    """The receiver sees the petition by their own post, and still has no say in the head's place afterwards."""
    step, stand_in = climbed_to_a_stand_in(city, who), getattr(city, who)
    address = f'href="/desk/escalations/{key_of("escalation", step.pk)}/'
    for moment, has_the_say in (("2026-11-23 23:59", True), ("2026-11-24 00:00", False)):
        with at(moment):
            listed = [row["id"] for row in rest(stand_in, "/escalations/")["results"]]
            assert listed == ([key_of("escalation", step.pk)] if has_the_say else []), moment
            assert opens(stand_in, f"/desk/escalations/{key_of('escalation', step.pk)}/") == has_the_say, moment
            for page in ("/desk/", "/desk/escalations/"):
                assert (address in look(stand_in, page)) == has_the_say, (moment, page)
                assert address in look(city.leader, page), (moment, page)
    for slug in ("acknowledge", "instruct"):
        with at("2026-11-24 00:00"), pytest.raises(NotVisible):
            perform(LEADER_ACTS[slug], Escalation, step.pk, stand_in, TEXT)
    with at("2026-11-24 00:01"):
        perform(LEADER_ACTS["acknowledge"], Escalation, step.pk, city.leader, {})


def test_what_a_stand_in_instructed_is_on_record_as_for_the_head(city: SimpleNamespace) -> None:
    step = climbed_to_a_stand_in(city, "receiver")
    with at("2026-11-23 23:59"):
        perform(LEADER_ACTS["instruct"], Escalation, step.pk, city.receiver, TEXT)
    with at("2026-11-30 09:00"):
        said = rest(city.leader, f"/petitions/{step.obligation.subject_key}/timeline/")["results"][-1]
    assert (said["event"], said["actor"]) == ("instructed", "钱接文（代 林局正）")
    assert said["sentence"] == "试水市住房和城乡建设局 局长已作出批示"


def test_a_reminder_reaches_whoever_answers_in_the_post_by_now(city: SimpleNamespace) -> None:
    """Sent to the stand-in on the 21st; on the 24th the stand-in is over, on the 26th the head is back."""
    climbed_to_a_stand_in(city, "receiver")
    for moment in ("2026-11-24", "2026-11-26"):
        sweep_at(moment)
    assert lines("2026-11-21") == {"escalated": {"receiver"}, "office": {"clerk", "chief"}}
    for day in ("2026-11-24", "2026-11-26"):
        assert lines(day) == {"overdue": {"leader"}, "office": {"clerk", "chief"}}, day


def test_a_reminder_reaches_the_successor_unless_it_is_about_them(city: SimpleNamespace) -> None:
    """What nobody in the post may hear of goes to those who keep the register of posts, and to the petition office."""
    of_all, about_one = handled(), handled(complained_about=[{"kind": "person", "name": "何同事", "organ": ""}])
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    event()
    Appointment.objects.filter(user=city.leader).update(until=date(2026, 11, 23))
    Appointment.objects.create(user=city.colleague, post=city.post["leader"], since=date(2026, 11, 23))
    sweep_at("2026-11-24")
    office = {("office", "clerk"), ("office", "chief")}
    today, one, other = sh("2026-11-24"), of_all.petition.number, about_one.petition.number
    assert told(told_at=today, subject_key=one) == {("overdue", "colleague"), *office}
    assert told(told_at=today, subject_key=other) == {("chain_gap", "sysadmin"), *office}


def test_an_instruction_is_told_to_whoever_does_the_work_that_day(city: SimpleNamespace) -> None:
    """And to all on the rungs below; not to a handler who is away while another stands in."""
    demand = handled()
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    event()
    stands_in(city.outsider, away(city.colleague, date(2026, 11, 23), date(2026, 12, 5)))
    given = {"post": key_of("post", city.post["colleague"].pk)} | TEXT
    with at("2026-11-23 10:00"):
        perform(LEADER_ACTS["reassign"], Escalation, step_of(demand).pk, city.leader, given)
    with at("2026-11-30 10:00"):
        perform(LEADER_ACTS["acknowledge"], Escalation, step_of(demand, "superior-1").pk, city.mayor, {})
    with at("2026-11-30 11:00"):
        perform(LEADER_ACTS["instruct"], Escalation, step_of(demand, "superior-1").pk, city.secretary, TEXT)
    below = {"handler", "deputy", "outsider", "clerk", "chief"}
    assert lines("2026-11-23 10:00") == {"instructed": below}
    assert lines("2026-11-30 10:00") == {}
    assert lines("2026-11-30 11:00") == {"instructed": below | {"leader"}}


def test_a_vacant_head_is_passed_over_and_every_page_says_why(city: SimpleNamespace) -> None:
    demand = handled()
    event()
    Appointment.objects.filter(user=city.leader).update(until=date(2026, 11, 1))
    Appointment.objects.filter(user=city.secretary).update(until=date(2026, 11, 1))
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    assert lines("2026-11-21") == {"escalated": {"mayor"}, "office": {"clerk", "chief"}, "chain_gap": {"sysadmin"}}
    chain = [
        ("房屋安全科科员", "韩办成", ""),
        ("分管副局长", "傅主管", ""),
        ("局长", "（空缺）", "岗位空缺"),
        ("市委书记", "（空缺）", "岗位空缺"),
        ("市长", "金市安", ""),
    ]
    step = step_of(demand, "superior-1")
    with at("2026-11-23 09:00"):
        for path in (
            f"/desk/petitions/{demand.petition.number}/",
            f"/desk/escalations/{key_of('escalation', step.pk)}/",
        ):
            page = look(city.mayor, path)
            assert chain_on(page) == chain, path
            assert page.count("现在责任在这一级") == 1 and "金市安" in page.split("现在责任在这一级")[0][-400:], path
        (row,) = rest(city.mayor, "/escalations/")["results"]
        for page in (
            look(city.mayor, "/desk/escalations/"),
            look(city.mayor, f"/desk/escalations/{key_of('escalation', step.pk)}/"),
        ):
            assert "试水市住房和城乡建设局 局长" in page and "岗位空缺" in page
    assert [(rung["post"], rung["people"], rung["skipped"]) for rung in row["through"]] == [
        ("试水市住房和城乡建设局 房屋安全科科员", ["韩办成"], ""),
        ("试水市住房和城乡建设局 分管副局长", ["傅主管"], ""),
        ("局长", [], "岗位空缺"),
        ("市委书记", [], "岗位空缺"),
    ]


def test_one_of_two_heads_who_is_away_or_recused_leaves_it_to_the_other(city: SimpleNamespace) -> None:
    demand = handled(complained_about=[{"kind": "person", "name": "甄书成", "organ": ""}])
    other = handled()
    event()
    absent(city.post["mayor"], date(2026, 11, 28), days=3)
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    step, second = step_of(demand, "superior-1"), step_of(other, "superior-1")
    assert set(second.notices.filter(kind="escalated").values_list("recipient__username", flat=True)) == {"secretary"}
    assert not step.notices.filter(kind="escalated").exists() and not step.owed.exists()
    with at("2026-12-01 09:00"):  # the mayor is back
        assert [row["id"] for row in rest(city.mayor, "/escalations/")["results"]] == []
        assert [row["id"] for row in rest(city.secretary, "/escalations/")["results"]] == [
            key_of("escalation", second.pk)
        ]
        chain = chain_on(look(city.mayor, f"/desk/petitions/{demand.petition.number}/"))
        assert chain[3:] == [("市委书记", "甄书成", "系被反映人，依法回避"), ("市长", "金市安", "")]


def test_a_closed_account_is_a_vacant_post(city: SimpleNamespace) -> None:
    """Whoever left without their appointment being ended is told of nothing, and named nowhere as the one to act."""
    demand = handled()
    event()
    User.objects.filter(username__in=("handler", "chief")).update(is_active=False)
    with at("2026-09-16 09:00"):
        act(demand, "citizen", "urge")
        row = look(city.deputy, "/desk/ledger/").split(demand.petition.number)[-1].split("</tr>")[0]
        assert "韩办成" not in row
        chain = chain_on(look(city.deputy, f"/desk/petitions/{demand.petition.number}/"))
        assert chain[0] == ("房屋安全科科员", "（空缺）", "岗位空缺")
        assert told("petition.urged") == {("petition.urged", "receiver"), ("petition.urged", "leader")}
        assert {what for _when, what in inbox(city.receiver)} >= {f"信访人催办 {demand.petition.number}"}


def test_a_stand_in_with_a_closed_account_stands_in_for_nobody(city: SimpleNamespace) -> None:
    event()
    stands_in(city.colleague, away(city.leader, date(2026, 9, 1), date(2026, 10, 1)))
    User.objects.filter(username="colleague").update(is_active=False)
    with at(FILED) as now:
        number = walk_to(State.FORWARDED, file_petition(received_at=now)).number
        assert f"转到本单位 {number}" in {what for _when, what in inbox(city.leader)}
        assert chain_on(look(city.deputy, f"/desk/petitions/{number}/"))[2] == ("局长", "林局正", "请假且无人代理")


def test_that_a_mail_failed_is_shown_to_whoever_stands_in_above_until_midnight(city: SimpleNamespace) -> None:
    event()
    stands_in(city.colleague, away(city.leader, date(2026, 11, 16), date(2026, 11, 19)))
    Preference.objects.create(user=city.handler, email="gone@office.example", since=sh("2026-09-01"), digest_hour=None)
    handled()
    sweep_at("2026-11-17")
    with post_office() as post, at("2026-11-17 00:01"):
        post.answers["gone@office.example"] = "550 no such mailbox"
        deliver()
        failed = "有通知未能送达"
        assert failed in {what for _when, what in inbox(city.colleague)}
        assert failed not in {what for _when, what in inbox(city.leader)}
    for moment, status in (("2026-11-18 23:59", 200), ("2026-11-19 00:00", 404)):
        with at(moment):
            look(city.colleague, "/desk/undelivered/", status)
            assert "韩办成" in look(city.leader, "/desk/undelivered/")

"""Several people act on one petition at the same moment: one is done, the others are told by which organ and when.

All of them have looked before anybody acts: the row is held until every one of them waits for it.
"""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit.models import AuditEvent
from citizens.models import CitizenNotification, Rating
from massline.acts import Act
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import Demand, State
from responsibility.acts import LEADER_ACTS
from responsibility.models import Appointment, Escalation, Post, Preference
from tests.api import V1, Api
from tests.chain_lab import at, sweep_at
from tests.city import ANSWER, PASSWORD, SINCE, build_city, file_petition, walk_to
from tests.records.test_files import tracking
from tests.shared.test_query_counts import signed_in

ROUNDS = 3
Press = Callable[[], Any]
FORWARD = {"organ": "department", "note": ""}
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def city(cloned_db: str) -> Any:
    return build_city()


def until_waiting(many: int) -> None:
    """Returns when so many wait for a row."""
    for _n in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= many:
                return
        time.sleep(0.02)
    raise AssertionError("not all of them came to the row")


def at_once(row: Any, *presses: Press) -> list[Any]:
    """What each is answered, each in a thread and on a connection of its own. The first of them is the first to act."""

    def run(press: Press) -> Any:
        try:
            return press()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        answers = []
        with transaction.atomic():
            type(row)._base_manager.select_for_update().get(pk=row.pk)
            for many, press in enumerate(presses, start=1):
                answers.append(pool.submit(run, press))
                until_waiting(many)
        return [answer.result(30) for answer in answers]


def page(user: User, demand: Demand, slug: str, data: Any) -> Press:
    client = signed_in(user)
    client.raise_request_exception = False
    return lambda: client.post(f"/desk/petitions/{demand.petition.number}/acts/{slug}/", data)


def rest(user: User, demand: Demand, slug: str, data: Any) -> Press:
    api = Api(user)
    path = f"{V1}/petitions/{demand.petition.number}/acts/{slug}/"
    return lambda: api.client.post(path, data, content_type="application/json", headers=api.headers)


def citizen(filed: Any, slug: str, data: Any) -> Press:
    client = tracking(filed)
    client.raise_request_exception = False
    return lambda: client.post(f"/track/own/acts/{slug}/", data)


def codes(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def said(answer: Any) -> str:
    if answer["Content-Type"] == "application/problem+json":
        return str(answer.json().get("detail") or answer.json()["title"])
    return re.sub(r"<[^>]*>", "", answer.content.decode())


def another_clerk(city: Any, n: int) -> User:
    user = User.objects.create_user(f"clerk{n}", PASSWORD, name=f"另一{n}", kind="official")
    desk = Post.objects.create(organ=city.organ["office"], name=f"登记岗{n}", is_intake=True)
    Appointment.objects.create(user=user, post=desk, since=SINCE)
    return user


def test_five_forward_at_once_and_four_hear_which_organ_did(city: Any) -> None:
    with transaction.atomic():
        clerks = [city.clerk, city.chief, *(another_clerk(city, n) for n in range(3))]
    for _round in range(ROUNDS):
        demand = walk_to(State.REGISTERED).demand
        ways = [page, rest, page, rest, page]
        answers = at_once(
            demand, *(way(who, demand, "forward", FORWARD) for who, way in zip(clerks, ways, strict=True))
        )
        assert codes(answers) == [302, 409, 409, 409, 409]
        told = re.compile(r"试水市信访局已于 \d\d:\d\d 转送试水市住房和城乡建设局办理，请查看最新情况。")
        assert all(told.search(said(answer)) for answer in answers[1:])
        about = AuditEvent.objects.filter(subject_key=demand.petition.number)
        assert about.filter(name="petition.forwarded").count() == 1
        assert not about.filter(name="act_refused").exists(), "who is only late has tried nothing forbidden"


@pytest.mark.parametrize(("slug", "data"), [("supplement", {"text": "又坏了一盏"}), ("urge", {})])
def test_a_petitioners_double_press_at_once_is_one_act(city: Any, slug: str, data: Any) -> None:
    filed = walk_to(State.HANDLING)
    answers = at_once(filed.demand, citizen(filed, slug, data), citizen(filed, slug, data))
    assert codes(answers) == [302, 302]
    assert AuditEvent.objects.filter(subject_key=filed.number, facts__act=slug).count() == 1


# Each act, by the two who may collide in it: the second is told what the first did.
COLLISIONS: tuple[tuple[str, Any, Any], ...] = (
    (State.RECEIVED, ("clerk", "register", {"category": "010101", "region": "990100000000", "purpose": "request"}),
     ("chief", "register", {"category": "010101", "region": "990100000000", "purpose": "request"})),
    (State.FORWARDED, ("receiver", "accept", {}), ("leader", "object", {"reason": "不属于本单位职责"})),
    (State.FORWARDED, ("receiver", "decline", {"reason": "已诉讼", "where_to_go": "法院"}), ("leader", "accept", {})),
    (State.OBJECTED, ("chief", "decide_objection", {"agree": "true", "reason": "成立"}),
     ("clerk", "decide_objection", {"agree": "false", "reason": "不成立"})),
    (State.DECLINING, ("chief", "agree", {"note": "已核实"}), ("clerk", "disagree", {"reason": "属于该单位职责"})),
    (State.HANDLING, ("handler", "answer", ANSWER), ("handler", "answer", ANSWER)),
    (State.ANSWERED, ("leader", "return", {"reason": "不够详细"}), ("chief", "write_off", {"evidence": "已回访核实"})),
    (State.HANDLING, ("leader", "extend", {"days": "10", "reason": "情况复杂"}),
     ("leader", "extend", {"days": "20", "reason": "情况复杂"})),
)  # fmt: skip


@pytest.mark.parametrize("way", [page, rest])
@pytest.mark.parametrize(("state", "one", "other"), COLLISIONS)
def test_of_two_acts_at_once_one_is_done(city: Any, state: str, one: Any, other: Any, way: Any) -> None:
    demand = walk_to(state).demand
    answers = at_once(demand, *(way(getattr(city, who), demand, slug, data) for who, slug, data in (one, other)))
    assert [answer.status_code for answer in answers] == [302 if way is page else 200, 409]
    assert "已于" in said(answers[1]) or "只能延长一次" in said(answers[1]), said(answers[1])


def test_two_tabs_of_a_citizen_withdraw_once(city: Any) -> None:
    filed = walk_to(State.HANDLING)
    press = {"reason": "问题已经解决", "sure": "on"}
    answers = at_once(filed.demand, citizen(filed, "withdraw", press), citizen(filed, "withdraw", press))
    assert codes(answers) == [302, 409]
    late = said(answers[1])
    assert "您已于" in late and "撤回" in late
    assert "已撤回" in late, "the page shows how it is now"


def test_two_tabs_of_a_citizen_rate_without_a_fault(city: Any) -> None:
    filed = walk_to(State.CLOSED)
    press = {"object": "organ", "score": "5", "reason": ""}
    assert codes(at_once(filed.demand, *(citizen(filed, "rate", press) for _n in range(2)))) == [302, 302]
    assert Rating.objects.about("petition", filed.demand.pk).count() == 1


def test_a_citizen_withdraws_while_a_clerk_forwards(city: Any) -> None:
    for _round in range(ROUNDS):
        filed = walk_to(State.REGISTERED)
        clerk = page(city.clerk, filed.demand, "forward", FORWARD)
        answers = at_once(filed.demand, citizen(filed, "withdraw", {"reason": "已解决", "sure": "on"}), clerk)
        assert codes(answers) == [302, 409]
        assert re.search(r"信访人已于 \d\d:\d\d 撤回", said(answers[1]))
        filed.demand.refresh_from_db()
        assert filed.demand.state == State.WITHDRAWN


@pytest.mark.parametrize("way", [page, rest])
def test_who_loses_sight_of_it_meanwhile_learns_only_that(city: Any, way: Any) -> None:
    """The receiver of an organ whose objection is granted sees the petition no longer."""
    demand = walk_to(State.OBJECTED).demand
    first = page(city.chief, demand, "decide_objection", {"agree": "true", "reason": "成立"})
    answers = at_once(demand, first, way(city.receiver, demand, "note", {"text": "正在核对职责"}))
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "这件刚刚已由别人办理，现在不由您负责" in said(answers[1])
    assert "已于" not in said(answers[1])


def test_a_handler_who_was_replaced_meanwhile_is_late_and_not_refused(city: Any) -> None:
    demand = walk_to(State.HANDLING).demand
    with transaction.atomic():
        Post.objects.filter(pk=city.post["handler"].pk).update(is_intake=True)  # sees it still, and handles it no more
    replaced = page(city.leader, demand, "assign", {"handler": "colleague"})
    answers = at_once(demand, replaced, page(city.handler, demand, "answer", ANSWER))
    assert answers[1].status_code == 409 and "试水市住房和城乡建设局已于" in said(answers[1]), said(answers[1])
    assert not AuditEvent.objects.filter(name="act_refused").exists()


def test_bulk_against_single(city: Any) -> None:
    for _round in range(ROUNDS):
        demand = walk_to(State.REGISTERED).demand
        client = signed_in(city.chief)
        many = {"act": "forward", "number": [demand.petition.number], "organ": "other", "note": ""}
        single = page(city.clerk, demand, "forward", FORWARD)
        bulk, one = at_once(demand, lambda client=client, many=many: client.post("/desk/petitions/bulk/", many), single)
        assert (bulk.status_code, one.status_code) == (200, 409)
        assert re.search(r"试水市信访局已于 \d\d:\d\d 转送试水市城市管理局办理", said(one))
        demand = walk_to(State.REGISTERED).demand
        many["number"] = [demand.petition.number]
        single = page(city.clerk, demand, "forward", FORWARD)
        one, bulk = at_once(demand, single, lambda client=client, many=many: client.post("/desk/petitions/bulk/", many))
        assert (bulk.status_code, one.status_code) == (200, 302)
        assert re.search(r"试水市信访局已于 \d\d:\d\d 转送试水市住房和城乡建设局办理", said(bulk))


def test_leaders_answer_at_once(city: Any) -> None:
    text = {"text": "请三日内办结"}
    for slugs in (("acknowledge", "acknowledge"), ("instruct", "instruct"), ("reassign", "instruct")):
        with at("2026-09-15 10:00") as now:
            demand = walk_to("handling", file_petition(received_at=now)).demand
        for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
            sweep_at(moment)
        assert Escalation.objects.filter(step="superior-1", obligation__subject_id=demand.pk).exists()
        with at("2026-11-30 10:00"):
            presses = []
            for who, slug in zip(("mayor", "secretary"), slugs, strict=True):
                api = Api(getattr(city, who))
                row = next(
                    r for r in api.get("/escalations/").json()["results"] if r["number"] == demand.petition.number
                )
                path = f"{V1}/escalations/{row['id']}/acts/{slug}/"
                data = {} if slug == "acknowledge" else text | ({"post": "colleague"} if slug == "reassign" else {})
                presses.append(
                    lambda api=api, path=path, data=data: api.client.post(
                        path, data, content_type="application/json", headers=api.headers
                    )
                )
            answers = at_once(demand, *presses)
        assert codes(answers) == [200, 409], (slugs, [a.content.decode() for a in answers])
        assert "试水市委、试水市人民政府已于 10:00 办理" in said(answers[1])


def test_two_clerks_tell_the_petitioner_once(city: Any) -> None:
    with transaction.atomic():
        other = another_clerk(city, 1)
    demand = walk_to(State.FORWARDED, told=False).demand
    telling = CitizenNotification.objects.about("petition", demand.pk).get()
    pressed = []
    for who in (city.clerk, other):
        client = signed_in(who)
        action = re.search(r'action="(/desk/letters/[^/"]+/)"', client.get("/desk/letters/").content.decode())
        assert action
        pressed.append(lambda client=client, path=action[1]: client.post(path, {"how": "phone"}))
    answers = at_once(telling, *pressed)
    assert codes(answers) == [302, 409]
    assert re.search(r"试水市信访局已于 \d\d:\d\d 告知信访人（电话）", said(answers[1]))
    assert AuditEvent.objects.filter(name="told").count() == 1


def test_two_tabs_keep_their_first_preferences(city: Any) -> None:
    client = [signed_in(city.clerk) for _n in range(2)]
    form = {"email": "clerk@example.com", "at_once": "on", "digest_hour": "8"}
    answers = at_once(city.clerk, *(lambda c=c: c.post("/desk/preferences/", form) for c in client))
    assert codes(answers) == [302, 302] and Preference.objects.count() == 1


def test_every_act_that_changes_a_state_says_what_it_did() -> None:
    for each in (*OFFICIAL_ACTS, *CITIZEN_ACTS, *LEADER_ACTS):
        assert isinstance(each, Act) and str(each.done or each.label)

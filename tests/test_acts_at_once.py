"""Several people act on one record at the same moment: one wins, the others read what happened, and nobody an error."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from massline.acts import Overtaken, perform
from petitions.acts import OFFICIAL_ACTS
from petitions.models import Demand, State, Telling
from responsibility.models import Appointment, Escalation, Post
from tests.api import Api
from tests.chain_lab import at, owed_about, sweep_at
from tests.city import SINCE, act, build_city, file_petition, walk_to

Call = Callable[[], Any]


@pytest.fixture
def city(cloned_db: str) -> SimpleNamespace:
    return build_city()


def at_once(*calls: Call) -> list[Any]:
    """The answers of all calls, each made on a connection of its own, all begun at the same moment."""
    start = Barrier(len(calls))

    def run(call: Call) -> Any:
        try:
            start.wait(20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@transaction.atomic
def five_clerks(city: SimpleNamespace) -> list[User]:
    """As in an office where several sit at one window."""
    found = []
    for n in range(5):
        user = User.objects.create_user(f"clerk{n}", name=f"登记员{n}")
        post = Post.objects.create(organ=city.organ["office"], name=f"登记{n}岗", is_intake=True)
        Appointment.objects.create(user=user, post=post, since=SINCE)
        found.append(user)
    return found


def desk(user: User) -> Client:
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("_round", range(3))
def test_five_forward_at_once_and_four_read_who_was_quicker(city: SimpleNamespace, _round: int) -> None:
    number = walk_to(State.REGISTERED).number
    apis = [Api(user) for user in five_clerks(city)]
    organs = ["department", "other", "department", "other", "department"]
    answers = at_once(
        *[
            lambda api=api, organ=organ: api.post(f"/petitions/{number}/acts/forward/", {"organ": organ, "note": ""})
            for api, organ in zip(apis, organs, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert "试水市信访局已于" in answer.json()["detail"] and "办理“转送”" in answer.json()["detail"]
            assert "现在是“已转办，待受理”" in answer.json()["detail"]
    assert AuditEvent.objects.filter(name="forwarded").count() == 1


def test_on_the_page_the_loser_reads_it_too(city: SimpleNamespace) -> None:
    number = walk_to(State.REGISTERED).number
    clients = [desk(city.clerk), desk(city.chief)]
    address, data = f"/desk/petitions/{number}/acts/forward/", {"organ": "department", "note": ""}
    answers = at_once(*[lambda client=client: client.post(address, data) for client in clients])
    lost = next(answer for answer in answers if answer.status_code != 302)
    assert lost.status_code == 409
    assert "试水市信访局已于" in lost.content.decode()


def test_a_citizen_withdraws_while_a_clerk_registers(city: SimpleNamespace) -> None:
    registered = {"category": "010101", "region": "990100000000", "purpose": "request"}
    for _round in range(4):
        filed = walk_to(State.RECEIVED)
        clerk, citizen = Api(city.clerk), Api()
        body = {"number": filed.number, "tracking_code": filed.code, "reason": "不用了"}
        one, other = at_once(
            lambda clerk=clerk, n=filed.number: clerk.post(f"/petitions/{n}/acts/register/", registered),
            lambda citizen=citizen, body=body: citizen.post("/public/track/acts/withdraw/", body),
        )
        assert other.status_code == 200
        assert one.status_code in (200, 409)
        if one.status_code == 409:
            assert "信访人已于" in one.json()["detail"] and "撤回" in one.json()["detail"]
        assert Demand.objects.get(pk=filed.demand.pk).state == State.WITHDRAWN


def test_of_two_withdrawals_one_counts(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    body = {"number": filed.number, "tracking_code": filed.code, "reason": "不用了"}
    answers = at_once(*[lambda: Api().post("/public/track/acts/withdraw/", body)] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert AuditEvent.objects.filter(name="withdrawn").count() == 1


def test_accepted_declined_and_objected_at_once(city: SimpleNamespace) -> None:
    for _round in range(3):
        number = walk_to(State.FORWARDED).number
        posts: dict[str, dict[str, str]] = {
            "accept": {},
            "decline": {"reason": "已进入诉讼程序", "where_to_go": "试水市中级人民法院"},
            "object": {"reason": "不属于本单位职责"},
        }
        apis = {slug: Api(city.receiver) for slug in posts}
        answers = at_once(
            *[
                lambda slug=slug, data=data: apis[slug].post(f"/petitions/{number}/acts/{slug}/", data)  # noqa: B023
                for slug, data in posts.items()
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        lost = [answer.json()["detail"] for answer in answers if answer.status_code == 409]
        assert all("试水市住房和城乡建设局已于" in detail for detail in lost)


def test_who_sees_it_no_longer_is_told_no_more_than_that(city: SimpleNamespace) -> None:
    """The handler's page is open, another is put in charge and the post moves: the answer comes too late."""
    filed = walk_to(State.HANDLING)
    seen = Demand.objects.for_user(city.handler).whole().get(pk=filed.demand.pk)
    act(filed.demand, "leader", "assign", {"handler": "colleague"})
    with pytest.raises(Overtaken) as overtaken:
        perform(
            OFFICIAL_ACTS["answer"], Demand, seen.pk, city.handler, {"outcome": "supported", "text": "已修"}, seen=seen
        )
    assert overtaken.value.status == 409
    assert "试水市住房和城乡建设局" not in str(overtaken.value.message)
    assert not AuditEvent.objects.filter(name="act_refused").exists()


def test_two_leaders_answer_at_once(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        demand = walk_to(State.HANDLING, file_petition(received_at=now)).demand
    for moment in ("2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    pk = Escalation.objects.get(obligation=owed_about(demand, "XF06"), step="superior-1").pk
    with at("2026-11-30 09:00"):
        apis = [Api(city.mayor), Api(city.secretary)]
        body = {"text": "限三日内办结"}
        answers = at_once(*[lambda api=api: api.post(f"/escalations/{pk}/acts/instruct/", body) for api in apis])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer.json()["detail"] for answer in answers if answer.status_code == 409)
    assert "已经答复这一件" in lost and ("市长" in lost or "市委书记" in lost)


def test_two_tell_the_petitioner_at_once(city: SimpleNamespace) -> None:
    walk_to(State.FORWARDED)
    pk = Telling.objects.get().pk
    clients = [desk(city.clerk), desk(city.chief)]
    answers = at_once(
        *[
            lambda client=client: client.post(f"/desk/tellings/{pk}/", {"how": "phone"}, follow=True)
            for client in clients
        ]
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sum("已经告知信访人" in answer.content.decode() for answer in answers) == 1
    assert AuditEvent.objects.filter(name="told").count() == 1

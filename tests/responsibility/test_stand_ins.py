"""A stand-in (代理) and an appointment begin and end at midnight in Shanghai, wherever that shows or decides.

The head of the department is away from 21 to 29 September; a colleague stands in from the 23rd to the 27th.
"""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from massline.acts import NotVisible, perform
from petitions.acts import OFFICIAL_ACTS
from petitions.models import Demand, State
from responsibility.models import Appointment
from tests.chain_lab import at, event, names
from tests.city import ANSWER, act, file_petition, walk_to
from tests.people_lab import away, chain_on, inbox, look, opens, rest, stands_in

pytestmark = pytest.mark.django_db
FILED = "2026-09-15 10:00"
LEADER = ("局长", "林局正", "")
ON_LEAVE = ("局长", "林局正", "请假且无人代理")
ACTING = ("局长", "何同事（代 林局正）", "")
DAYS = {  # the moment -> the head of the department on the chain, and who is told in their place
    "2026-09-20 23:59": (LEADER, "leader"),
    "2026-09-21 00:00": (ON_LEAVE, "leader"),
    "2026-09-22 23:59": (ON_LEAVE, "leader"),
    "2026-09-23 00:00": (ACTING, "colleague"),
    "2026-09-27 23:59": (ACTING, "colleague"),
    "2026-09-28 00:00": (ON_LEAVE, "leader"),
    "2026-09-29 23:59": (ON_LEAVE, "leader"),
    "2026-09-30 00:00": (LEADER, "leader"),
}
HEADS = {"leader": "林局正（局长）", "colleague": "何同事（物业科科员）"}


def leader_away(city: SimpleNamespace) -> None:
    event()
    stands_in(city.colleague, away(city.leader, date(2026, 9, 21), date(2026, 9, 30)), date(2026, 9, 23),
              date(2026, 9, 28))  # fmt: skip


def waiting(**more: Any) -> SimpleNamespace:
    """Accepted by the department: it waits for its head to assign it."""
    with at(FILED) as now:
        return walk_to(State.ACCEPTED, file_petition(received_at=now, **more))


def offered(page: str) -> set[str]:
    """Whom the page offers as handler."""
    part = page.split('id="act-assign"')[1].split("</details>")[0]
    return set(re.findall(r'<option value="\w+"[^>]*>([^<]+)<', part))


def test_each_day_has_its_own_head(city: SimpleNamespace) -> None:
    """On the chain of the page, among those told of what arrives, in ledger and work of whoever stands in."""
    leader_away(city)
    filed = waiting()
    for moment, (head, told) in DAYS.items():
        acting = told == "colleague"
        with at(moment) as now:
            assert chain_on(look(city.deputy, f"/desk/petitions/{filed.number}/"))[2] == head, moment
            arrived = f"转到本单位 {walk_to(State.FORWARDED, file_petition(received_at=now)).number}"
            for who in ("leader", "colleague"):
                lines = {what for _when, what in inbox(getattr(city, who))}
                assert (arrived in lines) == (who == told), (moment, who)
            work = look(city.colleague, "/desk/")
            assert (filed.number in work) == acting, moment
            assert ('href="/desk/escalations/"' in work) == acting, moment


def test_each_day_the_ledger_of_a_stand_in_is_the_heads(city: SimpleNamespace) -> None:
    leader_away(city)
    filed = waiting()
    for moment, acting in (
        ("2026-09-22 23:59", False),
        ("2026-09-23 00:00", True),
        ("2026-09-27 23:59", True),
        ("2026-09-28 00:00", False),
    ):
        with at(moment):
            ledger = look(city.colleague, "/desk/ledger/")
            assert (filed.number in ledger) == acting, moment
            assert ("批量办理所选" in ledger) == acting, moment
            assert [row["number"] for row in rest(city.colleague, "/petitions/")["results"]] == [filed.number] * acting
            assert opens(city.colleague, f"/desk/petitions/{filed.number}/") == acting, moment
            head = rest(city.leader, f"/petitions/{filed.number}/")["chain"][2]  # away or not, the post is theirs
            assert "、".join(head["people"]) == DAYS[moment][0][1], moment


def test_each_day_the_work_is_offered_to_whoever_is_there(city: SimpleNamespace) -> None:
    """Nobody is offered twice: who stands in for the head is offered in their own post."""
    leader_away(city)
    filed = waiting()
    others = {"钱接文（信访专办岗）", "韩办成（房屋安全科科员）", "傅主管（分管副局长）", HEADS["colleague"]}
    for moment, (_head, told) in DAYS.items():
        with at(moment):
            there = others | ({HEADS["leader"]} if told == "leader" else set())
            page = look(city.deputy, f"/desk/petitions/{filed.number}/")
            assert offered(page) == there, moment
            assert page.count("何同事（") == 1 + (told == "colleague"), "once as a handler, once on the chain"
            client = Client()
            client.force_login(city.deputy, "django.contrib.auth.backends.ModelBackend")
            bulk = client.post("/desk/petitions/bulk/", {"number": filed.number}).content.decode()
            assert offered(bulk.replace('id="bulk-assign"', 'id="act-assign"')) == there, moment


def test_whoever_stands_in_acts_for_the_head_until_midnight(city: SimpleNamespace) -> None:
    """And what they did stays on record as done for another."""
    leader_away(city)
    first, second, third = waiting(), waiting(), waiting()
    for moment, filed in (("2026-09-22 23:59", first), ("2026-09-28 00:00", second)):
        with at(moment), pytest.raises(NotVisible):
            act(filed.demand, "colleague", "assign", {"handler": "handler"})
    with at("2026-09-23 00:00"):
        act(first.demand, "colleague", "assign", {"handler": "handler"})
    with at("2026-09-27 23:59"):
        act(second.demand, "colleague", "assign", {"handler": "handler"})
    with at("2026-09-27 23:59"):
        act(third.demand, "leader", "assign", {"handler": "handler"})
    for filed, who in ((first, "何同事（代 林局正）"), (second, "何同事（代 林局正）"), (third, "林局正")):
        with at("2026-10-08 09:00"):
            assigned = rest(city.handler, f"/petitions/{filed.number}/timeline/")["results"][-1]
        assert (assigned["event"], assigned["actor"]) == ("assigned", who)


def test_work_assigned_to_whoever_stands_in_is_their_own_and_stays_with_them(city: SimpleNamespace) -> None:
    """Not of the post that they pass through: the head would find it as theirs afterwards."""
    leader_away(city)
    filed = waiting()
    with at("2026-09-24 09:00"):
        act(filed.demand, "deputy", "assign", {"handler": "colleague"})
        assert names("petition.assigned") == {"colleague"}
    with at("2026-09-30 09:00"):
        assert chain_on(look(city.deputy, f"/desk/petitions/{filed.number}/"))[0] == ("物业科科员", "何同事", "")
        act(filed.demand, "colleague", "answer", ANSWER)


def test_a_handlers_stand_in_is_named_told_and_sees_it_until_midnight(city: SimpleNamespace) -> None:
    event()
    stands_in(city.colleague, away(city.handler, date(2026, 9, 21), date(2026, 9, 28)))
    with at(FILED) as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
    for moment, who in (
        ("2026-09-20 23:59", "handler"),
        ("2026-09-21 00:00", "colleague"),
        ("2026-09-27 23:59", "colleague"),
        ("2026-09-28 00:00", "handler"),
    ):
        acting = who == "colleague"
        with at(moment) as now:
            row = look(city.leader, "/desk/ledger/").split(filed.number)[-1].split("</tr>")[0]
            assert ("何同事" in row, "韩办成" in row) == (acting, not acting), moment
            named = "何同事（代 韩办成）" if acting else "韩办成"
            assert chain_on(look(city.leader, f"/desk/petitions/{filed.number}/"))[0] == ("房屋安全科科员", named, "")
            for page in ("/desk/", "/desk/ledger/"):
                assert (filed.number in look(city.colleague, page)) == acting, (moment, page)
            act(filed.demand, who, "answer", ANSWER)
            act(filed.demand, "chief", "return", {"reason": "没有修"})
            assert names("petition.returned", told_at=now) == {who}, moment


def test_a_vacant_post_is_filled_by_whoever_acts_in_it_from_a_day_to_a_day(city: SimpleNamespace) -> None:
    """The petition office's only receiving post: before and after, its head alone is told."""
    event()
    Appointment.objects.filter(user=city.clerk).update(until=date(2026, 9, 21))
    Appointment.objects.create(user=city.outsider, post=city.post["clerk"], kind="acting", because="vacancy",
                               since=date(2026, 9, 23), until=date(2026, 9, 25))  # fmt: skip
    for moment, link, told in (
        ("2026-09-20 23:59", ("来信来访登记岗", "程登记", ""), {"clerk", "chief"}),
        ("2026-09-21 00:00", ("来信来访登记岗", "（空缺）", "岗位空缺"), {"chief"}),
        ("2026-09-23 00:00", ("来信来访登记岗", "魏外人（代 来信来访登记岗）", ""), {"outsider", "chief"}),
        ("2026-09-24 23:59", ("来信来访登记岗", "魏外人（代 来信来访登记岗）", ""), {"outsider", "chief"}),
        ("2026-09-25 00:00", ("来信来访登记岗", "（空缺）", "岗位空缺"), {"chief"}),
    ):
        with at(moment) as now:
            filed = file_petition(received_at=now)
            act(filed.demand, "citizen", "urge")
            assert names("petition.urged", told_at=now) == told, moment
            assert chain_on(look(city.chief, f"/desk/petitions/{filed.number}/"))[0] == link, moment
            ledger = look(city.outsider, "/desk/ledger/")
            assert (filed.number in ledger) == ("outsider" in told), moment
            assert ('href="/desk/petitions/new/"' in ledger) == ("outsider" in told), moment


def test_a_successor_takes_over_at_midnight(city: SimpleNamespace) -> None:
    """Nothing the day before the appointment begins; nothing for the predecessor from its last midnight on."""
    event()
    Appointment.objects.filter(user=city.leader).update(until=date(2026, 9, 28))
    successor = User.objects.create_user("successor", "a long test password", name="新局长", kind="official")
    Appointment.objects.create(user=successor, post=city.post["leader"], since=date(2026, 9, 28))
    city.successor, filed = successor, waiting()
    for moment, name, now_head, other in (
        ("2026-09-27 23:59", "林局正", "leader", "successor"),
        ("2026-09-28 00:00", "新局长", "successor", "leader"),
    ):
        with at(moment) as now:
            assert chain_on(look(city.deputy, f"/desk/petitions/{filed.number}/"))[2] == ("局长", name, "")
            walk_to(State.FORWARDED, file_petition(received_at=now))
            assert names("petition.arrived", told_at=now) == {"receiver", now_head}
            for who, is_head in ((now_head, True), (other, False)):
                user = getattr(city, who)
                for page in ("/desk/", "/desk/ledger/"):
                    assert (filed.number in look(user, page)) == is_head, (moment, who, page)
            with pytest.raises(NotVisible):
                perform(OFFICIAL_ACTS["assign"], Demand, filed.demand.pk, getattr(city, other), {"handler": "handler"})


def test_a_post_in_a_petition_office_gives_its_rooms_from_a_day_to_a_day(city: SimpleNamespace) -> None:
    """Exports, entering, importing and looking for a person: for whoever stands in for the head of the office."""
    event()
    stands_in(city.outsider, away(city.chief, date(2026, 9, 21), date(2026, 9, 28)))
    rooms = ("/desk/exports/new/", "/desk/petitions/new/", "/desk/ledger/person/", "/desk/imports/")
    for moment, status in (
        ("2026-09-20 23:59", 403),
        ("2026-09-21 00:00", 200),
        ("2026-09-27 23:59", 200),
        ("2026-09-28 00:00", 403),
    ):
        with at(moment):
            for room in rooms:
                look(city.outsider, room, status)

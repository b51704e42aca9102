"""The classes that a deputy is in charge of (分管) are a right of sight: on every list, page, count and notice alike.

Each is asserted against this table, never against another: a rule that is broken everywhere at once is seen too.
"""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from massline.time import today
from petitions.models import State
from reports.dashboard import period_of
from reports.tasks import compute
from tests.api import Api
from tests.chain_lab import at, person, post, sweep_at, told
from tests.city import REGISTER, act, file_petition, tell_all, walk_to
from tests.people_lab import away, look, opens, rest, stands_in

pytestmark = pytest.mark.django_db
FILED = "2026-09-15 10:00"
PETITIONS = {  # by a word in its title: its class
    "物业电梯": "010101",
    "小区停车": "010201",
    "拖欠工资": "020101",
}
IN_CHARGE = {  # who is in charge of which classes in the department, and which of its petitions exist for them
    "deputy": (["01"], {"物业电梯", "小区停车"}),
    "narrow": (["0102"], {"小区停车"}),
    "second": (["02"], {"拖欠工资"}),
    "two": (["02", "010101"], {"物业电梯", "拖欠工资"}),
    "leaf": (["010101"], {"物业电梯"}),
    "every": ([""], {"物业电梯", "小区停车", "拖欠工资"}),
    "none": ([], set()),
}
ELSEWHERE = "别处的电梯"
"""Of a class of theirs, at another organ: for the deputy there alone."""


@pytest.fixture
def world(city: SimpleNamespace) -> SimpleNamespace:
    """Three petitions of three classes, accepted by the department; one in another organ; one left at the office."""
    with at("2026-09-01"):
        people = {"deputy": city.deputy}
        for name, (classes, _seen) in IN_CHARGE.items():
            if name != "deputy":
                people[name] = person(name)
                post(city.organ["department"], f"分管{name}", people[name], in_charge_of=classes)
        people["elsewhere"] = person("elsewhere")
        post(city.organ["other"], "分管局长", people["elsewhere"], in_charge_of=["01"])
    filed: dict[str, SimpleNamespace] = {}
    with at(FILED) as now:
        for title, category in PETITIONS.items():
            filed[title] = file_petition(received_at=now, title=title, category=category)
            for who, slug, data in (
                ("clerk", "register", REGISTER | {"category": category}),
                ("clerk", "forward", {"organ": "department", "note": ""}),
                ("receiver", "accept", {}),
            ):
                filed[title].demand = act(filed[title].demand, who, slug, data)
        filed[ELSEWHERE] = walk_to(State.REGISTERED, file_petition(received_at=now, title=ELSEWHERE))
        act(filed[ELSEWHERE].demand, "clerk", "forward", {"organ": "other", "note": ""})
        filed["留在信访局"] = walk_to(State.REGISTERED, file_petition(received_at=now, title="留在信访局"))
    return SimpleNamespace(city=city, people=people, filed=filed, numbers={f.number: t for t, f in filed.items()})


def seen_by(name: str) -> set[str]:
    return {ELSEWHERE} if name == "elsewhere" else IN_CHARGE[name][1]


def titles(world: SimpleNamespace, page: str) -> set[str]:
    """The petitions that a list links to."""
    numbers = re.findall(r'href="/desk/petitions/(XF[\d-]+)/["?]', page)
    return {world.numbers[number] for number in numbers}


def in_rest(world: SimpleNamespace, user: Any, query: str = "") -> set[str]:
    return {world.numbers[row["number"]] for row in rest(user, f"/petitions/{query}")["results"]}


def test_a_deputy_sees_their_classes_and_nothing_else(world: SimpleNamespace) -> None:
    lift = world.filed["物业电梯"].number
    with at("2026-09-16 09:00"):
        for name, user in world.people.items():
            seen = seen_by(name)
            assert titles(world, look(user, "/desk/ledger/")) == seen, name
            assert titles(world, look(user, "/desk/ledger/?q=电梯")) == seen & {"物业电梯", ELSEWHERE}, name
            assert titles(world, look(user, "/desk/")) == seen - {ELSEWHERE}, "what waits to be assigned"
            for query, found in {
                "": seen,
                "?q=停车": seen & {"小区停车"},
                f"?q={lift[-6:]}": seen & {"物业电梯"},
                "?category=010000": seen - {"拖欠工资"},
            }.items():
                assert in_rest(world, user, query) == found, (name, query)
            for title, filed in world.filed.items():
                assert opens(user, f"/desk/petitions/{filed.number}/") == (title in seen), (name, title)
                if title not in seen:
                    rest(user, f"/petitions/{filed.number}/timeline/", 404)
            look(user, "/desk/exports/new/", 403)


def test_a_deputys_figures_count_their_classes_and_nothing_else(world: SimpleNamespace) -> None:
    with at("2026-09-16 09:00"):
        for name, user in world.people.items():
            seen, period = seen_by(name), period_of("weeks", today())
            cache.clear()
            compute("petition", "overview", user.pk, period.first.isoformat(), period.last.isoformat())
            board = look(user, "/desk/dashboard/")
            assert re.findall(r'href="/desk/ledger/\?open=true">(\d+)</a>', board) == [str(len(seen))], name
            classes = {"020000" if title == "拖欠工资" else "010000" for title in seen}
            assert set(re.findall(r"category=(\d{6})", board)) == classes, name


def test_a_deputy_acts_on_their_classes_one_by_one_and_many_at_once(world: SimpleNamespace) -> None:
    """What is not theirs answers as if it did not exist, on the page, in REST and in bulk."""
    numbers = [filed.number for filed in world.filed.values()]
    with at("2026-09-16 09:00"):
        for name, seen in ((name, seen_by(name)) for name in world.people):
            api, client = Api(world.people[name]), Client()
            client.force_login(world.people[name], "django.contrib.auth.backends.ModelBackend")
            for title, filed in world.filed.items():
                done = 200 if title in seen else 404
                note = {"text": "请加快"}
                assert api.post(f"/petitions/{filed.number}/acts/note/", note).status_code == done, (name, title)
                if title not in seen:
                    page = client.post(f"/desk/petitions/{filed.number}/acts/note/", note)
                    assert page.status_code == 404, (name, title)
            sent = api.post("/petitions/bulk/acts/assign/", {"numbers": numbers, "handler": "handler"})
            refused = {r["number"]: r["problem"]["status"] for r in sent.json()["results"] if r["problem"]}
            hidden = {world.numbers[number] for number, status in refused.items() if status == 404}
            assert hidden == set(world.filed) - seen, name
    handled = {filed.number for title, filed in world.filed.items() if title in PETITIONS}
    with at("2026-09-16 10:00"):
        assert {row["number"] for row in rest(world.city.handler, "/petitions/")["results"]} == handled


def test_only_the_deputy_in_charge_is_told_that_it_is_overdue(world: SimpleNamespace) -> None:
    """Whose class fits best: the longest; two that fit alike are both told."""
    with at(FILED):
        for filed in world.filed.values():
            tell_all(filed.demand)
    sweep_at("2026-11-17")
    for title, deputies in {
        "物业电梯": {"two", "leaf"},
        "小区停车": {"narrow"},
        "拖欠工资": {"second", "two"},
    }.items():
        found = {who for _kind, who in told("overdue", subject_key=world.filed[title].number)}
        assert found == {"receiver"} | {world.people[name].username for name in deputies}, title


def test_letters_and_files_of_other_classes_are_not_there(world: SimpleNamespace) -> None:
    """The letters that wait to be told, and what was attached."""
    files = {}
    with at("2026-09-16 09:00"):
        for title, filed in world.filed.items():
            if title in PETITIONS:
                sent = Api(world.city.receiver).post(
                    f"/petitions/{filed.number}/acts/attach/", {"name": "a.txt", "content": "5qW86YGT", "public": False}
                )
                assert sent.status_code == 200, sent.content
                page = look(world.city.receiver, f"/desk/petitions/{filed.number}/")
                (files[title],) = set(re.findall(rf'href="(/desk/petitions/{filed.number}/files/[^"]+/)"', page))
        for name, user in world.people.items():
            seen = seen_by(name)
            assert titles(world, look(user, "/desk/letters/")) == seen - {ELSEWHERE}, name
            assert {title for title, address in files.items() if opens(user, address)} == seen - {ELSEWHERE}, name


def test_a_deputy_who_sees_more_in_another_post_is_asked_to_assign_their_own_classes_alone(
    world: SimpleNamespace,
) -> None:
    """Standing in for the head of the petition office, they see what it follows; what waits for them is as before."""
    stands_in(world.people["second"], away(world.city.chief, date(2026, 9, 16), date(2026, 9, 20)))
    with at("2026-09-16 09:00"):
        user = world.people["second"]
        assert in_rest(world, user) == set(world.filed)
        assert titles(world, look(user, "/desk/")) == {"拖欠工资"}

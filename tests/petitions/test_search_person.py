"""One person's petitions, by exactly what they gave: for whom, with what ground, and what stays of it on record."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent, AuditRow
from citizens.erasure import erase as erasure
from citizens.events import PERSON_SEARCHED
from citizens.identity.person_search import Ground, PersonSearchForm
from petitions.models import State
from petitions.public.side import may_search
from records.timeline import sentence
from tests.city import file_petition, walk_to
from tests.reader import reader

pytestmark = pytest.mark.django_db
PATH = "/desk/ledger/person/"
LINK = f'<a href="{PATH}">按身份查找</a>'
ID_NUMBER = "11010519491231002X"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def searched(user: Any, field: str, value: str, **more: str) -> Any:
    return signed_in(user).post(PATH, {"field": field, "value": value, "ground": "repeated"} | more)


def numbers(response: Any) -> list[str]:
    return re.findall(r"XF\d{8}-\d+", response.content.decode().split("<tbody>")[-1].split("</tbody>")[0])[::2]


def test_exactly_one_person_is_found_by_any_of_three(city: SimpleNamespace) -> None:
    mine = file_petition(name="宋试民", phone="+8613900000001", id_number=ID_NUMBER)
    again = file_petition(name="宋试民", phone="+8613900000001")
    file_petition(name="宋试", phone="+8613900000002"), file_petition(name="宋试民民")
    for field, value, found in (
        ("name", "宋试民", {mine.number, again.number}),
        ("phone", "139 0000 0001", {mine.number, again.number}),
        ("phone", "+86 13900000001", {mine.number, again.number}),
        ("id_number", ID_NUMBER.lower(), {mine.number}),
        ("name", "宋", set()),
        ("name", "宋%", set()),
    ):
        response = searched(city.clerk, field, value)
        assert response.status_code == 200
        shown = set(re.findall(r"/desk/petitions/(XF\d{8}-\d+)/", response.content.decode()))
        assert shown == found, (field, value)


def test_each_search_is_an_event_that_keeps_nothing_of_what_was_typed(city: SimpleNamespace) -> None:
    file_petition(name="宋试民")
    rows = AuditRow.objects.exclude(table_name="accounts_user").count()
    response = searched(city.chief, "name", "宋试民", ground="asked")
    event = AuditEvent.objects.get(name="person_searched")
    assert event.facts == {"field": "name", "ground": "asked", "found": 1}
    assert (event.actor_key, event.subject_key, event.reason, event.public) == ("chief", "", "", False)
    assert AuditRow.objects.exclude(table_name="accounts_user").count() == rows, "nothing else is written"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("who", ["receiver", "handler", "deputy", "leader", "mayor", "inspector", "auditor"])
def test_only_a_petition_department_looks_for_persons(city: SimpleNamespace, who: str) -> None:
    user = getattr(city, who)
    assert not may_search(user)
    assert signed_in(user).get(PATH).status_code == searched(user, "name", "宋试民").status_code == 403
    assert AuditEvent.objects.filter(name="page_refused", facts={"page": "按身份查找"}).count() == 2
    assert not AuditEvent.objects.filter(name="person_searched").exists()
    assert PATH not in signed_in(user).get("/desk/ledger/").content.decode()
    assert PATH in signed_in(city.clerk).get("/desk/ledger/").content.decode()
    assert Client().get(PATH).status_code == 302


def test_nobody_finds_what_does_not_exist_for_them(city: SimpleNamespace) -> None:
    walk_to(State.TRANSFERRED, name="宋试民")
    elsewhere = file_petition(name="宋试民", region="990102000000")
    for who, found in ((city.clerk, {elsewhere.number}), (city.district_clerk, {elsewhere.number})):
        shown = set(re.findall(r"/desk/petitions/(XF\d{8}-\d+)/", searched(who, "name", "宋试民").content.decode()))
        assert shown == found
    assert set(AuditEvent.objects.filter(name="person_searched").values_list("facts__found", flat=True)) == {1}


def test_who_was_erased_is_not_found(city: SimpleNamespace) -> None:
    from audit import log

    filed = file_petition(name="宋试民")
    erasure.erase(erasure.numbered(filed.number), log.Actor("user", "auditadmin", ""), "个人信息保护法第四十七条")
    assert filed.number not in searched(city.clerk, "name", "宋试民").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "ground"),
    [("phone", "12", "asked"), ("id_number", "123", "asked"), ("name", "", "asked"), ("name", "宋试民", ""),
     ("name", "宋试民", "curiosity"), ("address", "幸福里", "asked"), ("name", "x" * 65, "asked")],
)  # fmt: skip
def test_a_fault_keeps_what_was_typed_and_searches_nothing(
    city: SimpleNamespace, field: str, value: str, ground: str
) -> None:
    response = searched(city.clerk, field, value, ground=ground)
    assert response.status_code == 422 and value in response.content.decode()
    assert not AuditEvent.objects.filter(name="person_searched").exists()


def test_the_log_says_it_in_words() -> None:
    said = sentence(PERSON_SEARCHED.name, {"field": "phone", "ground": "repeated", "found": 2})
    assert said == "按电话查找当事人（核对是否重复来件）", "how many were found is for whoever searched"
    assert set(dict(PersonSearchForm().fields["ground"].choices)) == {"", *Ground.values}


@pytest.mark.parametrize("typed", ["13900000000", "宋试民", "楼道"])
def test_the_search_of_the_ledger_leads_there_whoever_may(city: SimpleNamespace, typed: str) -> None:
    file_petition()
    said = f"这里不查姓名、电话和身份证号码，要找人请用“{LINK}”。"
    for headers in ({}, {"HX-Request": "true"}):
        html = reader(city.clerk).get("/desk/ledger/", {"q": typed}, headers=headers).content.decode()
        assert said in html, headers
    assert said not in reader(city.clerk).get("/desk/ledger/").content.decode(), "only where somebody searched"
    assert "按身份查找" not in reader(city.leader).get("/desk/ledger/", {"q": typed}).content.decode()

"""Separation of duties (三员分立): the three administrations are refused where they may not read, and told why."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Kind, User
from audit.models import AuditEvent
from massline.keys import key_of
from petitions.models import Demand, State
from tests.api import Api
from tests.city import file_petition, walk_to
from tests.shared.test_methods import addresses
from tests.shared.test_query_counts import signed_in

pytestmark = pytest.mark.django_db
ADMINISTRATIONS = ("sysadmin", "secadmin", "auditadmin")
OPEN = {
    "/desk/",
    "/desk/inbox/",
    "/desk/inbox/read/",
    f"/desk/inbox/{key_of('notice', 1)}/",
    "/desk/password/",
    "/desk/preferences/",
    "/desk/sign-in/",
    "/desk/sign-out/",
}
WHY = "职责分离"


def refusals(who: str) -> int:
    return AuditEvent.objects.filter(name="page_refused", actor_key=who).count()


@pytest.mark.parametrize("who", ADMINISTRATIONS)
def test_every_page_about_petitions_refuses_them(city: SimpleNamespace, who: str) -> None:
    """Whether what stands in the address exists or not: nothing but the page's own address is told."""
    filed, client = walk_to(State.HANDLING), signed_in(getattr(city, who))
    seen = 0
    for path in addresses(filed.number):
        if not path.startswith("/desk/") or path == "/desk/nothing/":
            continue
        allowed = path in OPEN or (path == "/desk/undelivered/" and who == "sysadmin")
        for send in (client.get, client.post):
            if path == "/desk/sign-out/" and send == client.post:
                continue
            before, answer = refusals(who), send(path)
            assert (answer.status_code == 403) != allowed, (path, answer.status_code)
            assert refusals(who) == before + (not allowed), path
            if not allowed:
                page = answer.content.decode().replace(path, "")  # the address of the page itself
                assert WHY in page and "审计员" in page and filed.number not in page, path
                assert "楼道照明" not in page and 'href="/desk/inbox/"' in page
                seen += 1
    assert seen > 50


@pytest.mark.parametrize("who", ADMINISTRATIONS)
def test_rest_refuses_them_too(city: SimpleNamespace, who: str) -> None:
    filed, api = walk_to(State.HANDLING), Api(getattr(city, who))
    lists = ("/petitions/", "/petitions/?q=楼道", "/escalations/")
    ones = (
        f"/petitions/{filed.number}/",
        "/petitions/nothing/",
        f"/petitions/{filed.number}/timeline/",
        "/escalations/1/",
    )
    acts = (
        f"/petitions/{filed.number}/acts/note/",
        "/petitions/bulk/acts/forward/",
        "/escalations/1/acts/acknowledge/",
    )
    answers = [api.get(path) for path in (*lists, *ones)] + [api.post(path, {"text": "看看"}) for path in acts]
    for answer in answers:
        assert answer.status_code == 403
        assert answer.json()["title"] == "管理员账号不能查看信访事项" and WHY in answer.json()["detail"]
    assert refusals(who) == len(answers)
    assert api.get("/public/regions/").status_code == 200
    assert api.delete("/session/").status_code == 204, "their own sign-in is theirs to end"


@pytest.mark.parametrize("who", ADMINISTRATIONS)
def test_they_begin_where_they_have_something_to_see_and_are_offered_nothing_else(
    city: SimpleNamespace, who: str
) -> None:
    client = Client()
    given = {"username": who, "password": "a long test password"}
    answer = client.post("/desk/sign-in/", given, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == "/desk/inbox/" and WHY in page
    for room in ("ledger", "dashboard", "exports", "escalations", "letters", "imports", "petitions"):
        assert f'"/desk/{room}/' not in page
    assert refusals(who) == 0


def test_an_english_administrator_is_told_in_english(city: SimpleNamespace) -> None:
    page = signed_in(city.secadmin).get("/desk/ledger/", headers={"Accept-Language": "en"}).content.decode()
    assert "duties are separated" in page and "auditor" in page


def test_a_part_of_a_page_refuses_as_well(city: SimpleNamespace) -> None:
    answer = signed_in(city.sysadmin).get("/desk/ledger/", headers={"HX-Request": "true"})
    assert answer.status_code == 403 and WHY in answer.content.decode()


def test_whoever_works_without_a_post_sees_that_there_is_nothing(city: SimpleNamespace) -> None:
    file_petition()
    idle = User.objects.create_user("idle", "a long test password", name="待岗人", kind=Kind.OFFICIAL)
    assert not Demand.objects.for_user(idle).exists()
    assert signed_in(idle).get("/desk/ledger/").status_code == 200
    assert Api(idle).get("/petitions/").json()["results"] == []


@pytest.mark.parametrize(("path", "page"), [("/desk/petitions/new/", "登记来件"), ("/desk/imports/", "导入旧台账")])
def test_other_refused_pages_are_on_record_as_well(city: SimpleNamespace, path: str, page: str) -> None:
    answer: Any = signed_in(city.handler).get(path)
    assert answer.status_code == 403
    assert AuditEvent.objects.get(name="page_refused").facts == {"page": page}


def test_each_administration_is_told_where_its_work_is_done(city: SimpleNamespace) -> None:
    for who, command in (("secadmin", "manage.py set_password"), ("auditadmin", "manage.py audit verify")):
        assert command in signed_in(getattr(city, who)).get("/desk/inbox/").content.decode()

"""Until a petition office is registered nothing can be filed in vain: pages, REST and /readyz say so."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Kind, User
from petitions.duties import PETITION_OFFICE
from petitions.models import Petition
from responsibility.models import Organ, Post, Region
from tests.api import FILING, Api
from tests.city import OFFICES, PASSWORD, file_petition, filing_data, has_duty
from tests.shared.test_query_counts import signed_in

pytestmark = pytest.mark.django_db
WORDS = "本平台还没有开始受理"


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/file/", 503), ("/track/", 503), ("/desk/sign-in/", 200)])
def test_pages_say_it_and_whom_to_ask(path: str, status: int) -> None:
    answer = Client().get(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert WORDS in page and "12345" in page and "load_register" in page
    assert 'name="title"' not in page, "no form that can never be sent"
    assert "/file/" not in page.partition('<main id="content"')[2].partition("</main>")[0]
    assert '<dl class="office"' not in page and "地址" not in page


def test_they_say_it_in_english() -> None:
    page = Client().get("/file/", headers={"Accept-Language": "en"}).content.decode()
    assert "not open yet" in page and "12345" in page


def test_what_is_sent_all_the_same_is_answered_in_words() -> None:
    answer = Client().post("/file/", {"title": "楼道照明长期不亮"})
    assert answer.status_code == 503 and WORDS in answer.content.decode()
    problem = Api().client.post("/api/v1/public/petitions/", FILING, content_type="application/json")
    assert (problem.status_code, problem["Content-Type"]) == (503, "application/problem+json")
    assert problem.json()["title"] == WORDS and "12345" in problem.json()["detail"]
    assert not Petition.objects.exists()


def test_an_office_without_a_post_is_no_open_office(city: SimpleNamespace) -> None:
    region = Region.objects.create(code="980000000000", name="新开市")
    Organ.objects.filter(code__in=OFFICES).update(valid_until="2020-02-02")
    assert Client().get("/file/").status_code == 503
    office = Organ.objects.create(code="new", name="新开市信访局", kind="department", region=region)
    has_duty(office, PETITION_OFFICE)
    assert Client().get("/file/").status_code == 503
    Post.objects.create(organ=office, name="登记岗", is_intake=True)
    assert Client().get("/file/").status_code == 200


def test_whoever_signs_in_before_it_is_open_is_told(db: None) -> None:
    for kind, path in ((Kind.OFFICIAL, "/desk/"), (Kind.SYSADMIN, "/desk/inbox/")):
        user = User.objects.create_user(f"early-{kind}", PASSWORD, name="早到", kind=kind)
        assert WORDS in signed_in(user).get(path).content.decode()


def test_nobody_is_told_once_it_is_open(city: SimpleNamespace) -> None:
    for path in ("/", "/file/", "/track/", "/desk/sign-in/"):
        page = Client().get(path)
        assert page.status_code == 200 and WORDS not in page.content.decode()
    for who in (city.clerk, city.sysadmin):
        assert WORDS not in signed_in(who).get("/desk/inbox/").content.decode()


def test_readyz_says_which(city: SimpleNamespace) -> None:
    assert Client().get("/readyz").json()["office"] == "open"
    Organ.objects.filter(code__in=OFFICES).update(valid_until="2020-02-02")
    assert "not open" in Client().get("/readyz").json()["office"]


# --- Where the office is found (Art. 18) ----------------------------------------------------------------------------
@pytest.fixture
def found(city: SimpleNamespace) -> SimpleNamespace:
    for code, address in (("office", "人民路1号"), ("district_office", "东区望湖路2号")):
        Organ.objects.filter(code=code).update(address=address, telephone=f"0000-{code}", hours="工作日 8:30—12:00")
    return city


def foot(client: Client, path: str) -> Any:
    return client.get(path).content.decode().partition("<footer")[2].replace("\u2060", "")


def test_every_page_names_the_office_with_address_telephone_and_hours(found: SimpleNamespace) -> None:
    pages = {path: foot(Client(), path) for path in ("/file/", "/track/", "/nothing/")}
    assert "试水市信访局" not in foot(Client(), "/"), "the first page says it once"
    pages["/"] = Client().get("/").content.decode().replace("\u2060", "")
    for path, said in pages.items():
        for part in ("试水市信访局", "人民路1号", "0000-office", "工作日 8:30—12:00"):
            assert part in said, (path, part)


def test_who_chose_a_place_finds_its_office_on_every_page(found: SimpleNamespace) -> None:
    client = Client()
    page = client.get("/", {"place": "990102000000"}).content.decode()
    assert "东区望湖路2号" in page and 'value="990102000000" selected' in page
    assert "东区信访局" in foot(client, "/file/")
    client.get("/", {"place": "990100000000"})
    assert "试水市信访局" in foot(client, "/track/")


@pytest.mark.parametrize("place", ["", "123", "' OR 1=1", "990102000000\x00"])
def test_a_place_that_nobody_serves_changes_nothing(found: SimpleNamespace, place: str) -> None:
    client = Client()
    assert "试水市信访局" in client.get("/", {"place": place}).content.decode()
    assert not client.cookies.get("place")
    for kept in ("990199000000", '"\\000"', "x" * 3000):
        assert "试水市信访局" in foot(Client(headers={"Cookie": f"place={kept}"}), "/file/")


def test_ones_own_petition_names_the_office_that_has_it(found: SimpleNamespace) -> None:
    filed, client = file_petition(region="990102000000"), Client()
    client.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    assert "东区信访局" in foot(client, "/track/own/")
    data = filing_data(region="990102000000") | {"region": "990102000000"}
    sheet = {"complained-TOTAL_FORMS": "0", "complained-INITIAL_FORMS": "0", "checked": "1"}
    data.pop("complained_about")
    assert client.post("/file/", data | sheet)["Location"] == "/receipt/"
    assert "东区信访局" in foot(client, "/receipt/")


def test_what_is_not_known_is_left_out(city: SimpleNamespace) -> None:
    said = foot(Client(), "/file/")
    assert "试水市信访局" in said and "地址" not in said and "电话" not in said

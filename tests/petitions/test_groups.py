"""Several people on one petition: how many (人次), up to five representatives, sealed like the petitioner."""

from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.context import actor_of
from audit.models import AuditRow
from citizens.erasure.erase import erase, numbered
from citizens.models import Representative
from massline.crypto import keyed_hash
from petitions.models import Petition
from tests.api import FILING, Api
from tests.city import act, file_petition
from tests.petitions.test_public_pages import FORM

pytestmark = pytest.mark.django_db
OTHERS = [{"name": f"代表{n}", "phone": f"+861390000000{n}"} for n in range(2, 6)]


def text(response: Any) -> str:
    return unescape(response.content.decode())


def desk(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def together(persons: Any, *others: tuple[str, str]) -> dict[str, str]:
    """What the part about a group sends."""
    rows: dict[str, str] = {"persons": str(persons), "representatives-TOTAL_FORMS": str(max(4, len(others)))}
    rows["representatives-INITIAL_FORMS"] = "0"
    for n, (name, phone) in enumerate(others):
        rows |= {f"representatives-{n}-name": name, f"representatives-{n}-phone": phone}
    return rows


def names(petition: Petition) -> list[str]:
    return [one.identity("name")["name"] for one in petition.filing.representatives.order_by("seq")]


def test_a_group_files_on_the_page_with_its_number_and_its_representatives(city: SimpleNamespace) -> None:
    citizen = Client()
    sent = citizen.post("/file/", FORM | together(12, ("李代表", "13800000002"), ("", ""), ("周代表", "")))
    assert sent.status_code == 302
    petition = Petition.objects.get()
    assert petition.persons == 12 and names(petition) == ["李代表", "周代表"]
    assert [one.seq for one in petition.filing.representatives.order_by("seq")] == [2, 3]
    assert "12 人" in text(citizen.get("/receipt/"))


@pytest.mark.parametrize("persons", ["", "1"])
def test_one_person_files_as_before(city: SimpleNamespace, persons: str) -> None:
    assert Client().post("/file/", FORM | {"persons": persons}).status_code == 302
    assert Petition.objects.get().persons == 1 and not Representative.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (together(0), "1 到 9999"),
        (together(10000), "1 到 9999"),
        (together("多"), "1 到 9999"),
        (together(2, ("甲", ""), ("乙", "")), "一共 2 人，却有 3 名代表"),
        (together("", ("甲", "")), "一共 1 人，却有 2 名代表"),
        (together(20, *[(f"代表{n}", "") for n in range(5)]), "代表最多五名"),
        (together(20, ("", "13800000002")), "请写明代表的姓名"),
        (together(20, ("甲", "12")), "请填写能打通的电话号码"),
    ],
)
def test_faults_of_a_group_are_said_and_nothing_is_lost(city: SimpleNamespace, sent: Any, said: str) -> None:
    response = Client().post("/file/", FORM | sent)
    page = text(response)
    assert response.status_code == 422 and not Petition.objects.exists()
    assert said in page.split('id="error-summary"')[1].split("</div>")[0]
    assert '<details class="fold together" open>' in page, "the part with the fault lies open"
    for value in sent.values():
        assert not value or f'value="{value}"' in page


def test_whoever_files_may_write_themselves_down_too(city: SimpleNamespace) -> None:
    own = (FORM["name"], FORM["phone"])
    assert Client().post("/file/", FORM | together(5, own, ("甲", ""), ("乙", ""))).status_code == 302
    assert names(Petition.objects.get()) == ["甲", "乙"]


def test_a_clerk_enters_a_group_visit(city: SimpleNamespace) -> None:
    clerk = desk(city.clerk)
    form = {name: value for name, value in FORM.items() if name != "altcha"}
    sent = clerk.post("/desk/petitions/new/", form | {"channel": "visit"} | together(7, ("李代表", "")))
    assert sent.status_code == 201 and "7 人" in text(sent)
    assert names(Petition.objects.get(persons=7)) == ["李代表"]
    wrong = clerk.post("/desk/petitions/new/", form | {"channel": "visit"} | together(1, ("李代表", "")))
    assert wrong.status_code == 422 and "却有 2 名代表" in text(wrong)


def test_a_group_files_through_rest_and_is_shown_masked(city: SimpleNamespace) -> None:
    body = FILING | {"persons": 12, "representatives": [{"name": "李代表", "phone": "13800000002"}, {"name": "周某"}]}
    filed = Api().post("/public/petitions/", body).json()
    assert filed["persons"] == 12
    api = Api(city.clerk)
    shown = api.get(f"/petitions/{filed['number']}/").json()
    assert shown["persons"] == 12
    assert shown["representatives"] == [
        {"seq": 2, "name": "李**", "phone": "138****0002", "masked": True},
        {"seq": 3, "name": "周*", "phone": "", "masked": True},
    ]
    assert api.get("/petitions/", {"group": "true"}).json()["results"][0]["persons"] == 12
    assert api.get("/petitions/", {"group": "false"}).json()["results"] == []
    given = {"number": filed["number"], "tracking_code": filed["tracking_code"]}
    assert Api().post("/public/track/", given).json()["persons"] == 12


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"persons": 0}, "persons"),
        ({"persons": 10000}, "persons"),
        ({"persons": "多"}, "persons"),
        ({"persons": True}, "persons"),
        ({"representatives": [{"name": "甲"}]}, "persons"),
        ({"persons": 2, "representatives": [{"name": "甲"}, {"name": "乙"}]}, "persons"),
        ({"persons": 20, "representatives": [{"name": f"代{n}"} for n in range(5)]}, "persons"),
        ({"persons": 20, "representatives": [{"name": f"代{n}"} for n in range(6)]}, "representatives"),
        ({"persons": 20, "representatives": {}}, "representatives"),
        ({"persons": 20, "representatives": ["甲"]}, "representatives.0"),
        ({"persons": 20, "representatives": [{"phone": "13800000002"}]}, "representatives.0.name"),
        ({"persons": 20, "representatives": [{"name": "甲", "phone": "1"}]}, "representatives.0.phone"),
    ],
)
def test_rest_says_what_is_wrong_with_a_group(city: SimpleNamespace, change: dict[str, Any], at: str) -> None:
    response = Api().post("/public/petitions/", FILING | change)
    assert response.status_code == 422 and at in response.json()["errors"], response.json()
    assert not Petition.objects.exists()


def test_five_with_the_petitioner_among_them_are_five(city: SimpleNamespace) -> None:
    own = FILING["petitioner"]
    body = FILING | {"persons": 5, "representatives": [own, *({"name": f"代{n}"} for n in range(4))]}
    assert Api().post("/public/petitions/", body).status_code == 201
    assert len(names(Petition.objects.get())) == 4


def test_representatives_are_sealed_searchable_by_hash_masked_and_unmasked_with_a_reason(city: SimpleNamespace) -> None:
    filed = file_petition(persons=12, representatives=OTHERS)
    one = filed.petition.filing.representatives.get(seq=2)
    assert bytes(one.name_hash) == keyed_hash("name", "代表2") and "代表2".encode() not in bytes(one.name_sealed)
    clerk = desk(city.clerk)
    address = f"/desk/petitions/{filed.number}/"
    page = text(clerk.get(address))
    assert "代**" in page and "139****0002" in page and "代表2" not in page and "12 人" in page
    opened = text(
        clerk.post(address + "acts/unmask/", {"fields": ["name", "phone"], "reason": "联系代表，约定见面时间"})
    )
    assert "代表2" in opened and "139 0000 0002" in opened
    assert "代表2" not in text(clerk.get(address)), "for this one answer only"
    only_phone = Api(city.clerk).post(
        f"/petitions/{filed.number}/acts/unmask/", {"fields": ["phone"], "reason": "联系代表，约定见面时间"}
    ).json()  # fmt: skip
    assert only_phone["representatives"][0] == {
        "seq": 2, "name": "代**", "phone": "139 0000 0002", "masked": False,
    }  # fmt: skip


def test_five_are_a_collective_petition_and_four_are_not(city: SimpleNamespace) -> None:
    """集体访: five persons or more. Each petition is on one of the two lists."""
    four, five = file_petition(persons=4), file_petition(persons=5)
    clerk, listed = desk(city.clerk), {}
    for said in ("true", "false"):
        page = text(clerk.get(f"/desk/ledger/?group={said}"))
        listed[said] = [filed.number in page for filed in (four, five)]
    assert listed == {"true": [False, True], "false": [True, False]}


def test_erasing_clears_the_representatives_too(city: SimpleNamespace) -> None:
    filed = file_petition(persons=12, representatives=OTHERS)
    erase(numbered(filed.number), actor_of(city.secadmin), "个人信息保护法第四十七条")
    for one in filed.petition.filing.representatives.all():
        assert (one.key, one.name_sealed, one.phone_sealed, one.name_hash, one.phone_hash) == (None,) * 5
        assert one.masked() == {"name": "", "phone": ""}
    assert "12 人" in text(desk(city.clerk).get(f"/desk/petitions/{filed.number}/")), "the number of people is nobody"


def test_the_log_keeps_no_representative_in_clear(city: SimpleNamespace) -> None:
    file_petition(persons=12, representatives=OTHERS)
    images = AuditRow.objects.filter(table_name="citizens_representative")
    assert images.count() == 4 and not any("代表2" in str(row.__dict__) for row in images)


def test_the_ledger_and_the_tracked_page_show_how_many(city: SimpleNamespace) -> None:
    filed, alone = file_petition(persons=12, title="集体反映停水"), file_petition(title="一人反映停电")
    clerk = desk(city.clerk)
    page = text(clerk.get("/desk/ledger/"))
    assert page.count("12 人") == 1 and "1 人" not in page.replace("12 人", "")
    groups = text(clerk.get("/desk/ledger/?group=true"))
    assert filed.number in groups and alone.number not in groups
    singles = text(clerk.get("/desk/ledger/?group=false"))
    assert filed.number not in singles and alone.number in singles
    citizen = Client()
    citizen.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    assert "12 人" in text(citizen.get("/track/own/"))


def test_acts_go_on_as_with_one_person(city: SimpleNamespace) -> None:
    filed = file_petition(persons=3, representatives=OTHERS[:2])
    registered = act(filed.demand, "clerk", "register", {
        "category": "010101", "region": "990100000000", "purpose": "request",
    })  # fmt: skip
    assert registered.state == "registered"

"""A record that may hold secrets disappears at once, for its citizen as well, until the secrecy organ has decided."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from massline.acts import Refused, WrongState, perform
from records.models import Publication, Spill
from records.publishing.duty import SECRECY
from records.spills.acts import SPILL_ACTS
from records.spills.reporting import report
from responsibility.models import Notice, Obligation, OrganDuty
from tests.api import Api
from tests.chain_lab import event
from tests.city import SINCE, file_petition, walk_to
from tests.reader import page, reader
from tests.remarks.models import Remark
from tests.secrecy_lab import CLEARED, add_secrecy, do
from tests.shared.kinds import all_kinds
from tests.shared.kinds.publication import WORDS, proposed
from tests.shared.kinds.remark import FILING, remark
from tests.shared.kinds.spill import INPUT

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with all_kinds():
        yield add_secrecy(city)


@pytest.fixture
def source(town: SimpleNamespace) -> Remark:
    made: Remark = remark(town, "answered")
    return made


@pytest.fixture
def spill(town: SimpleNamespace, source: Remark) -> Spill:
    return report(source, "text", town.handler, timezone.now())


def decide(town: SimpleNamespace, spill: Spill, act: str, who: str = "secrecy") -> Any:
    return perform(SPILL_ACTS[act], Spill, spill.pk, getattr(town, who), INPUT[act])


def test_any_official_who_sees_it_freezes_it_by_the_page(town: SimpleNamespace, source: Remark) -> None:
    desk = reader(town.handler)
    address = f"/desk/remarks/{source.number}/spill/"
    assert address in desk.get(f"/desk/remarks/{source.number}/").content.decode()
    asked = desk.get(address).content.decode()
    assert "<textarea" not in asked, "words would repeat the secret"
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"place": "title"}).status_code == 302
    assert desk.get(f"/desk/remarks/{source.number}/").status_code == 404
    assert reader(town.clerk).get(f"/desk/remarks/{source.number}/spill/").status_code == 404
    owed = Obligation.objects.get(rule="BM01")
    assert owed.organ == town.organ["baomi"] and Spill.objects.get().number in page(town.secrecy, "/desk/")


def test_any_official_who_sees_it_freezes_it_through_rest(town: SimpleNamespace, source: Remark) -> None:
    address = f"/remarks/{source.number}/spill/"
    assert Api(town.clerk).post(address, {"place": "file"}).status_code == 404
    assert Api(town.auditor).post(address, {"place": "file"}).status_code == 404
    assert Api(town.handler).post(address, {"place": "elsewhere"}).status_code == 422
    answer = Api(town.handler).post(address, {"place": "file"})
    assert (answer.status_code, answer.json()) == (200, {"number": source.number, "frozen": True})
    assert Api(town.handler).get(f"/remarks/{source.number}/").status_code == 404


def test_its_citizen_reads_one_line_and_no_detail(town: SimpleNamespace) -> None:
    filed = walk_to("registered")
    browser = Client()
    browser.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    assert filed.number in browser.get("/track/own/").content.decode()
    report(filed.demand, "text", town.clerk, timezone.now())
    for path in ("/track/own/", "/track/own/letters/L1/"):
        answer = browser.get(path)
        text = answer.content.decode()
        assert answer.status_code in (404, 409) and "楼道" not in text
    assert "本件正在按规定核查，暂时不能查看" in browser.get("/track/own/").content.decode()
    again = Client().post("/track/", {"number": filed.number, "tracking_code": filed.code})
    assert again.status_code == 409 and "保密" not in again.content.decode()
    body = {"number": filed.number, "tracking_code": filed.code}
    answer = Api().post("/public/track/", body)
    assert answer.status_code == 409 and "核查" in answer.json()["title"] and "楼道" not in str(answer.json())
    wrong = Client().post("/track/", {"number": filed.number, "tracking_code": file_petition().code})
    assert wrong.status_code == 404, "who has no code learns nothing"


def test_its_publication_is_gone_with_it(town: SimpleNamespace, source: Remark) -> None:
    one = proposed(town, source)
    do(one, town.secrecy, "clear", CLEARED)
    assert Client().get(f"/public/remarks/{source.number}/").status_code == 200
    spill = report(one, "text", town.handler, timezone.now())
    assert (spill.source_kind, spill.source_id) == ("remark", source.pk), "the source is what is frozen"
    assert Client().get(f"/public/remarks/{source.number}/").status_code == 404
    assert not Publication.objects.for_user(town.secrecy).exists()
    decide(town, spill, "release")
    assert WORDS["body"] in Client().get(f"/public/remarks/{source.number}/").content.decode()


def test_erased_its_publication_keeps_the_hash_alone(town: SimpleNamespace, source: Remark) -> None:
    one = proposed(town, source)
    do(one, town.secrecy, "clear", CLEARED)
    decide(town, report(source, "text", town.handler, timezone.now()), "erase_on_order")
    one.refresh_from_db()
    assert one.content == "" and len(one.content_hash) == 64
    assert Client().get(f"/public/remarks/{source.number}/").status_code == 404
    source.refresh_from_db()
    assert (source.title, source.body) == ("", "")


def test_the_secrecy_organ_reads_the_words_once_and_on_record(town: SimpleNamespace, spill: Spill) -> None:
    address = f"/desk/spills/{spill.number}/"
    assert FILING["body"] not in page(town.secrecy, address)
    desk = reader(town.secrecy)
    assert desk.post(f"{address}acts/read_frozen/", {}).status_code == 422, "without the pledge"
    opened = desk.post(f"{address}acts/read_frozen/", {"pledge": "on"}).content.decode()
    assert FILING["body"] in opened and FILING["body"] not in desk.get(address).content.decode()
    assert AuditEvent.objects.get(name="spill.read").actor_key == "secrecy"


def test_leaders_above_see_its_number_and_none_of_its_words(town: SimpleNamespace, spill: Spill) -> None:
    text = page(town.mayor, f"/desk/spills/{spill.number}/")
    assert spill.source_key in text and FILING["title"] not in text and FILING["body"] not in text


def test_who_reported_it_is_told_and_never_decides(town: SimpleNamespace, source: Remark) -> None:
    event()
    OrganDuty.objects.filter(duty=SECRECY).update(organ=town.organ["department"])
    spill = report(source, "text", town.handler, timezone.now())
    with pytest.raises(Refused):
        decide(town, spill, "release", "handler")
    decide(town, spill, "release", "colleague")
    assert Notice.objects.get(kind="spill.told_released").recipient == town.handler
    assert Obligation.objects.get(rule="BM01").outcome == "met"


def test_clocks_go_on_while_it_is_frozen(town: SimpleNamespace) -> None:
    made = remark(town)
    report(made, "text", town.handler, timezone.now())
    assert Obligation.objects.about("remark", made.pk).open().exists()


def test_without_a_secrecy_organ_it_says_where_to_report(town: SimpleNamespace, source: Remark) -> None:
    event()
    OrganDuty.objects.filter(duty=SECRECY).update(until=SINCE + timedelta(days=1))
    with pytest.raises(WrongState, match="保密行政管理部门"):
        report(source, "text", town.handler, timezone.now())

"""What lies besides a petition when its person is erased: exports, officials' filters, rejected rows of an import."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import override_settings

from audit.models import AuditEvent
from petitions.models import Petition
from records.importing.models import Import, ImportReject
from records.models import ActText, SavedFilter
from reports import exports
from reports.models import Export
from responsibility.models import Notice
from tests.api import Api
from tests.city import act, build_city, file_petition
from tests.conftest import open_folder
from tests.export_lab import REASON, client_of, fetched, link, made, posted
from tests.import_lab import HEAD
from tests.petitions.test_acts_at_once import until_waiting
from tests.petitions.test_import_page import CHOSEN, uploaded

NAME, TITLE = "欧阳七七四", "独一无二的标题七七四"
WITHDRAWN = "因依法清除个人信息，这份导出已失效，请重新导出"


@pytest.fixture
def world(cloned_db: str) -> Iterator[SimpleNamespace]:
    with open_folder() as folder:
        place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
        static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with override_settings(STORAGES={"default": place, "staticfiles": static}):
            city = build_city()
            filed = file_petition(name=NAME, title=TITLE, phone="+8613900007774", body="七七四号楼漏水")
            file_petition()
            yield SimpleNamespace(city=city, filed=filed, folder=folder, clients={})


def erase(world: SimpleNamespace) -> None:
    call_command("erase_person", world.filed.number, "--by", "chief", "--ground", "个人信息保护法第四十七条")


# --- Exports ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("what", "field"), [("ledger", "name"), ("ledger", "title"), ("timelines", "detail")])
def test_an_export_made_before_is_not_handed_out_any_more(world: SimpleNamespace, what: str, field: str) -> None:
    job, data = made(world, what, "csv", fields_asked=[field], reason=REASON)
    assert what != "ledger" or (NAME if field == "name" else TITLE) in data.decode()
    address, file = link(world, job), exports.path_of(job, job.attempts)
    assert file.exists()
    erase(world)
    auditor = client_of(world, "auditor")
    answer = auditor.get(address)
    assert answer.status_code == 410 and WITHDRAWN in answer.content.decode()
    page = auditor.get(f"/desk/exports/{job.key}/").content.decode()
    assert WITHDRAWN in page and "/file/" not in page
    assert "已失效" in auditor.get("/desk/exports/").content.decode()
    assert not file.exists()
    assert AuditEvent.objects.filter(name="export_withdrawn", subject_key=job.key).count() == 1
    _job, again = made(world, what, "csv", fields_asked=[field], reason=REASON)
    assert NAME not in again.decode() and TITLE not in again.decode()


def test_a_crash_before_the_file_is_deleted_hands_out_nothing(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _data = made(world, "ledger", "xlsx", fields_asked=["name"], reason=REASON)
    address, file = link(world, job), exports.path_of(job, job.attempts)
    with monkeypatch.context() as broken:
        broken.setattr(exports, "delete_files", lambda job, attempt: 1 / 0)
        erase(world)
    assert file.exists()
    assert client_of(world, "auditor").get(address).status_code == 410
    exports.delete_expired()  # a minute later
    assert not file.exists()


def test_an_export_without_anything_personal_stays(world: SimpleNamespace) -> None:
    job, data = made(world, "ledger", "csv")
    erase(world)
    assert fetched(world, job) == data


def test_an_export_that_is_being_made_meanwhile_is_made_anew(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, go_on = Event(), Event()
    settle = exports._settle

    def slow(path: Any) -> None:
        settle(path)
        if not written.is_set():
            written.set()
            assert go_on.wait(30)

    monkeypatch.setattr(exports, "_settle", slow)
    client = client_of(world, "auditor")

    def ask() -> Any:
        try:
            return posted(world, "auditor", "ledger", "csv", fields_asked=["name", "title"], reason=REASON)
        finally:
            connection.close()

    assert client.get("/desk/exports/").status_code == 200
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        assert written.wait(30)
        erase(world)
        go_on.set()
        assert asking.result(30).status_code == 302
    assert Export.objects.get().state == "waiting"
    exports.make_waiting()
    found = fetched(world, Export.objects.get()).decode()
    assert world.filed.number in found and NAME not in found and TITLE not in found


def test_words_that_were_searched_for_go_from_older_exports(world: SimpleNamespace) -> None:
    made(world, "ledger", "csv", q=NAME[:3], state="received")
    erase(world)
    assert Export.objects.get().filter == {"state": "received"}


# --- Filters ----------------------------------------------------------------------------------------------------------
def kept(world: SimpleNamespace, who: str, name: str, query: str) -> SavedFilter:
    client_of(world, who).post("/desk/ledger/saved/", {"name": name, "query": query})
    return SavedFilter.objects.get(name=name)


def test_filters_lose_the_words_and_their_owner_is_told(world: SimpleNamespace) -> None:
    person = kept(world, "clerk", "某人的", f"q={NAME}&state=received")
    phone = kept(world, "chief", "电话", "q=13900007774&overdue=true")
    title = kept(world, "mayor", "标题", "q=独一无二&state=received")
    label = kept(world, "leader", f"{NAME}的事", "state=received")
    alone = kept(world, "inspector", "只有词", "q=七七四号楼")
    common = kept(world, "receiver", "楼道", "q=楼道&state=received")
    heard = [
        kept(world, "auditor", "拼音", "q=duyi wuer 漏水"),
        kept(world, "deputy", "姓名", "q=ouyangqi&state=received"),
    ]
    erase(world)
    assert not SavedFilter.objects.filter(pk=heard[0].pk).exists()
    for each in (person, phone, title, label, heard[1]):
        each.refresh_from_db()
        assert "q=" not in each.query and each.name.startswith("筛选 ")
    assert (person.query, phone.query) == ("state=received", "overdue=true")
    assert not SavedFilter.objects.filter(pk=alone.pk).exists(), "nothing of it was left"
    common.refresh_from_db()
    assert common.query == "q=%E6%A5%BC%E9%81%93&state=received", "other petitions say that as well"
    told = set(Notice.objects.filter(kind="filter_cleared").values_list("recipient__username", flat=True))
    assert told == {"clerk", "chief", "mayor", "leader", "inspector", "auditor", "deputy"}
    inbox = client_of(world, "clerk").get("/desk/inbox/").content.decode()
    assert "您保存的一个筛选含有依法清除的个人信息" in inbox and NAME not in inbox
    assert NAME not in client_of(world, "clerk").get("/desk/ledger/").content.decode()


# --- Imports ----------------------------------------------------------------------------------------------------------
def imported(world: SimpleNamespace, text: str) -> None:
    from records import tasks

    clerk = client_of(world, "clerk")
    clerk.post(uploaded(clerk, HEAD + text)["Location"], CHOSEN | {"doing": "start"})
    tasks.imports()


def test_rejected_rows_about_the_person_go_and_do_not_come_back(world: SimpleNamespace) -> None:
    row = "1,{who},{title},2026-09-01,{body},,,,\n"
    imported(world, row.format(who="钱某某某", title="旧楼加装电梯", body="申请加装电梯"))
    imported(
        world, row.format(who="钱某某某", title="旧楼加装电梯", body="改了几个字") + "9,孙某,没有日期,,夜里施工,,,,\n"
    )
    assert ImportReject.objects.count() == 2
    world.filed.number = Petition.objects.get(title="旧楼加装电梯").number
    erase(world)
    assert [reject.cells[1] for reject in ImportReject.objects.all()] == ["孙某"]
    imported(world, row.format(who="钱某某某", title="旧楼加装电梯", body="申请加装电梯"))
    assert not any("钱某某某" in reject.cells for reject in ImportReject.objects.all())
    assert Import.objects.order_by("pk").last().already_there == 1  # type: ignore[union-attr]


def test_rejected_rows_that_name_the_person_go_whatever_their_number(world: SimpleNamespace) -> None:
    imported(
        world,
        f"7,{NAME},没有日期,,夜里施工,,\n8,李某,没有日期,,请打 139 0000 7774 找人,,\n"
        f"9,周某,{TITLE},,夜里施工,,\n10,孙某,没有日期,,夜里施工,,\n",
    )
    assert ImportReject.objects.count() == 4
    erase(world)
    assert [reject.cells[1] for reject in ImportReject.objects.all()] == ["孙某"]


# --- Meanwhile --------------------------------------------------------------------------------------------------------
def test_what_somebody_is_writing_when_it_is_erased_does_not_outlive_it(world: SimpleNamespace) -> None:
    """An act that holds the petition comes first, and its text is erased with the rest."""
    demand = world.filed.demand

    def erasing() -> None:
        try:
            erase(world)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act(demand, "citizen", "supplement", {"text": f"{NAME}的补充"})
            pending = pool.submit(erasing)
            until_waiting(1)
        pending.result(30)
    assert list(ActText.objects.about("petition", demand.pk).values_list("text", flat=True)) == [""]
    shown = Api(world.city.clerk).get(f"/petitions/{world.filed.number}/timeline/").content.decode()
    assert NAME not in shown

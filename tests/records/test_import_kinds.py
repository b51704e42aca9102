"""Rows of another kind than petitions: errands come in by their own fields, and no import of one kind is of another."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.verify import verify
from petitions.models import Demand, Petition
from records import tasks
from records.importing.models import Import, ImportedFrom
from tests.import_lab import GOOD, HEAD, private_folder
from tests.kinds.lab import paper_kinds
from tests.kinds.models import Errand
from tests.petitions.test_import_page import CHOSEN, client, uploaded
from tests.sheet_lab import xls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]
ROWS = [
    ["单号", "事由", "状态", "备注"],
    ["1", "送信", "是", ""],
    ["2", "取件", "", "急"],
    ["3", "快！", "", ""],
    ["4"],
]
AT = "/desk/errands/imports/"
COLUMNS = {"source": "老台账", "column_0": "key", "column_1": "title", "column_2": "state", "column_3": "-"}


@pytest.fixture(autouse=True)
def errands(tmp_path: Path) -> Iterator[None]:
    with private_folder(tmp_path / "private"), paper_kinds():
        yield


def sent(by: Any, rows: Any = ROWS) -> str:
    file = SimpleUploadedFile("跑腿.xls", xls(rows))
    return str(by.post(AT, {"source": "老台账", "file": file})["Location"])


def taken_over(by: Any, rows: Any = ROWS) -> Import:
    page = sent(by, rows)
    assert by.post(page, COLUMNS | {"doing": "start"})["Location"] == page
    tasks.imports()
    return Import.objects.filter(kind="errand").latest("pk")


def test_rows_become_errands_by_their_own_fields(city: SimpleNamespace) -> None:
    leader = client(city.leader)
    page = sent(leader)
    shown = leader.get(page).content.decode()
    assert page.startswith(AT) and "1：送信" in shown and "跑什么：不要喊" in shown and "单子" in shown
    assert not Errand.objects.exists()
    job = taken_over(leader)
    assert [*Errand.objects.order_by("pk").values_list("title", "state", "organ")] == [
        ("送信", "done", job.office_id),
        ("取件", "open", job.office_id),
    ]
    origins = ImportedFrom.objects.about("errand", *Errand.objects.values_list("pk", flat=True))
    assert {*origins.values_list("source", "source_key")} == {("老台账", "1"), ("老台账", "2")}
    assert [row.reasons for row in job.rejects.order_by("row")] == [["跑什么：不要喊"], ["跑什么：没有填写"]]
    rejected = b"".join(leader.get(f"{AT}{job.key}/rejects/").streaming_content).decode("utf-8-sig")
    assert rejected.splitlines()[1] == "4,跑什么：不要喊,3,快！,,"
    assert verify("kinds_errand", "records_importedfrom", "records_importreject").ok


def test_an_errand_comes_in_once_and_other_words_stay_outside(city: SimpleNamespace) -> None:
    leader = client(city.leader)
    taken_over(leader)
    again = taken_over(leader, [ROWS[0], ROWS[1], ["2", "取件", "是"]])
    assert (again.came_in, again.already_there, again.rejected) == (0, 1, 1) and Errand.objects.count() == 2
    assert "内容却不同" in again.rejects.get().reasons[0]


def test_the_same_number_in_the_same_ledger_of_another_kind_is_another_row(city: SimpleNamespace) -> None:
    clerk = client(city.clerk)
    clerk.post(uploaded(clerk, HEAD + GOOD)["Location"], CHOSEN | {"doing": "start"})
    job = taken_over(client(city.leader))
    assert (job.came_in, Errand.objects.count(), Petition.objects.count()) == (2, 2, 1)
    assert ImportedFrom.objects.filter(source="老台账", source_key="1").count() == 2
    assert Demand.objects.count() == ImportedFrom.objects.filter(subject_kind="petition").count()


def test_an_import_of_one_kind_is_not_on_the_pages_of_another(city: SimpleNamespace) -> None:
    """The head of the petition department imports both."""
    chief = client(city.chief)
    page = uploaded(chief, HEAD + GOOD, source="信访老台账")["Location"]
    job = taken_over(chief)
    assert job.office == Import.objects.get(kind="petition").office
    assert chief.get(page).status_code == 200
    assert "信访老台账" in chief.get("/desk/imports/").content.decode()
    assert "信访老台账" not in chief.get(AT).content.decode()
    for path in ("", "progress/", "rejects/"):
        assert chief.get(f"/desk/imports/{job.key}/{path}").status_code == 404
    assert chief.get(page.replace("/desk/imports/", AT)).status_code == 404


def test_who_leads_nothing_imports_no_errands(city: SimpleNamespace) -> None:
    handler = client(city.handler)
    assert handler.get(AT).status_code == 403
    assert handler.post(AT, {"source": "x", "file": SimpleUploadedFile("x.csv", b"a")}).status_code == 403
    assert not Import.objects.exists()

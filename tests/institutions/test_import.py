"""An office's list of regulations comes in from a spreadsheet: row by row, with its text and the review it owes."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from institutions.models import Regulation, RegulationText
from massline.time import local_day
from records import tasks
from records.importing.models import Import, ImportReject
from responsibility.models import Obligation
from tests.import_lab import private_folder
from tests.institutions_lab import add_legal_office

pytestmark = pytest.mark.django_db
HEAD = (
    "编号", "名称", "种类", "文号", "制定单位", "施行日期", "有效期至", "最近一次评估", "执行主体", "检查监督",
    "问责条款", "问责机关", "正文",
)  # fmt: skip
WORDING = "第一条 楼道照明由物业企业负责。\n第二条 坏灯三日内修好。\n第三条 违反本办法的，由主管部门追究责任。"
ORGAN = "试水市住房和城乡建设局"


def row(**other: str) -> list[str]:
    said = {
        "编号": "1", "名称": "楼道照明管理办法", "种类": "规范性文件", "文号": "试建〔2019〕3号", "制定单位": ORGAN,
        "施行日期": "2019-05-01", "有效期至": "", "最近一次评估": "2024年6月1日", "执行主体": f"{ORGAN} 房屋安全科科员",
        "检查监督": f"{ORGAN}分管副局长", "问责条款": "第三条", "问责机关": ORGAN, "正文": WORDING,
    }  # fmt: skip
    return [(said | other)[name] for name in HEAD]


@pytest.fixture(autouse=True)
def private(tmp_path: Path) -> Iterator[Path]:
    with private_folder(tmp_path / "private") as folder:
        yield folder


@pytest.fixture
def town(city: SimpleNamespace) -> SimpleNamespace:
    return add_legal_office(city)


def imported(by: Any, *rows: list[str]) -> Import:
    """What became of a sheet of these rows, whose columns are found by their names."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for n, cells in enumerate((HEAD, *rows)):
            sheet.write_row(n, 0, cells)
    client = Client()
    client.force_login(by, "django.contrib.auth.backends.ModelBackend")
    upload = {"source": "制度汇编", "file": SimpleUploadedFile("清单.xlsx", file.getvalue())}
    page = client.post("/desk/regulations/imports/", upload)["Location"]
    names = "key title kind document_number organ in_force_from expires reviewed_on owner supervisor accountability"
    columns = [*names.split(), "accountable_organ", "wording"]
    chosen = {f"column_{n}": name for n, name in enumerate(columns)}
    chosen |= {"source": "制度汇编", "organ": "", "kind": "normative"}
    assert client.post(page, chosen | {"doing": "look"}).status_code == 200
    client.post(page, chosen | {"doing": "start"})
    tasks.imports()
    return Import.objects.latest("pk")


def reasons() -> list[str]:
    return [reason for reject in ImportReject.objects.order_by("row") for reason in reject.reasons]


def test_a_row_is_a_regulation_in_force_with_its_text_and_the_review_that_it_owes(town: SimpleNamespace) -> None:
    assert imported(town.legal_head, row()).came_in == 1, reasons()
    made = Regulation.objects.get()
    assert (made.state, made.in_force_from, made.organ.name) == ("in_force", date(2019, 5, 1), ORGAN)
    assert (made.owner.name, made.supervisor.name) == ("房屋安全科科员", "分管副局长")
    text = RegulationText.objects.get()
    assert (text.state, text.since, [one.heading for one in text.articles]) == (
        "promulgated", date(2019, 5, 1), ["第一条", "第二条", "第三条"],
    )  # fmt: skip
    (owed,) = Obligation.objects.open().about(made.KIND, made.pk)
    assert (owed.rule, local_day(owed.opened_at)) == ("IN10", date(2024, 6, 1)), "five years from its last review"


def test_the_same_list_again_brings_in_nothing(town: SimpleNamespace) -> None:
    imported(town.legal_head, row())
    again = imported(town.legal_head, row(), row(编号="2", 名称="扫雪办法", 文号="试建〔2020〕1号"))
    assert (again.came_in, again.already_there, again.rejected) == (1, 1, 0), reasons()


def test_one_whose_last_day_is_over_has_lapsed_and_owes_nothing(town: SimpleNamespace) -> None:
    imported(town.legal_head, row(有效期至="2024-04-30", 最近一次评估=""))
    made = Regulation.objects.get()
    assert made.state == "lapsed" and not Obligation.objects.open().about(made.KIND, made.pk).exists()
    assert RegulationText.objects.get().until == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"检查监督": ""}, "检查监督：没有填写"),
        ({"检查监督": f"{ORGAN}房屋安全科科员"}, "执行的岗位不能监督自己"),
        ({"执行主体": "张三"}, "没有这个岗位，请写单位全称加岗位名称"),
        ({"制定单位": "试水市外星局"}, "没有这个单位"),
        ({"问责条款": "第九条"}, "正文里没有这一条"),
        ({"问责条款": "九"}, "请只写条号"),
        ({"正文": "没有条文的一段话"}, "没有找到条文"),
        ({"种类": "上位法"}, "上位法由系统载入"),
        ({"有效期至": "2018-01-01"}, "早于施行日期"),
        ({"施行日期": "某年某月"}, "看不懂这个日期"),
    ],
)
def test_a_faulty_row_is_refused_with_its_reason_and_stops_no_other(
    town: SimpleNamespace, given: dict[str, str], said: str
) -> None:
    job = imported(town.legal_head, row(**given), row(编号="2", 名称="扫雪办法", 文号="试建〔2020〕1号"))
    assert (job.came_in, job.rejected) == (1, 1)
    assert any(said in reason for reason in reasons()), reasons()


def test_a_number_that_another_regulation_of_the_organ_has_is_refused(town: SimpleNamespace) -> None:
    imported(town.legal_head, row())
    job = imported(
        town.legal_head, row(编号="7", 名称="另一办法"), row(编号="8", 名称="又一办法", 文号="试建〔2021〕2号")
    )
    assert (job.came_in, job.rejected) == (1, 1)
    assert reasons() == ["文号：这个单位已经有同一文号的制度"]


def test_only_who_receives_for_the_legal_office_or_heads_it_imports(town: SimpleNamespace) -> None:
    for who, status in (("legal_head", 200), ("leader", 403), ("clerk", 403), ("auditor", 403)):
        client = Client()
        client.force_login(getattr(town, who), "django.contrib.auth.backends.ModelBackend")
        assert client.get("/desk/regulations/imports/").status_code == status, who
        assert ("导入旧清单" in client.get("/desk/regulations/").content.decode()) == (status == 200)

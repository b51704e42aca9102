"""An old ledger is taken over: what comes in, what stays out, and that nothing comes in twice."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from audit.verify import verify
from massline.time import SHANGHAI
from petitions.importing.writing import AUTHOR
from petitions.models import Answer, Demand, Petition, State
from records.importing.models import Import, ImportedFrom, ImportReject
from responsibility.models import Escalation, Notice, Obligation
from responsibility.sweep import sweep
from tests.import_lab import GOOD, HEAD, LATE, MAPPING, OPEN, files_in, overdue, private_folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private(tmp_path: Path) -> Iterator[Path]:
    with private_folder(tmp_path / "private") as folder:
        yield folder


ROWS_OF_GROUPS = "".join(
    f"{title},{title}很久了,2026-03-02 09:00,{persons}\n"
    for title, persons in (
        ("路灯不亮", "20"),
        ("漏水", "6人"),
        ("噪音", ""),
        ("停电", "3.0"),
        ("停水", "0"),
        ("臭味", "许多"),
        ("油烟", "1" * 5000),
    )
)


@pytest.fixture
def ledger(tmp_path: Path, city: SimpleNamespace) -> Any:
    def run(text: str, *options: str, mapping: str = MAPPING, name: str = "old.csv") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        out = io.StringIO()
        command = ["import_petitions", str(tmp_path / name), "--mapping", str(tmp_path / "map.toml"), *options]
        call_command(*command, stdout=out)
        return out.getvalue()

    return run


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


def test_rows_come_in_with_their_own_dates(ledger: Any) -> None:
    assert "收下 3 件，退回 0 行，已有 0 件" in ledger(HEAD + GOOD + LATE + OPEN)
    good, _late, still = Demand.objects.select_related("petition__filing").order_by("id")
    assert good.petition.number.startswith("XF20190425-") and good.received_at == at(2019, 4, 25, 9, 32, 9)
    assert good.petition.filing.identity("name") == {"name": "张三"}
    assert (good.state, good.outcome) == (State.CLOSED, "explained")
    answer = Answer.objects.get(demand=good)
    assert (answer.text, answer.answered_at) == ("已经修好", at(2019, 5, 10, 14, 56, 53))
    assert answer.author.username == AUTHOR and not answer.author.is_active
    met, broken, owed = Obligation.objects.order_by("id")
    assert (met.rule, met.edition, met.outcome, met.breached_at) == ("XF06", "2005", "met", None)
    assert met.closed_at == answer.answered_at and met.opened_at == good.received_at
    assert (broken.rule, broken.outcome, broken.breached_at) == ("XF06", "late", broken.due_at)
    assert (owed.rule, owed.edition, owed.subject_id, owed.closed_at) == ("XF01", "2005", still.pk, None)
    assert still.due_at == owed.due_at and str(owed.due_legal) == "2019-03-19" and still.state == State.RECEIVED
    events = AuditEvent.objects.filter(name="petition.imported")
    assert set(events.values_list("subject_key", flat=True)) == set(Petition.objects.values_list("number", flat=True))
    assert events.get(subject_key=good.petition.number).facts["source"] == "老台账"


def test_a_row_may_stand_for_many_people(ledger: Any) -> None:
    told = ledger(
        "标题,内容,信访日期,信访人数\n".replace("内容", "概况") + ROWS_OF_GROUPS,
        mapping=MAPPING.replace('user = "name"\n', ""),
    )
    assert "收下 4 件，退回 3 行" in told
    assert list(Petition.objects.order_by("pk").values_list("title", "persons")) == [
        ("路灯不亮", 20), ("漏水", 6), ("噪音", 1), ("停电", 3),
    ]  # fmt: skip
    assert "信访人数：应当是 1 到 9999 的整数" in told


def test_a_ledger_that_registers_by_the_day_comes_in(ledger: Any) -> None:
    """Received in the morning and registered on that day, of which the ledger keeps no hour; not the day before."""
    head = "标题,概况,信访日期,登记时间\n"
    rows = "路灯不亮,坏了很久,2026-03-02 09:00,2026-03-02\n漏水,漏了很久,2026-03-02 09:00,2026-03-01\n"
    told = ledger(head + rows, mapping=MAPPING.replace('user = "name"\n', ""))
    assert "收下 1 件，退回 1 行" in told and "登记时间：早于收到时间" in told
    assert Petition.objects.get().title == "路灯不亮"


def test_a_telephone_comes_in_as_it_was_meant_or_its_row_is_rejected(ledger: Any) -> None:
    head, rest = "标题,概况,信访日期,电话,告知方式\n", "很久了,2026-03-02 09:00"
    phones = {"漏水": "13912345678.0", "噪音": "010-12345678转8001", "臭味": "1391234567.0", "油烟": "1.39123E+10"}
    told = ledger(
        head + "".join(f"{title},{title}{rest},{phone},sms\n" for title, phone in phones.items()),
        mapping=MAPPING.replace('user = "name"\n', ""),
    )
    assert "收下 2 件，退回 2 行" in told
    assert "电话：手机号码是 11 位，这里有 10 位" in told and "电话：这个号码被电子表格改成了近似数" in told
    kept = {p.title: (p.filing.identity("phone")["phone"], p.filing.tell_by) for p in Petition.objects.all()}
    assert kept == {"漏水": ("+8613912345678", "sms"), "噪音": ("+861012345678;ext=8001", "phone")}


@pytest.mark.parametrize("number", ["2.02611E+19", "2.02611260012346e+19", "20261126001234500000"])
def test_a_number_that_a_spreadsheet_rounded_keeps_its_row_outside_and_is_matched_with_nothing(
    ledger: Any, number: str
) -> None:
    """Two rows of one rounded number are two matters."""
    row = f"{number},张三,路灯不亮,2019-04-25,路灯坏了两个月,,\n"
    told = ledger(HEAD + row + row.replace("路灯", "水管") + GOOD)
    assert "收下 1 件，退回 2 行，已有 0 件" in told and "2  原编号：这个号码被电子表格改成了近似数" in told
    assert "请把这一列设为“文本”" in told and not ImportedFrom.objects.filter(source_key=number).exists()


@pytest.mark.parametrize("empties", [False, True])
def test_a_faulty_telephone_empties_only_itself_when_the_importer_says_so(ledger: Any, empties: bool) -> None:
    text = "编号,标题,概况,信访日期,电话,身份证号\n1,漏水,很久了,2026-03-02,1.39123E+10,1.10101E+17\n"
    text += "2.02611E+19,噪音,很久了,2026-03-02,13912345678,\n3,没有日期,很久了,,12,\n"
    mapping = ("empties_faulty = true\n" if empties else "") + MAPPING.replace('user = "name"\n', "")
    told = ledger(text, "--dry-run", mapping=mapping)
    assert ("其中 1 行会空出有错的内容" in told) == empties and "身份证号码：这个号码被电子表格改成了近似数" in told
    told = ledger(text, mapping=mapping)
    assert ("收下 1 件，退回 2 行" if empties else "收下 0 件，退回 3 行") in told
    assert [petition.title for petition in Petition.objects.all()] == (["漏水"] if empties else [])


def test_the_log_explains_every_row(ledger: Any) -> None:
    ledger(HEAD + GOOD + OPEN + "4,,,,,,\n")
    assert verify().ok


def test_the_same_file_twice_brings_nothing_and_says_so(ledger: Any) -> None:
    ledger(HEAD + GOOD + LATE)
    assert "收下 1 件，退回 0 行，已有 2 件" in ledger(HEAD + GOOD + LATE + OPEN)
    assert Petition.objects.count() == ImportedFrom.objects.count() == 3


def test_a_known_number_with_other_words_is_rejected(ledger: Any) -> None:
    ledger(HEAD + GOOD)
    said = ledger(HEAD + GOOD.replace("两个月", "三个月"))
    assert "收下 0 件，退回 1 行，已有 0 件" in said and "这个编号已经导入过，内容却不同" in said


def test_rejects_have_reasons_and_do_no_harm_in_a_spreadsheet(ledger: Any, tmp_path: Path) -> None:
    bad = "=cmd(),a,b,2019-13-45,x,,\n5,a,,2019-01-01,body,reply,\n6,a,b,2019-05-05,c,d,2019-01-01\n7,a,b\n"
    said = ledger(HEAD + bad + GOOD, "--rejects", str(tmp_path / "rejects.csv"))
    assert "收下 1 件，退回 4 行，已有 0 件" in said
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    first, second, third, fourth = text.splitlines()[1:]
    assert first.startswith("2,") and "看不懂这个日期" in first and "'=cmd()" in first
    assert "没有填写" in second and "都有或者都没有" in second
    assert "早于收到时间" in third and "列数与表头不一致" in fourth
    assert [row.row for row in ImportReject.objects.order_by("row")] == [2, 3, 4, 5]


def test_columns_that_are_not_taken_in_are_announced(ledger: Any, private: Path) -> None:
    said = ledger(HEAD.strip() + ",备注\n" + GOOD.strip() + ",急\n", "--dry-run")
    assert "不导入的列：备注" in said
    assert "不导入的列" not in ledger(HEAD + GOOD, "--dry-run")


def test_a_dry_run_writes_nothing(ledger: Any, private: Path) -> None:
    events = AuditEvent.objects.count()
    said = ledger(HEAD + GOOD + LATE + OPEN + "9,,,,,,\n", "--dry-run")
    assert "可以收下 3 件，退回 1 行" in said
    assert "答复 2 件，其中超过15日 1 件，超过60日 1 件，超过90日 1 件" in said and "逾期 1 件" in said
    assert not Petition.objects.exists() and not Import.objects.exists() and AuditEvent.objects.count() == events
    assert not list(private.rglob("*"))


def test_the_file_is_not_kept(ledger: Any, private: Path) -> None:
    ledger(HEAD + GOOD)
    assert Import.objects.get().file == "" and not files_in(private)


def test_a_wrong_mapping_says_what_to_change(ledger: Any) -> None:
    for wrong, said in (
        ("header_row = -1\n" + MAPPING, "header_row 应当是正整数"),
        ("empties_faulty = 1\n" + MAPPING, "empties_faulty 应当是 true 或 false"),
        (MAPPING.replace("name", "nobody"), "没有这些字段：nobody"),
        (MAPPING.replace("user", "users"), "文件里没有这些列：users"),
        (MAPPING.replace("990100000000", "123"), "默认的问题属地 123 不存在"),
        ("source = ", "不是有效的 TOML"),
    ):
        with pytest.raises(CommandError, match=said):
            ledger(HEAD + GOOD, mapping=wrong)


def test_overdue_work_enters_at_one_step_and_reaches_each_person_as_one_notice(ledger: Any) -> None:
    """Five hundred rows, years overdue: one step each, one notice a person, and then nothing until the next step."""
    ledger(overdue(500))
    swept = sweep()
    assert (swept.overdue, swept.warned, swept.escalated, swept.failed) == (500, 0, 0, [])
    assert Escalation.objects.count() == 500 == Escalation.objects.values("obligation").distinct().count()
    assert set(Escalation.objects.values_list("step", flat=True)) == {"overdue"}
    told = Notice.objects.all()
    assert {n.kind for n in told} == {"petition.imported"} and told.count() == told.values(
        "recipient"
    ).distinct().count()
    assert {n.recipient.username for n in told} == {"clerk", "chief"}
    again = sweep(timezone.now() + timedelta(minutes=5))
    assert (again.overdue, again.escalated) == (0, 0) and Notice.objects.count() == 2


def test_after_the_first_step_it_climbs_like_everything_else(ledger: Any) -> None:
    """What reached the inbox as one notice climbs on after three working days, one step at a time."""
    ledger(overdue(2))
    sweep()
    sweep(timezone.now() + timedelta(days=6))
    assert sorted(Escalation.objects.values_list("step", flat=True)) == ["overdue", "overdue", "top", "top"]


def test_what_falls_due_after_the_import_is_told_one_by_one(ledger: Any) -> None:
    today = timezone.localdate()
    ledger(HEAD + f"1,张三,刚来的,{today},没有人管,,\n2,张三,也是刚来的,{today},没有人管,,\n")
    sweep(timezone.now() + timedelta(days=40))
    assert Notice.objects.filter(kind="petition.imported").count() == 0
    assert Notice.objects.filter(recipient__username="clerk").count() == 2


def test_rows_of_an_organ_wait_there(ledger: Any) -> None:
    ledger(HEAD + OPEN, mapping=MAPPING + 'organ = "department"\n')
    demand = Demand.objects.get()
    assert (demand.state, demand.organ.code, demand.office.code) == (State.FORWARDED, "department", "office")
    assert Obligation.objects.get().rule == "XF03"
    sweep()
    assert set(Notice.objects.values_list("recipient__username", flat=True)) == {"receiver", "clerk", "chief"}


@pytest.mark.parametrize("word", ["检举控告", "揭发控告", "举报", "accusation"])
def test_accusations_stay_outside_row_by_row(ledger: Any, city: SimpleNamespace, word: str) -> None:
    head = HEAD.replace("replied_at\n", "replied_at,信访目的\n")
    ledger(head + f"1,张三,局长收钱,2019-04-25,他收了钱,,,{word}\n2,李四,路灯不亮,2019-04-26,坏了,,,求决\n")
    assert [demand.petition.title for demand in Demand.objects.select_related("petition")] == ["路灯不亮"]
    (reject,) = ImportReject.objects.all()
    assert "局长收钱" in reject.cells and "移送登记簿" in "".join(reject.reasons)
    assert not Petition.objects.filter(body__contains="他收了钱").exists()


def test_unanswered_from_before_any_rule_on_record_stays_outside(ledger: Any) -> None:
    old = OPEN.replace("2019/3/4 8:05", "2004-03-04")
    assert "收下 0 件，退回 1 行" in ledger(HEAD + old)
    assert "收下 1 件" in ledger(HEAD + old.replace(",,\n", ",好,2004-05-06\n"))
    assert Demand.objects.get().state == State.CLOSED and not Obligation.objects.exists()


def test_what_was_erased_does_not_come_in_again(ledger: Any) -> None:
    ledger(HEAD + GOOD)
    call_command("erase_person", Petition.objects.get().number, "--by", "chief", "--ground", "依法")
    assert bytes(ImportedFrom.objects.get().digest) == b""
    assert "收下 0 件，退回 0 行，已有 1 件" in ledger(HEAD + GOOD), "nor does a rejected row keep what it says"


def test_nobody_can_sign_in_as_the_old_ledger(ledger: Any, client: Any) -> None:
    ledger(HEAD + GOOD)
    assert not User.objects.get(username=AUTHOR).check_password("!")
    client.post("/desk/sign-in/", {"username": AUTHOR, "password": "!"})
    assert client.get("/desk/").status_code == 302

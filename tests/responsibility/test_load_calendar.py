"""`manage.py load_calendar FILE [--dry-run]`: what it shows, what it refuses line by line, and that twice is once."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from responsibility.calendar import HOLIDAYS, calendar, forget, newest
from responsibility.models import Arrangement, Obligation
from tests.calendar_lab import OF_2027, SOURCE, sheet
from tests.chain_lab import at, owed_about
from tests.city import file_petition

pytestmark = pytest.mark.django_db
HEAD = f"# 2027 {SOURCE}\ndate,name,kind\n"


@pytest.fixture
def load(tmp_path):
    """Runs the command on a text at a moment, and gives what it printed and warned."""

    def _load(text, *options, moment="2026-12-31 12:00"):
        file = tmp_path / "holidays.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        out, err = StringIO(), StringIO()
        with at(moment):
            call_command("load_calendar", str(file), *options, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return _load


def filed(moment):
    with at(moment) as now:
        return file_petition(received_at=now).demand


def refusal(load, text, *options, **more):
    with pytest.raises(CommandError) as refused:
        load(text, *options, **more)
    assert newest() == 1, "nothing was loaded"
    return str(refused.value)


def test_it_shows_each_date_that_moves_and_moves_it(city, load):
    later, earlier, settled, same = (filed(f"2026-12-{day} 10:00") for day in (20, 25, 23, 10))
    out, err = load(sheet())
    number = {name: demand.petition.number for name, demand in locals().items() if hasattr(demand, "petition")}
    lines = out.splitlines()
    assert "2027 年：放假 29 天，另有 5 天上班" in lines[0] and SOURCE in lines[0]
    assert f"{number['later']}  XF01  截止 2027-01-04  法定截止 2027-01-04 → 2027-01-05  不再暂定" in lines
    assert f"{number['earlier']}  XF01  截止 2027-01-09  法定截止 2027-01-11 → 2027-01-09  不再暂定" in lines
    assert f"{number['settled']}  XF01  截止 2027-01-07  法定截止 2027-01-07  不再暂定" in lines
    assert not any(number["same"] in line for line in lines)
    assert "共 3 项期限有变化" in lines and "改了日期 2 项，不再暂定 1 项，保持不变 0 项；其余 1 项已核对" in lines
    assert err == ""
    assert [str(owed_about(d, "XF01").due_legal) for d in (later, earlier, settled, same)] == [
        "2027-01-05", "2027-01-09", "2027-01-07", "2026-12-25",
    ]  # fmt: skip
    assert not Obligation.objects.filter(provisional=True).exists()
    assert AuditEvent.objects.filter(name="calendar_loaded", subject_kind="calendar", subject_key="2027").count() == 1
    made = Arrangement.objects.get(version=2)
    assert (made.year, made.source, made.loaded_by) == (2027, SOURCE, None)


def test_a_dry_run_shows_the_same_and_writes_nothing(city, load):
    demand = filed("2026-12-20 10:00")
    events = AuditEvent.objects.count()
    out, _err = load(sheet(), "--dry-run")
    assert "法定截止 2027-01-04 → 2027-01-05" in out and "试行：什么也没有写入" in out
    assert newest() == 1 and AuditEvent.objects.count() == events
    assert owed_about(demand, "XF01").provisional


def test_a_breach_and_a_date_that_is_over_are_shown_as_kept(city, load):
    breached, promised = filed("2026-12-20 10:00"), filed("2026-12-25 10:00")
    out, _err = load(sheet(), moment="2027-01-10 12:00")
    late, over = breached.petition.number, promised.petition.number
    dates = "截止 2027-01-04  法定截止 2027-01-04  不再暂定  不变：已经超期（按新安排为 2027-01-05）"
    assert f"{late}  XF01  {dates}" in out
    dates = "截止 2027-01-09  法定截止 2027-01-11  不再暂定  不变：新日期 2027-01-09 已过，仍按原日期"
    assert f"{over}  XF01  {dates}" in out
    assert "改了日期 0 项，不再暂定 0 项，保持不变 2 项" in out
    assert str(owed_about(promised, "XF01").due_legal) == "2027-01-11"


def test_the_same_file_again_changes_nothing(city, load):
    filed("2026-12-20 10:00")
    load(sheet())
    before = (AuditEvent.objects.count(), list(Obligation.objects.order_by("pk").values()))
    out, _err = load(sheet(source=""))
    assert "没有变化" in out
    assert (newest(), AuditEvent.objects.count(), list(Obligation.objects.order_by("pk").values())) == (2, *before)


def test_a_load_that_was_killed_goes_on_when_the_file_is_loaded_again(city, load, monkeypatch):
    demand = filed("2026-12-20 10:00")
    with monkeypatch.context() as broken:
        broken.setattr("responsibility.management.commands.load_calendar.recompute", _killed)
        with pytest.raises(KeyboardInterrupt):
            load(sheet())
    assert newest() == 2 and str(owed_about(demand, "XF01").due_legal) == "2027-01-04"
    load(sheet())
    assert newest() == 2 and str(owed_about(demand, "XF01").due_legal) == "2027-01-05"


def _killed():
    raise KeyboardInterrupt


def test_the_file_of_the_program_is_known_already(load):
    out, _err = load(HOLIDAYS.read_bytes())
    assert "没有变化" in out and newest() == 1


def test_it_may_stand_with_the_years_before_and_in_the_encoding_of_a_sheet_program(load):
    whole = HOLIDAYS.read_text(encoding="utf-8") + sheet().split("kind\n")[1] + f"# 2027年：{SOURCE}\n"
    load(whole.encode("gb18030"))
    assert list(Arrangement.objects.filter(version=2).values_list("year", "source")) == [(2027, SOURCE)]
    forget()
    assert (calendar().first_loaded, calendar().last_loaded) == (date(2007, 1, 1), date(2027, 12, 31))


def test_who_loaded_it_stands_beside_it(city, load):
    load(sheet(), "--by", "sysadmin" if hasattr(city, "sysadmin") else "clerk")
    made = Arrangement.objects.get(version=2)
    assert made.loaded_by is not None
    assert AuditEvent.objects.get(name="calendar_loaded").actor_key == made.loaded_by.username
    with pytest.raises(CommandError, match="没有这个用户"):
        load(sheet(), "--by", "nobody")


def test_holidays_that_are_missing_are_named(load):
    _out, err = load(sheet({"元旦": OF_2027["元旦"]}))
    assert "春节、清明、劳动、端午、中秋、国庆" in err and newest() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["没有一天"]),
        ("日期,名称,类别\n", ["第 1 行：表头应当是 date,name,kind"]),
        (HEAD + "2027-01-01,元旦\n", ["第 3 行：应当有三栏"]),
        (HEAD + "2027-1-1,元旦,off\n1月2日,元旦,off\n", ["第 3 行：“2027-1-1”不是日期", "第 4 行：“1月2日”不是日期"]),
        (HEAD + "2027-01-01,元旦,off\n2027-01-02,元旦,maybe\n", ["第 4 行：“maybe”应当是 off"]),
        (HEAD + "2027-01-01,,off\n", ["第 3 行：节日名称"]),
        (HEAD + "2027-01-01,元旦,off\n2027-01-01,元旦,work\n", ["第 4 行：2027-01-01 在第 3 行已经有了"]),
        (HEAD + "2227-01-01,元旦,off\n", ["第 3 行：2227-01-01 超出范围"]),
        (HEAD + "2027-10-01,国庆节,off\n", ["第 3 行：文件里没有 2027 年 1 月 1 日放假"]),
        (HEAD + "2026-12-31,年末,off\n2027-01-01,元旦,off\n", ["第 3 行：文件里没有 2026 年 1 月 1 日放假"]),
        (HEAD.split("\n", 1)[1] + "2027-01-01,元旦,off\n", ["没有 2027 年安排的来源"]),
        (HEAD.replace("# 2027", "# 2028") + "2028-01-01,元旦,off\n", ["还没有收录 2027 年的安排"]),
        (b"\xff\xfe\x00", ["UTF-8 或 GB18030"]),
        ("x" * 1_000_001, ["文件太大"]),
    ],
)
def test_a_doubtful_file_is_refused_by_line(load, text, said):
    found = refusal(load, text)
    assert all(words in found for words in said), found


def test_a_file_that_is_not_there_is_refused_in_words():
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("load_calendar", "/nowhere/holidays.csv")


def test_a_past_day_of_a_known_year_is_changed_only_as_a_correction(load):
    """A notice arranges days to come; 10 October 2026 was worked, and is over."""
    rows = [row for row in HOLIDAYS.read_text(encoding="utf-8").splitlines() if row[:4] == "2026"]
    text = "\n".join(["# 2026 更正", "date,name,kind", *(row for row in rows if row[:10] != "2026-10-10")])
    assert "2026-10-10 已经到了或者过了" in refusal(load, text)
    assert "2026-10-10" in refusal(load, text, moment="2026-10-10 08:00"), "the day itself has begun"
    load(text, "--correct")
    forget()
    assert newest() == 2 and calendar().is_day_off(date(2026, 10, 10))


def test_a_later_notice_changes_days_to_come(load):
    """As in 2020 and 2019, when days were lengthened in the same year."""
    rows = [row for row in HOLIDAYS.read_text(encoding="utf-8").splitlines() if row[:4] == "2026"]
    text = "\n".join(
        ["# 2026 国务院办公厅关于延长2026年国庆节假期的通知", "date,name,kind", *rows, "2026-10-08,国庆节,off"]
    )
    load(text, moment="2026-10-07 20:00")
    forget()
    assert calendar().is_day_off(date(2026, 10, 8))


def test_days_of_a_year_that_was_not_known_may_be_past(load):
    """Loaded late: what was guessed until then is known now, December days of New Year included."""
    load(sheet(OF_2027 | {"元旦": (["2027-01-01"], ["2026-12-27"])}), moment="2027-02-01 09:00")
    forget()
    assert not calendar().is_day_off(date(2026, 12, 27)) and calendar().last_loaded == date(2027, 12, 31)

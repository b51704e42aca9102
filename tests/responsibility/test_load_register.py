"""`manage.py load_register`: what a file says is what there is, all of it or nothing, each change on record."""

import io
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from audit.models import AuditEvent
from audit.verify import verify
from responsibility.models import Absence, Appointment, Organ, OrganDuty, Post, Region
from tests.chain_lab import at
from tests.database import BASE

EXAMPLE = (BASE / "docs/register-example.toml").read_text()
DEMO = BASE / "responsibility/demo/city.toml"


@pytest.fixture
def load(db: None, tmp_path: Path) -> Any:
    def loaded(text: str, *options: str) -> str:
        file, out = tmp_path / "register.toml", io.StringIO()
        file.write_text(text)
        call_command("load_register", str(file), *options, stdout=out)
        return out.getvalue()

    return loaded


def faults(load: Any, text: str) -> list[str]:
    before = AuditEvent.objects.count()
    with pytest.raises(CommandError) as refused:
        load(text)
    assert AuditEvent.objects.count() == before, "nothing is loaded where something is wrong"
    *found, last = str(refused.value).splitlines()
    assert last == f"共 {len(found)} 处，什么都没有装入。"
    return found


def duties() -> list[tuple[Any, ...]]:
    return list(OrganDuty.objects.order_by("id").values_list("organ__code", "duty", "region__code", "since", "until"))


def offices() -> list[tuple[Any, ...]]:
    return [row for row in duties() if row[1] == "petition_office"]


def line(text: str, part: str, nth: int = 1) -> int:
    """The number of the nth line that begins so."""
    return [n for n, each in enumerate(text.splitlines(), start=1) if each.startswith(part)][nth - 1]


def test_the_example_becomes_an_office(load: Any) -> None:
    said = load(EXAMPLE)
    assert (Region.objects.count(), Organ.objects.count(), Post.objects.count()) == (2, 5, 7)
    assert (User.objects.count(), Appointment.objects.count()) == (9, 6)
    office = Organ.objects.get(code="xinfang")
    assert (office.kind, office.parent.code, office.telephone) == ("department", "city", "0000-1234567")  # type: ignore[union-attr]
    assert duties() == [
        ("xinfang", "petition_office", "990100000000", date(2000, 1, 1), None),
        ("jiwei", "discipline", "990100000000", date(2000, 1, 1), None),
        ("baomi", "secrecy", "990100000000", date(2000, 1, 1), None),
    ]
    assert (office.name_en, office.region.name_en) == ("Sample City Petition Office", "Sample City")
    assert office.address.startswith("样例市人民路1号") and "14:00" in office.hours
    assert Post.objects.get(name="副局长").in_charge_of == ["01"]
    assert Appointment.objects.get(user__username="clerk").since == date(2026, 1, 1)
    assert "新增机构 xinfang" in said and "新增任职记录 xinfang 来信来访登记岗 clerk" in said
    assert "仍不能收件" not in said


def test_every_new_account_gets_a_password_for_once_that_is_shown_once(load: Any) -> None:
    said = load(EXAMPLE)
    given = {row.split()[0]: row.split()[1] for row in said.splitlines() if row.startswith("  ")}
    assert set(given) == set(User.objects.values_list("username", flat=True))
    assert len(set(given.values())) == 9
    for user in User.objects.all():
        assert user.check_password(given[user.username]) and user.must_change_password
    assert not any(word in load(EXAMPLE) for word in given.values())


def test_or_they_are_written_to_a_file_of_the_operator_alone(load: Any, tmp_path: Path) -> None:
    kept = tmp_path / "passwords"
    said = load(EXAMPLE, "--passwords", str(kept))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    rows = [row.split() for row in kept.read_text().splitlines()]
    assert len(rows) == 9 and all(User.objects.get(username=r[0]).check_password(r[1]) for r in rows)
    assert not any(row[1] in said for row in rows)


def test_no_other_file_is_overwritten(load: Any, tmp_path: Path) -> None:
    kept = tmp_path / "passwords"
    kept.write_text("mine")
    with pytest.raises(CommandError, match="passwords"):
        load(EXAMPLE, "--passwords", str(kept))
    assert kept.read_text() == "mine" and not User.objects.exists()


def test_a_second_run_changes_nothing(load: Any) -> None:
    load(EXAMPLE)
    before = AuditEvent.objects.count()
    assert load(EXAMPLE) == "没有变化。\n"
    assert AuditEvent.objects.count() == before


def test_only_what_differs_changes_and_each_change_has_its_event(load: Any) -> None:
    load(EXAMPLE)
    before = AuditEvent.objects.latest("id").pk
    text = EXAMPLE.replace("0000-1234567", "0000-7654321").replace('name = "样登记"', 'name = "样新名"')
    said = load(text)
    assert said.splitlines() == [
        "更改机构 xinfang（telephone：0000-1234567 → 0000-7654321）",
        "更改账号 clerk（name：样登记 → 样新名）",
    ]
    events = AuditEvent.objects.filter(pk__gt=before).order_by("id")
    assert [(e.name, e.subject_key, e.actor_kind) for e in events] == [
        ("organ_changed", "xinfang", "system"),
        ("account_changed", "clerk", "system"),
    ]
    assert [e.rows.count() for e in events] == [1, 1]


def test_a_change_of_hands(load: Any) -> None:
    """The one before gets an end and the successor a beginning; which of them stands first does not matter."""
    load(EXAMPLE)
    clerk = '[[appointment]]\norgan = "xinfang"\npost = "来信来访登记岗"\nperson = "clerk"\nsince = 2026-01-01\n'
    successor = clerk.replace("clerk", "chief").replace("2026-01-01", "2026-10-01")
    assert "已经有人任职" in faults(load, EXAMPLE + successor)[0]
    load(EXAMPLE.replace(clerk, successor + clerk + "until = 2026-10-01\n"))
    held = Appointment.objects.filter(post__name="来信来访登记岗").order_by("since")
    assert [(a.user.username, a.until) for a in held] == [("clerk", date(2026, 10, 1)), ("chief", None)]


OFFICE = 'kind = "petition_office"\nregion = "990100000000"\n'


def test_an_office_that_is_dissolved_hands_its_duty_to_the_next(load: Any) -> None:
    """What a register said before duties had a table of their own: the kind, and the day on which the old one ended."""
    load(EXAMPLE)
    new = f'[[organ]]\ncode = "new"\nname = "样例市社会工作部"\n{OFFICE}parent = "city"\n'
    both = EXAMPLE.replace("[[organ]]", f"{new}[[organ]]", 1)
    assert "已经有一个信访部门" in faults(load, both)[0]
    parent = 'parent = "city"\n'
    said = load(both.replace(f"{OFFICE}{parent}address", f"{OFFICE}{parent}valid_until = 2026-03-01\naddress"))
    assert "新增职责 new petition_office" in said and "更改职责 xinfang petition_office" in said
    assert offices() == [
        ("xinfang", "petition_office", "990100000000", date(2000, 1, 1), date(2026, 3, 1)),
        ("new", "petition_office", "990100000000", date(2026, 3, 1), None),
    ]


DEPARTMENT = OFFICE.replace("petition_office", "department")


def test_a_kind_that_is_a_duty_no_longer_ends_it_that_day(load: Any) -> None:
    """In a file without a table of duties, as in every file before there was one."""
    with at("2026-06-01 09:00"):
        load(EXAMPLE)
    with at("2026-07-01 09:00"):
        said = load(EXAMPLE.replace(OFFICE, DEPARTMENT))
        assert "更改职责 xinfang petition_office（until：— → 2026-07-01）" in said
        assert "仍不能收件" in said and "库里有、文件里没有" not in said
        assert load(EXAMPLE.replace(OFFICE, DEPARTMENT)).startswith("没有变化。\n")
    assert duties() == [
        ("xinfang", "petition_office", "990100000000", date(2000, 1, 1), date(2026, 7, 1)),
        ("jiwei", "discipline", "990100000000", date(2000, 1, 1), None),
        ("baomi", "secrecy", "990100000000", date(2000, 1, 1), None),
    ]


def test_another_office_from_that_day_on_and_back(load: Any) -> None:
    """A mistake may be mended on the same day; what has begun that day has it until the next."""
    moved = EXAMPLE.replace(OFFICE, DEPARTMENT) + f'[[organ]]\ncode = "new"\nname = "社会工作部"\n{OFFICE}'
    back = EXAMPLE + f'[[organ]]\ncode = "new"\nname = "社会工作部"\n{DEPARTMENT}'
    with at("2026-06-01 09:00"):
        load(EXAMPLE)
        load(moved)
        first = [
            ("xinfang", "petition_office", "990100000000", date(2000, 1, 1), date(2026, 6, 1)),
            ("new", "petition_office", "990100000000", date(2026, 6, 1), None),
        ]
        assert offices() == first
        load(back)
        assert load(back).startswith("没有变化。\n")
    begun = ("new", "petition_office", "990100000000", date(2026, 6, 1), date(2026, 6, 2))
    again = ("xinfang", "petition_office", "990100000000", date(2026, 6, 2), None)
    assert offices() == [first[0], begun, again]


def test_a_region_without_an_office_for_a_while(load: Any) -> None:
    for day, text in (
        ("2026-06-01", EXAMPLE),
        ("2026-07-01", EXAMPLE.replace(OFFICE, DEPARTMENT)),
        ("2026-08-01", EXAMPLE),
    ):
        with at(day):
            load(text)
    assert [row[3:] for row in offices()] == [(date(2000, 1, 1), date(2026, 7, 1)), (date(2026, 8, 1), None)]


def test_a_table_of_duties_decides_for_the_whole_file(load: Any) -> None:
    """What it does not list stays as it is, and is named."""
    load(EXAMPLE)
    listed = '[[duty]]\norgan = "jiwei"\nduty = "discipline"\n'
    said = load(EXAMPLE.replace(OFFICE, DEPARTMENT) + listed)
    assert said.endswith("库里有、文件里没有，保持原样：\n  职责 xinfang petition_office\n")
    assert offices() == [("xinfang", "petition_office", "990100000000", date(2000, 1, 1), None)]


def test_an_office_that_has_ended_is_given_nothing_again(load: Any) -> None:
    ended = EXAMPLE.replace(OFFICE, f"{OFFICE}valid_until = 2026-03-01\n")
    load(ended)
    load(EXAMPLE)
    assert offices() == [("xinfang", "petition_office", "990100000000", date(2000, 1, 1), date(2026, 3, 1))]


def test_a_duty_for_another_region_ends_there(load: Any) -> None:
    load(EXAMPLE + '[[duty]]\norgan = "zhujian"\nduty = "信访部门"\nregion = "990102000000"\nsince = 2026-03-01\n')
    with at("2026-12-01 09:00"):
        load(EXAMPLE)
    assert offices()[0] == ("zhujian", "petition_office", "990102000000", date(2026, 3, 1), date(2026, 12, 1))


def test_a_duty_passes_to_an_organ_that_is_there(load: Any) -> None:
    load(EXAMPLE)
    before = '[[duty]]\norgan = "xinfang"\nduty = "petition_office"\nuntil = 2026-03-01\n'
    after = '[[duty]]\norgan = "zhujian"\nduty = "信访部门"\nregion = "990102000000"\nsince = 2026-03-01\n'
    load(EXAMPLE + after + before)
    assert offices() == [
        ("xinfang", "petition_office", "990100000000", date(2000, 1, 1), date(2026, 3, 1)),
        ("zhujian", "petition_office", "990102000000", date(2026, 3, 1), None),
    ]
    assert load(EXAMPLE + after + before) == "没有变化。\n"
    assert "职责 zhujian petition_office" in load(EXAMPLE + before)
    assert "没有“cook”，可以写：" in faults(load, EXAMPLE + after.replace("信访部门", "cook"))[0]


def test_an_organ_that_ends_names_its_successor(load: Any) -> None:
    load(EXAMPLE)
    ended = EXAMPLE.replace('name = "样例市住房', 'successor = "xinfang"\nvalid_until = 2026-03-01\nname = "样例市住房')
    load(ended)
    assert Organ.objects.get(code="zhujian").successor == Organ.objects.get(code="xinfang")
    assert load(ended) == "没有变化。\n"


def test_what_is_missing_in_the_file_stays_and_is_listed(load: Any) -> None:
    load(EXAMPLE)
    start = EXAMPLE.index('[[appointment]]\norgan = "zhujian"\npost = "副局长"')
    shorter = EXAMPLE[:start] + EXAMPLE[EXAMPLE.index("[[appointment]]", start + 1) :]
    said = load(shorter)
    assert said.splitlines() == [
        "没有变化。",
        "库里有、文件里没有，保持原样：",
        "  任职记录 zhujian 副局长 deputy regular 2026-01-01",
    ]
    assert Appointment.objects.filter(user__username="deputy", until=None).exists()


def test_a_dry_run_says_it_and_does_nothing(load: Any) -> None:
    said = load(EXAMPLE, "--dry-run")
    assert "试行" in said and "新增机构 xinfang" in said
    assert not Organ.objects.exists() and not AuditEvent.objects.filter(name="organ_added").exists()


def test_everything_wrong_is_said_at_once_by_line(load: Any) -> None:
    text = (
        EXAMPLE.replace('code = "990102000000"', 'code = "99"')
        .replace('kind = "department"', 'kind = "ministry"')
        .replace('parent = "city"', 'parent = "nowhere"', 1)
        .replace('in_charge_of = ["01"]', 'in_charge_of = ["1"]')
        .replace('username = "mayor"', 'user = "mayor"')
        .replace("since = 2026-01-01", 'since = "someday"', 1)
    )
    found = faults(load, text)
    expected = {
        line(text, 'code = "99"'): "六到十二位数字",
        line(text, 'kind = "ministry"'): "petition_office（信访部门）",
        line(text, 'parent = "nowhere"'): "没有“nowhere”",
        line(text, "in_charge_of"): "不是内容分类代码的开头",
        line(text, 'user = "mayor"'): "没有这一项",
        line(text, "since = "): "2026-01-31",
    }
    for number, words in expected.items():
        assert any(f"第 {number} 行（" in fault and words in fault for fault in found), (number, found)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "auditadmin"', 'kind = "auditor"', "缺少审计管理员"),
        ('name = "样乙"', 'name = "样甲"', "不同的人"),
        ('post = "市长"\nperson = "mayor"', 'post = "市长"\nperson = "secadmin"', "三员账号不能任职"),
        ('person = "clerk"', 'person = "nobody"', "没有“nobody”"),
        ('code = "jiwei"', 'code = "zhujian"', "重复"),
        ('name = "中共样例市委', 'parent = "xinfang"\nname = "中共样例市委', "绕了一圈"),
        ('kind = "discipline"', 'kind = "petition_office"', "已经有一个信访部门"),
        ('name = "样例市住房', 'successor = "xinfang"\nname = "样例市住房', "有承接机构的，要写明停用日期"),
        ('name = "样例市住房', 'successor = "nowhere"\nname = "样例市住房', "没有“nowhere”"),
        ('name = "样例市住房', 'successor = "zhujian"\nname = "样例市住房', "承接机构绕了一圈"),
        ('post = "来信来访登记岗"', 'post = "局长"', "重复|已经有人任职"),
        ('username = "clerk"', 'username = "chief"', "重复"),
        ("since = 2026-01-01", "since = 2026-01-01\nuntil = 2025-01-01", "结束日期必须在开始日期之后"),
        ("since = 2026-01-01", 'since = 2026-01-01\nkind = "acting"\nbecause = "absence"', "没有登记请假"),
        ("since = 2026-01-01", 'since = 2026-01-01\nkind = "acting"', "代理要写明原因"),
    ],
)
def test_what_cannot_be_is_refused_in_words(load: Any, old: str, new: str, words: str) -> None:
    found = "\n".join(faults(load, EXAMPLE.replace(old, new, 1)))
    assert any(word in found for word in words.split("|")), found
    assert not Region.objects.exists() and not User.objects.exists()


def test_an_administrator_never_becomes_an_official(load: Any) -> None:
    load(EXAMPLE)
    more = EXAMPLE.replace('kind = "sysadmin"', 'kind = "official"') + (
        '[[person]]\nusername = "second"\nname = "样丁"\nkind = "sysadmin"\n'
    )
    assert "不能改作他用" in "".join(faults(load, more))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[organ]\n", "不是正确的 TOML"),
        ('[[organ]]\nname = "x\n', "line 2"),
        ('[[ministry]]\ncode = "x"\n', "不认识的表：ministry"),
        ('organ = "x"\n', "[[organ]]"),
        ("", "缺少系统管理员"),
    ],
)
def test_what_is_no_register_is_refused(load: Any, text: str, words: str) -> None:
    assert words in "\n".join(faults(load, text))


def test_names_are_kept_without_what_nobody_sees(load: Any) -> None:
    load(EXAMPLE.replace('name = "样登记"', 'name = " 样\\u200b登\\u202e记 "'))
    assert User.objects.get(username="clerk").name == "样登记"


def test_absence_and_who_acts(load: Any) -> None:
    load(
        EXAMPLE
        + '[[appointment]]\norgan = "zhujian"\npost = "局长"\nperson = "deputy"\nkind = "acting"\nbecause = "absence"\n'
        + "since = 2026-03-02\nuntil = 2026-03-20\n"
        + '[[absence]]\norgan = "zhujian"\npost = "局长"\nperson = "head"\nsince = 2026-03-01\nuntil = 2026-04-01\n'
    )
    away = Absence.objects.get()
    assert away.appointment.user.username == "head" and away.acting.get().user.username == "deputy"


def test_the_log_explains_every_row(cloned_db: str, tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text(EXAMPLE)
    call_command("load_register", str(file), stdout=io.StringIO())
    tables = [f"responsibility_{name}" for name in ("region", "organ", "organduty", "post", "appointment")]
    report = verify("accounts_user", *tables)
    assert report.ok and report.missing_events == 0


def test_the_demo_city_is_such_a_file(db: None) -> None:
    out = io.StringIO()
    call_command("load_register", str(DEMO), stdout=out)
    assert Organ.objects.get(code="jiwei").parent.code == "sheng_jiwei"  # type: ignore[union-attr]
    assert Organ.objects.count() == 17 and User.objects.filter(kind="official").count() == 36
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM responsibility_organ WHERE address = '' OR telephone = '' OR hours = ''")
        assert cursor.fetchone() == (0,)

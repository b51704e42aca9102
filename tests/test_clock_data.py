"""The data behind the clock: rules with their basis and validity, days off as facts."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from responsibility.calendar import Kind, read
from responsibility.calendar import shipped as calendar
from responsibility.rule_files import numeral
from responsibility.rules import RuleNotValid, UnknownRule, applied, rule, rules

# DOMAIN 7: code, unit, value, article (2022).
STATUTE = [
    ("XF01", "cd", 15, "第二十二条"),
    ("XF02", "cd", 15, "第二十三条"),
    ("XF03", "cd", 15, "第二十三条"),
    ("XF04", "wd", 5, "第二十三条"),
    ("XF05", "none", None, "第二十五条"),
    ("XF06", "cd", 60, "第三十四条"),
    ("XF07", "cd", 30, "第三十四条"),
    ("XF08", "cd", 30, "第三十五条"),
    ("XF09", "cd", 30, "第三十五条"),
    ("XF10", "cd", 30, "第三十六条"),
    ("XF11", "cd", 30, "第三十六条"),
    ("XF12", "cd", None, "第二十二条"),
    ("XF13", "cd", 30, "第四十条"),
    ("XF14", "wd", 10, "试行"),
    ("XF15", "wd", 3, "试行"),
    ("XF16", "none", None, "第四十一条"),
    ("HL03a", "h", 2, "北京"),
    ("HL03b", "h", 24, "北京"),
    ("HL03c", "cd", 7, "北京"),
    ("HL03d", "cd", 15, "北京"),
    ("HL04", "wd", 5, "济南"),
    ("ML01", "wd", 10, "内部规定（待确认）"),
    ("ML02", "wd", 1, "内部规定（待确认）"),
    ("ML03", "wd", 3, "内部规定（待确认）"),
    ("ML04", "wd", 5, "内部规定（待确认）"),
    ("ML05", "wd", 10, "内部规定（待确认）"),
    ("ML06", "wd", 3, "内部规定（待确认）"),
    ("SV04", "wd", 5, "内部规定（待确认）"),
]


@pytest.mark.parametrize(("code", "unit", "value", "basis"), STATUTE)
def test_rule(code, unit, value, basis):
    found = rule(code, on=date(2026, 1, 1))
    assert (found.unit, found.value) == (unit, value)
    assert basis in found.basis


def test_the_table_is_whole():
    assert {code for code, *_ in STATUTE} == set(rules())


def test_every_edition_says_what_it_rests_on():
    for editions in rules().values():
        for edition in editions:
            assert edition.title and edition.title_en and edition.basis and edition.basis_en
            assert edition.tag in {"V", "V2", "M", "confirm"}
            assert edition.value is None or edition.value > 0
        for newer, older in zip(editions, editions[1:], strict=False):
            assert newer.valid_from == older.valid_until + timedelta(days=1)


def test_whoever_filed_reads_of_no_house_rule():
    assert {code for code, editions in rules().items() if not editions[0].public} == {
        "ML01", "ML02", "ML03", "ML04", "ML05", "ML06"
    }  # fmt: skip


def test_only_a_hearing_stops_a_clock():
    """Art. 36: the time of a hearing is not counted in the second review; no other rule has a pause."""
    assert {code for code, editions in rules().items() if any(e.pausable for e in editions)} == {"XF11"}


def test_only_two_rules_take_a_number_from_a_person():
    assert {code: e[0].maximum for code, e in rules().items() if e[0].maximum} == {"XF07": 30, "XF12": 3650}


@pytest.mark.parametrize(
    ("code", "edition", "on", "said"),
    [
        ("XF06", None, "2022-04-30", ("自 2022-05-01 起", "《信访条例》（2005）第三十三条", "XF06@2005")),
        ("XF06", "2022", "2005-05-01", ("自 2022-05-01 起", "XF06@2005")),
        ("XF06", "2005", "2022-05-01", ("适用至 2022-04-30", "《信访工作条例》第三十四条", "请查询 XF06。")),
        ("XF06", "2005", "2005-04-30", ("自 2005-05-01 起", "《信访条例》（1995）")),
        ("XF04", None, "2021-01-01", ("自 2022-05-01 起", "施行的是《信访条例》（2005），其中没有这一期限")),
        ("XF06", None, "1990-01-01", ("适用的规定没有收录",)),
    ],
)
def test_outside_its_validity_a_rule_is_refused_by_name(code, edition, on, said):
    with pytest.raises(RuleNotValid) as refusal:
        rule(code, on=date.fromisoformat(on), edition=edition)
    for words in said:
        assert words in str(refusal.value)


def test_validity_begins_and_ends_on_its_days():
    assert rule("XF06", on=date(2022, 5, 1)).edition == "2022"
    assert rule("XF06", on=date(2022, 4, 30), edition="2005").valid_until == date(2022, 4, 30)
    assert applied("XF06", date(2022, 4, 30)).edition == "2005"
    assert applied("XF04", date(2022, 4, 30)) is None
    assert rule("XF06", edition="2005").edition == "2005"


@pytest.mark.parametrize(("code", "edition"), [("XF99", None), ("xf06", None), ("", None), ("XF06", "1999")])
def test_unknown_rules_are_refused(code, edition):
    with pytest.raises(UnknownRule):
        rule(code, edition=edition)


def test_titles_and_bases_in_both_languages():
    found = rule("XF06")
    with override("zh-hans"):
        assert (found.shown_title, found.shown_basis) == ("办结并出具处理意见书", "《信访工作条例》第三十四条")
    with override("en"):
        assert found.shown_basis == "Regulations on Petition Work (2022), Art. 34"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (34, "三十四"),
        (100, "一百"),
        (109, "一百零九"),
        (120, "一百二十"),
    ],
)
def test_numeral(number, words):
    assert numeral(number) == words


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2006-12-31", Kind.MAKEUP, "元旦"),  # worked for New Year 2007
        ("2007-01-01", Kind.HOLIDAY, "元旦"),
        ("2015-09-03", Kind.HOLIDAY, "抗日战争暨世界反法西斯战争胜利70周年纪念日"),
        ("2020-02-02", Kind.HOLIDAY, "春节"),  # lengthened because of the epidemic
        ("2020-02-03", Kind.WORKDAY, "春节"),  # named as worked, and a Monday anyway
        ("2026-10-07", Kind.HOLIDAY, "国庆节"),
        ("2026-10-08", Kind.WORKDAY, ""),
        ("2026-10-10", Kind.MAKEUP, "国庆节"),
        ("2026-10-17", Kind.WEEKEND, ""),
        ("2027-01-01", Kind.HOLIDAY, "元旦"),  # by statute
        ("2027-02-08", Kind.WORKDAY, ""),  # surely off, but not published
        ("2030-05-02", Kind.HOLIDAY, "劳动节"),
    ],
)
def test_what_a_day_is(day, kind, name):
    day = date.fromisoformat(day)
    assert (calendar().kind(day), calendar().name(day)) == (kind, name)


def test_what_is_loaded():
    assert (calendar().first_loaded, calendar().last_loaded) == (date(2007, 1, 1), date(2026, 12, 31))


def test_days_named_as_worked_are_weekends():
    weekdays = [day for day, fact in calendar().arranged.items() if not fact.off and day.isoweekday() < 6]
    assert weekdays == [date(2020, 2, 3)]


def write(tmp_path, *rows):
    path = tmp_path / "holidays.csv"
    path.write_text("\n".join(("date,name,kind", *rows)), encoding="utf-8")
    return path


def test_a_december_day_does_not_load_its_year(tmp_path):
    """Make-up days for New Year stand in the arrangement of the year that follows them."""
    path = write(tmp_path, "2026-12-26,元旦,work", "2027-01-01,元旦,off")
    assert (read(path).first_loaded, read(path).last_loaded) == (date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ("2026-01-01,元旦,maybe",),
        ("2026-01-01,元旦,off", "2026-01-01,元旦,off"),
        ("2026-13-01,元旦,off",),
        ("2026-10-01,国庆节,off",),
    ],
)
def test_a_doubtful_file_is_refused(tmp_path, rows):
    with pytest.raises(ValueError):
        read(write(tmp_path, *rows))

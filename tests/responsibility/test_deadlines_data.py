"""The data behind the clock: rules with their basis and validity, days off as facts."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from responsibility.calendar import Kind, read
from responsibility.calendar import shipped as calendar
from responsibility.rule_files import numeral
from responsibility.rules import RuleNotValid, UnknownRule, applied, rule, rules

# DOMAIN 7 and 11: code, unit, value, words of the basis. A row of several numbers is one rule a number (a, b, …).
STATUTE = [
    ("XF01", "cd", 15, "第二十二条"),
    ("XF01a1", "cd", 5, "（2014）"),
    ("XF01a2", "cd", 3, "（2014）"),
    ("XF01a3", "cd", 3, "（2014）"),
    ("XF01a4", "cd", 4, "（2014）"),
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
    ("HL01", "none", None, "GB/T 33358-2016）（15 秒内接听）"),
    ("HL02", "h", 2, "北京"),
    ("HL03a", "h", 2, "北京"),
    ("HL03b", "h", 24, "北京"),
    ("HL03c", "cd", 7, "北京"),
    ("HL03d", "cd", 15, "北京"),
    ("HL04", "wd", 5, "济南"),
    ("HL05", "none", None, "内部规定（待确认）"),
    ("DD01", "cd", 1, "山西省“13710”"),
    ("DD02", "cd", 3, "山西省“13710”"),
    ("DD03", "cd", 7, "山西省“13710”"),
    ("DD04", "month", 1, "山西省“13710”"),
    ("DD05", "none", None, "山西省“13710”"),
    ("DC01", "cd", 30, "《政府督查工作条例》第十七条"),
    ("DC02", "cd", 30, "《政府督查工作条例》第十七条"),
    ("DC03", "wd", 5, "内部规定（待确认）"),
    ("DC04", "wd", 20, "内部规定（待确认）"),
    ("DC05", "wd", 10, "内部规定（待确认）"),
    ("DC06", "wd", 3, "内部规定（待确认）"),
    ("GK01", "wd", 20, "《政府信息公开条例》第二十六条"),
    ("GK02", "wd", 7, "《政府信息公开条例》第三十条"),
    ("GK03a", "wd", 15, "《政府信息公开条例》第三十二条"),
    ("GK03b", "wd", 15, "《政府信息公开条例》第三十四条"),
    ("GK04", "wd", 20, "《政府信息公开条例》第三十三条"),
    ("GK04a", "wd", 20, "《政府信息公开条例》第三十三条"),
    ("GK05a", "date", None, "《政府信息公开条例》第四十九条"),
    ("GK05b", "date", None, "《政府信息公开条例》第四十九条"),
    ("GB01", "wd", 15, "提醒、函询和诫勉实施细则"),
    ("GB02", "wd", 5, "提醒、函询和诫勉地方操作办法"),
    ("GB03", "month", 6, "提醒、函询和诫勉地方操作办法"),
    ("GB04a", "date", None, "《领导干部报告个人有关事项规定》第五、六条"),
    ("GB04b", "cd", 30, "《领导干部报告个人有关事项规定》第五、六条"),
    ("GB05", "date", None, "党内政治生活的若干准则"),
    ("WZ01", "month", 1, "《中国共产党问责条例》（2016）第九条"),
    ("WZ02a", "month", 1, "《中国共产党问责条例》"),
    ("WZ02b", "month", 1, "《中国共产党问责条例》"),
    ("WZ03a", "month", 6, "《公职人员政务处分法》第八条"),
    ("WZ03b", "month", 12, "《公职人员政务处分法》第八条"),
    ("WZ03c", "month", 18, "《公职人员政务处分法》第八条"),
    ("WZ03d", "month", 24, "《公职人员政务处分法》第八条"),
    ("GW01a", "cd", 30, "《公务员法》第九十五条"),
    ("GW01b", "cd", 30, "《公务员法》第九十六条"),
    ("GW01c", "cd", 15, "《公务员法》第九十五条"),
    ("GW01d", "cd", 60, "《公务员法》第九十六条"),
    ("GW01e", "cd", 30, "《公务员法》第九十六条"),
    ("ZG01a", "month", 6, "《中国共产党巡视工作条例》（2024）"),
    ("ZG01b", "month", 3, "《中国共产党巡视工作条例》（2024）"),
    ("PI01", "year", 3, "《个人信息保护法》第五十六条，《网络数据安全管理条例》第十二条"),
    ("LG01", "month", 6, "《网络安全法》第二十一条"),
    ("DM01", "cd", 30, "《重大行政决策程序暂行条例》第十五条"),
    ("IN01", "cd", 30, "《立法法》第一百零九条，《法规规章备案审查条例》第四条"),
    ("IN02", "cd", 30, "《法规规章备案审查条例》第二十一条"),
    ("IN03", "date", None, "《法规规章备案审查条例》第二十二条"),
    ("IN04", "cd", 30, "省级备案审查规定（待确认）"),
    ("IN05", "cd", 30, "党内法规和规范性文件备案审查规定（待确认）"),
    ("IN10", "year", 5, "内部规定（待确认）"),
    ("IN11", "date", None, "内部规定（待确认）"),
    ("IN12", "date", None, "内部规定（待确认）"),
    ("IN13", "wd", 10, "内部规定（待确认）"),
    ("IN14", "wd", 20, "内部规定（待确认）"),
    ("IN15", "date", None, "内部规定（待确认）"),
    ("IN16", "date", None, "内部规定（待确认）"),
    ("IN17", "wd", 20, "内部规定（待确认）"),
    ("ED01", "date", None, "三个月或者 550 学时"),
    ("ED02", "date", None, "12 天或者 90 学时"),
    ("ED03", "year", 1, "《公务员法》第六十七条"),
    ("OL01", "date", None, "《中国共产党支部工作条例（试行）》第十二、十三条"),
    ("OL02", "date", None, "《中国共产党支部工作条例（试行）》第十二、十三条"),
    ("OL03", "date", None, "《中国共产党支部工作条例（试行）》"),
    ("CT01a", "date", None, "定期接待群众来访的意见》（2009）"),
    ("CT01b", "date", None, "定期接待群众来访的意见》（2009）"),
    ("CT01c", "none", None, "定期接待群众来访的意见》（2009）"),
    ("CT02", "wd", 3, "内部规定（待确认）"),
    ("CT03", "cd", 30, "内部规定（待确认）"),
    ("CT04", "date", None, "内部规定（待确认）"),
    ("CT05", "date", None, "内部规定（待确认）"),
    ("SV03", "wd", 5, "处理检举控告工作规则》（2020）第十五条"),
    ("SV05a", "month", 3, "代表法》（2025）第五十一条"),
    ("SV05b", "month", 6, "代表法》（2025）第五十一条"),
    ("SV06", "month", 2, "检察建议工作规定》"),
    ("SV07a", "date", None, "《村民委员会组织法》第三十条"),
    ("SV07b", "date", None, "《村民委员会组织法》第三十条"),
    ("DD00", "wd", 1, "内部规定（待确认）"),
    ("DD10", "date", None, "内部规定（待确认）"),
    ("DD11", "cd", 90, "内部规定（待确认）"),
    ("DD12", "wd", 5, "内部规定（待确认）"),
    ("DD13", "wd", 10, "内部规定（待确认）"),
    ("DD14", "date", None, "内部规定（待确认）"),
    ("DD15", "cd", 90, "内部规定（待确认）"),
    ("DD20", "wd", 10, "内部规定（待确认）"),
    ("DD21", "cd", 30, "内部规定（待确认）"),
    ("CS01", "date", None, "内部规定（待确认）"),
    ("CS02", "wd", 2, "内部规定（待确认）"),
    ("CS03", "wd", 5, "内部规定（待确认）"),
    ("KH01", "date", None, "内部规定（待确认）"),
    ("BM01", "wd", 1, "内部规定（待确认）"),
    ("PB01", "wd", 5, "内部规定（待确认）"),
    ("PB02", "wd", 10, "内部规定（待确认）"),
    ("AU01", "month", 6, "监督法》"),
    ("ML01", "wd", 10, "内部规定（待确认）"),
    ("ML02", "wd", 1, "内部规定（待确认）"),
    ("ML03", "wd", 3, "内部规定（待确认）"),
    ("ML04", "wd", 5, "内部规定（待确认）"),
    ("ML05", "wd", 10, "内部规定（待确认）"),
    ("ML06", "wd", 3, "内部规定（待确认）"),
    ("SV04", "wd", 5, "内部规定（待确认）"),
]

OFF = {"DD01", "DD02", "DD03", "DD04", "DD05", "IN04", "IN05"}
"""A province's or the party's, until a deployment switches them on with an edition of its own."""

TAGS = {
    "V": "XF01 XF02 XF03 XF04 XF05 XF06 XF07 XF08 XF09 XF10 XF11 XF12 XF16 HL04 DC01 DC02 GK01 GK02 GK03a GK03b GK04"
    " GK04a GK05a GK05b WZ03a WZ03b WZ03c WZ03d GW01a GW01b GW01c GW01d GW01e PI01 LG01 DM01 IN01 IN02 IN03 ED03 SV05a"
    " SV05b SV07a SV07b AU01",
    "V2": "XF01a1 XF01a2 XF01a3 XF01a4 XF14 HL01 HL02 HL03a HL03b HL03c HL03d DD01 DD02 DD03 DD04 DD05 GB01 GB02 GB03"
    " GB04a GB04b GB05 WZ01 ED01 ED02 OL01 OL02 OL03 CT01a CT01b CT01c SV03 SV06",
    "M": "XF15 IN04 IN05 WZ02a WZ02b ZG01a ZG01b",
    "D": "HL05",
    "confirm": "XF13 ML01 ML02 ML03 ML04 ML05 ML06 SV04 IN10 IN11 IN12 IN13 IN14 IN15 IN16 IN17 CT02 CT03 CT04 CT05"
    " DD00 DD10 DD11 DD12 DD13 DD14 DD15 DD20 DD21 DC03 DC04 DC05 DC06 CS01 CS02 CS03 KH01 BM01 PB01 PB02",
}


@pytest.mark.parametrize(("code", "unit", "value", "basis"), STATUTE)
def test_rule(code, unit, value, basis):
    found = rule(code, on=None if code in OFF else date(2026, 1, 1))
    assert (found.unit, found.value) == (unit, value)
    assert basis in found.basis


def test_how_well_each_number_is_founded():
    assert {rule(code).code: rule(code).tag for code in rules()} == {
        code: tag for tag, codes in TAGS.items() for code in codes.split()
    }


def test_what_is_off_applies_on_no_day_and_says_so():
    assert {code for code, editions in rules().items() if not editions[0].active} == OFF
    for code in OFF:
        assert applied(code, date(2026, 1, 1)) is None
        with pytest.raises(RuleNotValid, match="没有启用"):
            rule(code, on=date(2026, 1, 1))


FIXED_DATES = {
    "GK05a": "01-31", "GK05b": "03-31", "GB04a": "01-31", "GB05": "year-end", "IN03": "01-31", "ED01": "year-end",
    "ED02": "year-end", "OL01": "month-end", "OL02": "quarter-end", "OL03": "year-end", "CT01a": "quarter-end",
    "CT01b": "month-end", "CT05": "month-end", "SV07a": "quarter-end", "SV07b": "month-end",
}  # fmt: skip


RECURRING = {
    "GK05a": "year", "GK05b": "year", "GB04a": "year", "GB05": "year", "IN03": "year", "ED01": "year", "ED02": "year",
    "OL01": "month", "OL02": "quarter", "OL03": "year", "CT01a": "quarter", "CT01b": "month", "CT05": "month",
    "SV07a": "quarter", "SV07b": "month",
}  # fmt: skip


def test_what_recurs():
    assert {code: editions[0].every for code, editions in rules().items() if editions[0].every} == RECURRING


def test_which_dates_are_fixed():
    assert {code: editions[0].day for code, editions in rules().items() if editions[0].day} == FIXED_DATES


def test_the_table_is_whole():
    assert {code for code, *_ in STATUTE} == set(rules())


def test_every_edition_says_what_it_rests_on():
    for editions in rules().values():
        for edition in editions:
            assert edition.title and edition.title_en and edition.basis and edition.basis_en
            assert edition.tag in {"V", "V2", "M", "confirm", "D"}
            assert edition.value is None or edition.value > 0
        for newer, older in zip(editions, editions[1:], strict=False):
            assert newer.valid_from == older.valid_until + timedelta(days=1)


def test_what_whoever_filed_reads_of():
    assert {code for code, editions in rules().items() if editions[0].public} == {
        "XF01", "XF02", "XF03", "XF04", "XF05", "XF06", "XF07", "XF08", "XF09", "XF10", "XF11", "XF12", "XF13", "XF14",
        "XF15", "XF16", "HL02", "HL03a", "HL03b", "HL03c", "HL03d", "HL04", "SV04", "GK02", "GK04", "GK04a", "CT03",
        "IN12",
    }  # fmt: skip


def test_which_clocks_stop():
    """For a hearing in the second review (信访工作条例 36), and while a third party is asked (政府信息公开条例 33)."""
    assert {code for code, editions in rules().items() if any(e.pausable for e in editions)} == {"XF11", "GK04"}


def test_which_rules_take_a_number_from_a_person():
    assert {code: e[0].maximum for code, e in rules().items() if e[0].maximum} == {
        "XF07": 30, "XF12": 3650, "GK04a": 20, "GW01e": 30, "CT02": 3650, "CT04": 3650, "DD10": 3650,
        "DD14": 3650, "CS01": 90, "KH01": 3650, "IN11": 3650, "IN12": 365, "IN15": 3650, "IN16": 3650,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "edition", "on", "said"),
    [
        ("XF06", None, "2022-04-30", ("自2022年5月1日起", "《信访条例》（2005）第三十三条", "XF06@2005")),
        ("XF06", "2022", "2005-05-01", ("自2022年5月1日起", "XF06@2005")),
        ("XF06", "2005", "2022-05-01", ("适用至2022年4月30日", "《信访工作条例》第三十四条", "请查询 XF06。")),
        ("XF06", "2005", "2005-04-30", ("自2005年5月1日起", "《信访条例》（1995）")),
        ("XF04", None, "2021-01-01", ("自2022年5月1日起", "施行的是《信访条例》（2005），其中没有这一期限")),
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

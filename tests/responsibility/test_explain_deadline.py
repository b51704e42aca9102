"""`manage.py explain_deadline`: one JSON object on stdout, or exit code 2 and one JSON problem on stderr."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from responsibility.management.commands.explain_deadline import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db, capsys, monkeypatch):
    """The command as from a shell: its exit code and what it wrote to stdout and stderr."""
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)  # the test goes on

    def _run(*arguments):
        code = 0
        try:
            Command().run_from_argv(["manage.py", "explain_deadline", *arguments])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return _run


def answer(run, *arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    return json.loads(out)


def problem(run, *arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    found = json.loads(err)
    assert list(found) == ["type", "title", "status", "detail"]
    assert 400 <= found["status"] < 500
    assert found["title"] and found["detail"]
    return found


def test_a_day_rule(run):
    found = answer(run, "XF01", "2026-09-16")
    steps = found.pop("steps")
    assert found == {
        "rule": "XF01",
        "from": "2026-09-16",
        "due_strict": "2026-10-01",
        "due_legal": "2026-10-08",
        "provisional": False,
    }
    assert steps[0] == {"date": "2026-09-16", "counted": False, "why": "起算当日不计入期限"}
    assert steps[15] == {"date": "2026-10-01", "counted": True, "why": "第 15 日，期限届满；当日国庆节放假，顺延"}
    assert steps[-1]["date"] == "2026-10-08"
    assert sum(step["counted"] for step in steps) == 15


@pytest.mark.parametrize(
    ("start", "shown", "strict"),
    [
        ("2026-09-15T15:59:59Z", "2026-09-15T23:59:59+08:00", "2026-09-30"),
        ("2026-09-15t16:00:00z", "2026-09-16T00:00:00+08:00", "2026-10-01"),
        ("2026-09-15 23:59:59", "2026-09-15T23:59:59+08:00", "2026-09-30"),
        ("2026-09-15T23:59", "2026-09-15T23:59:00+08:00", "2026-09-30"),
        ("2026-09-15T10:00:00.250-08:00", "2026-09-16T02:00:00.250000+08:00", "2026-10-01"),
    ],
)
def test_instants(run, start, shown, strict):
    found = answer(run, "XF01", start)
    assert (found["from"], found["due_strict"]) == (shown, strict)


def test_an_hour_rule(run):
    found = answer(run, "HL03a", "2026-09-15T23:00:00")
    assert found["from"] == "2026-09-15T23:00:00+08:00"
    assert found["due_strict"] == found["due_legal"] == "2026-09-16T01:00:00+08:00"
    assert answer(run, "HL03a", "2026-09-15")["due_legal"] == "2026-09-15T02:00:00+08:00"


def test_provisional(run):
    assert answer(run, "XF06", "2026-11-02")["provisional"] is True
    assert answer(run, "XF06", "2026-11-01")["provisional"] is False


def test_months(run):
    found = answer(run, "SV06", "2025-12-31")
    assert found == {
        "rule": "SV06",
        "from": "2025-12-31",
        "due_strict": "2026-02-28",
        "due_legal": "2026-02-28",
        "provisional": False,
        "steps": [
            {"date": "2025-12-31", "counted": False, "why": "起算当日不计入期限"},
            {
                "date": "2026-02-28",
                "counted": True,
                "why": "自2025年12月31日起两个月，至2026年2月28日（当月没有 31 日，以月末为准），期限届满；"
                "当日为调休上班日（春节），不顺延，24 时截止",
            },
        ],
    }


def test_a_fixed_date(run):
    found = answer(run, "GK05a", "2026-02-01")
    assert (found["due_strict"], found["due_legal"], found["provisional"]) == ("2027-01-31", "2027-01-31", False)
    assert [step["why"] for step in found["steps"]] == ["起算当日不计入期限", "规定的日期，期限届满，当日 24 时截止"]


def test_days_counted_back_from_one_that_was_ordered(run):
    """A reception on 9 October 2026: the 8th is worked, the 1st to the 7th are off."""
    found = answer(run, "CT02", "2026-09-01", "--days", "38")
    assert (found["due_strict"], found["due_legal"], found["provisional"]) == ("2026-09-29", "2026-09-29", False)
    steps = [(step["date"], step["counted"]) for step in found["steps"]]
    assert steps[:3] == [("2026-09-01", False), ("2026-10-09", False), ("2026-10-08", True)]
    assert steps[-2:] == [("2026-09-30", True), ("2026-09-29", True)]
    assert found["steps"][1]["why"] == "所定的日期，当日不计入，由此往前数"
    assert found["steps"][-1]["why"] == "第 3 个工作日"
    assert answer(run, "CT02", "2026-09-01")["as_ordered"] is True


def test_a_rule_that_is_off(run):
    assert "没有启用" in problem(run, "DD01", "2026-09-01")["detail"]


@pytest.mark.parametrize("code", ["XF05", "XF12", "XF16"])
def test_as_ordered(run, code):
    assert answer(run, code, "2026-09-16") == {
        "rule": code,
        "from": "2026-09-16",
        "due_strict": None,
        "due_legal": None,
        "provisional": False,
        "steps": [],
        "as_ordered": True,
    }


def test_days_that_were_ordered_or_granted(run):
    ordered = answer(run, "XF12", "2026-09-16", "--days", "15")
    assert ordered["due_legal"] == "2026-10-08"
    assert "as_ordered" not in ordered
    assert answer(run, "XF07", "2026-09-16", "--days=1")["due_strict"] == "2026-09-17"
    assert answer(run, "XF07", "2026-09-16")["due_strict"] == "2026-10-16"


def test_an_edition_that_no_longer_applies(run):
    found = answer(run, "XF06@2005", "2021-01-01")
    assert (found["rule"], found["due_strict"]) == ("XF06@2005", "2021-03-02")


def test_outside_its_validity_the_version_that_applied_is_named(run):
    found = problem(run, "XF06", "2021-01-01")
    assert found["type"].endswith("rule-not-valid")
    assert "《信访条例》（2005）第三十三条" in found["detail"]
    assert "XF06@2005" in found["detail"]
    # Shanghai's day decides: this is already 1 May 2022 there.
    assert answer(run, "XF06", "2022-04-30T16:00:00Z")["due_strict"] == "2022-06-30"
    problem(run, "XF06", "2022-04-30T15:59:59Z")


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ((), "usage"),
        (("XF06",), "usage"),
        (("XF06", "2026-01-01", "2026-01-02"), "usage"),
        (("XF06", "2026-01-01", "--weeks", "3"), "usage"),
        (("XF12", "2026-01-01", "--day", "3"), "usage"),
        (("XF12", "2026-01-01", "--days"), "usage"),
        (("XF06", "2026-01-01", "--verbosity", "9"), "usage"),
        (("XF99", "2026-01-01"), "unknown-rule"),
        (("", "2026-01-01"), "unknown-rule"),
        (("xf06", "2026-01-01"), "unknown-rule"),
        (("\udcff", "2026-01-01"), "unknown-rule"),
        (("XF06@1999", "2026-01-01"), "unknown-rule"),
        (("XF06@", "2026-01-01"), "not-understood"),
        (("XF06@2022@2005", "2026-01-01"), "unknown-rule"),
        (("XF06@2005", "2023-01-01"), "rule-not-valid"),
        (("XF06", "2004-01-01"), "rule-not-valid"),
        (("XF06", ""), "not-understood"),
        (("XF06", "yesterday"), "not-understood"),
        (("XF06", "\udcff"), "not-understood"),
        (("XF06", "2026-02-29"), "not-understood"),
        (("XF06", "20260101"), "not-understood"),
        (("XF06", "2026-W01-1"), "not-understood"),
        (("XF06", "２０２６-01-01"), "not-understood"),
        (("XF06", "2026-01-01\n"), "not-understood"),
        (("XF06", "2026-01-01T25:00:00"), "not-understood"),
        (("XF06", "2026-01-01T10:00:00+99:99"), "not-understood"),
        (("XF06", "0001-01-01"), "out-of-range"),
        (("HL03a", "0001-01-01T00:00:00+14:00"), "out-of-range"),
        (("HL03a", "9999-12-31T23:59:59-14:00"), "out-of-range"),
        (("XF06", "9999-12-31"), "out-of-range"),
        (("XF06", "2199-12-01"), "out-of-range"),
        (("XF06", "2026-01-01", "--days", "60"), "wrong-days"),
        (("XF05", "2026-01-01", "--days", "60"), "wrong-days"),
        (("HL03a", "2026-01-01", "--days", "1"), "wrong-days"),
        (("XF07", "2026-01-01", "--days", "31"), "wrong-days"),
        (("XF07", "2026-01-01", "--days", "0"), "wrong-days"),
        (("XF12", "2026-01-01", "--days", "-1"), "wrong-days"),
        (("XF12", "2026-01-01", "--days", "1000000000000"), "wrong-days"),
        (("XF12", "2026-01-01", "--days", "9" * 5000), "wrong-days"),
        (("XF12", "2026-01-01", "--days", "1.5"), "wrong-days"),
        (("XF12", "2026-01-01", "--days", "many"), "wrong-days"),
        (("XF12", "2026-01-01", "--days", ""), "wrong-days"),
    ],
)
def test_errors_are_one_problem(run, arguments, kind):
    assert problem(run, *arguments)["type"] == f"/problems/{kind}"


def test_called_from_code_an_error_is_an_exception():
    with pytest.raises(CommandError) as error:
        call_command("explain_deadline", "XF99", "2026-01-01")
    assert error.value.returncode == 2
    assert json.loads(str(error.value))["status"] == 404


def test_answers_where_chinese_cannot_be_written():
    """A stream in ASCII gets escapes, not a traceback."""

    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    call_command("explain_deadline", "XF04", "2026-09-16", stdout=out)
    out.seek(0)
    assert json.loads(out.read())["steps"][0]["why"] == "起算当日不计入期限"

"""Files of rules: a mechanism registers its own, and what one says wrongly stops the program at its start."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from responsibility import rules

GOOD = """
[instruments.law]
name = "《测试法》"
en = "Test Act"
valid_from = 2020-01-01

[rules.TT01]
title = "试办"
en = "Try"
closed_by = "trial"
editions = [{ instrument = "law", article = 109, unit = "cd", value = 5, tag = "V" }]
"""


@pytest.fixture
def register(tmp_path, monkeypatch):
    """Registers a file with this text, for one test."""
    monkeypatch.setattr(rules, "_rules", dict(rules._rules))
    monkeypatch.setattr(rules, "_instruments", list(rules._instruments))

    def _register(text=GOOD, ends=("trial",)):
        path = tmp_path / "rules.toml"
        path.write_text(text, encoding="utf-8")
        rules.register(path, ends)

    return _register


def test_a_mechanism_registers_its_own_rules(register):
    register()
    found = rules.rule("TT01", on=date(2026, 1, 1))
    assert (found.value, found.basis, found.basis_en) == (5, "《测试法》第一百零九条", "Test Act, Art. 109")
    assert not found.public
    assert "TT01" in rules.with_an_end_of_their_own()


def test_its_rules_may_rest_on_a_shared_instrument(register):
    register(GOOD.replace('instrument = "law", article = 109', 'instrument = "house"'))
    assert rules.rule("TT01").basis == "内部规定（待确认）"


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("TT01", "XF06", "rule XF06 is declared twice"),
        ("TT01", "TT0000001", "rule TT0000001: the code is longer than 8 characters"),
        ('unit = "cd"', 'unit = "week"', "rule TT01: there is no unit 'week'"),
        ('tag = "V"', 'tag = "sure"', "rule TT01: there is no tag 'sure'"),
        (', tag = "V"', "", "rule TT01: missing: tag"),
        ('"law", article', '"lore", article', "rule TT01: there is no instrument 'lore'"),
        ('closed_by = "trial"', 'closed_by = "wish"', "rule TT01: nothing called 'wish' ends what is owed (trial)"),
        ("value = 5", "value = 0", "rule TT01: value is less than one"),
        ("value = 5", "days = 5", "rule TT01: unknown: days"),
        ("closed_by", "shut_by", "rule TT01: unknown: shut_by"),
        ('en = "Try"', "", "rule TT01: missing: en"),
        ('unit = "cd", value = 5', 'unit = "date", day = "02-30"', "rule TT01: no fixed date: '02-30'"),
        ("value = 5", 'day = "01-31"', "rule TT01: no fixed date: '01-31'"),
        ('unit = "cd"', 'unit = "date", every = "week"', "rule TT01: nothing recurs every 'week'"),
        ('unit = "cd"', 'unit = "cd", every = "month"', "rule TT01: no fixed date: 'month-end'"),
        (
            'unit = "cd"',
            'unit = "date", every = "month", day = "01-31"',
            "rule TT01: '01-31' is not once in every month",
        ),
        (
            'unit = "cd"',
            'unit = "date", every = "year", day = "month-end"',
            "rule TT01: 'month-end' is not once in every",
        ),
        ('unit = "cd"', 'unit = "date", every = "year", day = "01-01"', "rule TT01: '01-01' is not once in every year"),
        ('unit = "cd"', 'unit = "cd", maximum = 9, before = true', "rule TT01: only working days up to a day with a"),
        ('unit = "cd"', 'unit = "wd", before = true', "rule TT01: only working days up to a day with a maximum"),
        ("value = 5", "value = 5, maximum = 0", "rule TT01: maximum is less than one"),
        (
            'editions = [{ instrument = "law", article = 109, unit = "cd", value = 5, tag = "V" }]',
            "editions = []",
            "rule TT01: it has no edition",
        ),
        ("law", "l" * 65, "rule TT01: the edition is longer than 64 characters"),
        ('unit = "cd"', 'unit = "month", pausable = true', "rule TT01: only days can stand still"),
    ],
)
def test_a_fault_stops_the_start_and_names_the_rule(register, said, instead, fault):
    assert said in GOOD
    with pytest.raises(ImproperlyConfigured) as stopped:
        register(GOOD.replace(said, instead))
    assert "rules.toml" in str(stopped.value)
    assert fault in str(stopped.value)


def test_a_fixed_date_stays_on_a_day_off_unless_its_rule_says_otherwise(register):
    fixed = GOOD.replace('unit = "cd", value = 5', 'unit = "date", day = "01-31"')
    register(fixed)
    register(fixed.replace("TT01", "TT02").replace('tag = "V"', 'tag = "V", rolls = true'))
    register(GOOD.replace("TT01", "TT03"))
    assert [rules.rule(code).rolls for code in ("TT01", "TT02", "TT03")] == [False, True, True]


def test_the_newest_edition_comes_first_wherever_it_stands(register):
    older = '[instruments.old]\nname = "《旧法》"\nen = "Old Act"\nvalid_from = 1990-01-01\nvalid_until = 2019-12-31\n'
    two = 'editions = [{ instrument = "old", unit = "cd", value = 9, tag = "V" }, '
    register(older + GOOD.replace("editions = [", two))
    assert [edition.value for edition in rules.editions("TT01")] == [5, 9]
    assert rules.applied("TT01", date(2010, 1, 1)).value == 9


def test_a_rule_has_an_edition_once(register):
    twice = GOOD.replace("editions = [", 'editions = [{ instrument = "law", unit = "wd", value = 3, tag = "V" }, ')
    with pytest.raises(ImproperlyConfigured, match="rule TT01: it has the same edition twice"):
        register(twice)

"""The check that shared apps name no mechanism sees each way of naming one, and lets nothing grow."""

import pytest

from tests.check_names import faults, in_python, in_template

NAMING = {
    "an import": "from petitions.models import State",
    "an import of one thing": "from responsibility import ledger",
    "a package by a common word": "import contact.models",
    "a string": "kind = 'petition'",
    "a part of a string": "table = 'petitions_import'",
    "a common word as a string": "kind = 'transfer'",
    "a variable": "petition = 1",
    "an attribute": "about.demand",
    "a class": "class ReadsPetitions: pass",
    "a function": "def demand_of(): pass",
    "a keyword": "f(demand=1)",
    "an argument": "def f(ledger): pass",
}
SILENT = {
    "a docstring": '"""Petitions are heard."""',
    "a word below a name": 'x = 1\n"""As in petitions."""',
    "a comment": "x = 1  # as petitions do",
    "a common word as a variable": "transfer = imports + 1",
    "a word that begins like one": "demanding = 'repetition'",
}


@pytest.mark.parametrize("what", NAMING)
def test_it_sees(what: str) -> None:
    assert in_python(NAMING[what]), what


@pytest.mark.parametrize("what", SILENT)
def test_it_lets_pass(what: str) -> None:
    assert in_python(SILENT[what]) == [], what


def test_it_reads_the_words_of_templates() -> None:
    assert in_template("<b>\n{{ petition.title }}") == [(2, "petition")]
    assert in_template("{# of a petition #}<b>{{ record.title }}</b>") == []


def test_it_sees_a_tag_library_of_an_app_above() -> None:
    assert in_template("{% load i18n static front %}") == []
    assert in_template("\n{% load i18n exports %}") == [(2, "{% load exports %}")]


def test_what_remains_may_only_shrink() -> None:
    one = {"a.py": [(7, "petition")]}
    assert list(faults(one, {"a.py": 1})) == []
    grown, where = faults(one, {})
    assert "a.py: 1" in grown and "a.py:7: 'petition'" in where
    assert "write that down" in next(iter(faults({}, {"a.py": 1})))

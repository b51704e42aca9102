"""A regulation is proposed with its first draft, and the draft goes its way until it is in force."""

import pytest

from responsibility.models import Obligation
from tests.institutions_lab import add_legal_office, document_number, in_force, regulation_in, text_in, text_of

STATES = ("draft", "commenting", "checking", "checked", "adopted", "promulgated", "rejected")


@pytest.fixture(autouse=True)
def _legal_office(city):
    add_legal_office(city)


@pytest.mark.parametrize("state", STATES)
def test_each_state_of_a_text_is_reached(city, state):
    text = text_in(city, state)
    assert text.edition == 1 and len(text.articles) == 3


@pytest.mark.parametrize("state", ["proposed", "in_force", "repealed", "lapsed", "dropped"])
def test_each_state_of_a_regulation_is_reached(city, state):
    regulation_in(city, state)


def owed(record):
    return set(Obligation.objects.open().about(record.KIND, record.pk).values_list("rule", flat=True))


def test_what_is_owed_of_a_regulation_in_force(city):
    found = in_force(city)
    assert owed(found) == {"GK01", "IN10", "IN11"}
    assert found.document_number == document_number(text_of(found))

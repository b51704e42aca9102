"""The register's list says what is known, and whose a regulation is."""

import pytest

from tests.institutions_lab import add_legal_office, in_force, proposed
from tests.reader import page

pytestmark = pytest.mark.django_db


def test_a_day_that_is_not_known_is_left_empty(city):
    add_legal_office(city)
    proposed(city)
    assert "None" not in page(city.handler, "/desk/regulations/")
    assert "None" not in page(city.handler, "/desk/regulation-texts/")


@pytest.mark.parametrize(
    ("who", "mine", "sees"),
    [("handler", "owner", True), ("colleague", "owner", False), ("colleague", "supervisor", True)],
)
def test_each_finds_what_is_theirs(city, who, mine, sees):
    add_legal_office(city)
    number = in_force(city).number
    assert (number in page(getattr(city, who), f"/desk/regulations/?mine={mine}")) == sees

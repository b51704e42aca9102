"""How a run of the tests is ordered, narrowed to one kind and told about: tests/order.py."""

import pytest

from tests.order import about_kind, group_of, kind_of, slowest_first, table

FILE = "tests/responsibility/test_clock.py::test_a"
CELL = "tests/shared/test_access_matrix.py::test_every_cell[petition-closed-page]"


def test_a_file_stays_together_and_in_shared_tests_what_concerns_one_kind() -> None:
    assert group_of(FILE) == group_of("tests/responsibility/test_clock.py::test_b[x]")
    assert group_of(CELL) == group_of(CELL.replace("closed", "received")) != group_of(CELL.replace("petition", "other"))
    assert group_of(CELL) == group_of(CELL.replace("every_cell", "each_act")), "they share a world"
    assert (kind_of(CELL), kind_of(FILE + "[petition]")) == ("petition", "")


def test_what_took_longest_begins_first_and_stacks_where_nobody_knows() -> None:
    stack, quick, slow = "tests/stack/test_stack.py::test_1", FILE, "tests/records/test_files.py::test_a"
    assert sorted([quick, slow, stack], key=slowest_first([quick, slow, stack], {})) == [stack, slow, quick]
    known = {stack: 3.0, quick: 0.1, slow: 90.0}
    assert sorted([quick, slow, stack], key=slowest_first([quick, slow, stack], known)) == [slow, stack, quick]


@pytest.mark.parametrize("name", ["petition", "petitions"])
def test_one_kind_is_its_shared_tests_and_those_of_its_app(name: str) -> None:
    assert about_kind(CELL, name) and about_kind("tests/petitions/test_acts.py::test_a", name)
    assert not about_kind(FILE, name) and not about_kind(CELL.replace("petition-", "other-"), name)
    with pytest.raises(pytest.UsageError, match="petitions"):
        about_kind(FILE, "nothing")


def test_the_table_says_what_is_over_a_limit() -> None:
    lines = table({CELL: 5.0, CELL.replace("closed", "received"): 4.0, FILE: 1.0}, minutes=21)
    assert lines[0].endswith("OVER THE LIMIT OF 20")
    assert lines[1].split() == "9.0 seconds of tests/shared/ for petition OVER THE LIMIT OF 8".split()
    assert not any("LIMIT" in line for line in lines[2:])

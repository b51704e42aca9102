"""Remarks stand beside the kinds of the house."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.shared.kinds import all_kinds


@pytest.fixture
def remarks(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The city, where citizens make remarks as well."""
    with all_kinds():
        yield city

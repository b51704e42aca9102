"""Remarks stand beside the kinds of the house."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.test import override_settings

from audit.events import EVENTS
from citizens import public_sides
from records import kinds
from responsibility import subjects
from tests.remarks import events
from tests.remarks.desk import PUBLIC, REMARKS


@pytest.fixture
def remarks(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The city, where citizens make remarks as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "_kinds", {**kinds._kinds})
        patch.setattr(subjects, "_adapters", {**subjects._adapters})
        patch.setattr(public_sides, "_sides", {**public_sides._sides})
        for event in events.EVENTS:
            patch.setitem(EVENTS, event.name, event)
        kinds.register(REMARKS)
        public_sides.open_to_citizens(REMARKS.kind, PUBLIC)
        with override_settings(ROOT_URLCONF="tests.remarks.urls"):
            yield city

"""Performing an act on a record as the user has just seen it; what they may not do stays on record."""

from collections.abc import Mapping
from typing import Any

from massline.acts import Act, perform
from massline.rest_acts import act_data
from responsibility.recording import refusals_on_record


def perform_seen(act: Act, record: Any, actor: Any, data: Mapping[str, Any]) -> Any:
    """Does the act with what a form sent, and returns the record as it is then; raises an ActError."""
    with refusals_on_record(record, act):
        return perform(act, type(record), record.pk, actor, data, seen=record)


def perform_sent(act: Act, record: Any, actor: Any, body: Mapping[str, Any]) -> Any:
    """The same with the JSON that a program sent."""
    with refusals_on_record(record, act):
        return perform(act, type(record), record.pk, actor, act_data(act, record, actor, body), seen=record)

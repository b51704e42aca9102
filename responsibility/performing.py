"""Performs an act for a page or for REST, on the record as its user has just seen it; a refusal stays on record."""

from collections.abc import Mapping
from typing import Any

from massline.acts import Act, perform
from massline.rest_acts import act_data
from responsibility.recording import refusals_on_record


def perform_from_form(act: Act, record: Any, actor: Any, data: Mapping[str, Any]) -> Any:
    """Does the act with the values of a form, and returns the record as it is then; raises an ActError."""
    with refusals_on_record(record, act):
        return perform(act, type(record), record.pk, actor, data, seen=record)


def perform_from_json(act: Act, record: Any, actor: Any, body: Mapping[str, Any]) -> Any:
    """Does the act with the JSON that a program sent; otherwise the same."""
    with refusals_on_record(record, act):
        return perform(act, type(record), record.pk, actor, act_data(act, record, actor, body), seen=record)

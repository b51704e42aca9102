"""People from outside: they file a record of any kind that is open to them, and come back with its number and code."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.test import Client

from audit import log
from citizens.citizen import Citizen
from citizens.erasure import erase as erasure
from citizens.rest.filing import filing_data
from citizens.tracking.lookup import filing_of, find
from tests.api import V1
from tests.shared.kinds import SIDES


def filed(kind: str, body: Mapping[str, Any]) -> Any:
    """The record that came of this filing, with its `code`; the body is as REST takes it."""
    form = SIDES[kind].form
    assert form is not None
    with transaction.atomic():
        made = form.file(filing_data(form, dict(body)))
    record = find(made.number, made.code)
    record.code = made.code
    return record


def actor(record: Any) -> Citizen:
    """Who has shown the code of this record."""
    return Citizen(filing_of(record))


def opened(number: str, code: str) -> tuple[Client, int]:
    """The browser in which number and code were typed into the box, and what that was answered."""
    browser = Client(raise_request_exception=False)
    return browser, browser.post("/track/", {"number": number, "tracking_code": code}).status_code


def act_on_page(record: Any, code: str, slug: str, data: Mapping[str, Any]) -> int:
    """The answer to an act of whoever typed this code and the number of the record."""
    browser, status = opened(record.matter.key, code)
    sure = {"sure": "on"} if slug in SIDES[record.matter.kind].confirmed else {}
    return browser.post(f"/track/own/acts/{slug}/", {**data, **sure}).status_code if status == 302 else status


def act_through_rest(record: Any, code: str, slug: str, data: Mapping[str, Any]) -> int:
    body = {**data, "number": record.matter.key, "tracking_code": code}
    return Client().post(f"{V1}/public/track/acts/{slug}/", body, content_type="application/json").status_code


def erased(record: Any) -> None:
    """Erases the person who filed the record of this number."""
    found = erasure.numbered(record.matter.key)
    erasure.erase(found, log.Actor("user", "auditadmin", ""), "个人信息保护法第四十七条")

"""Who is told of each step up the chain, in the inbox and by mail: each table by hand, for exactly these people."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from responsibility.models import Preference
from responsibility.outbox.deliver import deliver
from tests.chain_lab import at, event, sh, sweep_at
from tests.city import file_petition, walk_to
from tests.mail_lab import Post, post_office
from tests.people_lab import EVERYBODY, inboxes

pytestmark = pytest.mark.django_db
FILED = "2026-09-15 10:00"
DISTRICT = "990102000000"
OFFICE = "抄送信访部门"
WARNED, OVERDUE, CLIMBED = "临近到期", "已经超期", "逐级上报，请您签收并批示"
Steps = dict[str, dict[str, str]]
"""The moment of the sweep -> the line -> in whose inbox it stands."""

HANDLED_BY_THE_DEPARTMENT: Steps = {
    "2026-10-27 19:48": {WARNED: "handler", OFFICE: "clerk chief"},
    "2026-11-11 00:00": {WARNED: "handler", OFFICE: "clerk chief"},
    "2026-11-17 00:00": {OVERDUE: "handler deputy", OFFICE: "clerk chief"},
    "2026-11-21 00:00": {CLIMBED: "leader", OFFICE: "clerk chief"},
    "2026-11-24 00:00": {OVERDUE: "leader", OFFICE: "clerk chief"},  # not acknowledged within a working day
    "2026-11-26 00:00": {OVERDUE: "leader", OFFICE: "clerk chief"},  # not instructed within three
    "2026-11-28 00:00": {CLIMBED: "secretary mayor", OFFICE: "clerk chief"},
    "2026-12-01 00:00": {OVERDUE: "secretary mayor", OFFICE: "clerk chief"},
    "2026-12-03 00:00": {OVERDUE: "secretary mayor", OFFICE: "clerk chief"},
    "2027-02-01 00:00": {},  # the root has been told
}
LEFT_AT_THE_OFFICE: Steps = {  # whoever is told on the chain gets no copy besides
    "2026-09-26 07:48": {WARNED: "clerk", OFFICE: "chief"},
    "2026-09-28 00:00": {WARNED: "clerk", OFFICE: "chief"},
    "2026-10-01 00:00": {OVERDUE: "clerk", OFFICE: "chief"},
    "2026-10-11 00:00": {CLIMBED: "chief", OFFICE: "clerk"},
    "2026-10-13 00:00": {OVERDUE: "chief", OFFICE: "clerk"},
    "2026-10-15 00:00": {OVERDUE: "chief", OFFICE: "clerk"},
    "2026-10-17 00:00": {CLIMBED: "secretary mayor", OFFICE: "clerk chief"},
    "2026-10-20 00:00": {OVERDUE: "secretary mayor", OFFICE: "clerk chief"},
    "2026-10-22 00:00": {OVERDUE: "secretary mayor", OFFICE: "clerk chief"},
}
IN_THE_DISTRICT: Steps = {  # the city's petition office, above the district's, is told of no step
    "2026-09-26 07:48": {WARNED: "district_clerk", OFFICE: "district_chief"},
    "2026-09-28 00:00": {WARNED: "district_clerk", OFFICE: "district_chief"},
    "2026-10-01 00:00": {OVERDUE: "district_clerk", OFFICE: "district_chief"},
    "2026-10-11 00:00": {CLIMBED: "district_chief", OFFICE: "district_clerk"},
    "2026-10-13 00:00": {OVERDUE: "district_chief", OFFICE: "district_clerk"},
    "2026-10-15 00:00": {OVERDUE: "district_chief", OFFICE: "district_clerk"},
    "2026-10-17 00:00": {CLIMBED: "district_head", OFFICE: "district_clerk district_chief"},
    "2026-10-20 00:00": {OVERDUE: "district_head", OFFICE: "district_clerk district_chief"},
    "2026-10-22 00:00": {OVERDUE: "district_head", OFFICE: "district_clerk district_chief"},
    "2026-10-24 00:00": {CLIMBED: "secretary mayor", OFFICE: "district_clerk district_chief"},
    "2026-10-27 00:00": {OVERDUE: "secretary mayor", OFFICE: "district_clerk district_chief"},
    "2026-10-29 00:00": {OVERDUE: "secretary mayor", OFFICE: "district_clerk district_chief"},
}
RECUSED = [{"kind": "person", "name": name, "organ": ""} for name in ("傅主管", "辛访明", "甄书成")]
ABOUT_DEPUTY_CHIEF_AND_SECRETARY: Steps = {
    when: {line: " ".join(set(people.split()) - {"deputy", "chief", "secretary"}) for line, people in told.items()}
    for when, told in HANDLED_BY_THE_DEPARTMENT.items()
}
BEGUN: dict[str, tuple[str, dict[str, Any], Steps]] = {
    "handled by the department": ("handling", {}, HANDLED_BY_THE_DEPARTMENT),
    "left at the office": ("received", {}, LEFT_AT_THE_OFFICE),
    "in the district": ("received", {"region": DISTRICT}, IN_THE_DISTRICT),
    "about deputy, chief and secretary": ("handling", {"complained_about": RECUSED}, ABOUT_DEPUTY_CHIEF_AND_SECRETARY),
}
MAILED = {OVERDUE, CLIMBED}
"""Copies and warnings wait in the inbox, and in the digest of the day."""


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


def everybody_wants_mail(city: SimpleNamespace) -> None:
    with at("2026-09-01"):
        event()
        for who in EVERYBODY:
            Preference.objects.create(
                user=getattr(city, who), email=f"{who}@office.example", since=sh("2026-09-01"), digest_hour=None
            )


def test_each_step_tells_exactly_these(city: SimpleNamespace, post: Post) -> None:
    """In the inbox of each, and by mail what cannot wait; every inbox of the city is read."""
    everybody_wants_mail(city)
    numbers = {}
    for name, (state, more, _steps) in BEGUN.items():
        with at(FILED) as now:
            numbers[name] = walk_to(state, file_petition(received_at=now, **more)).number
    expected = {
        (when, f"{line} {numbers[name]}"): set(people.split())
        for name, (_state, _more, steps) in BEGUN.items()
        for when, lines in steps.items()
        for line, people in lines.items()
        if people
    }
    mails: dict[tuple[str, str], set[str]] = {}
    for moment in sorted({moment for _state, _more, steps in BEGUN.values() for moment in steps}):
        sweep_at(moment)
        with at(moment):
            deliver()
        for mail in post.mails:
            mails.setdefault((moment, str(mail["Subject"]).strip()), set()).add(str(mail["To"]).split("@")[0])
        post.mails.clear()
    with at("2027-02-02 09:00"):
        in_the_inbox = {key: people for key, people in inboxes(city).items() if key[0] > "2026-09-16"}
    urgent = {key: people for key, people in expected.items() if key[1].rsplit(" ", 1)[0] in MAILED}
    assert (in_the_inbox, mails) == (expected, urgent)

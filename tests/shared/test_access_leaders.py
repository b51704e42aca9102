"""Leaders' acts on what climbed to them: the matrix of tests/shared/kinds/escalation.csv, every cell of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from massline.acts import ActError, perform, permitted
from massline.keys import key_of
from petitions.models import Demand
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation
from responsibility.sweep import sweep
from tests import database
from tests.api import V1, token_for
from tests.city import act, build_city, walk_to
from tests.shared.kinds import ADMINISTRATIONS, matrix
from tests.shared.test_access_matrix import events_after, newest_event, row_images, undone

MATRIX = matrix("escalation")
CAST = (
    "leader", "mayor", "secretary", "deputy", "handler", "receiver", "clerk", "chief", "other_leader",
    "district_chief", "inspector", "auditor", "sysadmin",
)  # fmt: skip
ADDRESSEES: dict[str, set[str]] = {"overdue": set(), "top": {"leader"}, "superior-1": {"mayor", "secretary"}}
"""To whom each step of an overdue petition of the department climbed."""
BEFORE = {"sent": (), "acknowledged": ("acknowledge",), "instructed": ("instruct",)}
INPUT: dict[str, dict[str, str]] = {
    "acknowledge": {},
    "instruct": {"text": "限三日内办结"},
    "reassign": {"text": "换人办理"},
}


def test_the_matrix_and_the_declarations_agree_both_ways() -> None:
    declared = {(act.slug, str(role)): {*map(str, act.from_states)} for act in LEADER_ACTS for role in act.roles}
    assert declared == MATRIX and all(str(act.basis).strip() for act in LEADER_ACTS)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), database.passing("leaders"):
        made = build_city()
        made.tokens = {who: token_for(getattr(made, who)) for who in CAST}
        yield made


@contextmanager
def climbed() -> Iterator[dict[str, Escalation]]:
    """The steps of an overdue petition, by name; undone afterwards."""
    with undone():
        filed, start = walk_to("forwarded"), timezone.now() + timedelta(days=40)
        for n in range(4):
            sweep(start + timedelta(days=10 * n))
        found = Escalation.objects.filter(obligation__subject_key=filed.number, obligation__rule="XF03")
        yield {e.step: e for e in found.exclude(obligation__subject_kind="escalation")}


def test_every_cell_is_answered_as_the_matrix_says(city: SimpleNamespace) -> None:
    with climbed() as steps:
        assert set(steps) == set(ADDRESSEES)
        for name, addressees in ADDRESSEES.items():
            for state, before in BEFORE.items():
                with undone():
                    for slug in before if addressees else ():
                        perform(LEADER_ACTS[slug], Escalation, steps[name].pk, one_of(addressees), INPUT[slug])
                    assert faults(city, steps[name], state, addressees) == []
        with undone():
            demand = Demand.objects.get(pk=steps["top"].obligation.subject_id)
            act(demand, "citizen", "withdraw", {"reason": "已经解决"})
            assert faults(city, steps["top"], "settled", {"leader"}) == []


def one_of(addressees: set[str]) -> User:
    return User.objects.get(username=min(addressees))


def faults(city: SimpleNamespace, e: Escalation, state: str, addressees: set[str]) -> list[str]:
    """Whom the check answers otherwise than the matrix."""
    found, record = [], Escalation.objects.get(pk=e.pk)
    for who in CAST:
        for each in LEADER_ACTS:
            expected = 404 if who not in addressees else 200 if state in MATRIX[each.slug, "addressee"] else 409
            try:
                permitted(each, record, getattr(city, who))
                status = 200
            except ActError as error:
                status = error.status
            found += [f"{who} {each.slug} {state}: {status} and not {expected}"] * (status != expected)
    return found


@pytest.mark.parametrize("transport", ["page", "rest"])
def test_page_and_rest_ask_the_same_check(city: SimpleNamespace, transport: str) -> None:
    """Each act done, and one refusal of each answer."""
    with climbed() as steps:
        for each in LEADER_ACTS:
            assert tried(city, transport, "leader", each.slug, steps["top"]) == (True, True, [each.event.name])
            for who, status, events in (("clerk", 404, []), (ADMINISTRATIONS[0], 403, ["page_refused"])):
                assert tried(city, transport, who, each.slug, steps["top"]) == (status, False, events)
        perform(LEADER_ACTS["instruct"], Escalation, steps["top"].pk, city.leader, INPUT["instruct"])
        for each in LEADER_ACTS:
            assert tried(city, transport, "leader", each.slug, steps["top"]) == (409, False, [])


def tried(city: SimpleNamespace, transport: str, who: str, slug: str, e: Escalation) -> tuple[int, bool, list[str]]:
    """Whether it was done (True) or what it was answered, whether any row changed, the first event; all undone."""
    key = key_of("escalation", e.pk)
    body = INPUT[slug] | ({"post": key_of("post", city.post["deputy"].pk)} if slug == "reassign" else {})
    before, newest = row_images(), newest_event()
    with undone():
        client, path = Client(), f"/escalations/{key}/acts/{slug}/"
        if transport == "page":
            client.force_login(getattr(city, who), "django.contrib.auth.backends.ModelBackend")
            before, newest = row_images(), newest_event()
            status = client.post(f"/desk{path}", body).status_code
        else:
            headers = {"Authorization": f"Bearer {city.tokens[who]}"}
            status = client.post(V1 + path, body, content_type="application/json", headers=headers).status_code
        return status in (200, 302) or status, row_images() != before, events_after(newest)[:1]

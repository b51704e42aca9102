"""Who may do what, when: the hand-written matrix against the declarations, and every cell of it for real.

Each kind of petition is brought into each of its states once, in a database of this module's own. Then everybody tries
every act, on the page and through REST; what one try changed is rolled back before the next.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from massline import crypto
from massline.acts import perform
from massline.keys import key_of
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import FINAL, OPEN, State
from petitions.transfers.acts import TRANSFER_ACTS
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation
from responsibility.sweep import sweep
from tests import access_matrix as by_hand
from tests.access_world import INPUT, INPUT_FOR, city_of_states
from tests.api import V1
from tests.city import act, walk_to

MATRIX = by_hand.matrix()
ALL_ACTS = [*OFFICIAL_ACTS, *CITIZEN_ACTS]
TRANSPORTS = ("page", "rest")


# --- The hand-written matrix and the declarations say the same ----------------------------------------------------
def declared(acts: Any) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for each in acts:
        reach = {role: set(by_hand.SEEN) for role in each.roles}
        states = {str(s) for s in each.from_states}
        whole = each in (*LEADER_ACTS, *TRANSFER_ACTS)
        found[each.slug] = {str(role): states if whole else states & reach[role] for role in sorted(each.roles)}
    return found


def test_the_matrix_and_the_declarations_agree_both_ways() -> None:
    assert by_hand.by_act(MATRIX) == declared([*ALL_ACTS, *LEADER_ACTS, *TRANSFER_ACTS])


def test_the_states_are_those_of_the_matrix() -> None:
    assert set(State.values) == set(by_hand.ANY)
    assert {str(s) for s in FINAL} == by_hand.FINAL


def test_every_open_state_has_a_way_out_for_officials_and_every_state_can_be_reached() -> None:
    ways: dict[str, set[str]] = defaultdict(set)
    for each in OFFICIAL_ACTS:
        for state in each.from_states:
            ways[state] |= {str(to) for to in each.to} - {str(state)}
    assert {state for state in OPEN if not ways[state]} == set()

    reached = {"received"}
    while more := {to for each in ALL_ACTS if {*each.from_states} & reached for to in each.to} - reached:
        reached |= {str(to) for to in more}
    assert reached == set(by_hand.ANY)


def test_no_state_keeps_a_petition_for_ever() -> None:
    """From every open state officials alone come to an end, however it was reached."""
    ends = {str(s) for s in FINAL}
    steps = [(str(s), str(to)) for each in OFFICIAL_ACTS for s in each.from_states for to in each.to]
    for _again in by_hand.ANY:
        ends |= {s for s, to in steps if to in ends}
    assert ends == set(by_hand.ANY)


def test_every_act_gives_its_reason() -> None:
    assert [each.slug for each in [*ALL_ACTS, *LEADER_ACTS, *TRANSFER_ACTS] if not str(each.basis).strip()] == []


world = pytest.fixture(scope="module")(city_of_states)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of answers need neither log lines nor all that they show: other tests read them."""

    def plain(request: Any, *_args: Any, status: int = 404, **_kwargs: Any) -> HttpResponse:
        return HttpResponse(status=status)

    monkeypatch.setattr("massline.urls.handler404", plain, raising=False)
    monkeypatch.setattr("records.record_page.record_page", partial(plain, status=200))
    monkeypatch.setattr("records.rest.views.KindView.in_full", lambda view, record, user: {})
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


# --- One try, and what it changed ---------------------------------------------------------------------------------
@contextmanager
def undone() -> Iterator[None]:
    """Rolls back whatever happens inside; code that must not run within a transaction takes it for none."""
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        yield
        transaction.set_rollback(True)


BUSINESS = [
    "petitions_petition",
    "citizens_filing",
    "citizens_complained",
    "petitions_demand",
    "petitions_answer",
    "records_acttext",
    "citizens_citizennotification",
    "citizens_rating",
    "petitions_transfer",
    "citizens_idempotencykey",
    "responsibility_obligation",
    "responsibility_escalation",
    "responsibility_notice",
    "responsibility_appointment",
    "responsibility_absence",
    "responsibility_post",
    "responsibility_organ",
    "responsibility_region",
    "accounts_user",
]
COUNTS = "SELECT (SELECT max(id) FROM audit_row), " + ", ".join(f"(SELECT count(*) FROM {t})" for t in BUSINESS)


def rows() -> tuple[Any, ...]:
    """The latest row image, and how many rows every business table has."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return tuple(cursor.fetchone())


def given(filed: SimpleNamespace, slug: str) -> dict[str, Any]:
    """Valid input for this act on this petition."""
    return INPUT[slug] | INPUT_FOR.get((filed.kind, slug), {})


def events_after(pk: int) -> list[str]:
    return list(AuditEvent.objects.filter(pk__gt=pk).order_by("pk").values_list("name", flat=True))


def newest_event() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]


def on_the_page(world: SimpleNamespace, who: str, slug: str, filed: SimpleNamespace) -> int:
    if who in ("citizen", "other_citizen"):
        opened = filed if who == "citizen" else world.elsewhere
        client = Client()
        client.cookies["tracking"] = crypto.seal_token("tracking", opened.petition.pk)
        response = client.post(f"/track/own/acts/{slug}/", given(filed, slug))
    else:
        client = world.clients[who]
        client.cookies.pop("messages", None)
        response = client.post(f"/desk/petitions/{filed.number}/acts/{slug}/", given(filed, slug))
    if response.status_code == 302:  # never to a sign-in: everybody here has signed in
        assert "sign-in" not in response["Location"] and response["Location"] != "/track/", response["Location"]
    return int(response.status_code)


def through_rest(world: SimpleNamespace, who: str, slug: str, filed: SimpleNamespace) -> int:
    if who in ("citizen", "other_citizen"):
        code = filed.code if who == "citizen" else world.elsewhere.code
        path, headers = f"/public/track/acts/{slug}/", {}
        body = given(filed, slug) | {"number": filed.number, "tracking_code": code}
    else:
        path, body = f"/petitions/{filed.number}/acts/{slug}/", given(filed, slug)
        headers = {"Authorization": f"Bearer {world.tokens[who]}"}
    response = Client().post(V1 + path, body, content_type="application/json", headers=headers)
    return int(response.status_code)


TRY = {"page": on_the_page, "rest": through_rest}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, (_cast, states) in by_hand.PETITIONS.items() for state in states]
)
def test_every_cell(world: SimpleNamespace, quick: None, kind: str, state: str, transport: str) -> None:
    cast, _states = by_hand.PETITIONS[kind]
    faults = []
    for who in cast:
        roles, filed = by_hand.roles_in(cast, who, state), world.petitions[kind, state]
        may = [each for each in ALL_ACTS if by_hand.allowed(MATRIX, each.slug, roles, state)]
        faults += [f"{who} {fault}" for fault in _done(world, transport, who, filed, may)]
        rest = [each for each in ALL_ACTS if each not in may]
        faults += [f"{who} {fault}" for fault in _refused(world, transport, who, filed, rest, roles)]
    assert faults == []


def _done(world: SimpleNamespace, transport: str, who: str, filed: SimpleNamespace, acts: list[Any]) -> list[str]:
    """What is wrong where somebody must be able to act."""
    before, newest, faults = rows(), newest_event(), []
    for each in acts:
        with undone():
            status = TRY[transport](world, who, each.slug, filed)
            changed, events = rows() != before, events_after(newest)
        expected = by_hand.EVENT.get((each.slug, filed.demand.state), each.event.name)
        if status not in (200, 302) or not changed or events[:1] != [expected]:
            faults.append(f"must be able to {each.slug}: {status}, changed {changed}, {events}")
    return faults


def _refused(
    world: SimpleNamespace, transport: str, who: str, filed: SimpleNamespace, acts: list[Any], roles: set[str]
) -> list[str]:
    """What is wrong where nobody may act: another answer, a changed row, an event besides the refusal itself."""
    before, newest = rows(), newest_event()
    with undone():
        statuses = {each.slug: TRY[transport](world, who, each.slug, filed) for each in acts}
        changed, events = rows() != before, events_after(newest)
    own = who == "other_citizen" and transport == "page"  # the page knows only one's own petition, which is closed
    separated = who in by_hand.ADMINISTRATIONS
    expected = (403, 404, 409) if roles else (404, 409) if own else (403,) if separated else (404,)
    faults = [f"must not {slug}: {status}" for slug, status in statuses.items() if status not in expected]
    if changed:
        faults.append(f"was refused, and yet rows changed: {statuses}")
    if events != ["page_refused" if separated else "act_refused"] * list(statuses.values()).count(403):
        faults.append(f"was refused, and yet there are events {events}")
    return faults


# --- Who has not signed in ----------------------------------------------------------------------------------------
def test_without_a_sign_in_or_a_code_nothing_is_done(world: SimpleNamespace) -> None:
    filed = world.petitions["ordinary", "answered"]
    before, newest = rows(), newest_event()
    for each in ALL_ACTS:
        client = Client()
        desk = client.post(f"/desk/petitions/{filed.number}/acts/{each.slug}/", INPUT[each.slug])
        assert (desk.status_code, desk["Location"].split("?")[0]) == (302, "/desk/sign-in/")
        track = client.post(f"/track/own/acts/{each.slug}/", INPUT[each.slug])
        kept = b'name="tracking_code"' in track.content  # asked for the code, with what was written
        assert kept if track.status_code == 403 else (track.status_code, track["Location"]) == (302, "/track/")
        rest = client.post(
            f"{V1}/petitions/{filed.number}/acts/{each.slug}/", INPUT[each.slug], content_type="application/json"
        )
        assert rest.status_code == 401
    assert (rows(), newest_event()) == (before, newest)


# --- Leaders' acts on what climbed to them ------------------------------------------------------------------------
LEADERS_CAST: tuple[str, ...] = (
    "leader",
    "mayor",
    "secretary",
    "deputy",
    "handler",
    "receiver",
    "clerk",
    "chief",
    "other_leader",
)
LEADERS_CAST += ("district_chief", "inspector", "auditor", "sysadmin")


def _climbed(times: int) -> dict[str, Escalation]:
    """An overdue petition's steps, by name."""
    filed = walk_to(State.FORWARDED)
    start = timezone.now() + timedelta(days=40)
    for n in range(times):
        sweep(start + timedelta(days=10 * n))
    found = Escalation.objects.filter(obligation__subject_key=filed.number, obligation__rule="XF03")
    return {e.step: e for e in found.exclude(obligation__subject_kind="escalation")}


def _leader_try(world: SimpleNamespace, transport: str, who: str, slug: str, e: Escalation) -> int:
    key = key_of("escalation", e.pk)
    body = INPUT[slug] | ({"post": key_of("post", world.city.post["deputy"].pk)} if slug == "reassign" else {})
    if transport == "page":
        return int(world.clients[who].post(f"/desk/escalations/{key}/acts/{slug}/", body).status_code)
    headers = {"Authorization": f"Bearer {world.tokens[who]}"}
    path = f"{V1}/escalations/{key}/acts/{slug}/"
    return int(Client().post(path, body, content_type="application/json", headers=headers).status_code)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_cell_of_the_leaders_acts(world: SimpleNamespace, quick: None, transport: str) -> None:
    with undone():
        steps = _climbed(4)
        assert set(steps) == {"overdue", "top", "superior-1"}
        for name, addressees in (
            ("overdue", set()),
            ("top", {"leader"}),
            ("superior-1", {"mayor", "secretary"}),
        ):
            for state, done_before in (
                ("sent", ()),
                ("acknowledged", ("acknowledge",)),
                ("instructed", ("instruct",)),
            ):
                with undone():
                    for slug in done_before if addressees else ():
                        perform(LEADER_ACTS[slug], Escalation, steps[name].pk, _one(addressees), INPUT[slug])
                    assert _leaders_faults(world, transport, steps[name], state, addressees) == []
        with undone():
            act(_demand(steps["top"]), "citizen", "withdraw", INPUT["withdraw"])
            assert _leaders_faults(world, transport, steps["top"], "settled", {"leader"}) == []


def _one(addressees: set[str]) -> User:
    return User.objects.get(username=min(addressees))


def _demand(e: Escalation) -> Any:
    from petitions.models import Demand

    return Demand.objects.get(pk=e.obligation.subject_id)


def _leaders_faults(
    world: SimpleNamespace, transport: str, e: Escalation, state: str, addressees: set[str]
) -> list[str]:
    before, newest, faults = rows(), newest_event(), []
    for who in LEADERS_CAST:
        may = [act.slug for act in LEADER_ACTS if who in addressees and state in MATRIX[act.slug, "addressee"]]
        for slug in may:
            with undone():
                status = _leader_try(world, transport, who, slug, e)
                changed, events = rows() != before, events_after(newest)
            if status not in (200, 302) or not changed or events[:1] != [LEADER_ACTS[slug].event.name]:
                faults.append(f"{who} must be able to {slug} in {state}: {status}, changed {changed}, {events}")
        with undone():
            refused = [act.slug for act in LEADER_ACTS if act.slug not in may]
            statuses = {slug: _leader_try(world, transport, who, slug, e) for slug in refused}
            changed, events = rows() != before, events_after(newest)
        separated = who in by_hand.ADMINISTRATIONS
        expected = 409 if who in addressees else 403 if separated else 404
        if set(statuses.values()) - {expected} or changed or events != ["page_refused"] * len(refused) * separated:
            faults.append(f"{who} must not, in {state}: {statuses}, changed {changed}, {events}")
    return faults

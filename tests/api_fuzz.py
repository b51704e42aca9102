"""What the schema promises, asked of REST by schemathesis: any input that it allows, and any that it does not."""

import random
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import schemathesis
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from massline.keys import key_of
from massline.wsgi import application
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import State
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation, EscalationState, Notice
from responsibility.sweep import sweep
from tests.api import FILING, V1, token_for
from tests.chain_lab import at
from tests.city import WAYS, Step, act, file_petition, walk_to

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
AIMED, SIGNED_IN = 0.8, 0.9
"""What part of the cases speaks of something that is there, and what part brings a token."""
WHO = ("clerk", "chief", "receiver", "handler", "leader", "mayor", "auditor", "sysadmin")


def fuzz(city: SimpleNamespace, number: int, cases: int, without: Collection[str] = ()) -> Counter[str]:
    """So many cases for every operation, from this seed; returns how many were answered how.

    What is there is petitions, so that those of other kinds are mostly asked for nothing: `without` leaves out the
    operations of kinds with these plurals. A broken promise is raised. Each case is undone, so that the next one finds
    the same city.
    """
    with _one_connection():
        return _all(city, number, cases, without)


@contextmanager
def _one_connection() -> Iterator[None]:
    """A server closes its connection after each request; here the requests are part of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _all(city: SimpleNamespace, number: int, cases: int, without: Collection[str]) -> Counter[str]:
    schema = schemathesis.openapi.from_wsgi(f"{V1}/schema/?format=json", application)
    world = _world(city)
    answers: Counter[str] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        if set(without) & set(operation.path.split("/")):
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _each(operation, mode, world, number, max(1, cases // 2), answers)
    return answers


def _each(operation: Any, mode: Any, world: Any, number: int, cases: int, answers: Counter[str]) -> None:
    chance = random.Random(f"{number} {operation.label} {mode}")

    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        aimed = chance.random() < AIMED
        who = _aim(case, chance, world) if aimed else chance.choice(WHO)
        token = token_for(getattr(world.city, who)) if case.method == "DELETE" else world.tokens[who]  # it signs out
        headers = {"Authorization": f"Bearer {token}"} if chance.random() < SIGNED_IN else {}
        caches["counters"].clear()  # the limits are tested elsewhere; here they would stop most cases at the door
        before = transaction.savepoint()  # not atomic(): a refusal's own transaction may not stand in one
        response = case.call(headers=headers)
        transaction.savepoint_rollback(before)
        transaction.savepoint_commit(before)  # rolled back it still stands, and thousands of them fill the lock table
        checks = [*CHECKS, negative_data_rejection] if not aimed and _wrong_body(case) else CHECKS
        case.validate_response(response, checks=checks, headers=headers)
        answers[f"{operation.label} {response.status_code}"] += 1

    with suppress(Unsatisfiable):  # an operation without input can be asked nothing wrong
        ask()


def _wrong_body(case: Any) -> bool:
    """Whether the body breaks the schema and nothing else does: further parameters and headers break no promise."""
    if case.meta is None:
        return False
    broken = {where for where, part in case.meta.components.items() if part.mode.is_negative}
    return broken == {ParameterLocation.BODY}


def _world(city: SimpleNamespace) -> SimpleNamespace:
    """Petitions in every state, one of them far overdue, so that leaders have something to answer."""
    with at("2026-03-02 10:00") as now:
        late = walk_to(State.HANDLING, file_petition(received_at=now))
    for month in ("2026-06", "2026-07", "2026-08"):  # level by level
        with at(f"{month}-28 10:00") as now:
            sweep(now)
    filed = [late, *(walk_to(state) for state in State if state != State.WITHDRAWN)]
    told = Notice.objects.filter(kind="escalated", escalation__state=EscalationState.SENT)
    mine = told.filter(recipient__username__in=WHO).select_related("recipient")[0]
    answers = (key_of("escalation", mine.escalation_id), mine.recipient.username)
    return SimpleNamespace(
        city=city,
        tokens={who: token_for(getattr(city, who)) for who in WHO},
        codes={one.number: one.code for one in filed},
        there={
            "number": [one.number for one in filed],
            "act": [each.slug for each in (*OFFICIAL_ACTS, *CITIZEN_ACTS, *LEADER_ACTS)],
            "id": [key_of("escalation", pk) for pk in Escalation.objects.values_list("pk", flat=True)],
        },
        turns={
            "number": [_turn(way) for way in WAYS.values() if way and way[-1][0] in WHO],
            "id": [(*answers, "acknowledge", {}), (*answers, "instruct", {"text": "三日内办结"})],
        },
    )


def _turn(way: tuple[Step, ...]) -> tuple[str, str, str, Any]:
    """A petition of which the last step of this way has not been taken, and that step."""
    filed = file_petition()
    for who, slug, data in way[:-1]:
        act(filed.demand, who, slug, data)
    return (filed.number, *way[-1])


def _aim(case: Any, chance: random.Random, world: SimpleNamespace) -> str:
    """Speaks of something that is there, half of the time rightly but for one thing; whose turn it is."""
    path = case.path_parameters or {}
    for name in path.keys() & world.there.keys():
        path[name] = chance.choice(world.there[name])
    if not isinstance(case.body, dict):
        return chance.choice(WHO)
    if "tracking_code" in case.body:
        number = chance.choice(sorted(world.codes))
        case.body |= {"number": number, "tracking_code": world.codes[number]}
    rightly = chance.random() < 0.5
    if rightly and case.operation.path.endswith("/public/petitions/"):
        case.body = FILING | _some(case.body, chance)
    for name in path.keys() & world.turns.keys() if rightly else ():
        path[name], who, path["act"], right = chance.choice(world.turns[name])
        case.body = {**right, **_some(case.body, chance)}
        return who
    return chance.choice(WHO)


def _some(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """At most one part of it."""
    return dict(chance.sample(sorted(body.items(), key=str), min(len(body), chance.randrange(2))))

"""What the schema promises, asked of REST by schemathesis: any input that it allows, and any that it does not."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from massline.wsgi import application
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import State
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation
from tests.api import V1, token_for
from tests.city import walk_to

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WHO = ("clerk", "chief", "receiver", "handler", "leader", "mayor", "auditor", "sysadmin")


def fuzz(city: SimpleNamespace, number: int, cases: int) -> dict[str, int]:
    """So many cases for every operation, from this seed; returns how many each got. Raises at a broken promise."""
    with _one_connection():
        return _all(city, number, cases)


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


def _all(city: SimpleNamespace, number: int, cases: int) -> dict[str, int]:
    schema = schemathesis.openapi.from_wsgi(f"{V1}/schema/?format=json", application)
    world = _world(city)
    counted: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        counted[operation.label] = 0
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            counted[operation.label] += _each(operation, mode, world, number, max(1, cases // 2))
    return counted


def _each(operation: Any, mode: Any, world: Any, number: int, cases: int) -> int:
    chance, done = random.Random(f"{number} {operation.label} {mode}"), [0]

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
        done[0] += 1
        _aim(case, chance, world)
        headers = {"Authorization": f"Bearer {world.tokens[chance.choice(WHO)]}"} if chance.random() < 0.9 else {}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS, headers=headers)

    with suppress(Unsatisfiable):  # an operation without input can be asked nothing wrong
        ask()
    return done[0]


def _world(city: SimpleNamespace) -> SimpleNamespace:
    tokens = {who: token_for(getattr(city, who)) for who in WHO}
    filed = [walk_to(state) for state in State if state != State.WITHDRAWN]
    return SimpleNamespace(
        tokens=tokens,
        numbers=[one.number for one in filed],
        codes={one.number: one.code for one in filed},
        acts=[act.slug for act in (*OFFICIAL_ACTS, *CITIZEN_ACTS, *LEADER_ACTS)],
        steps=list(Escalation.objects.values_list("pk", flat=True)) or [1],
    )


def _aim(case: Any, chance: random.Random, world: SimpleNamespace) -> None:
    """Most cases speak of something that is there, so that they get further than a 404."""
    if chance.random() < 0.2:
        return
    there = {"number": world.numbers, "act": world.acts, "id": world.steps, "pk": world.steps}
    for name in case.path_parameters or {}:
        if name in there:
            case.path_parameters[name] = chance.choice(there[name])
    if isinstance(case.body, dict) and "tracking_code" in case.body:
        number = chance.choice(world.numbers)
        case.body |= {"number": number, "tracking_code": world.codes[number]}

"""Every act comes to the log in one way, whatever kind of record it is done to."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit import context
from audit.models import AuditEvent
from massline.acts import Act, NotVisible, Refused, perform
from massline.keys import key_of
from responsibility import events
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation, Obligation
from responsibility.recording import refusals_on_record
from responsibility.subjects import Matter
from tests.api import Api
from tests.chain_lab import at, organ, person, post, sh, sweep_at
from tests.chore_kind import make_chore, only_kind, owe
from tests.city import act, file_petition, walk_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def climbed() -> Iterator[SimpleNamespace]:
    """A task that nobody did has climbed to the head of the department; no other kind is registered."""
    above = organ("市委市政府", kind="committee")
    department = organ("住建局", above)
    leader, handler = person("局长"), person("经办")
    post(department, "局长", leader, is_top=True)
    desk = post(department, "科员", handler)
    with only_kind():
        owed = owe(make_chore("RW-7", "修路", desk, readers=[leader, handler]), sh("2026-09-15 10:00"))
        while not Escalation.objects.filter(obligation=owed, step="top").exists():
            owed.refresh_from_db()
            assert owed.next_at is not None
            sweep_at(owed.next_at)
        step = Escalation.objects.get(obligation=owed, step="top")
        yield SimpleNamespace(step=step, leader=leader, at=step.noticed_at + timedelta(hours=1))


def the_event(name: str) -> AuditEvent:
    return AuditEvent.objects.get(name=name)


def test_a_leader_acts_on_what_climbed_though_only_an_invented_kind_is_registered(climbed: SimpleNamespace) -> None:
    with at(climbed.at):
        done = perform(LEADER_ACTS["instruct"], Escalation, climbed.step.pk, climbed.leader, {"text": "今日办结"})
    assert done.state == "instructed"
    event = the_event("instructed")
    assert (event.subject_kind, event.subject_key) == ("chore", "RW-7")
    assert (event.actor_kind, event.actor_key, event.acted_for) == ("user", climbed.leader.username, "")
    assert (event.facts["act"], event.facts["from"], event.facts["by"]) == ("instruct", "sent", "住建局")
    assert set(Obligation.objects.filter(escalation=done).values_list("rule", "outcome")) == {
        ("ML02", "met"),
        ("ML03", "met"),
    }


def test_by_the_desk_and_by_rest_alike(climbed: SimpleNamespace, client: Client) -> None:
    client.force_login(climbed.leader)
    with at(climbed.at):
        client.post(reverse("escalation_act", args=[climbed.step.pk, "acknowledge"]))
        address = f"/escalations/{key_of('escalation', climbed.step.pk)}/acts/instruct/"
        answer = Api(climbed.leader).post(address, {"text": "今日办结"})
    assert (answer.status_code, answer.json()["instruction"]) == (200, "今日办结")
    assert [
        *AuditEvent.objects.filter(subject_kind="chore", actor_kind="user")
        .order_by("id")
        .values_list("name", flat=True)
    ] == [
        "acknowledged",
        "instructed",
    ]


class Run(Act):
    """Of the invented kind."""

    slug, label = "run", "试办"
    from_states = frozenset({"open"})
    roles = frozenset({"runner"})
    event = events.NOTICE_READ


def test_a_refusal_is_on_record_whatever_it_is_about(climbed: SimpleNamespace) -> None:
    record = SimpleNamespace(matter=Matter("chore", 7, "RW-7"))
    with pytest.raises(Refused), refusals_on_record(record, Run()):
        raise Refused
    event = the_event("act_refused")
    assert (event.subject_kind, event.subject_key, event.facts) == ("chore", "RW-7", {"act": "run"})


def test_what_does_not_exist_for_somebody_leaves_no_refusal() -> None:
    record = SimpleNamespace(matter=Matter("chore", 7, "RW-7"))
    with pytest.raises(NotVisible), refusals_on_record(record, Run()):
        raise NotVisible
    assert not AuditEvent.objects.filter(name="act_refused").exists()


def test_whoever_has_not_signed_in_is_a_citizen_and_the_system_is_itself() -> None:
    assert context.actor_of(SimpleNamespace(filing=7)) == context.CITIZEN
    assert context.actor_of(context.SYSTEM) is context.SYSTEM


def test_a_petitioners_act_names_nobody(city: Any) -> None:
    demand = walk_to("handling", file_petition()).demand
    act(demand, "citizen", "urge", {"note": "请尽快"})
    event = AuditEvent.objects.get(facts__act="urge")
    assert (event.actor_kind, event.actor_key, event.actor_label) == ("citizen", "", "citizen")

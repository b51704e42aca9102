"""Where nobody in the deciding organ can decide about a proposal, whoever heads it is told, and sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.menu import items_for
from audit.models import AuditEvent, AuditRow
from massline.acts import Refused
from records import kinds
from records.models import Proposal
from records.proposals.notifying import notify_heads_of_undecidable
from records.proposals.proposing import propose
from responsibility.models import Appointment, Notice, Post
from tests.chain_lab import appoint, at, event, person
from tests.kinds.lab import ERRANDS
from tests.people_lab import look
from tests.proposal_lab import DAY, LATER, WHY_NOT, WORDS, do, filed, page_of, papers, proposal, seen_by
from tests.reader import page

__all__ = ["filed", "papers", "proposal"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]
NOBODY_CAN = "决定单位目前无人可以决定，请其主要负责人安排。"


@contextmanager
def opened_only_by(city: SimpleNamespace, *people: Any) -> Iterator[None]:
    """Inside, these may open an errand, and nobody else."""
    assert ERRANDS.create is not None
    create = replace(ERRANDS.create, may=lambda user: user in people, receiver=lambda source: city.organ["other"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(kinds._kinds, "errand", replace(ERRANDS, create=create))
        yield


def join(city: SimpleNamespace, name: str, post: str, **more: Any) -> Any:
    """Somebody holds a new post in the deciding organ."""
    event()
    somebody = person(name)
    appoint(somebody, Post.objects.create(organ=city.organ["other"], name=post, **more))
    return somebody


def told() -> set[Any]:
    """Who has a notice of a proposal."""
    return {one.recipient for one in Notice.objects.filter(kind="proposal.received").select_related("recipient")}


def job(moment: str = LATER) -> None:
    with at(moment):
        notify_heads_of_undecidable()


def test_its_head_is_told_and_sees_it(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    join(city, "staff", "督查专员")
    with opened_only_by(city), at(DAY):
        made = propose("errand", WORDS, city.handler, filed.demand)
        assert told() == {city.other_leader}
        shown = page(city.other_leader, page_of(made))
        assert NOBODY_CAN in shown and WORDS["words"] in shown and "采纳并新建" not in shown
        assert "试水市城市管理局目前无人可以决定，已告知其主要负责人" in shown
        assert filed.number not in shown, "the source is nothing for them still"
        assert f"收到提请，请您决定 {made.number}" in page(city.other_leader, "/desk/inbox/")
        assert "proposals" in {item.address for item in items_for(city.other_leader)}
        assert "提请 1" not in page(city.other_leader, "/desk/"), "it is not theirs to decide"
        with pytest.raises(Refused):
            do(city.other_leader, made, "decline", reason=WHY_NOT)


def test_where_somebody_can_decide_the_head_is_told_nothing(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    staff = join(city, "staff", "督查专员")
    with opened_only_by(city, staff), at(DAY):
        made = propose("errand", WORDS, city.handler, filed.demand)
        assert told() == {staff}
        assert seen_by(city.other_leader) == set() and look(city.other_leader, page_of(made), 404)
        assert NOBODY_CAN not in page(staff, page_of(made))
    job()
    assert told() == {staff}


def test_whoever_is_complained_about_is_told_nothing_as_head(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    second = join(city, "second", "党组书记", is_top=True)
    event()
    filed.petition.filing.complained.create(kind="person", name="祁局长", user=city.other_leader)
    with opened_only_by(city), at(DAY):
        made = propose("errand", WORDS, city.handler, filed.demand)
        assert told() == {second}
        assert seen_by(second) == {made.number} and seen_by(city.other_leader) == set()


def test_where_whoever_could_decide_has_left_the_head_is_told_once(
    city: SimpleNamespace, filed: SimpleNamespace
) -> None:
    staff = join(city, "staff", "督查专员")
    with opened_only_by(city, staff):
        with at(DAY):
            made = propose("errand", WORDS, city.handler, filed.demand)
            event()
            Appointment.objects.filter(user=staff).update(until="2026-09-16")
        job()
        job()
        assert told() == {staff, city.other_leader}
        assert Notice.objects.filter(kind="proposal.received").count() == 2, "told once, however often the job runs"
        with at(LATER):
            assert NOBODY_CAN in page(city.other_leader, page_of(made))
    said = AuditEvent.objects.get(name="proposal.head_told")
    assert (said.subject_key, said.actor_kind, said.public) == (made.number, "system", False)
    notices = AuditRow.objects.filter(table_name="responsibility_notice", event=said)
    assert notices.count() == 1


def test_nothing_is_said_about_what_is_decided(city: SimpleNamespace, proposal: Proposal) -> None:
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    before = Notice.objects.count()
    with opened_only_by(city):
        job()
    assert Notice.objects.count() == before


def test_who_heads_the_organ_no_more_sees_it_no_more(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    with opened_only_by(city):
        with at(DAY):
            made = propose("errand", WORDS, city.handler, filed.demand)
            event()
            Appointment.objects.filter(user=city.other_leader).update(until="2026-09-16")
        with at(LATER):
            look(type(city.other_leader).objects.get(pk=city.other_leader.pk), page_of(made), 404)


def test_one_that_cannot_be_kept_up_stops_no_other(
    city: SimpleNamespace, filed: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    join(city, "staff", "督查专员")
    with opened_only_by(city), at(DAY):
        made = propose("errand", WORDS, city.handler, filed.demand)
    with opened_only_by(city):
        event()
        Proposal.objects.filter(pk=made.pk).update(proposed="gone")  # of a kind that is no more
        job()
    assert f"proposal {made.pk} could not be handed to heads" in caplog.text

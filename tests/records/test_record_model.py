"""A kind that declares a `Record` and no adapter has all that the chain, the clock and the desk ask of one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from massline.acts import Refused, WrongState, perform, permitted
from records import kinds
from records.kinds import RecordType
from responsibility import obligations, subjects
from responsibility.models import Post
from tests.chain_lab import at, constraint, event, names, sh, sweep_at
from tests.kinds.lab import ERRANDS, Run, errand, paper_kinds
from tests.kinds.models import Errand
from tests.people_lab import away, stands_in
from tests.reader import page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]
OPENED = sh("2026-09-15 10:00")


@pytest.fixture
def city(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with paper_kinds():
        yield city


@pytest.fixture
def one(city: SimpleNamespace) -> Errand:
    """An errand of the department, in the hands of its handler."""
    event()
    made = errand("E-1", city.organ["department"])
    made.handler = city.post["handler"]
    made.save(update_fields=["handler"])
    return made


def dates(one: Errand) -> tuple[Any, ...]:
    return Errand.objects.values_list("opened_at", "strict_at", "due_at").get(pk=one.pk)


def refused(one: Errand, **columns: Any) -> str:
    event()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Errand.objects.filter(pk=one.pk).update(**columns)
    return constraint(caught.value)


def test_its_dates_follow_what_is_owed_by_itself(one: Errand) -> None:
    event()
    owed = obligations.open_(one.matter, "XF03", one.chain_subject(), OPENED)
    assert dates(one) == (OPENED, owed.strict_at, owed.due_at) and owed.due_at is not None
    earlier = obligations.open_(one.matter, "XF01", one.chain_subject(), OPENED)
    assert dates(one)[2] == min(earlier.due_at, owed.due_at)
    for each in (owed, earlier):
        obligations.close(each, OPENED)
    assert dates(one) == (None, None, None)
    assert [o.pk for o in Errand.objects.get(pk=one.pk).owed] == [owed.pk, earlier.pk]


def test_it_climbs_from_its_handler_to_the_top_and_each_reads_it(city: SimpleNamespace, one: Errand) -> None:
    event()
    obligations.open_(one.matter, "ML01", one.chain_subject(), OPENED)
    for moment in ("2026-11-20 09:00", "2026-11-26 09:00"):
        sweep_at(moment)
    assert names("overdue", subject_kind="errand", escalation__step="overdue") == {"handler"}
    assert names("escalated", subject_kind="errand", escalation__step="top") == {"leader"}
    with at("2026-11-27 09:00"):
        for user, path in (
            (city.handler, "/desk/"),
            (city.leader, "/desk/escalations/"),
            (city.leader, "/desk/inbox/"),
        ):
            assert "E-1" in page(user, path)
        assert "E-1" not in page(city.outsider, "/desk/escalations/")


def test_another_post_that_a_leader_names_handles_it(city: SimpleNamespace, one: Errand) -> None:
    event()
    owed = obligations.open_(one.matter, "ML01", one.chain_subject(), OPENED)
    other = Post.objects.exclude(pk=one.handler_id).filter(organ=one.organ).first()
    assert other is not None
    subjects.adapter("errand").reassign(one.pk, one.organ_id, other.pk)
    owed.refresh_from_db()
    assert (owed.post_id, Errand.objects.get(pk=one.pk).handler_id) == (other.pk, other.pk)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("handler", True),
        ("leader", True),
        ("mayor", True),
        ("inspector", True),
        ("outsider", False),
        ("sysadmin", False),
    ],
)
def test_it_exists_for_its_organ_those_above_and_who_oversees(
    city: SimpleNamespace, one: Errand, who: str, sees: bool
) -> None:
    user = getattr(city, who)
    assert Errand.objects.for_user(user).exists() == bool(one.roles_of(user)) == sees
    about = subjects.adapter("errand").describe([one.pk], user)
    assert (
        (about[one.pk].title, about[one.pk].url) == ("跑一趟", reverse("errand", args=["E-1"])) if sees else not about
    )


class Check(Run):
    """Looks whether it was run; never whoever ran it."""

    slug, from_states, to, other_hands_than = "check", frozenset({"done"}), (), ("run",)


@pytest.mark.parametrize("who", ["handler", "leader", "mayor", "chief"])
def test_a_reader_acts_in_the_post_through_which_it_exists(city: SimpleNamespace, one: Errand, who: str) -> None:
    """In whose name a stand-in reads, in their name they act; and that person's hands are not other hands."""
    event()
    one.office = city.organ["office"]
    one.save(update_fields=["office"])
    holder = getattr(city, who)
    days = date(2026, 9, 15), date(2026, 9, 20)
    stands_in(city.outsider, away(holder, *days), *days)
    with at("2026-09-16 10:00"):
        perform(ERRANDS.acts["run"], Errand, one.pk, User.objects.get(pk=city.outsider.pk), {"found": "好了"})
    ran = AuditEvent.objects.get(name="errand.ran")
    assert (ran.acted_for, ran.facts["stood_in_for"]) == (holder.name, [holder.username])
    with at("2026-10-20 10:00"):
        done = Errand.objects.get(pk=one.pk)
        assert permitted(Check(), done, User.objects.get(pk=city.colleague.pk))
        with pytest.raises(Refused):
            permitted(Check(), done, User.objects.get(pk=holder.pk))


def test_roles_follow_posts(city: SimpleNamespace, one: Errand) -> None:
    assert {"handler", "reader"} == one.roles_of(city.handler)
    assert {"leader", "reader"} == one.roles_of(city.leader)
    assert one.posts_used(city.handler, frozenset({"handler"})) == {city.post["handler"].pk}
    one.category = "010101"
    assert "deputy" in one.roles_of(city.deputy)


@pytest.mark.parametrize("who", ["inspector", "auditor"])
def test_inspectors_and_auditors_do_what_an_act_gives_them_and_nothing_else(
    city: SimpleNamespace, one: Errand, who: str
) -> None:
    user = getattr(city, who)
    assert one.roles_of(user) == {who}
    assert "跑完" not in page(user, "/desk/errands/E-1/") and "跑完" in page(city.handler, "/desk/errands/E-1/")
    with at("2026-09-16 10:00"), pytest.raises(Refused):
        perform(Run(), Errand, one.pk, user, {"found": "酱油"})


def test_whoever_comes_too_late_is_told_what_happened(city: SimpleNamespace, one: Errand) -> None:
    with at("2026-09-16 10:00"):
        perform(Run(), Errand, one.pk, city.handler, {"found": "酱油"})
        with pytest.raises(WrongState, match="跑完，请查看最新情况"):
            perform(Run(), Errand, one.pk, city.handler, {"found": "醋"})


def test_its_database_refuses_a_class_that_is_none_and_dates_in_the_wrong_order(one: Errand) -> None:
    assert refused(one, category="0101") == "errand_category"
    assert refused(one, strict_at=OPENED, due_at=sh("2026-09-14 10:00")) == "errand_legal_after_strict"
    other = Errand(number="E-1", title="又一趟", organ=one.organ)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_a_kind_is_known_to_the_shared_parts_as_soon_as_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(subjects, "_adapters", dict(subjects._adapters))
    declared: RecordType = replace(ERRANDS)
    kinds.register(declared)
    assert "errand" in subjects.kinds() and subjects.adapter("errand").visible_to is not None
    with pytest.raises(ValueError, match="declared twice"):
        kinds.register(declared)

"""An opinion that is returned is not told any more; what had reached the petitioner stays on record."""

from types import SimpleNamespace

import pytest

from audit.models import AuditEvent, AuditRow
from citizens.models import CitizenNotification
from citizens.telling.outgoing import Letters
from massline.keys import key_of
from petitions.models import Demand, State
from responsibility.models import Message, Obligation
from responsibility.outbox.deliver import deliver
from responsibility.outbox.queue import fill
from tests.chain_lab import at
from tests.city import ANSWER, act, file_petition, tell_all, walk_to
from tests.mail_lab import post_office
from tests.reader import page, reader, tracked, words

pytestmark = pytest.mark.django_db
RETURN = {"reason": "没有写明依据"}
LETTER = "信访处理意见书"


def answered(**overrides: str) -> SimpleNamespace:
    """Answered, and everything told but the opinion."""
    filed = walk_to(State.HANDLING, file_petition(**overrides))
    filed.demand = act(filed.demand, "handler", "answer", ANSWER)
    return filed


def opinion() -> CitizenNotification:
    return CitizenNotification.objects.get(letter="answered")


def test_it_leaves_the_queue_with_an_event_and_nobody_owes_it(city: SimpleNamespace) -> None:
    filed = answered()
    assert LETTER in page(city.receiver, "/desk/letters/")
    act(filed.demand, "chief", "return", RETURN)
    assert LETTER not in page(city.receiver, "/desk/letters/")
    assert "重新办理告知" in page(city.clerk, "/desk/letters/"), "the petitioner hears of the return as ever"
    told = opinion()
    assert (told.state, told.told_at) == ("recalled", None)
    assert Obligation.objects.get(pk=told.owed_id).outcome == "released"
    happened = AuditEvent.objects.get(name="letter_recalled")
    assert (happened.subject_key, happened.actor_key, happened.public) == (filed.number, "chief", False)
    said = f"撤下尚未告知的{LETTER}"
    assert said in page(city.chief, f"/desk/petitions/{filed.number}/") and said not in words(tracked(filed))


def test_each_row_is_explained_by_its_own_event(city: SimpleNamespace) -> None:
    filed = answered()
    act(filed.demand, "chief", "return", RETURN)
    changed = AuditRow.objects.filter(event__name="letter_recalled").values_list("table_name", flat=True)
    assert set(changed) == {"citizens_citizennotification", "responsibility_obligation"}
    returned = AuditRow.objects.filter(event__name="petition.returned").values_list("table_name", flat=True)
    assert "petitions_demand" in set(returned)


def test_a_stale_page_tells_nothing(city: SimpleNamespace) -> None:
    filed = answered()
    act(filed.demand, "chief", "return", RETURN)
    late = reader(city.receiver).post(f"/desk/letters/{key_of('letter', opinion().pk)}/", {"how": "phone"})
    assert late.status_code == 409 and "已经退回重办，不再告知" in words(late.content.decode())
    assert opinion().told_at is None and not AuditEvent.objects.filter(name="told", facts__letter="answered").exists()


def test_a_message_that_waits_is_not_sent(city: SimpleNamespace) -> None:
    with post_office() as post, at("2026-09-15 10:00"):
        filed = answered(tell_by="email", email="song@home.example")
        fill()
        assert Message.objects.filter(source_id=opinion().pk).exists()
        act(filed.demand, "chief", "return", RETURN)
        deliver()
        subjects = [str(mail["Subject"]) for mail in post.mails]
    assert not any(LETTER in subject for subject in subjects) and any("重新办理告知" in each for each in subjects)
    assert Message.objects.get(source_id=opinion().pk).state == "dropped"
    assert opinion().state == "recalled"


def test_what_was_sent_already_stays_on_record(city: SimpleNamespace) -> None:
    told_before = answered()
    tell_all(told_before.demand)
    act(told_before.demand, "chief", "return", RETURN)
    assert opinion().state == "told" and f"已告知：{LETTER}" in words(tracked(told_before))
    assert not AuditEvent.objects.filter(name="letter_recalled").exists()


def test_what_was_on_its_way_when_it_was_returned_is_on_record_as_told(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = answered(tell_by="email", email="song@home.example")
        message = Message(source_id=opinion().pk, channel="email", purpose="citizen")
        act(filed.demand, "chief", "return", RETURN)
        Letters().sent(message, now)
    assert (opinion().state, opinion().told_how) == ("told", "email")


def test_the_next_opinion_is_told(city: SimpleNamespace) -> None:
    filed = answered()
    act(filed.demand, "chief", "return", RETURN)
    act(filed.demand, "handler", "answer", ANSWER)
    assert list(
        CitizenNotification.objects.filter(letter="answered").order_by("pk").values_list("state", flat=True)
    ) == [
        "recalled",
        "waiting",
    ]
    assert Demand.objects.get().state == State.ANSWERED

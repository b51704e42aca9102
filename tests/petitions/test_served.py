"""The day on which a letter reached the citizen (送达日期): asked when it is told, entered afterwards for what was sent
by post; the period for a review runs from it (第三十五条)."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from massline.keys import key_of
from petitions.models import State
from tests.chain_lab import at
from tests.city import tell_all, walk_to
from tests.draft_lab import hidden_fields, signed_in, text
from tests.petitions.test_telling_pages import MANY, QUEUE, waiting
from tests.petitions.test_tracking_pages import tracked
from tests.reader import page, reader, source, words

pytestmark = pytest.mark.django_db


def opinion() -> CitizenNotification:
    return CitizenNotification.objects.get(letter="answered")


@pytest.fixture
def answered(city: SimpleNamespace) -> Any:
    """Answered on Tuesday 1 September; the opinion waits to be told."""
    with at("2026-09-01 09:00"):
        return walk_to(State.ANSWERED, told=False)


def posted(user: Any, letter: CitizenNotification, when: str, **typed: str) -> Any:
    with at(when):
        return reader(user).post(f"{QUEUE}{key_of('letter', letter.pk)}/", typed)


@pytest.mark.parametrize(
    ("how", "typed", "day"),
    [
        ("phone", "", date(2026, 9, 7)),
        ("email", "", date(2026, 9, 7)),
        ("letter", "", None),
        ("letter", "2026-09-04", date(2026, 9, 4)),
        ("letter", "2026-09-01", date(2026, 9, 1)),
        ("phone", "2026-09-03", date(2026, 9, 3)),
    ],
)
def test_what_was_said_arrived_at_once_and_what_was_posted_when_it_is_known(
    city: SimpleNamespace, answered: Any, how: str, typed: str, day: date | None
) -> None:
    assert posted(city.receiver, opinion(), "2026-09-07 10:00", how=how, served_on=typed).status_code == 302
    told = opinion()
    assert (told.state, told.served_on, told.served_noted_at) == ("told", day, told.told_at if day else None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-08-31", "送达日期不能早于文书作出的日期（2026年9月1日）"),
        ("2026-09-08", "送达日期不能在今天以后"),
        ("昨天", "请填写日期，例如 2026-11-23"),
    ],
)
def test_an_impossible_day_is_refused_beside_its_field_and_stays(
    city: SimpleNamespace, answered: Any, typed: str, said: str
) -> None:
    with at("2026-09-07 10:00"):
        browser, address = signed_in(city.receiver), f"{QUEUE}{key_of('letter', opinion().pk)}/"
        sent = hidden_fields(browser, QUEUE, address) | {"how": "letter", "served_on": typed}
        answer = browser.post(address, sent)
        assert answer.status_code == 303 and answer["Location"] == f"{QUEUE}#error-summary"
        html = text(browser.get(QUEUE))
    field = html.split('name="served_on" value="' + typed)[0].rsplit('<div class="field', 1)[1]
    assert said in field and f'value="{typed}"' in html and 'value="letter" selected' in html
    assert opinion().state == "waiting"


def test_the_day_on_the_receipt_is_entered_when_it_comes_back(city: SimpleNamespace, answered: Any) -> None:
    posted(city.receiver, opinion(), "2026-09-02 10:00", how="letter")
    address = f"{QUEUE}{key_of('letter', opinion().pk)}/served/"
    with at("2026-09-09 10:00"):
        assert "已寄出，等登记送达日期" in words(page(city.receiver, QUEUE))
        assert reader(city.clerk).post(address, {"served_on": "2026-09-04"}).status_code == 404, (
            "another organ's letter"
        )
        assert reader(city.receiver).post(address, {"served_on": "2026-09-10"}).status_code == 422
        assert reader(city.receiver).post(address, {"served_on": ""}).status_code == 422
        assert reader(city.receiver).post(address, {"served_on": "2026-09-04"}).status_code == 302
        html, seen = source(reader(city.receiver), QUEUE), words(tracked(answered))
    assert "已寄出，等登记送达日期" not in html and "2026-09-04" in words(html.split('class="noprint told"')[1])
    assert opinion().served_on == date(2026, 9, 4)
    told = AuditEvent.objects.get(name="letter_served")
    assert (told.subject_key, told.public, told.facts["served_on"]) == (answered.number, True, "2026-09-04")
    assert "信访处理意见书已于2026年9月4日送达" in seen


def test_a_slip_of_the_pen_is_corrected(city: SimpleNamespace, answered: Any) -> None:
    posted(city.receiver, opinion(), "2026-09-07 10:00", how="letter", served_on="2026-09-04")
    with at("2026-09-08 10:00"):
        reader(city.receiver).post(f"{QUEUE}{key_of('letter', opinion().pk)}/served/", {"served_on": "2026-09-05"})
    assert opinion().served_on == date(2026, 9, 5)


def test_what_still_waits_was_not_served(city: SimpleNamespace, answered: Any) -> None:
    with at("2026-09-07 10:00"):
        address = f"{QUEUE}{key_of('letter', opinion().pk)}/served/"
        assert reader(city.receiver).post(address, {"served_on": "2026-09-05"}).status_code == 409
    assert opinion().served_on is None


@pytest.mark.parametrize(
    ("served", "said", "sure"),
    [
        ("2026-09-08", "最迟 2026年10月8日", True),
        ("", "最迟 2026年10月2日", False),
    ],
)
def test_the_period_for_a_review_runs_from_the_day_of_service(
    city: SimpleNamespace, answered: Any, served: str, said: str, sure: bool
) -> None:
    """Posted on 2 September; while no day is known, from then, and the page says so."""
    posted(city.receiver, opinion(), "2026-09-02 10:00", how="letter")
    with at("2026-09-09 10:00"):
        if served:
            reader(city.receiver).post(f"{QUEUE}{key_of('letter', opinion().pk)}/served/", {"served_on": served})
        seen = words(tracked(answered))
    assert said in seen and ("实际从您收到之日起算" in seen) is not sure
    assert "2026年9月2日 告知" in seen and ("2026年9月8日 送达" in seen) is sure


def test_many_letters_have_one_day_and_each_judges_it(city: SimpleNamespace) -> None:
    old, new = waiting(city, "2026-09-15", "2026-09-17")
    chosen = {"letter": [key_of("letter", one.pk) for one in (old, new)], "how": "letter"}
    with at("2026-09-18 10:00"):
        said = words(reader(city.clerk).post(MANY, chosen | {"served_on": "2026-09-16"}).content.decode())
    assert "登记告知 1 份，此前已告知 0 份，未办成 1 份。" in said
    assert "送达日期不能早于文书作出的日期（2026年9月17日）" in said
    old.refresh_from_db(), new.refresh_from_db()
    assert (old.served_on, new.state) == (date(2026, 9, 16), "waiting")


def test_a_faulty_day_for_many_leaves_them_chosen(city: SimpleNamespace) -> None:
    one, other = waiting(city, "2026-09-15", "2026-09-17")
    with at("2026-09-18 10:00"):
        sent = {"letter": [key_of("letter", one.pk)], "how": "letter", "served_on": "2026-09-19"}
        answer = reader(city.clerk).post(MANY, sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and "送达日期不能在今天以后" in html and 'value="2026-09-19"' in html
    assert f'value="{key_of("letter", one.pk)}" checked' in html
    assert f'value="{key_of("letter", other.pk)}" checked' not in html and html.count('value="letter" selected') == 1


def test_a_message_of_the_system_arrived_when_it_was_sent(city: SimpleNamespace, answered: Any) -> None:
    with at("2026-09-02 10:00"):
        tell_all(answered.demand, "sms")
    assert opinion().served_on == date(2026, 9, 2)

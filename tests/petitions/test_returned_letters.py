"""A letter that the post returns (退信) waits to be told again; and whom an envelope names, in the logged way alone."""

import re
from types import SimpleNamespace

import pytest

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from citizens.telling.acts import TELLING_ACTS
from massline.acts import WrongState, perform
from massline.keys import key_of
from petitions.models import State
from responsibility.models import Obligation
from tests.chain_lab import at
from tests.city import file_petition, walk_to
from tests.reader import page, reader, source, words
from tests.transfer_lab import add_discipline, handed_over

pytestmark = pytest.mark.django_db
QUEUE = "/desk/letters/"
PERSON = {"name": "甄实在", "address": "试水市建设路8号", "tell_by": "letter"}


@pytest.fixture
def posted(city: SimpleNamespace) -> CitizenNotification:
    """A letter that the office forwarded on 15 September and sent by post on the 16th."""
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.FORWARDED, file_petition(received_at=now, **PERSON), told=False)
    letter = CitizenNotification.objects.about("petition", filed.demand.pk).get()
    with at("2026-09-16 10:00"):
        assert reader(city.clerk).post(f"{QUEUE}{key_of('letter', letter.pk)}/", {"how": "letter"}).status_code == 302
    letter.refresh_from_db()
    return letter


def returned(city: SimpleNamespace, letter: CitizenNotification, why: str = "unknown") -> object:
    return reader(city.clerk).post(f"{QUEUE}{key_of('letter', letter.pk)}/returned/", {"returned": why})


def test_a_returned_letter_waits_again_and_is_owed_anew(city: SimpleNamespace, posted: CitizenNotification) -> None:
    first = posted.owed
    with at("2026-09-28 10:00"):
        assert "登记退信" in source(reader(city.clerk), QUEUE)
        assert returned(city, posted).status_code == 302
        html = source(reader(city.clerk), QUEUE)
    posted.refresh_from_db()
    assert (posted.state, posted.told_at, posted.told_by, posted.told_how) == ("waiting", None, None, "")
    assert posted.returned == "unknown" and posted.owed_id != first.pk
    owed = Obligation.objects.get(pk=posted.owed_id)
    assert (owed.rule, owed.closed_at, owed.post) == ("ML06", None, first.post)
    first.refresh_from_db()
    assert first.outcome == "met", "what was posted in time stays so"
    assert "寄出的信已被退回（原址查无此人）" in html and "最迟 2026-10-08" in words(html), (
        "three working days, and no 1 to 7 October"
    )
    assert re.search(r'value="phone" selected', html), "another way is proposed"
    said = AuditEvent.objects.get(name="letter_returned")
    assert said.facts["returned"] == "unknown" and said.public
    with at("2026-09-29 10:00"):
        reader(city.clerk).post(f"{QUEUE}{key_of('letter', posted.pk)}/", {"how": "phone"})
    owed.refresh_from_db()
    assert owed.outcome == "met"


def test_only_what_was_posted_and_did_not_arrive_comes_back(city: SimpleNamespace, posted: CitizenNotification) -> None:
    back = TELLING_ACTS["note_returned"]
    with at("2026-09-20 10:00"):
        reader(city.clerk).post(f"{QUEUE}{key_of('letter', posted.pk)}/served/", {"served_on": "2026-09-18"})
        with pytest.raises(WrongState, match="已经登记送达日期"):
            perform(back, CitizenNotification, posted.pk, city.clerk, {"returned": "moved"})
        called = walk_to(State.FORWARDED)
        letter = CitizenNotification.objects.about("petition", called.demand.pk).get()
        with pytest.raises(WrongState):
            perform(back, CitizenNotification, letter.pk, city.clerk, {"returned": "moved"})


def test_the_reason_is_asked_for_where_it_was_forgotten(city: SimpleNamespace, posted: CitizenNotification) -> None:
    with at("2026-09-20 10:00"):
        answer = returned(city, posted, "")
    assert answer.status_code == 422 and "退回的原因" in answer.content.decode()


def test_about_an_accusation_nothing_is_owed_when_its_letter_comes_back(city: SimpleNamespace) -> None:
    add_discipline(city)
    filed = handed_over(**PERSON)
    letter = CitizenNotification.objects.about("petition", filed.demand.pk).get()
    clerk, before = reader(city.clerk), Obligation.objects.count()
    clerk.post(f"{QUEUE}{key_of('letter', letter.pk)}/", {"how": "letter"})
    assert clerk.post(f"{QUEUE}{key_of('letter', letter.pk)}/returned/", {"returned": "moved"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.owed_id, Obligation.objects.count()) == ("waiting", None, before)


def test_an_envelope_names_whom_it_is_for_once_that_was_asked_for(city: SimpleNamespace) -> None:
    """Each look stays on record; until then name and address are masked, in the printed letter too."""
    filed = [walk_to(State.FORWARDED, file_petition(**PERSON), told=False) for _each in range(2)]
    letters = [CitizenNotification.objects.about("petition", one.demand.pk).get() for one in filed]
    clerk = reader(city.clerk)
    before = page(city.clerk, QUEUE)
    assert "甄**" in before and "甄实在" not in before and "建设路8号" not in before
    shown = clerk.post(f"{QUEUE}{key_of('letter', letters[0].pk)}/contact/").content.decode()
    assert shown.count('class="envelope"') == 1 and "试水市建设路8号<br>甄实在" in shown
    keys = [key_of("letter", one.pk) for one in letters]
    looks = AuditEvent.objects.filter(name__endswith="unmasked")
    known = looks.count()
    both = clerk.post(f"{QUEUE}many/contacts/", {"letter": [*keys, "no-key"]}).content.decode()
    assert both.count('class="envelope"') == 2 and looks.count() == known + 2
    assert "没有选中任何文书" in clerk.post(f"{QUEUE}many/contacts/", {}).content.decode()
    assert clerk.post(f"{QUEUE}many/contacts/", {"letter": keys}).status_code == 200
    assert "甄实在" not in reader(city.outsider).post(f"{QUEUE}many/contacts/", {"letter": keys}).content.decode()

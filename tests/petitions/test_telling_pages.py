"""The queue of letters: what is due first on top with its light, told one by one or many at once, or not at all."""

import re
from types import SimpleNamespace

import pytest

from citizens.models import CitizenNotification
from massline.keys import key_of
from petitions.models import State
from responsibility.models import Obligation
from tests.chain_lab import at, sh
from tests.city import act, file_petition, walk_to
from tests.reader import ENGLISH, page, reader, source, words

pytestmark = pytest.mark.django_db
QUEUE, MANY = "/desk/letters/", "/desk/letters/many/told/"
REASON = "按信封地址两次投递，均查无此人退回"


def waiting(city: SimpleNamespace, *days: str, **more: str) -> list[CitizenNotification]:
    """What the office has to tell about a petition that it forwarded on each of these days."""
    for day in days:
        with at(f"{day} 10:00") as now:
            walk_to(State.FORWARDED, file_petition(received_at=now, **more), told=False)
    return list(CitizenNotification.objects.filter(state="waiting").order_by("id"))


def key(telling: CitizenNotification) -> str:
    return key_of("letter", telling.pk)


def test_what_is_due_first_stands_on_top_with_its_light(city: SimpleNamespace) -> None:
    """Due on 18, 21 and 22 September; on Monday the 21st the first is late, and each of the others is near."""
    late, third, second = waiting(city, "2026-09-15", "2026-09-18", "2026-09-17")
    old = waiting(city, "2026-09-14")[-1]
    CitizenNotification.objects.filter(pk=old.pk).update(owed=None)  # from before letters had a date
    with at("2026-09-21 09:00"):
        html = source(reader(city.clerk), QUEUE)
    shown = [words(each) for each in re.findall(r"<summary><strong>.*?</summary>", html, re.S)]
    numbers = [t.record.number for t in (late, second, third, old)]
    assert [text.split()[1] for text in shown] == numbers
    assert "超期 最迟 2026-09-18" in shown[0] and "临近 最迟 2026-09-21" in shown[1]
    assert "临近 最迟 2026-09-22" in shown[2] and "最迟" not in shown[3]


def test_many_are_told_at_once_each_with_its_own_result(city: SimpleNamespace) -> None:
    one, two, three = waiting(city, "2026-09-15", "2026-09-15", "2026-09-15", tell_by="phone")
    not_mine = CitizenNotification.objects.create(
        subject_kind="petition", subject_id=three.subject_id, filing=three.filing,
        office=city.organ["department"], letter="accepted", text="x", made_at=sh("2026-09-15"),
    )  # fmt: skip
    with at("2026-09-16 09:00"):
        reader(city.chief).post(f"{QUEUE}{key(two)}/", {"how": "letter"})
    chosen = [key(one), key(one), key(two), key(not_mine), "no-key"]
    with at("2026-09-16 10:00"):
        answer = reader(city.clerk).post(MANY, {"letter": chosen, "how": "chosen"})
    said = words(answer.content.decode())
    assert answer.status_code == 200 and "登记告知 1 份，此前已告知 1 份，未办成 2 份。" in said
    assert f"{one.record.number} 转送告知 已告知" in said
    assert f"{two.record.number} 转送告知 此前已告知" in said
    assert said.count("未办成 没有这份文书，或者它不由您所在的单位告知") == 2
    for telling, state, how in ((one, "told", "phone"), (two, "told", "letter"), (three, "waiting", "")):
        telling.refresh_from_db()
        assert (telling.state, telling.told_how) == (state, how)
    assert Obligation.objects.get(pk=one.owed_id).outcome == "met"


def test_without_script_the_whole_page_is_told_and_nothing_chosen_is_said_so(city: SimpleNamespace) -> None:
    letters = waiting(city, "2026-09-15", "2026-09-15")
    with at("2026-09-16 10:00"):
        clerk = reader(city.clerk)
        html = source(clerk, QUEUE)
        listed = re.findall(r'name="listed" value="(\w+)"', html)
        assert sorted(listed) == sorted(map(key, letters)) == sorted(re.findall(r'name="letter" value="(\w+)"', html))
        nothing = clerk.post(MANY, {"how": "chosen", "listed": listed})
        assert nothing.status_code == 422 and "没有选中任何文书" in nothing.content.decode()
        assert clerk.post(MANY, {"how": "by pigeon", "letter": listed}).status_code == 422
        assert clerk.post(MANY, {"how": "letter", "all": "1", "listed": listed}).status_code == 200
    assert set(CitizenNotification.objects.values_list("state", "told_how")) == {("told", "letter")}


def test_who_cannot_be_told_leaves_the_queue_and_a_fault_keeps_what_was_typed(city: SimpleNamespace) -> None:
    (letter,) = waiting(city, "2026-09-15")
    path = f"{QUEUE}{key(letter)}/cannot/"
    with at("2026-09-16 10:00"):
        clerk = reader(city.clerk)
        fault = clerk.post(path, {"unclear": "address", "reason": "查无此人"})
        assert (
            fault.status_code == 422
            and "查无此人" in fault.content.decode()
            and "至少十个字" in words(fault.content.decode())
        )
        for stranger in (city.receiver, city.outsider):
            assert reader(stranger).post(path, {"unclear": "name", "reason": REASON}).status_code == 404
        assert clerk.post(path, {"unclear": "address", "reason": REASON}).status_code == 302
        assert "没有待告知的事项" in page(city.clerk, QUEUE)
        again = clerk.post(f"{QUEUE}{key(letter)}/", {"how": "sms"})
    assert again.status_code == 409 and "已经登记为无法告知" in again.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.told_at) == ("cannot", None)


def test_the_page_of_a_petition_leads_whoever_tells_to_the_queue(city: SimpleNamespace) -> None:
    filed = file_petition()
    for who, slug, data in (("clerk", "register", {}), ("clerk", "forward", {})):
        act(filed.demand, who, slug, data or _input(slug))
    address = f"/desk/petitions/{filed.number}/"
    assert "有文书等您告知" in page(city.clerk, address) and "有文书等您告知" not in page(city.receiver, address)
    act(filed.demand, "receiver", "accept")
    assert "有文书等您告知" in page(city.receiver, address)


def _input(slug: str) -> dict[str, str]:
    from tests.city import REGISTER, TO_DEPARTMENT

    return dict(REGISTER if slug == "register" else TO_DEPARTMENT)


def test_a_letter_is_printed_under_the_name_of_its_office_in_its_own_words(city: SimpleNamespace) -> None:
    """In Chinese on an English page too; without the light, the contact and the forms of the queue."""
    (letter,) = waiting(city, "2026-09-15")
    (paper,) = re.findall(
        r'<article class="print-only letter".*?</article>', source(reader(city.clerk, ENGLISH), QUEUE), re.S
    )
    said, office = words(paper), city.organ["office"].name
    assert said.startswith(f"{office} 转送告知 {letter.record.number} 信访人：")
    assert said.endswith(f"{office} 2026年9月15日")
    assert "".join(letter.text.split()) in "".join(said.split())


def test_a_letter_whose_words_were_erased_has_no_paper(city: SimpleNamespace) -> None:
    (letter,) = waiting(city, "2026-09-15")
    CitizenNotification.objects.filter(pk=letter.pk).update(text="")
    assert "print-only letter" not in source(reader(city.clerk), QUEUE)

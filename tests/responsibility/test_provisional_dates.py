"""Where a date is marked 暂定: it lies in a year whose holidays are not published, so one more day off may move it.

The holidays of 2026 are known, those of 2027 are not. Fifteen days from 18 December 2026 end with Saturday, 2 January
2027: by law Monday, the 4th (counted with what is fixed, 1 January). Fifteen days from 9 December end with Thursday,
24 December: nothing can move it, and nothing is marked.
"""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from petitions.models import State
from responsibility.models import Preference
from responsibility.outbox.deliver import deliver
from tests.api import FILING, Api
from tests.chain_lab import at, event, sweep_at
from tests.city import ACCEPTED, ANSWER, FORWARDED, HANDLING, act, file_petition, walk_to
from tests.mail_lab import post_office
from tests.petitions.test_letters import queue
from tests.petitions.test_public_pages import FORM
from tests.reader import ENGLISH, owed, page, part, reader, row, source, tracked
from tests.responsibility.test_dates_shown import HEAD, ROUTING, TELLING

pytestmark = pytest.mark.django_db
KNOWN, OPEN = "2026-12-09 10:00", "2026-12-18 10:00"
NOW = "2026-12-20 09:00"
NOTE = "该年度放假安排尚未公布，此日期为暂定，公布后自动重算。"
IN_A_LETTER = "\n    该年度放假安排尚未公布，以上日期为暂定。"


@pytest.fixture
def both(city: SimpleNamespace) -> Any:
    """(the one whose date is sure, the one whose date is not), each waiting for the department."""
    found = []
    for moment in (KNOWN, OPEN):
        with at(moment):
            found.append(walk_to(State.FORWARDED))
    return found


def test_the_receipt_says_so_on_the_page_and_through_rest(city: SimpleNamespace) -> None:
    for moment, marked in ((KNOWN, False), (OPEN, True)):
        with at(moment):
            client = reader()
            assert client.post("/file/", FORM).status_code == 302
            assert (NOTE in owed(source(client, "/receipt/"), ROUTING)) is marked, moment
            rest = Api().post("/public/petitions/", FILING).json()["obligations"][0]
            entered = reader(city.clerk).post("/desk/petitions/new/", FORM | {"channel": "letter", "nonce": moment})
            assert (NOTE in owed(entered.content.decode(), ROUTING)) is marked, moment
        assert rest["provisional"] is marked, moment
    assert (rest["due_strict"], rest["due_legal"]) == ("2027-01-02", "2027-01-04")


def test_the_petitioner_reads_it_beside_the_date(city: SimpleNamespace, both: Any) -> None:
    with at(NOW):
        for filed, marked in zip(both, (False, True), strict=True):
            assert (NOTE in owed(tracked(filed), TELLING)) is marked
            given = {"number": filed.number, "tracking_code": filed.code}
            rest = Api().post("/public/track/", given).json()["obligations"]
            assert {one["provisional"] for one in rest if one["rule"] == "XF03"} == {marked}
        english = tracked(both[1], ENGLISH)
    assert "holidays have not been announced yet. This date is provisional" in english


def test_every_list_and_head_of_the_desk_marks_the_one_and_not_the_other(city: SimpleNamespace, both: Any) -> None:
    sure, unsure = both
    with at(NOW):
        for language, last, by_law, mark in (
            ("zh-hans", "2027-01-02", "法定 01-04", "暂定"), (ENGLISH, "2 Jan 2027", "by law 4 Jan", "provisional"),
        ):  # fmt: skip
            client = reader(city.receiver, language)
            for path in ("/desk/", "/desk/ledger/"):
                html = source(client, path)
                assert mark not in row(html, sure.number), (path, language)
                assert f"{last} {by_law} {mark}" in row(html, unsure.number), (path, language)
            assert mark not in part(source(client, f"/desk/petitions/{sure.number}/"), HEAD)
            assert f"{last} {mark}" in part(source(client, f"/desk/petitions/{unsure.number}/"), HEAD)
        html = source(reader(city.receiver), f"/desk/petitions/{unsure.number}/")
        assert NOTE in owed(html, TELLING)
        rows = {one["number"]: one["provisional"] for one in Api(city.receiver).get("/petitions/").json()["results"]}
        full = Api(city.receiver).get(f"/petitions/{unsure.number}/").json()
    assert rows == {sure.number: False, unsure.number: True}
    assert full["provisional"] is True
    marks = {one["rule"]: one["provisional"] for one in full["obligations"]}
    assert marks == {"XF01": True, "ML06": False, "XF03": True}


def test_what_has_climbed_marks_the_leaders_own_date(city: SimpleNamespace) -> None:
    """Due on 24 December, overdue on the 25th, with the leader on the 31st (28, 29 and 30 December are three working
    days): the signature is due on the next working day, 4 January. What is due from 18 December on has all its dates
    in the old year."""
    with at(KNOWN):
        filed = walk_to(State.FORWARDED)
    with at("2026-12-01 10:00"):
        earlier = walk_to(State.FORWARDED)  # due on the 16th, overdue on the 17th, with the leader on the 23rd
    for moment in ("2026-12-17 00:00", "2026-12-23 00:00", "2026-12-25 00:00", "2026-12-31 00:00"):
        sweep_at(moment)
    with at("2026-12-31 09:00"):
        for language, mark in (("zh-hans", "暂定"), (ENGLISH, "provisional")):
            cards = re.findall(
                r"<article\b.*?</article>", source(reader(city.leader, language), "/desk/escalations/"), re.S
            )
            shown = {
                number: mark in card for card in cards for number in (filed.number, earlier.number) if number in card
            }
            assert shown == {filed.number: True, earlier.number: False}, language
        found = Api(city.leader).get("/escalations/").json()["results"]
        mine = source(reader(city.leader), "/desk/")
    marks = {one["number"]: [due["provisional"] for due in one["due"]] for one in found}
    assert marks == {filed.number: [True, True], earlier.number: [False, False]}
    assert "2027-01-04 暂定" in mine_of(mine, filed.number, "领导签收")
    assert "暂定" not in mine_of(mine, earlier.number, "领导签收")


def mine_of(html: str, number: str, goal: str) -> str:
    lines = [line for line in re.findall(r"<tr\b.*?</tr>", html, re.S) if number in line and goal in line]
    assert len(lines) == 1
    return part(lines[0], r"<tr\b(.*)</tr>")


def test_letters_that_name_a_date_say_so_and_no_others(city: SimpleNamespace) -> None:
    """A letter without a date has nothing to mark, whatever is owed meanwhile."""
    with at(OPEN):
        filed = file_petition()
        for who, slug, data in (*FORWARDED, *ACCEPTED[2:], *HANDLING[3:]):
            act(filed.demand, who, slug, data)
    with at("2026-12-21 09:00"):
        act(filed.demand, "handler", "ask", {"question": "是哪一单元？"})
    with at("2026-12-22 09:00"):
        act(filed.demand, "leader", "extend", {"days": "10", "reason": "需要现场勘验"})
    with at("2026-12-23 09:00"):
        act(filed.demand, "handler", "answer", ANSWER)
    with at("2026-12-24 09:00"):
        act(filed.demand, "chief", "return", {"reason": "未见照片"})
        letters = dict(queue(city.clerk) + queue(city.receiver))
    assert {heading: IN_A_LETTER in text for heading, text in letters.items()} == {
        "转送告知": True, "受理告知书": True, "延长办理期限告知书": True,
        "情况询问": False, "重新办理告知": False,
    }  # fmt: skip
    assert f"（最迟2027年1月4日）书面告知您。{IN_A_LETTER}" in letters["转送告知"]
    with at(KNOWN):
        walk_to(State.FORWARDED, told=False)
        assert [IN_A_LETTER in text for _heading, text in queue(city.clerk)].count(False) == 2


def test_mails_say_so(city: SimpleNamespace, both: Any) -> None:
    """The digest of both, and the mail of a leader who has not signed what is due on a day that may move."""
    sure, unsure = both
    with post_office() as post:
        with at("2026-12-29 00:01") as now, transaction.atomic():
            event()
            Preference.objects.create(user=city.receiver, email="r@office.example", since=now, digest_hour=8)
        sweep_at("2026-12-25 00:00")
        with at("2026-12-29 08:30"):  # seven days before 4 January is over
            deliver()
        (digest,) = [mail.get_content() for mail in post.mails if "摘要" in str(mail["Subject"])]
        post.mails.clear()
        sweep_at("2027-01-05 00:00")
        with at("2027-01-05 07:00"):
            deliver()
    assert f"· {sure.number} {TELLING} 2026-12-24 已超期" in digest
    assert f"· {unsure.number} {TELLING} 2027-01-02（暂定） 待办" in digest
    (mail,) = [mail for mail in post.mails if unsure.number in str(mail["Subject"])]
    assert str(mail["Subject"]).strip() == f"已经超期 {unsure.number}"
    assert f"事项：{TELLING}，期限 2027-01-04（暂定）" in mail.get_content()


def test_the_desk_of_somebody_with_nothing_unsure_never_says_it(city: SimpleNamespace) -> None:
    with at(KNOWN):
        walk_to(State.FORWARDED)
    with at(NOW):
        for path in ("/desk/", "/desk/ledger/"):
            assert "暂定" not in page(city.receiver, path)

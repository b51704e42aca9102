"""The weekly bulletin: its numbers, what it never says, who may have it, and that it is the same paper each time."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from massline.acts import perform
from massline.time import SHANGHAI
from petitions.figures.bulletin import BULLETIN
from petitions.models import State
from records.documents.pdf import as_pdf
from records.figures.bulletin import Paper
from records.figures.periods import Period
from reports.bulletin import TEMPLATE
from reports.tasks import compute
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation, EscalationState, Organ
from responsibility.sweep import sweep
from tests.chain_lab import event
from tests.city import ANSWER, act, file_petition, tell_all, walk_to
from tests.pdf_text import pdf_text

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 8, 3), date(2026, 8, 9))
NEXT = Period(date(2026, 8, 10), date(2026, 8, 16))
PATH = "/desk/dashboard/bulletins/2026-W32/"
NOW = datetime(2026, 8, 11, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def on(text: str) -> Any:
    return time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI), tick=False)


@pytest.fixture
def summer(city: Any) -> Any:
    """Three opinions due on 7 August (60 days from 8 June): one in time, one a day late, one not given at all."""
    with on("2026-06-08T10:00"):
        made = [walk_to(State.HANDLING) for _n in range(3)]
    with on("2026-08-05T10:00"):
        act(made[0].demand, "handler", "answer", ANSWER)
        tell_all(made[0].demand)
    with on("2026-08-06T10:00"):
        file_petition()
    for day in range(1, 8):
        sweep(datetime(2026, 8, day, 0, 5, tzinfo=SHANGHAI))
    with on("2026-08-08T10:00"):
        sweep(datetime(2026, 8, 8, 0, 5, tzinfo=SHANGHAI))
        act(made[1].demand, "handler", "answer", ANSWER)
        tell_all(made[1].demand)
    city.made = made
    return city


def figures_for(user: User, week: Period = WEEK) -> dict[str, Any]:
    return BULLETIN.week(User.objects.get(pk=user.pk), week, NOW)


def test_the_numbers_of_a_week(summer: Any) -> None:
    found = figures_for(summer.chief)
    assert (found["year"], found["number"], found["issuer"]) == (2026, 32, "试水市信访局")
    assert (found["received"], found["answered"]) == ({"matters": 1, "persons": 1}, 2)
    assert found["rates"]["answered"] == {"part": 1, "whole": 3}
    assert found["overdue"] == {"matters": 1, "persons": 1}
    assert found["open"]["matters"] == 4  # two wait to be verified, one to be answered, one is new
    assert found["organs"][0] | {} == {
        "name": "试水市住房和城乡建设局", "open": 1, "overdue": 1, "part": 1, "whole": 3,
    }  # fmt: skip
    longest = found["longest"]
    assert [(row["number"], row["days"]) for row in longest] == [(summer.made[2].number, 2)]
    assert found["trend"][-1] == {"first": "2026-08-03", "received": 1, "part": 1, "whole": 3}


def test_each_number_stands_under_its_heading(summer: Any) -> None:
    """Two petitions are open with the department, and one of them is overdue."""
    with on("2026-08-07T10:00"):
        walk_to(State.HANDLING)
    table = BULLETIN.paper(figures_for(summer.chief)).tables[0]
    row = next(row for row in table.rows if row[0] == "试水市住房和城乡建设局")
    assert dict(zip(table.head, row, strict=True)) == {
        "单位": "试水市住房和城乡建设局", "未办结": "2", "其中超期": "1", "按期/到期": "1/3", "按期办结率": "样本不足",
    }  # fmt: skip


def test_a_finished_week_says_the_same_later(summer: Any) -> None:
    first = BULLETIN.paper(figures_for(summer.chief))
    act(summer.made[2].demand, "handler", "answer", ANSWER)
    file_petition()
    with on("2026-09-30T10:00"):
        sweep(datetime(2026, 9, 30, 0, 5, tzinfo=SHANGHAI))
        assert BULLETIN.paper(figures_for(summer.chief)) == first
        assert as_pdf(TEMPLATE, first) == as_pdf(TEMPLATE, BULLETIN.paper(figures_for(summer.chief)))


def text_of(paper: Paper) -> str:
    """All that the template was given to print, in order of the paper."""
    return " ".join(_words(asdict(paper)))


def _words(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for below in tree.values():
            yield from _words(below)
    elif isinstance(tree, list):
        for below in tree:
            yield from _words(below)
    else:
        yield str(tree)


def test_what_it_never_says(summer: Any) -> None:
    with on("2026-06-01T10:00"):
        about = [{"kind": "person", "name": "林局正", "organ": "试水市住房和城乡建设局"}]
        named = walk_to(State.FORWARDED, complained_about=about)
        accusation = walk_to(State.TRANSFERRED, title="举报某局")
    sweep(datetime(2026, 8, 9, 0, 5, tzinfo=SHANGHAI))
    found = figures_for(summer.chief)
    said = text_of(BULLETIN.paper(found))
    assert accusation.number not in said and named.number not in said
    assert found["overdue"]["matters"] == 2  # the one about an official is counted; what was handed over is not
    assert "楼道照明" not in said and "宋试民" not in said and "林局正" not in said and "韩办成" not in said
    assert figures_for(summer.leader)["overdue"]["matters"] == 1  # recused: it does not exist for them


def test_what_climbed_to_the_top_leaders(summer: Any) -> None:
    days = [datetime(2026, 8, 9, 0, 5, tzinfo=SHANGHAI) + timedelta(days=n) for n in range(20)]
    for day in days:
        sweep(day)
    weeks = [Period(WEEK.first + timedelta(weeks=n), WEEK.last + timedelta(weeks=n)) for n in range(4)]
    climbed = [row for week in weeks for row in figures_for(summer.chief, week)["escalated"]]
    assert {row["to"] for row in climbed} == {"中共试水市委、试水市人民政府"}
    assert summer.made[2].number in {row["number"] for row in climbed}
    assert not any(row["instructed"] for row in climbed)


def climbed_in(summer: Any, first: date) -> dict[str, bool]:
    """What the bulletin of the week that begins on this Monday lists as climbed, and whether it was instructed."""
    rows = figures_for(summer.chief, Period(first, first + timedelta(days=6)))["escalated"]
    return {row["number"]: row["instructed"] for row in rows}


def test_what_climbed_about_an_official_is_not_listed(summer: Any) -> None:
    """Both fell due on 7 August and were answered by nobody; the one names somebody who may read the bulletin."""
    about = [{"kind": "person", "name": "何同事", "organ": "试水市住房和城乡建设局"}]
    with on("2026-06-08T11:00"):
        named = walk_to(State.HANDLING, complained_about=about)
    for day in range(20):
        sweep(datetime(2026, 8, 9, 0, 5, tzinfo=SHANGHAI) + timedelta(days=day))
    assert {
        e.organ.name for e in Escalation.objects.filter(obligation__subject_key=named.number, step="superior-1")
    } == {"中共试水市委、试水市人民政府"}
    listed = [number for week in range(4) for number in climbed_in(summer, WEEK.first + timedelta(weeks=week))]
    assert summer.made[2].number in listed and named.number not in listed


def test_an_instruction_counts_in_the_week_in_which_it_was_given(summer: Any) -> None:
    """With the department's leader on 13 August (10, 11 and 12 are three working days from Saturday, the 8th),
    and with the city's on the 21st (14, 17, 18, 19 and 20)."""
    for day in range(20):
        sweep(datetime(2026, 8, 9, 0, 5, tzinfo=SHANGHAI) + timedelta(days=day))
    number, week = summer.made[2].number, date(2026, 8, 17)
    assert climbed_in(summer, week)[number] is False
    climbed = Escalation.objects.get(obligation__subject_key=number, step="superior-1", obligation__rule="XF06")
    for moment, instructed in (("2026-08-24T00:00", False), ("2026-08-23T23:59", True)):
        Escalation.objects.filter(pk=climbed.pk).update(state=EscalationState.SENT, instructed_at=None)
        with on(moment):
            perform(LEADER_ACTS["instruct"], Escalation, climbed.pk, summer.mayor, {"text": "请限期办结"})
        assert climbed_in(summer, week)[number] is instructed, moment


NASTY = '怪 #panic("x") $x$ \\ "引号" *局* @a [b] `c` //d </script>'


def test_nasty_names_are_printed_as_they_are(summer: Any) -> None:
    event()
    Organ.objects.filter(code="department").update(name=NASTY[:64])
    data = BULLETIN.paper(figures_for(summer.chief))
    assert NASTY[:64] in text_of(data)
    assert NASTY[:64] in pdf_text(as_pdf(TEMPLATE, data))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_it_is_made_for_a_finished_week_and_put_on_record(summer: Any) -> None:
    client = client_of(summer.chief)
    first = client.get(PATH)
    assert first["Refresh"] and "正在汇总" in first.content.decode()
    compute("petition", "bulletin", summer.chief.pk, "2026-08-03", "2026-08-09")
    response = client.get(PATH)
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="xfzb-2026-W32.pdf"' in response["Content-Disposition"]
    made = AuditEvent.objects.get(name="exported")
    assert made.facts["week"] == "2026-W32" and made.actor_key == "chief"
    assert made.facts["sha256"] == hashlib.sha256(response.content).hexdigest()
    assert client.get(PATH).content == response.content


def test_whoever_asked_reads_that_it_was_not_made(summer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = tmp_path / "faulty.typ"
    faulty.write_text('#panic("x")')
    monkeypatch.setattr("reports.bulletin.TEMPLATE", faulty)
    compute("petition", "bulletin", summer.chief.pk, "2026-08-03", "2026-08-09")
    response = client_of(summer.chief).get(PATH)
    assert response.status_code == 503 and "“信访工作情况周报”没有生成" in response.content.decode()
    assert not AuditEvent.objects.filter(name="exported").exists()


@pytest.mark.parametrize("path", ["2026-W33", "2026-W34", "2026-W01", "2026-W99", "1-W1", "99999-W1"])
def test_no_other_week(city: Any, path: str) -> None:
    """The present one is not over; the rest is not offered."""
    assert client_of(city.chief).get(f"/desk/dashboard/bulletins/{path}/").status_code == 404


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditadmin"])
def test_administrations_have_none(city: Any, who: str) -> None:
    assert client_of(getattr(city, who)).get(PATH).status_code == 403
    assert Client().get(PATH).status_code == 302


def test_an_empty_week(city: Any) -> None:
    cache.clear()
    data = BULLETIN.paper(figures_for(city.other_leader))
    assert "当周没有上报的事项。" in pdf_text(as_pdf(TEMPLATE, data))

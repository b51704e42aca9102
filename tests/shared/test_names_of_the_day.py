"""An organ is renamed: what is past keeps the name of its day, what is present has the new one."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from citizens.models import CitizenNotification
from massline.keys import key_of
from petitions.models import Answer, State
from reports.export_kinds import ExportScope, export_kinds
from responsibility.models import Escalation, Obligation, Organ
from tests.api import Api
from tests.chain_lab import at, event, sweep_at
from tests.city import ANSWER, FORWARDED, act, file_petition
from tests.reader import owed, page, reader, row, source, tracked, words

pytestmark = pytest.mark.django_db
OLD, NEW = "试水市住房和城乡建设局", "试水市住房城乡建设和交通局"


def rename(city: SimpleNamespace) -> None:
    event()
    Organ.objects.filter(pk=city.organ["department"].pk).update(name=NEW)


@pytest.fixture
def story(city: SimpleNamespace) -> SimpleNamespace:
    """Accepted too late, after the leader had instructed; answered; then the department is renamed."""
    with at("2026-09-15 10:00") as now:
        filed = file_petition(received_at=now)
        for who, slug, data in FORWARDED:
            filed.demand = act(filed.demand, who, slug, data)
    for moment in ("2026-10-09", "2026-10-15"):
        sweep_at(moment)
    with at("2026-10-15 09:00"):
        (waiting,) = Api(city.leader).get("/escalations/").json()["results"]
        Api(city.leader).post(f"/escalations/{waiting['id']}/acts/instruct/", {"text": "三日内受理"})
    with at("2026-10-16 10:00"):
        for who, slug, data in (
            ("receiver", "accept", {}),
            ("leader", "assign", {"handler": "handler"}),
            ("handler", "answer", ANSWER),
        ):
            filed.demand = act(filed.demand, who, slug, data)
        for letter in CitizenNotification.objects.order_by("id"):
            teller = city.clerk if letter.office == city.organ["office"] else city.receiver
            told = reader(teller).post(f"/desk/letters/{key_of('letter', letter.pk)}/", {"how": "phone"})
            assert told.status_code == 302
    rename(city)
    return filed


def test_the_card_of_an_answer_has_the_name_of_its_day(city: SimpleNamespace, story: SimpleNamespace) -> None:
    path = f"/desk/petitions/{story.number}/"
    card = words(source(reader(city.auditor), path).split('<div class="answer')[1].split("</section>")[0])
    assert OLD in card and NEW not in card
    (answer,) = Api(city.auditor).get(f"/petitions/{story.number}/").json()["answers"]
    assert answer["organ"] == OLD
    seen = Api().post("/public/track/", {"number": story.number, "tracking_code": story.code}).json()
    assert [given["organ"] for given in seen["answers"]] == [OLD]
    assert (seen["organ_name"], seen["state"]) == (NEW, State.ANSWERED), "who has it now has the name of now"


def test_an_answer_given_after_it_has_the_new_name(city: SimpleNamespace, story: SimpleNamespace) -> None:
    act(story.demand, "chief", "return", {"reason": "没有写明依据"})
    act(story.demand, "handler", "answer", ANSWER)
    found = Api(city.auditor).get(f"/petitions/{story.number}/").json()["answers"]
    assert [(given["organ"], given["returned"]) for given in found] == [(NEW, False), (OLD, True)]


def test_what_was_owed_ended_under_the_old_name_and_what_is_owed_has_the_new(
    city: SimpleNamespace, story: SimpleNamespace
) -> None:
    html = source(reader(city.auditor), f"/desk/petitions/{story.number}/")
    assert OLD in owed(html, "收到转送、交办后，书面告知信访人") and NEW not in owed(html, "收到转送、交办后")
    assert OLD in owed(html, "办结并出具处理意见书")
    act(story.demand, "chief", "return", {"reason": "没有写明依据"})
    html = source(reader(city.auditor), f"/desk/petitions/{story.number}/")
    assert NEW in owed(html, "办结并出具处理意见书"), "it is open again, and theirs"


def test_timeline_letters_instructions_and_the_way_up_keep_it(city: SimpleNamespace, story: SimpleNamespace) -> None:
    public = words(tracked(story))
    assert f"{OLD}已受理" in public and f"{OLD}已作出处理意见" in public and f"{NEW}已" not in public
    letters = CitizenNotification.objects.about("petition", story.demand.pk)
    for text in letters.filter(letter__in=["accepted", "answered"]).values_list("text", flat=True):
        assert OLD in text and NEW not in text
    desk = page(city.auditor, f"/desk/petitions/{story.number}/")
    assert f"{OLD} 林局正" in desk and f"{NEW} 林局正" not in desk, "who instructed, and where"
    with at("2026-10-16 12:00"):
        (climbed,) = Api(city.leader).get("/escalations/").json()["results"]
    assert [rung["post"] for rung in climbed["through"]] == [f"{OLD} 信访专办岗", f"{OLD} 分管副局长"]
    assert climbed["organ_name"] == NEW, "whom to turn to now"


def test_the_ledger_is_of_today(city: SimpleNamespace, story: SimpleNamespace) -> None:
    line = row(source(reader(city.auditor), "/desk/ledger/"), story.number)
    assert NEW in line and OLD not in line


def exported(what: str, user: Any, name: str) -> list[str]:
    """This column of an export, as its file has it."""
    now = timezone.now()
    (column,) = [c for c in export_kinds()[what].columns(now) if c.name == name]
    rows = export_kinds()[what].rows(ExportScope(user, {}, now))
    said = rows.annotate(said=Cast(column.source, TextField())).values_list("said", flat=True)
    return [str(column.shown(each) if column.shown else each) for each in said]


def test_exports_keep_it_for_what_is_past(city: SimpleNamespace, story: SimpleNamespace) -> None:
    owing = exported("obligations", city.auditor, "organ")
    assert OLD in owing and NEW not in owing, "all that the department owed has ended"
    climbed = exported("escalations", city.auditor, "organ")
    assert OLD in climbed and NEW not in climbed
    assert f"{OLD}已作出处理意见：予以支持" in exported("timelines", city.auditor, "sentence")
    assert exported("ledger", city.auditor, "organ") == [NEW]


def test_nothing_rewrites_the_name_of_a_day(city: SimpleNamespace, story: SimpleNamespace) -> None:
    event()
    for model in (Answer, Escalation, Obligation):
        before = set(model.objects.values_list("pk", "organ_name"))
        model.objects.update(organ_name="另一个名字")
        assert set(model.objects.values_list("pk", "organ_name")) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM responsibility_obligation WHERE (closed_at IS NULL) <> (organ_name = '')")
        assert cursor.fetchone() == (0,)

"""Erasing a person leaves none of the values that they gave: in any table, in the log, in what a dump would hold."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from accounts.models import User
from audit.verify import verify
from citizens.tracking.lookup import find
from massline import crypto
from massline.acts import perform
from petitions.models import Petition
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation
from tests.chain_lab import at, event, sweep_at
from tests.city import ANSWER, act, build_city, file_petition, walk_to

GIVEN = {
    "title": "独一无二的标题七七四",
    "body": "独一无二的经过七七四",
    "wish": "独一无二的诉求七七四",
    "place": "独一无二的地点七七四",
    "name": "欧阳七七四",
    "phone": "+8613900007774",
    "id_number": "990101199001017774",
    "email": "qiqisi774@example.com",
    "address": "独一无二的住址七七四",
}
NAMED = "独一无二的被反映人七七四"
RECUSED = "傅主管"
"""The leader in charge: that he was passed over, and why, stands beside each step."""
BESIDE, BESIDE_PHONE = "独一无二的代表七七四", "+8613911117774"
GROUP = {"persons": 2, "representatives": [{"name": BESIDE, "phone": BESIDE_PHONE}]}


def dump() -> str:
    """Every row of every table, as a dump writes them."""
    out = io.StringIO()
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.copy_expert(f"COPY (SELECT * FROM {table}) TO STDOUT", out)
    return out.getvalue()


def climb_and_be_instructed(filed) -> None:
    """Due on 2 October, by law on the 8th: with the department's leader on the 14th, with the mayor on the 22nd."""
    for moment in ("2026-10-09 00:00", "2026-10-14 00:00", "2026-10-22 00:00"):
        sweep_at(moment)
    climbed = Escalation.objects.get(obligation__subject_key=filed.number, step="superior-1")
    with at("2026-10-22 09:00"):
        words = {"text": f"请尽快答复{GIVEN['name']}"}
        perform(LEADER_ACTS["instruct"], Escalation, climbed.pk, User.objects.get(username="mayor"), words)


@pytest.fixture
def story(cloned_db):
    """A petition through all its acts, with the petitioner's words in every place where words can be."""
    with transaction.atomic():
        event()
        build_city()
    about = [{"kind": "person", "name": name, "organ": GIVEN["place"]} for name in (NAMED, RECUSED)]
    with at("2026-08-03 10:00"):
        filed = file_petition(**GIVEN, **GROUP, complained_about=about)
        filed = walk_to("handling", filed)
    climb_and_be_instructed(filed)
    filed.demand = act(filed.demand, "handler", "answer", ANSWER | {"text": f"{GIVEN['name']}：已办结"})
    act(filed.demand, "citizen", "supplement", {"text": GIVEN["body"]})
    act(filed.demand, "citizen", "rate", {"object": "organ", "score": "1", "reason": GIVEN["wish"]})
    act(filed.demand, "chief", "unmask", {"fields": ["name"], "reason": f"办结以前电话回访{GIVEN['name']}"})
    act(filed.demand, "chief", "ask", {"question": f"{GIVEN['name']}您好"})
    return filed


def present(text: str) -> list[str]:
    return [value for value in (*GIVEN.values(), NAMED, BESIDE, BESIDE_PHONE) if value in text]


def test_nothing_that_was_given_is_left_anywhere(story):
    before = dump()
    assert {GIVEN["title"], GIVEN["body"], NAMED} <= set(present(before))
    assert GIVEN["phone"] not in before, "identity is sealed from the first moment"

    call_command("erase_person", story.number, "--by", "chief", "--ground", "个人信息保护法第四十七条")

    assert present(dump()) == []
    hashes = [crypto.keyed_hash(name, GIVEN[name]).hex() for name in ("name", "phone", "id_number")]
    hashes += [crypto.keyed_hash(name, value).hex() for name, value in (("name", BESIDE), ("phone", BESIDE_PHONE))]
    assert all(value in before for value in hashes) and not any(value in dump() for value in hashes)
    assert "complained_about" in before and "complained_about" not in dump(), "who was passed over as complained about"
    petition = Petition.objects.get(number=story.number)
    for one in (petition.filing, petition.filing.representatives.get()):
        assert one.identity("name", "phone") == {"name": "", "phone": ""} and one.key is None
    assert petition.filing.erased_at is not None
    assert petition.demands.get().state == "answered", "states stay"


def test_the_log_still_agrees_and_names_the_ground(story):
    call_command("erase_person", story.number, "--by", "chief", "--ground", "个人信息保护法第四十七条")
    report = verify()
    assert report.ok, report.newest_unexplained
    assert "个人信息保护法第四十七条" in dump()
    assert find(story.number, story.code) is not None, "the petitioner may still see that it was erased"


def test_twice_does_no_harm_and_unknown_is_said(story):
    for _ in range(2):
        call_command("erase_person", story.number, "--by", "chief", "--ground", "依法")
    with pytest.raises(CommandError, match="没有这个编号"):
        call_command("erase_person", "XF20200101-999999", "--by", "chief", "--ground", "依法")
    with pytest.raises(CommandError, match="没有这个用户"):
        call_command("erase_person", story.number, "--by", "nobody", "--ground", "依法")

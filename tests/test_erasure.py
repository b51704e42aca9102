"""Erasing a person leaves none of the values that they gave: in any table, in the log, in what a dump would hold."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from audit.verify import verify
from massline import crypto
from petitions.models import Petition
from petitions.tracking import find
from tests.chain_lab import event
from tests.city import act, build_city, file_petition, walk_to

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


def dump() -> str:
    """Every row of every table, as a dump writes them."""
    out = io.StringIO()
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.copy_expert(f"COPY (SELECT * FROM {table}) TO STDOUT", out)
    return out.getvalue()


@pytest.fixture
def story(cloned_db):
    """A petition through all its acts, with the petitioner's words in every place where words can be."""
    with transaction.atomic():
        event()
        build_city()
    filed = file_petition(**GIVEN, complained_about=[{"kind": "person", "name": NAMED, "organ": GIVEN["place"]}])
    filed = walk_to("answered", filed)
    act(filed.demand, "citizen", "supplement", {"text": GIVEN["body"]})
    act(filed.demand, "citizen", "rate", {"object": "organ", "score": "1", "reason": GIVEN["wish"]})
    act(filed.demand, "chief", "unmask", {"fields": ["name"], "reason": f"办结以前电话回访{GIVEN['name']}"})
    act(filed.demand, "chief", "ask", {"question": f"{GIVEN['name']}您好"})
    return filed


def present(text: str) -> list[str]:
    return [value for value in (*GIVEN.values(), NAMED) if value in text]


def test_nothing_that_was_given_is_left_anywhere(story):
    before = dump()
    assert {GIVEN["title"], GIVEN["body"], NAMED} <= set(present(before))
    assert GIVEN["phone"] not in before, "identity is sealed from the first moment"

    call_command("erase_petition", story.number, "--by", "chief", "--ground", "个人信息保护法第四十七条")

    assert present(dump()) == []
    hashes = [crypto.keyed_hash(name, GIVEN[name]).hex() for name in ("name", "phone", "id_number")]
    assert not any(value in dump() for value in hashes)
    petition = Petition.objects.get(number=story.number)
    assert petition.petitioner.identity("name", "phone") == {"name": "", "phone": ""}
    assert petition.erased_at is not None
    assert petition.demands.get().state == "answered", "states stay"


def test_the_log_still_agrees_and_names_the_ground(story):
    call_command("erase_petition", story.number, "--by", "chief", "--ground", "个人信息保护法第四十七条")
    report = verify()
    assert report.ok, report.newest_unexplained
    assert "个人信息保护法第四十七条" in dump()
    assert find(story.number, story.code) is not None, "the petitioner may still see that it was erased"


def test_twice_does_no_harm_and_unknown_is_said(story):
    for _ in range(2):
        call_command("erase_petition", story.number, "--by", "chief", "--ground", "依法")
    with pytest.raises(CommandError, match="没有这个编号"):
        call_command("erase_petition", "XF20200101-999999", "--by", "chief", "--ground", "依法")
    with pytest.raises(CommandError, match="没有这个用户"):
        call_command("erase_petition", story.number, "--by", "nobody", "--ground", "依法")

"""One person is one person, however the name is written: in the search, in a group, after an upgrade."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from citizens.filing.forms import besides
from citizens.identity.sealing import fact_hash
from citizens.models import Complained, Filing, Representative
from massline.crypto import keyed_hash
from tests.city import file_petition

TYPED = "買買提 • 艾力"
WRITTEN = [
    "买买提·艾力",
    "買買提・艾力",
    "买买提‧艾力",
    "买买提∙艾力",
    "买买提⋅艾力",
    "买买提･艾力",
    "买买提．艾力",
    "买买提 艾力",
    "买买提艾力",
]


def found(name: str) -> Any:
    return Filing.objects.filter(name_hash=fact_hash("name", name)).first()


@pytest.mark.django_db
def test_a_person_is_found_however_the_name_is_written_and_shown_as_typed(city: SimpleNamespace) -> None:
    filing = file_petition(name=TYPED).demand.petition.filing
    assert [found(name) for name in (TYPED, *WRITTEN)] == [filing] * (len(WRITTEN) + 1)
    assert found("买买提·艾山") is None
    assert filing.identity("name") == {"name": TYPED}


def test_who_files_is_no_other_representative_of_the_group() -> None:
    others = [{"name": "陳大文", "phone": "+8613900000001"}, {"name": "陈大文", "phone": "+8613900000002"}]
    assert besides({"name": "陈 大文", "phone": "+8613900000001"}, others) == others[1:]


def test_a_name_of_signs_alone_is_no_other_name_of_signs() -> None:
    assert fact_hash("name", "·") != fact_hash("name", "-")


@pytest.mark.django_db
def test_an_older_database_is_searched_like_a_new_one(city: SimpleNamespace) -> None:
    others = [{"name": TYPED, "phone": ""}]
    petition = file_petition(name=TYPED, persons=3, representatives=others).demand.petition
    rows = [petition.filing, petition.filing.representatives.get()]
    for row in rows:
        row.name_hash = keyed_hash("name", TYPED)
        row.save(update_fields=["name_hash"])
    for model in (Filing, Representative):
        forwards = import_module("citizens.migrations.0005_folded_names")._hash_folded(model.__name__)
        forwards(apps, SimpleNamespace(connection=connection))
        assert bytes(model.objects.get().name_hash) == fact_hash("name", WRITTEN[0])


def upgraded() -> None:
    migration = import_module("citizens.migrations.0007_complained_in_any_writing")
    migration.recuse(apps, SimpleNamespace(connection=connection))


@pytest.mark.django_db
def test_who_was_complained_about_in_another_writing_is_recused_after_an_upgrade(city: SimpleNamespace) -> None:
    """An older database: names were compared letter for letter, and the row of each names nobody."""
    city.leader.name = "欧陽·艾力"
    city.leader.save(update_fields=["name"])
    people = {"辛訪明": "chief", "辛訪明局長": "chief", "辛局長": "chief", "欧阳艾力": "leader", "歐陽•艾力": "leader"}
    strangers = ("辛訪", "陳大文", "辛处长", "環保局")
    filed = {
        name: file_petition(complained_about=[{"kind": "person", "name": name, "organ": ""}]).petition.filing
        for name in (*people, *strangers, "辛访明")
    }
    known = Complained.objects.get(filing=filed["辛访明"])
    Complained.objects.exclude(pk=known.pk).update(user=None)
    erased = file_petition(complained_about=[{"kind": "person", "name": "辛訪明", "organ": ""}]).petition.filing
    erased.complained.update(name="", user=None)
    for _again in range(2):
        upgraded()
        users = {name: filing.complained.get().user for name, filing in filed.items()}
        found = {name: user.username for name, user in users.items() if user}
        assert found == people | {"辛访明": "chief"}
        assert erased.complained.get().user is None


@pytest.mark.django_db
def test_each_official_of_that_name_is_recused_after_an_upgrade(city: SimpleNamespace) -> None:
    filing = file_petition(complained_about=[{"kind": "person", "name": "陈明", "organ": "某局"}]).petition.filing
    for official in (city.deputy, city.handler):
        official.name = "陳·明"
        official.save(update_fields=["name"])
    upgraded()
    rows = filing.complained.all()
    assert {(row.name, row.organ_name) for row in rows} == {("陈明", "某局")}
    assert {row.user for row in rows} == {city.deputy, city.handler}

"""Recuses officials who were complained about under another writing of their name than the register's.

Filings from before were compared with the register letter for letter: 辛訪明 was not 辛访明, nor 羅局長 a 局长 called 罗.
Only names that are folded otherwise now are compared again, with today's posts. What is erased has no name any more.
"""

import re
import unicodedata
from collections import defaultdict
from typing import Any, NamedTuple

from django.db import migrations
from django.db.models import Q

from audit.operations import Explain
from massline.hanzi import folded_name
from massline.time import today

TITLE = re.compile(r"(.)(?:常务)?副?([局处科所站队市区县镇乡村部院校会]长|书记|主任|主席|支书)")
COPIED = ("filing_id", "kind", "name", "organ_name", "organ_id")
LEAST_POST = 3
"""The least length of a post's name that tells which one is meant."""


class Official(NamedTuple):
    pk: int
    name: str
    posts: tuple[str, ...]
    organs: frozenset[int]


def old_text(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).lower()


def old_name(name: str) -> str:
    return re.sub(r"[\s·•・.．]", "", name).lower()


def likeness(said: str, official: Official) -> int:
    """Tells how surely folded words mean an official: 3 by the name alone, 2 with the name in them, 1 by post or surname
    and title."""
    name = folded_name(official.name)
    if name == said or (len(name) >= 2 and name in said):
        return 3 if name == said else 2
    called = next(reversed([*TITLE.finditer(said)]), None)
    by_title = called and name.startswith(called[1]) and any(called[2] in post for post in official.posts)
    by_post = len(said) >= LEAST_POST and any(said in post for post in official.posts)
    return int(bool(by_title or by_post))


def meant(said: str, organ: int | None, officials: list[Official]) -> list[Official]:
    """Returns those who are meant most surely, of these the ones in the organ that was named."""
    ranked = [(likeness(said, official), official) for official in officials]
    most = max((rank for rank, _official in ranked), default=0)
    found = [official for rank, official in ranked if rank == most > 0]
    return [official for official in found if organ in official.organs] or found


def recuse(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    complained = apps.get_model("citizens", "Complained").objects.using(alias)
    everybody = _officials(apps, alias)
    otherwise = [official for official in everybody if old_name(official.name) != folded_name(official.name)]
    named: dict[tuple[int, str, str], list[Any]] = defaultdict(list)
    for row in complained.exclude(name="").order_by("pk").iterator(chunk_size=2000):
        if otherwise or old_text(row.name) != folded_name(row.name):
            named[row.filing_id, row.kind, row.name].append(row)
    for rows in named.values():
        said = folded_name(rows[0].name)
        officials = otherwise if old_text(rows[0].name) == said else everybody
        known = {row.user_id for row in rows}
        for official in meant(said, rows[0].organ_id, officials):
            if official.pk not in known:
                _recuse(rows, official.pk)


def _officials(apps: Any, alias: str) -> list[Official]:
    holds = Q(since__lte=today()) & (Q(until=None) | Q(until__gt=today()))
    held = apps.get_model("responsibility", "Appointment").objects.using(alias).filter(holds)
    posts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for user, name, organ in held.values_list("user", "post__name", "post__organ"):
        posts[user].append((name, organ))
    users = apps.get_model("accounts", "User").objects.using(alias).values_list("pk", "name")
    return [
        Official(pk, name, tuple(post for post, _organ in posts[pk]), frozenset(organ for _post, organ in posts[pk]))
        for pk, name in users
    ]


def _recuse(rows: list[Any], user: int) -> None:
    """Names the official in a row of these words that names none yet, or in one more row."""
    row = next((row for row in rows if row.user_id is None), None)
    if row is None:
        row = type(rows[0])(**{name: getattr(rows[0], name) for name in COPIED})
        rows.append(row)
    row.user_id = user
    row.save(using=rows[0]._state.db)


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0006_served"),
        ("accounts", "0001_users"),
        ("responsibility", "0002_appointments"),
    ]
    operations = [Explain("citizens_complained"), migrations.RunPython(recuse, migrations.RunPython.noop)]

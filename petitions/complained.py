"""Who is meant by what a petitioner wrote about a person or a unit (被反映人或单位).

People write 罗静怡局长, 罗局长, 市信访局, or leave a name where a unit was asked for. Whoever may be meant is recused
(Art. 28) or walled off (Art. 30): one too many harms nobody, one too few harms the petitioner.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

from django.db import connection

from petitions.models import Complained, ComplainedKind, Petition
from responsibility.models import Organ, Region, today

SHORTEST = 3
"""Characters of a short form of a unit (教育局) or of a post (市委书记) that still say which one is meant."""
TITLE = re.compile(r"(.?)(?:常务)?副?(局长?|处长?|科长?|[所站队市区县镇乡村部院校会]长|书记|主任|主席|支书)")
"""罗局长, 罗副局长, 罗局: who is before the title, and the title."""
HEADS = frozenset({"市长", "区长", "县长", "镇长", "乡长"})
MEANT = r"""
WITH held AS (
    SELECT a.user_id, p.name AS post, p.organ_id
    FROM responsibility_appointment a JOIN responsibility_post p ON p.id = a.post_id
    WHERE a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
), person AS (
    SELECT id, name, lower(regexp_replace(name, '[\s·•・.．]', '', 'g')) AS plain FROM accounts_user
), meant AS (
    SELECT id, plain = %(said)s AS named, length(plain) >= 2 AND strpos(%(said)s, plain) > 0 AS within,
           EXISTS (SELECT FROM held WHERE user_id = id AND (
               (%(is_post)s AND strpos(post, %(said)s) > 0)
               OR (%(title)s <> '' AND strpos(post, %(title)s) > 0 AND (
                   (%(surname)s <> '' AND starts_with(name, %(surname)s))
                   OR (%(of_unit)s AND organ_id = ANY (%(organs)s::bigint[])))))) AS called,
           EXISTS (SELECT FROM held WHERE user_id = id AND organ_id = ANY (%(organs)s::bigint[])) AS there
    FROM person
)
SELECT id, named, within, there FROM meant WHERE named OR within OR called
"""


class Meant(NamedTuple):
    """Somebody who may be meant, and why."""

    user: int
    named: bool
    """This is their name."""
    within: bool
    """Their name stands in what was written."""
    there: bool
    """They hold a post in the unit that was written."""


def name_complained(petition: Petition, named: Iterable[Mapping[str, str]]) -> list[Complained]:
    """Keeps who is complained about: a row for each person and each unit that may be meant."""
    entries = [{key: entry.get(key, "").strip() for key in ("kind", "name", "organ")} for entry in named]
    units = Units(petition.region) if entries else None
    rows = [row for entry in entries if units for row in _rows(petition, entry, units)]
    return Complained.objects.bulk_create(rows) if rows else []


def _rows(petition: Petition, entry: Mapping[str, str], units: "Units") -> list[Complained]:
    kind, name = entry["kind"], entry["name"]
    is_unit = kind == ComplainedKind.ORGAN
    organs = units.meant(name) if is_unit else units.meant(entry["organ"]) or units.meant(name)
    users = [] if is_unit and units.exact(name) else _people(name, organs)
    return [
        Complained(petition=petition, kind=kind, name=name, organ_name=entry["organ"], organ=organ, user_id=user)
        for user, organ in product(users or (None,), organs or (None,))
    ]


def folded(text: str) -> str:
    """Letters and digits alone, in one width and case: 罗 静怡（局长） and 罗静怡局长 are one."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).lower()


class Units:
    """The organs as somebody in this region may call them."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._all = list(Organ.objects.order_by("pk").only("name", "code", "region"))

    def exact(self, text: str) -> list[Organ]:
        """By the full name or the code; the oldest, where several have it."""
        return [organ for organ in self._all if text and text in (organ.name, organ.code)][:1]

    def meant(self, text: str) -> list[Organ]:
        """Those whose full name stands in the text, else those that it is a short form of: 市住建局, 信访局."""
        said = folded(text)
        if not said or self.exact(text):
            return self.exact(text)
        within = [organ for organ in self._all if folded(organ.name) in said]
        return within or self._nearest(
            organ
            for organ in self._all
            if any(is_short_for(short, folded(organ.name)) for short in _without_title(said))
        )

    def _nearest(self, organs: Iterable[Organ]) -> list[Organ]:
        """Of several with one short name those of this region and of the regions around it."""
        found, around = list(organs), set()
        region: Region | None = self.region if len(found) > 1 else None
        while region is not None:
            around.add(region.pk)
            region = region.parent
        return [organ for organ in found if organ.region_id in around] or found


def _without_title(said: str) -> list[str]:
    """信访局 in 信访局, 信访局长, 信访局局长 and 信访局罗局长."""
    called = _called(said)
    if called is None or len(called[2]) == 1:
        return [said]
    return [said.removesuffix("长"), said[: called.start(2)], said[: called.start()]]


def _called(said: str) -> re.Match[str] | None:
    """The last title in it: 局长 of 信访局局长."""
    return next(reversed([*TITLE.finditer(said)]), None)


def is_short_for(short: str, name: str) -> bool:
    """Whether the characters of the short form stand in the name in this order: 市住建局, 市住房和城乡建设局."""
    rest = iter(name)
    return len(short) >= SHORTEST and all(c in rest for c in short)


def _people(text: str, organs: list[Organ]) -> list[int]:
    """Whoever has this name; else whoever's name stands in the text; else who is called so by surname and title."""
    said = folded(text)
    if not said:
        return []
    called = _called(said)
    surname, title = called.groups() if called else ("", "")
    asked = {"said": said, "surname": surname, "title": title, "organs": [organ.pk for organ in organs], "day": today()}
    asked["is_post"] = len(said) >= SHORTEST or said in HEADS
    asked["of_unit"] = len(title) > 1 and (not surname or any(surname in organ.name for organ in organs))
    with connection.cursor() as cursor:
        cursor.execute(MEANT, asked)
        found = [Meant(*row) for row in cursor.fetchall()]
    for meant in ([m for m in found if m.named], [m for m in found if m.within], found):
        if meant:
            return [m.user for m in meant if m.there] or [m.user for m in meant]
    return []

"""Finds the users and organs that a citizen's words about a person or unit (被反映人或单位) may mean.

People write 罗静怡局长, 罗局长, 市信访局, or leave a name where a unit was asked for. A user who may be meant is
recused (Art. 28) or walled off (Art. 30): one user too many does no harm, one too few harms the citizen.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from citizens.models import Complained, ComplainedKind, Filing
from massline.hanzi import folded_name, translation
from massline.texts import one_line
from massline.time import today
from responsibility.duties import REGIONS_UP

MIN_SHORT_FORM = 3
"""The least length of a short form of a unit (教育局) or of a post (市委书记) that still tells which one is meant."""
TITLE = re.compile(r"(.?)(?:常务)?副?(局长?|处长?|科长?|[所站队市区县镇乡村部院校会]长|书记|主任|主席|支书)")
"""The title and the character before it: 罗局长, 罗副局长, 罗局."""
HEADS = frozenset({"市长", "区长", "县长", "镇长", "乡长"})
UNITS = f"""
{REGIONS_UP}
SELECT id, name, code, region_id IN (SELECT id FROM up) FROM responsibility_organ ORDER BY id
"""  # noqa: S608 -- both are ours
PEOPLE = r"""
WITH held AS (
    SELECT a.user_id, p.name AS post, p.organ_id
    FROM responsibility_appointment a JOIN responsibility_post p ON p.id = a.post_id
    WHERE a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
), person AS (
    SELECT id, translate(
        lower(regexp_replace(normalize(name, NFKC), '[\s·•・‧∙⋅●◦⸱.]', '', 'g')), %(traditional)s, %(simplified)s
    ) AS plain FROM accounts_user
), meant AS (
    SELECT place, id, plain = said AS named, length(plain) >= 2 AND strpos(said, plain) > 0 AS within,
           EXISTS (SELECT FROM held WHERE user_id = id AND (
               (is_post AND strpos(post, said) > 0)
               OR (title <> '' AND strpos(post, title) > 0 AND (
                   (surname <> '' AND starts_with(plain, surname))
                   OR (of_unit AND organ_id = ANY (units)))))) AS called,
           EXISTS (SELECT FROM held WHERE user_id = id AND organ_id = ANY (units)) AS there
    FROM person, jsonb_to_recordset(%(written)s) AS written (
        place integer, said text, surname text, title text, is_post boolean, of_unit boolean, units bigint[])
)
SELECT place, id, named, within, there FROM meant WHERE named OR within OR called ORDER BY place, id
"""


class Unit(NamedTuple):
    pk: int
    name: str
    code: str
    around: bool
    """Whether the unit is of the region of the matter, or of a region around it."""


class Person(NamedTuple):
    pk: int
    named: bool
    """The text is their name."""
    within: bool
    """The text contains their name."""
    there: bool
    """They hold a post in the unit that was named."""


def name_complained(filing: Filing, named: Iterable[Mapping[str, str]], region: int) -> list[Complained]:
    """Stores the complained about: a row for each person and each unit that may be meant. Two statements find them,
    however many were named."""
    entries = [{key: one_line(entry.get(key, "")) for key in ("kind", "name", "organ")} for entry in named]
    if not entries:
        return []
    known = Units(region)
    units = [known.of(entry) for entry in entries]
    persons = [entry["kind"] != ComplainedKind.ORGAN or not known.exact(entry["name"]) for entry in entries]
    people = _people([(e["name"] if person else "", u) for e, person, u in zip(entries, persons, units, strict=True)])
    rows = [
        Complained(filing=filing, kind=e["kind"], name=e["name"], organ_name=e["organ"], organ_id=unit, user_id=user)
        for e, meant, users in zip(entries, units, people, strict=True)
        for user, unit in product(users or (None,), [u.pk for u in meant] or (None,))
    ]
    return Complained.objects.bulk_create(rows)


class Units:
    """The organs by the names that people of one region use."""

    def __init__(self, region: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(UNITS, {"region": region})
            self._all = [Unit(*row) for row in cursor.fetchall()]

    def of(self, entry: Mapping[str, str]) -> list[Unit]:
        """Returns the units that are complained about, or those in which the person complained about works."""
        if entry["kind"] == ComplainedKind.ORGAN:
            return self.meant(entry["name"])
        return self.meant(entry["organ"]) or self.meant(entry["name"])

    def exact(self, text: str) -> list[Unit]:
        """Returns the unit with this full name or code; the oldest of several."""
        return [unit for unit in self._all if text and text in (unit.name, unit.code)][:1]

    def meant(self, text: str) -> list[Unit]:
        """Returns the units whose full name stands in the text, else those of which the text is a short form (市住建局,
        信访局). Of several with one short name only those of this region and the regions around it."""
        said = folded_name(text)
        if not said or self.exact(text):
            return self.exact(text)
        if within := [unit for unit in self._all if folded_name(unit.name) in said]:
            return within
        shorts = _without_title(said)
        found = [unit for unit in self._all if any(is_short_for(short, folded_name(unit.name)) for short in shorts)]
        return [unit for unit in found if unit.around] or found


def _without_title(said: str) -> list[str]:
    """Returns the possible names of the unit without the title: 信访局 of 信访局, 信访局长, 信访局局长 and
    信访局罗局长."""
    called = _last_title(said)
    if called is None or len(called[2]) == 1:
        return [said]
    return [said.removesuffix("长"), said[: called.start(2)], said[: called.start()]]


def _last_title(said: str) -> re.Match[str] | None:
    """Finds the last title in a text: 局长 of 信访局局长."""
    return next(reversed([*TITLE.finditer(said)]), None)


def is_short_for(short: str, name: str) -> bool:
    """Returns whether the characters of the short form stand in the name in this order: 市住建局,
    市住房和城乡建设局."""
    rest = iter(name)
    return len(short) >= MIN_SHORT_FORM and all(c in rest for c in short)


def _people(written: list[tuple[str, list[Unit]]]) -> list[list[int]]:
    """Returns the users meant by each text, in or outside these units."""
    asked = [
        _people_query_row(place, folded_name(text), units)
        for place, (text, units) in enumerate(written)
        if folded_name(text)
    ]
    found: dict[int, list[Person]] = defaultdict(list)
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE, _query_arguments(asked))
            for place, *person in cursor.fetchall():
                found[place].append(Person(*person))
    return [_likeliest(found[place]) for place in range(len(written))]


def _query_arguments(asked: list[dict[str, Any]]) -> dict[str, Any]:
    """Builds what the PEOPLE query takes."""
    traditional, simplified = translation("".join(row["said"] for row in asked))
    return {"written": json.dumps(asked), "day": today(), "traditional": traditional, "simplified": simplified}


def _people_query_row(place: int, said: str, units: list[Unit]) -> dict[str, Any]:
    """Builds the row that the PEOPLE query takes for one text."""
    called = _last_title(said)
    surname, title = called.groups() if called else ("", "")
    return {
        "place": place,
        "said": said,
        "surname": surname,
        "title": title,
        "is_post": len(said) >= MIN_SHORT_FORM or said in HEADS,
        "of_unit": len(title) > 1 and (not surname or any(surname in unit.name for unit in units)),
        "units": [unit.pk for unit in units],
    }


def _likeliest(found: list[Person]) -> list[int]:
    """Picks the users with exactly this name; else those whose name stands in the text; else those called by surname
    and title."""
    meant = [p for p in found if p.named] or [p for p in found if p.within] or found
    return [p.pk for p in meant if p.there] or [p.pk for p in meant]


# --- Records that recused officials do not see --------------------------------------------------------------------
def not_recused(user: Any, filing: str = "filing") -> Q:
    """Selects the records that do not complain about the user; `filing` is the column that points to the filing."""
    return ~Q(Exists(Complained.objects.filter(filing=OuterRef(filing), user=user)))


def recused_by_filing(filings: Collection[int]) -> dict[int, set[int]]:
    """Returns the users complained about in each of these filings."""
    found: dict[int, set[int]] = defaultdict(set)
    named = Complained.objects.filter(filing__in=filings, user__isnull=False)
    for filing, user in named.values_list("filing", "user"):
        found[filing].add(user)
    return found

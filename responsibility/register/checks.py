"""Checks the rows of a register against each other and the database, before anything is written."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Kind
from accounts.separation import ADMINISTRATIONS
from massline.time import today
from responsibility import duties
from responsibility.register.tables import TABLES, Register, Row, parse_row

Known = Mapping[str, Mapping[tuple[Any, ...], Any]]
"""By table and key: what stands in the database."""


def checked(register: Register, known: Known) -> tuple[list[Row], list[str]]:
    """Returns the parsed rows, and everything that is wrong."""
    rows, faults = [], []
    for entry in register.entries:
        row, wrong = parse_row(entry)
        rows += [row] if row else []
        faults += wrong
    rows += _duties_by_kind(rows, known)
    if "post_duty" in register.tables:
        rows += _post_duties_left_out(rows, known)
    named = {table: set(found) for table, found in known.items()}
    for row in rows:
        named[row.table.name].add(row.key)
    faults += _twice(rows)
    for row in rows:
        faults += _references(row, named)
    faults += _circles(rows, known)
    faults += _kinds(rows, known)
    if not faults:  # half a list of people says nothing about who is missing in it
        faults += _administrations(rows, known)
    return rows, faults


def _duties_by_kind(rows: Iterable[Row], known: Known) -> list[Row]:
    """Returns the duty of each organ whose kind is one (petition_office): as long as the organ is there, unless the
    file says more of it. In a file that has no table of duties the kind says all: whoever has a duty of another name
    loses it."""
    said = {row.key for row in rows if row.table.name == "duty"}
    found = []
    for row in rows:
        for duty in dict(duties.choices()) if row.table.name == "organ" else ():
            key = (*row.key, duty)
            had = known["duty"].get(key)
            given: dict[str, Any] = {"organ": row.key[0], "duty": duty}
            if key in said:
                continue
            if row.given["kind"] == duty:
                organ = known["organ"].get(row.key)
                ends = row.given.get("valid_until", organ and organ.valid_until)
                found.append(Row(row.entry, TABLES["duty"], key, given | {"until": ends}))
            elif not said and had and (had.until is None or had.until > today()):
                ends = _first_day_without(had)
                found.append(Row(row.entry, TABLES["duty"], key, given | {"region": had.region.code, "until": ends}))
    return found


def _post_duties_left_out(rows: Iterable[Row], known: Known) -> list[Row]:
    """Returns rows that end the recurring duties of posts in the file that the file's table of these does not give
    them."""
    said = {row.key for row in rows if row.table.name == "post_duty"}
    posts = {row.key: row.entry for row in rows if row.table.name == "post"}
    ended = [
        (key, had)
        for key, had in known["post_duty"].items()
        if key[:2] in posts and key not in said and (had.until is None or had.until > today())
    ]
    table = TABLES["post_duty"]
    return [
        Row(posts[key[:2]], table, key, dict(zip(table.key, key, strict=True)) | {"until": _first_day_without(had)})
        for key, had in ended
    ]


def _first_day_without(had: Any) -> date:
    """Returns the last day of a duty that this load ends: today, or tomorrow where it began today."""
    return max(today(), had.since + timedelta(days=1))


def _at(row: Row, column: str, message: str, **facts: Any) -> str:
    return f"{row.entry.where(column)}：{message % facts}"


def _twice(rows: Iterable[Row]) -> list[str]:
    seen: dict[tuple[Any, ...], Row] = {}
    faults = []
    for row in rows:
        first = seen.setdefault((row.table.name, *row.key), row)
        if first is not row:
            facts = {"first": first.entry.where(), "key": " ".join(map(str, row.key))}
            faults.append(_at(row, "", _("与%(first)s重复（%(key)s）"), **facts))
    return faults


def _references(row: Row, named: Mapping[str, set[tuple[Any, ...]]]) -> list[str]:
    """Checks that what a row names is in the file or in the database."""
    given, table = row.given, row.table.name
    asked: list[tuple[str, str, tuple[Any, ...]]] = []
    if given.get("region"):
        asked.append(("region", "region", (given["region"],)))
    asked += [(column, table, (given[column],)) for column in ("parent", "successor") if given.get(column)]
    if "organ" in given:
        asked.append(("organ", "organ", (given["organ"],)))
    if "post" in given:
        asked.append(("post", "post", (given["organ"], given["post"])))
    if "person" in given:
        asked.append(("person", "person", (given["person"],)))
    unknown = {(column, key) for column, of, key in asked if key not in named[of]}
    if any(column == "organ" for column, _key in unknown):
        unknown = {(column, key) for column, key in unknown if column != "post"}  # it would be said twice
    return [
        _at(row, column, _("没有“%(key)s”：文件里和库里都没有登记"), key=" ".join(map(str, key)))
        for column, key in sorted(unknown)
    ]


def _circles(rows: Iterable[Row], known: Known) -> list[str]:
    """Checks that no region and no organ is above itself, however far up, and that no organ succeeds itself."""
    faults = []
    for table, column, why in (
        ("region", "parent", _("上级绕了一圈又回到自己")),
        ("organ", "parent", _("上级绕了一圈又回到自己")),
        ("organ", "successor", _("承接机构绕了一圈又回到自己")),
    ):
        to = {key[0]: next_.code for key, found in known[table].items() if (next_ := getattr(found, column))}
        mine = [row for row in rows if row.table.name == table]
        to |= {row.key[0]: row.given[column] for row in mine if column in row.given}
        faults += [_at(row, column, why) for row in mine if _comes_back(row.key[0], to)]
    return faults


def _comes_back(start: str, to: Mapping[str, str]) -> bool:
    code, seen = start, set[str]()
    while code and code not in seen:
        seen.add(code)
        code = to.get(code, "")
    return code == start


def _kinds(rows: Iterable[Row], known: Known) -> list[str]:
    """Checks that an administrator's account never becomes another, and that administrators hold no posts."""
    people = known["person"]
    kinds = {key[0]: user.kind for key, user in people.items()}
    faults = []
    for row in rows:
        if row.table.name == "person" and row.given.get("kind"):
            username, kind = row.key[0], row.given["kind"]
            if kinds.get(username, kind) != kind and {kinds[username], kind} & ADMINISTRATIONS:
                faults.append(_at(row, "kind", _("管理员账号不能改作他用，其他账号也不能改作管理员：请另开一个账号")))
            kinds[username] = kind
    return faults + [
        _at(row, "person", _("三员账号不能任职（职责分离）"))
        for row in rows
        if row.table.name == "appointment" and kinds.get(row.given["person"]) in ADMINISTRATIONS
    ]


def _administrations(rows: Iterable[Row], known: Known) -> list[str]:
    """Checks that system, security and audit administrators (三员) exist and are three different people."""
    people = {key[0]: (user.name, user.kind, user.is_active) for key, user in known["person"].items()}
    for row in rows:
        if row.table.name == "person":
            name, kind, active = people.get(row.key[0], ("", Kind.OFFICIAL, True))
            given = row.given
            people[row.key[0]] = (given.get("name", name), given.get("kind", kind), given.get("is_active", active))
    who = {kind: {name for name, k, active in people.values() if k == kind and active} for kind in ADMINISTRATIONS}
    faults = [
        _(
            "缺少%(kind)s：三员（系统管理员、安全管理员、审计管理员）每种至少要有一个启用的账号"
            '（[[person]]，kind = "%(value)s"）'
        )
        % {"kind": Kind(kind).label, "value": kind}
        for kind in Kind.values
        if kind in ADMINISTRATIONS and not who[Kind(kind)]
    ]
    several = sorted(name for name in set.union(*who.values()) if sum(name in names for names in who.values()) > 1)
    return faults + [_("三员必须是不同的人，“%(name)s”担任了不止一种管理员") % {"name": name} for name in several]

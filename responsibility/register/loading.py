"""Writes a register to the database: only what differs changes, each change under an event of its own."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import events as account_events
from accounts.models import User
from accounts.passwords import one_time_password
from audit import log
from audit.events import Event
from massline.time import today
from responsibility import duties, events, readers
from responsibility.models import (
    Absence,
    Appointment,
    AppointmentKind,
    Because,
    Organ,
    OrganDuty,
    OrganKind,
    Post,
    PostDuty,
    Region,
)
from responsibility.register.checks import checked
from responsibility.register.tables import BadRegister, Register, Row

LOCK = 20261129
PLAIN = ("region", "organ", "duty", "post", "post_duty", "person")
"""The tables that are written first, in this order."""
DUTIES = ("duty", "post_duty")
WHY = {
    "one_organ_a_duty": gettext_lazy(
        "这个地区已经有一个%(duty)s；要换的，给原来的写明停用日期（valid_until）或者职责的结束日期（until）"
    ),
    "one_holder_at_a_time": gettext_lazy("这个岗位在这段时间已经有人任职（或代理）：请给前一任写明结束日期（until）"),
    "successor_of_an_ended_organ": gettext_lazy("有承接机构的，要写明停用日期（valid_until）"),
    "organ_dates": gettext_lazy("停用日期必须在启用日期之后"),
    "acting_states_why": gettext_lazy('代理要写明原因（because = "absence" 请假，或者 "vacancy" 空缺），任职不写'),
    "acting_within_absence": gettext_lazy("代理的时间超出了任职人请假的时间，或者没有登记请假（absence）"),
    "acting_in_vacancy": gettext_lazy("这个岗位在这段时间有人任职，不是空缺"),
}
"""Why the database refuses a row, by the name of the constraint."""


@dataclass
class Report:
    """The changes of one load."""

    changes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What the database has and the file does not: it stays as it is."""
    passwords: list[tuple[str, str, str]] = field(default_factory=list)
    """User name, name and password of each account that was opened."""


class NotYet(Exception):
    """Something that the row names has not been written yet."""


def load(register: Register, password: str | None = None) -> Report:
    """Writes what differs, in the caller's transaction; raises BadRegister, and then that must be rolled back.

    `password` is the hash that every new account gets; without one each gets a random one-time password.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    loader = Loader(password)
    rows, faults = checked(register, loader.known)
    if not faults:
        faults = loader.write(rows)
    if faults:
        raise BadRegister(faults)
    if loader.report.changes:
        readers.recompute_all(timezone.now())
    loader.report.missing = loader.missing(rows)
    loader.report.passwords = list(loader.opened.values())
    return loader.report


@dataclass(frozen=True)
class TableModel:
    """How a table of the register is stored: its model, its label, and the events of its rows."""

    label: Any
    added: Event
    changed: Event
    made: Callable[["Loader", Row], models.Model]
    values: Callable[["Loader", Row], dict[str, Any]]


class Loader:
    def __init__(self, password: str | None) -> None:
        self.password = password
        self.report = Report()
        self.opened: dict[str, tuple[str, str, str]] = {}
        posts = Post.objects.select_related("organ")
        had = OrganDuty.objects.select_related("organ", "region").order_by("since")  # of several the last
        owing = PostDuty.objects.select_related("post__organ").order_by("since")
        held = Appointment.objects.select_related("post__organ", "user")
        away = Absence.objects.select_related("appointment__post__organ", "appointment__user")
        self.known: dict[str, dict[tuple[Any, ...], Any]] = {
            "region": {(r.code,): r for r in Region.objects.select_related("parent")},
            "organ": {(o.code,): o for o in Organ.objects.select_related("parent", "region", "successor")},
            "duty": {(d.organ.code, d.duty): d for d in had},
            "post": {(p.organ.code, p.name): p for p in posts},
            "post_duty": {(d.post.organ.code, d.post.name, d.rule): d for d in owing},
            "person": {(u.username,): u for u in User.objects.all()},
            "appointment": {(a.post.organ.code, a.post.name, a.user.username, a.kind, a.since): a for a in held},
            "absence": {
                (b.appointment.post.organ.code, b.appointment.post.name, b.appointment.user.username, b.since): b
                for b in away
            },
        }

    def write(self, rows: list[Row]) -> list[str]:
        """Writes table by table, absences before the appointments of stand-ins. Returns what could not be written."""
        faults: list[str] = []
        for table, acting in (*((name, None) for name in PLAIN),
                              ("appointment", False), ("absence", None), ("appointment", True)):  # fmt: skip
            mine = [row for row in rows if row.table.name == table]
            if acting is not None:
                mine = [row for row in mine if (row.given["kind"] == AppointmentKind.ACTING) == acting]
            faults += self._write_all(mine, quiet=bool(faults))
        return faults

    def _write_all(self, rows: list[Row], quiet: bool) -> list[str]:
        """Writes rows that may wait for each other (a parent below its child, a holder for the end of the one before):
        what fails is tried again as long as others succeed."""
        while rows:
            failed = [(row, why) for row in rows if (why := self._try(row)) is not None]
            if len(failed) == len(rows):
                return [f"{row.entry.where()}：{why}" for row, why in failed if why or not quiet]
            rows = [row for row, _why in failed]
        return []

    def _try(self, row: Row) -> str | None:
        """Writes it; else why not, empty when something that it names is not there."""
        try:
            with transaction.atomic():
                self._write(row)
        except NotYet as error:
            return str(error)
        except IntegrityError as error:
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
            facts = {"name": name, "duty": dict(duties.choices()).get(row.given.get("duty", ""))}
            return str(WHY.get(name) or _("数据库不接受：%(name)s")) % facts
        return None

    def _write(self, row: Row) -> None:
        table, known = TABLE_MODELS[row.table.name], self.known[row.table.name]
        found, values = self._standing(row), table.values(self, row)
        target = copy.copy(found) if found else table.made(self, row)
        different = {name: value for name, value in values.items() if not found or getattr(found, name) != value}
        if found and not different:
            return
        key = " ".join(map(str, row.key))
        facts = {"key": key, "fields": "、".join(different)}
        log.record(table.changed if found else table.added, subject=log.Subject(row.table.name, key), facts=facts)
        for name, value in different.items():
            setattr(target, name, value)
        target.save(update_fields=list(different) if found else None)
        known[row.key] = target
        self._say(table, key, found, different)

    def _standing(self, row: Row) -> Any:
        """Returns what is stored under the row's key; not a duty that has ended, where the row gives it again."""
        found = self.known[row.table.name].get(row.key)
        if found and row.table.name in DUTIES and found.until and not row.given.get("until"):
            return None if found.until <= (row.given.get("since") or today()) else found
        return found

    def _say(self, table: TableModel, key: str, found: Any, different: dict[str, Any]) -> None:
        if not found:
            self.report.changes.append(_("新增%(what)s %(key)s") % {"what": table.label, "key": key})
            return
        steps = _("；").join(f"{name}：{_shown(getattr(found, name))} → {_shown(to)}" for name, to in different.items())
        self.report.changes.append(
            _("更改%(what)s %(key)s（%(steps)s）") % {"what": table.label, "key": key, "steps": steps}
        )

    def get(self, table: str, *key: Any) -> Any:
        """Returns what is stored under this key, before or just now."""
        found = self.known[table].get(key)
        if found is None:
            raise NotYet
        return found

    def missing(self, rows: list[Row]) -> list[str]:
        """Lists what is in force in the database and not in the file."""
        named = {(row.table.name, *row.key) for row in rows}
        day = today()
        in_force: dict[str, Callable[[Any], bool]] = {
            "region": lambda _region: True,
            "organ": lambda organ: organ.valid_until is None or organ.valid_until > day,
            "duty": lambda had: had.until is None or had.until > day,
            "post_duty": lambda had: had.until is None or had.until > day,
            "post": lambda post: post.organ.valid_until is None or post.organ.valid_until > day,
            "person": lambda user: user.is_active,
            "appointment": lambda held: held.until is None or held.until > day,
            "absence": lambda away: away.until > day,
        }
        return [
            f"{TABLE_MODELS[table].label} {' '.join(map(str, key))}"
            for table, holds in in_force.items()
            for key, found in self.known[table].items()
            if (table, *key) not in named and holds(found)
        ]

    # --- What each table's rows are in the database -----------------------------------------------------------------

    def others(self, row: Row, *columns: str) -> dict[str, Any]:
        """Returns the ids of others in the same table that the row names."""
        named = {column: row.given[column] for column in columns if column in row.given}
        return {f"{column}_id": self.get(row.table.name, key).pk if key else None for column, key in named.items()}

    def region(self, row: Row) -> dict[str, Any]:
        names: dict[str, Any] = {name: row.given[name] for name in ("name", "name_en") if name in row.given}
        return {**names, **self.others(row, "parent")}

    def organ(self, row: Row) -> dict[str, Any]:
        plain = {name: row.given[name] for name in row.given.keys() - {"code", "region", "parent", "successor"}}
        if plain.get("valid_from", "") is None:
            del plain["valid_from"]
        if plain["kind"] not in OrganKind.values:
            plain["kind"] = OrganKind.DEPARTMENT  # with the duty that it is called by: a row of its own
        of = self.others(row, "parent", "successor")
        return plain | {"region_id": self.get("region", row.given["region"]).pk, **of}

    def duty(self, row: Row) -> dict[str, Any]:
        """Returns a duty's values: for the organ's own region, unless the row names another."""
        organ = self.get("organ", row.given["organ"])
        region = self.get("region", row.given["region"]).pk if row.given.get("region") else organ.region_id
        days: dict[str, Any] = {name: row.given[name] for name in ("since", "until") if name in row.given}
        if days.get("since", "") is None:
            del days["since"]
        if "since" not in days and self._standing(row) is None:
            earliest = today() if row.key in self.known["duty"] else organ.valid_from
            days["since"] = self._begins(earliest, row.given["duty"], region)
        return {"region_id": region, **days}

    def _begins(self, earliest: date, duty: str, region: int) -> date:
        """Returns the first day of a duty: the earliest, or where the one before has ended."""
        before = (d.until for (_organ, name), d in self.known["duty"].items() if (name, d.region_id) == (duty, region))
        return max([earliest, *filter(None, before)])

    def post(self, row: Row) -> dict[str, Any]:
        names = ("name_en", "is_top", "is_intake", "in_charge_of")
        return {name: row.given[name] for name in names if row.given.get(name) is not None}

    def post_duty(self, row: Row) -> dict[str, Any]:
        """Returns a recurring duty's values: it begins on the day of the load, and ends when its row is left out."""
        begins = {} if self._standing(row) else {"since": today()}
        return begins | {"until": row.given.get("until")}

    def person(self, row: Row) -> dict[str, Any]:
        return {name: value for name, value in row.given.items() if name != "username" and value not in ("", None)}

    def appointment(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {name: row.given[name] for name in ("until", "because") if name in row.given}
        if row.given.get("because") == Because.ABSENCE:
            values["absence_id"] = self._absence_behind(row).pk
        return values

    def _absence_behind(self, row: Row) -> Absence:
        """Returns the stated absence of the post's holder in which a stand-in acts."""
        organ, post, *_rest = row.key
        since, until = row.given["since"], row.given.get("until")
        for key, away in self.known["absence"].items():
            if key[:2] == (organ, post) and away.since <= since and until is not None and until <= away.until:
                return away  # type: ignore[no-any-return]
        raise NotYet(WHY["acting_within_absence"])

    def absence(self, row: Row) -> dict[str, Any]:
        return {"until": row.given["until"]}

    # --- New ones -----------------------------------------------------------------------------------------------------

    def account(self, row: Row) -> User:
        """Makes a new account, with a one-time password unless all are given one."""
        user = User(username=row.key[0])
        if self.password is not None:
            user.password = self.password
            return user
        password = one_time_password()
        user.password, user.must_change_password = make_password(password), True
        self.opened[user.username] = (user.username, row.given["name"], password)
        return user

    def away(self, row: Row) -> Absence:
        organ, post, person, since = row.key
        for (*place, kind, _since), held in self.known["appointment"].items():
            if place == [organ, post, person] and kind == AppointmentKind.REGULAR and held.since <= since:
                return Absence(appointment=held, since=since)
        raise NotYet(_("这个人没有担任这个岗位"))

    def held(self, row: Row) -> Appointment:
        organ, post, person, kind, since = row.key
        return Appointment(post=self.get("post", organ, post), user=self.get("person", person), kind=kind, since=since)


def _shown(value: Any) -> str:
    return "—" if value in (None, "") else str(value)


TABLE_MODELS = {
    "region": TableModel(
        gettext_lazy("地区"), events.REGION_ADDED, events.REGION_CHANGED,
        lambda _self, row: Region(code=row.key[0]), Loader.region,
    ),
    "organ": TableModel(
        gettext_lazy("机构"), events.ORGAN_ADDED, events.ORGAN_CHANGED,
        lambda _self, row: Organ(code=row.key[0]), Loader.organ,
    ),
    "duty": TableModel(
        gettext_lazy("职责"), events.DUTY_GIVEN, events.DUTY_CHANGED,
        lambda self, row: OrganDuty(organ=self.get("organ", row.key[0]), duty=row.key[1]), Loader.duty,
    ),
    "post": TableModel(
        gettext_lazy("岗位"), events.POST_ADDED, events.POST_CHANGED,
        lambda self, row: Post(organ=self.get("organ", row.key[0]), name=row.key[1]), Loader.post,
    ),
    "post_duty": TableModel(
        gettext_lazy("经常性职责"), events.POST_DUTY_GIVEN, events.POST_DUTY_CHANGED,
        lambda self, row: PostDuty(post=self.get("post", *row.key[:2]), rule=row.key[2]), Loader.post_duty,
    ),
    "person": TableModel(
        gettext_lazy("账号"), account_events.ACCOUNT_OPENED, account_events.ACCOUNT_CHANGED,
        Loader.account, Loader.person,
    ),
    "appointment": TableModel(
        gettext_lazy("任职记录"), events.APPOINTED, events.APPOINTMENT_CHANGED, Loader.held, Loader.appointment
    ),
    "absence": TableModel(
        gettext_lazy("请假"), events.ABSENCE_STATED, events.ABSENCE_CHANGED, Loader.away, Loader.absence
    ),
}  # fmt: skip

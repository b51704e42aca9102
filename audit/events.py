"""The closed list of what can happen. A mechanism prefixes its events by its name (`task.closed`) and registers them in
its events.py; those of the shared parts have no prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from massline.time import long_form

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")

EVENTS: dict[str, Event] = {}


class UnknownEventError(Exception):
    """An event that is not registered."""


class _Facts(dict[str, Any]):
    """Facts of an old event may lack what today's sentence asks for."""

    def __missing__(self, key: str) -> str:
        return "—"


@dataclass(frozen=True)
class Event:
    """One kind of event: its name, one sentence with %(fact)s placeholders, and whether citizens may read it."""

    name: str
    sentence: str | Promise
    public: bool = False

    @property
    def public_name(self) -> str:
        """Its name in REST and exports: without the mechanism."""
        return self.name.rpartition(".")[2]

    def say(self, facts: Mapping[str, Any]) -> str:
        return str(self.sentence) % _Facts({fact: _said(value) for fact, value in facts.items()})


def _said(value: Any) -> Any:
    """Says a day of the facts in the reader's language; whatever else they hold stays as it is."""
    return long_form(date.fromisoformat(value)) if isinstance(value, str) and _DAY.fullmatch(value) else value


def register(*events: Event) -> tuple[Event, ...]:
    """Adds events to the closed list; refuses a name that is malformed or stands for another event."""
    for event in events:
        if not _NAME.fullmatch(event.name):
            raise ValueError(f"not an event name: {event.name!r}")
        if EVENTS.setdefault(event.name, event) != event:
            raise ValueError(f"event registered twice: {event.name}")
    return events


def event_of(name: str) -> Event | None:
    """The event that a row of the log tells of; None for one of an app that is gone."""
    return EVENTS.get(name)


def public_name_of(name: str) -> str:
    """Returns the name of a row's event in REST and exports; of an app that is gone, the one in the row."""
    event = event_of(name)
    return event.public_name if event else name


SIGNED_IN = Event("signed_in", _("登录系统"))
SIGN_IN_FAILED = Event("sign_in_failed", _("登录未成功"))
LOCKED_OUT = Event("locked_out", _("多次登录未成功：%(attempts)s 次尝试须等待，没有核对密码"))
SIGNED_OUT = Event("signed_out", _("退出系统"))
ACT_REFUSED = Event("act_refused", _("办理“%(act)s”被拒绝"))
PAGE_REFUSED = Event("page_refused", _("查看“%(page)s”被拒绝"))
READ = Event("read", _("查看了受限内容"))
UNMASKED = Event("unmasked", _("查看了隐去的信息：%(fields)s"))
EXPORTED = Event("exported", _("导出了数据：%(what)s"))
ERASED = Event("erased", _("依法清除了个人信息"))
# Written by the owner alone: in audit_baseline() and by the operations Watch and Explain.
TABLE_WATCHED = Event("table_watched", _("数据表 %(table)s 的记录范围已确定"))
TABLE_UNWATCHED = Event("table_unwatched", _("数据表 %(table)s 不再记录"))
ROWS_MIGRATED = Event("rows_migrated", _("升级程序改动了数据表 %(table)s 的内容"))

register(
    SIGNED_IN, SIGN_IN_FAILED, LOCKED_OUT, SIGNED_OUT, ACT_REFUSED, PAGE_REFUSED, READ, UNMASKED,
    EXPORTED, ERASED, TABLE_WATCHED, TABLE_UNWATCHED, ROWS_MIGRATED,
)  # fmt: skip

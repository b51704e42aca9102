"""The closed list of what can happen. A mechanism prefixes its events by its name (`task.closed`) and registers them in
its events.py; those of the shared parts have no prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")

EVENTS: dict[str, Event] = {}
_FORMER: dict[str, Event] = {}
"""By the names that events had: rows of the log are never changed."""


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
    formerly: tuple[str, ...] = ()
    """Its names in rows of before, the oldest first."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that rows of the log have for it."""
        return (self.name, *(name for name, event in _FORMER.items() if event is self))

    @property
    def public_name(self) -> str:
        """Its name in REST and exports: the oldest, without the mechanism. It never changes."""
        return (*self.formerly, self.name)[0].rpartition(".")[2]

    def say(self, facts: Mapping[str, Any]) -> str:
        return str(self.sentence) % _Facts(facts)


def register(*events: Event) -> tuple[Event, ...]:
    """Adds events to the closed list; a name, former ones too, means one event for ever."""
    for event in events:
        _refuse_taken(event, event.name, *event.formerly)
        EVENTS[event.name] = event
        _FORMER.update(dict.fromkeys(event.formerly, event))
    return events


def register_former(event: Event, *names: str) -> None:
    """Adds names that an event of a shared part had while it was a mechanism's own: only that mechanism says them."""
    _refuse_taken(event, *names)
    _FORMER.update(dict.fromkeys(names, event))


def _refuse_taken(event: Event, *names: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not an event name: {name!r}")
        if (event_of(name) or event) is not event:
            raise ValueError(f"event registered twice: {name}")


def event_of(name: str) -> Event | None:
    """Returns the event by its name in a row of the log, today's or a former one."""
    return EVENTS.get(name) or _FORMER.get(name)


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

"""Registers the kinds of notices, a closed list. A mechanism prefixes its own by its name (`task.returned`); those of
this app have no prefix."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORMAT = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"
"""The form of a name; the database refuses any other."""
_NAME = re.compile(FORMAT)


class UnknownNoticeKind(ValueError):
    """A kind of notice that no app registered."""


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice: what it says, how it reaches people, and where it leads."""

    name: str
    sentence: str | Promise
    at_once: bool = False
    """Mailed at once; every other waits for the daily digest."""
    once_unread: bool = False
    """While a person has an unread one about a record, they get no second: repeated acts bury nothing else in the
    inbox."""
    collapsed: bool = False
    """A person's oldest unread one is shown in place of all of them, and reading it reads them all."""
    first: bool = False
    """While a person has not read it, it stands above all others in their inbox."""
    numbered: bool = True
    """Whether the number of the record follows the sentence; not where it is about no record."""
    page: Callable[[Any], str] | None = None
    """The address to which the notice leads; without it, the record's."""
    about_records: bool = True
    """Whether its page shows records: then it is not open to administrators."""
    details: Callable[[Sequence[Any], Any], Mapping[int, str]] | None = None
    """Returns the line below each of these notices in the inbox of a user, by id; without it, the obligation's goal."""


_kinds: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Adds kinds to the closed list; refuses a name that is malformed or means another kind."""
    for kind in kinds:
        if not _NAME.match(kind.name):
            raise ValueError(f"not a name of a kind of notice: {kind.name!r}")
        if _kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"kind of notice registered twice: {kind.name}")


def check_registered(kind: NoticeKind) -> NoticeKind:
    """Returns the kind itself; refuses one that no app registered."""
    if _kinds.get(kind.name) is not kind:
        raise UnknownNoticeKind(kind.name)
    return kind


def kind_of(name: str) -> NoticeKind:
    """Returns the kind of a stored notice; of an app that is gone, one with its bare name."""
    return _kinds.get(name) or NoticeKind(name, name)


def names(chosen: Callable[[NoticeKind], bool]) -> list[str]:
    """Returns the names of the registered kinds for which this holds."""
    return [kind.name for kind in _kinds.values() if chosen(kind)]


WARNING = NoticeKind("warning", _("临近到期"))
OVERDUE = NoticeKind("overdue", _("已经超期"), at_once=True)
ESCALATED = NoticeKind(
    "escalated",
    _("逐级上报，请您签收并批示"),
    at_once=True,
    page=lambda notice: reverse("escalation", args=[notice.escalation_id]),
)
OFFICE = NoticeKind("office", _("抄送信访部门"))
INSTRUCTED = NoticeKind("instructed", _("领导已批示"), at_once=True, first=True)
CHAIN_GAP = NoticeKind("chain_gap", _("责任链有缺口"), at_once=True)
UNDELIVERED = NoticeKind(
    "undelivered",
    _("有通知未能送达"),
    at_once=True,
    collapsed=True,
    numbered=False,
    page=lambda notice: reverse("undelivered"),
    about_records=False,
)
"""A mail server that is down fills nobody's inbox: hence collapsed."""

register(WARNING, OVERDUE, ESCALATED, OFFICE, INSTRUCTED, CHAIN_GAP, UNDELIVERED)

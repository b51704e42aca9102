"""Registers my work, the inbox, the leader's desk and their like in the menu of the desk."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem
from accounts.models import Kind, User
from responsibility import readers
from responsibility.desk.escalations import escalated_to
from responsibility.desk.inbox import notices_to
from responsibility.models import Escalation, Notice
from responsibility.people import position_of
from responsibility.visibility import position


def _works(user: User) -> bool:
    return user.kind == Kind.OFFICIAL


def _leads(user: User) -> bool:
    return _works(user) and any(held.is_top for held in position_of(user).held)


def _may_be_named(user: User) -> bool:
    """Tells whether this person can be a reader of walled records, where there are any."""
    return _works(user) and readers.any_kind()


def _unanswered(user: User) -> QuerySet[Escalation]:
    return escalated_to(user).filter(state__in=Escalation.OPEN)


def _unread(user: User) -> QuerySet[Notice]:
    return notices_to(user).filter(read_at=None)


ITEMS = (
    MenuItem("desk", _("我的工作"), "home", 10, _works),
    MenuItem("escalations", _("上报给我的"), "flag", 20, _leads, _unanswered, position),
    MenuItem("secrecy", _("保密承诺"), "lock", 90, _may_be_named, readers.undeclared),
    MenuItem("inbox", _("消息"), "bell", 100, lambda user: True, _unread, position),
)

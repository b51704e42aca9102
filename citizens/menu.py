"""The menu item of the queue of letters on the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem
from accounts.models import Kind, User
from citizens.telling.queue import to_tell
from responsibility.people import position_of


def _works(user: User) -> bool:
    return user.kind == Kind.OFFICIAL


LETTERS = MenuItem(
    "letters",
    _("告知"),
    "send",
    80,
    _works,
    lambda user: to_tell(user).waiting(),
    lambda user: (user.pk, position_of(user).digest),
)

"""The menu item of the queue of letters on the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem
from accounts.models import Kind, User


def _works(user: User) -> bool:
    return user.kind == Kind.OFFICIAL


LETTERS = MenuItem("letters", _("告知"), "send", 80, _works)

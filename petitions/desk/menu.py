"""The menu items of petitions and of the register of transfers on the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem, reads_records
from accounts.models import READERS, Kind, User
from petitions.duties import PETITION_OFFICE
from responsibility.people import position_of


def _works(user: User) -> bool:
    return user.kind == Kind.OFFICIAL


def _of_office(user: User) -> bool:
    return _works(user) and any(PETITION_OFFICE in held.duties for held in position_of(user).held)


def _receives(user: User) -> bool:
    return _of_office(user) or (_works(user) and any(held.is_intake for held in position_of(user).held))


def keeps_the_register(user: User) -> bool:
    return user.kind in READERS or any(held.is_intake or held.is_top for held in position_of(user).held)


ITEMS = (
    MenuItem("ledger", _("台账"), "list", 30, reads_records),
    MenuItem("petition_new", _("登记来件"), "plus", 60, _receives),
    MenuItem("imports", _("导入旧台账"), "download", 70, _of_office),
    MenuItem("transfers", _("移送登记簿"), "leave", 90, keeps_the_register),
)

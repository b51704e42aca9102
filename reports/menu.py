"""What figures and exports put into the menu of the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem
from accounts.models import READERS, Kind, User
from responsibility.models import OrganKind
from responsibility.people import standing


def _reads(user: User) -> bool:
    return user.kind in (Kind.OFFICIAL, *READERS)


def _exports(user: User) -> bool:
    return user.kind in READERS or any(
        held.is_top and held.organ_kind == OrganKind.PETITION_OFFICE for held in standing(user).held
    )


ITEMS = (
    MenuItem("dashboard", _("运行情况"), "chart", 40, _reads),
    MenuItem("exports", _("数据导出"), "sheet", 50, _exports),
)

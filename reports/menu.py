"""Registers the dashboard and the exports in the menu of the desk."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem
from accounts.models import READERS, Kind, User
from reports.export_kinds import may_export


def _reads(user: User) -> bool:
    return user.kind in (Kind.OFFICIAL, *READERS)


def _exports(user: User) -> bool:
    return bool(may_export(user))


ITEMS = (
    MenuItem("dashboard", _("运行情况"), "chart", 40, _reads),
    MenuItem("exports", _("数据导出"), "sheet", 50, _exports),
)

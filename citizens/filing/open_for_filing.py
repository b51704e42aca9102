"""Checks whether an office to receive filings is registered yet."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.public_sides import public_sides
from massline.acts import ActError


class NotOpen(ActError):
    """A citizen filed before any office to receive it was registered."""

    status = 503
    title = gettext_lazy("本平台还没有开始受理")

    def __init__(self) -> None:
        super().__init__(_("受理机构还没有登记，现在不能提交。请直接到当地信访部门反映，或者拨打 12345。"))


def is_open() -> bool:
    """Returns whether some kind receives filings."""
    return any(side.form.ready() for side in public_sides().values() if side.form)

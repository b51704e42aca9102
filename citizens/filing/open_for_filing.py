"""Whether there is anybody yet to receive what citizens send."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.public_sides import public_sides
from massline.acts import ActError


class NotOpen(ActError):
    """A citizen sent something before there is an office to receive it."""

    status = 503
    title = gettext_lazy("本平台还没有开始受理")

    def __init__(self) -> None:
        super().__init__(_("受理机构还没有登记，现在不能提交。请直接到当地信访部门反映，或者拨打 12345。"))


def is_open() -> bool:
    """Whether some kind receives what citizens file."""
    return any(side.form.ready() for side in public_sides().values() if side.form)

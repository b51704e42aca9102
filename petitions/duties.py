"""The duty of an organ that petitions need: being the petition office (信访部门) of a region."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from responsibility.duties import Duty
from responsibility.people import position_of

PETITION_OFFICE = "petition_office"
DUTY = Duty(
    PETITION_OFFICE,
    _("信访部门"),
    without=_('还没有设有岗位的信访部门（kind = "petition_office"），本平台仍不能收件。'),
)


def heads_office(user: User) -> bool:
    """Returns whether the user heads a petition office today."""
    return any(held.is_top and PETITION_OFFICE in held.duties for held in position_of(user).held)

"""The duty of an organ that tasks need: being the inspection office (督查室) of a region."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from responsibility.duties import Duty
from responsibility.people import HeldPost, position_of

INSPECTION_OFFICE = "inspection_office"
DUTY = Duty(INSPECTION_OFFICE, _("督查部门"))


def office_posts(user: User) -> list[HeldPost]:
    """Returns the posts of inspection offices that the user holds today."""
    if user.kind != Kind.OFFICIAL:
        return []
    return [held for held in position_of(user).held if INSPECTION_OFFICE in held.duties]


def leading_posts(user: User) -> list[HeldPost]:
    """Returns the top posts of organs with organs below them: an order of their holder needs no approval."""
    if user.kind != Kind.OFFICIAL:
        return []
    where = position_of(user)
    return [held for held in where.held if held.is_top and len(where.below) > 1]

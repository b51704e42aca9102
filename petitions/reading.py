"""Reading one petition: whether it exists for the reader."""

from django.utils.translation import gettext as _

from accounts.models import User
from massline.acts import NotVisible
from petitions.models import Demand


def visible(user: User, number: str) -> Demand:
    """The demand, if it exists for this person; raises NotVisible, the same for every other number."""
    found = Demand.objects.for_user(user).whole().filter(petition__number=number).first()
    if found is None:
        raise NotVisible(_("没有这件信访事项，或者它不在您的职责范围内"))
    return found

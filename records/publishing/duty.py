"""The duty of the organs that clear what is published (保密审查)."""

from django.utils.translation import gettext_lazy as _

from responsibility import duties
from responsibility.duties import Duty
from responsibility.models import Organ

SECRECY = "secrecy"
DUTY = Duty(SECRECY, _("保密审查机构"))
"""An office opens without one: then nothing is published."""


def clearing_organ(organ: Organ) -> Organ | None:
    """Returns the organ that clears what this one publishes."""
    return duties.office_of(organ, SECRECY)


def organ_above(organ: Organ) -> Organ | None:
    """Returns the clearing organ of the region around that of this one, to which it refers (送审) what it cannot
    decide."""
    around = organ.region.parent_id
    found = duties.office_for(SECRECY, around) if around else None
    return None if found == organ else found

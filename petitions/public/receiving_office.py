"""The petition office that citizens turn to: whether there is one, and where it is found (Art. 18)."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from massline.cookies import cookie
from petitions.duties import PETITION_OFFICE
from responsibility import duties
from responsibility.models import Organ, Region

CODE = re.compile("[0-9]{6,12}")
PLACE = "place"
"""The cookie with the code of the region that a citizen has chosen."""


def is_open() -> bool:
    """Whether anything can be filed: some petition office with a post is registered."""
    return Region.objects.served(PETITION_OFFICE).exists()


def places() -> list[Region]:
    return list(Region.objects.served(PETITION_OFFICE).order_by("code"))


def office_for(code: str = "") -> Organ | None:
    """The office that serves a region; without one, or with one that nobody serves, the highest."""
    served = Region.objects.served(PETITION_OFFICE)
    region = served.filter(code=code).first() if CODE.fullmatch(code) else None
    region = region or served.exclude(parent__in=served).order_by("code").first()
    return duties.office_for(PETITION_OFFICE, region.pk) if region else None


def contact(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the office of the page's reader, looked up when a page shows it. A view that knows better
    gives `office` itself."""
    return {"office": SimpleLazyObject(lambda: office_for(cookie(request, PLACE)))}


def readiness() -> tuple[bool, str]:
    """What /readyz and the start say about it."""
    if is_open():
        return True, "open"
    return False, "not open: no petition office is registered yet (docs/operations.md, Opening the office)"

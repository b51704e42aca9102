"""Finds the petition office that citizens turn to: whether there is one, and its address and hours (Art. 18)."""

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
"""The name of the cookie with the code of the region that a citizen chose."""


def is_open() -> bool:
    """Returns whether petitions can be filed: some petition office with a post is registered."""
    return Region.objects.served(PETITION_OFFICE).exists()


def places() -> list[Region]:
    return list(Region.objects.served(PETITION_OFFICE).order_by("code"))


def office_for(code: str = "") -> Organ | None:
    """Returns the office that serves a region; without a code, or for a region that no office serves, the highest
    office."""
    served = Region.objects.served(PETITION_OFFICE)
    region = served.filter(code=code).first() if CODE.fullmatch(code) else None
    region = region or served.exclude(parent__in=served).order_by("code").first()
    return duties.office_for(PETITION_OFFICE, region.pk) if region else None


def contact(request: HttpRequest) -> dict[str, Any]:
    """Adds the office of the reader's chosen place to every page (context processor); lazy, so that only pages that
    show it query. A view with a better answer gives `office` itself."""
    return {"office": SimpleLazyObject(lambda: office_for(cookie(request, PLACE)))}


def readiness() -> tuple[bool, str]:
    """Returns the state of the petition office for /readyz and for the start."""
    if is_open():
        return True, "open"
    return False, "not open: no petition office is registered yet (docs/operations.md, Opening the office)"

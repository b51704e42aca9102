"""How many files may be added in an hour: one count for pages and REST, asked before anything is decoded."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from massline.web import over_limit

TRIES = 3
"""So many times as many files as a record may have are looked at in an hour."""


def wait_before_adding(request: HttpRequest, record: Any, user: Any = None) -> int:
    """Counts one more file; seconds to wait when it is one too many, else 0.

    Citizens count by their address, an official by the account as well: an office has one address for all.
    """
    who = "attach" if user is None else f"attach:user:{user.pk}"
    matter = record.matter
    one = f"attach:{matter.kind}:{matter.pk}"
    return max(
        over_limit(who, request, settings.UPLOAD_LIMIT),
        over_limit(one, request, TRIES * settings.ATTACHMENT_MAX_COUNT),
    )

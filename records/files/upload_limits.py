"""Limits uploads: the bytes of one request and the files in an hour, asked before anything is decoded."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from massline.web import over_limit
from records.files.acts import ADDING

TRIES = 3
"""How many times the files that a record may have are judged in an hour."""


def max_form_bytes(kwargs: Mapping[str, Any]) -> int:
    """Returns how many bytes the files of one form may have."""
    return int(settings.ATTACHMENT_MAX_TOTAL)


def max_json_bytes(kwargs: Mapping[str, Any]) -> int:
    """Returns how many bytes a REST act may bring: base64 makes four of three."""
    return int(settings.ATTACHMENT_MAX_BYTES * 4 / 3) if kwargs.get("act") in ADDING else 0


def wait_before_adding(request: HttpRequest, record: Any, user: Any = None) -> int:
    """Counts one more file and returns the seconds to wait when it is one too many, else 0.

    Citizens count by their address, an official by the account as well: an office has one address for all.
    """
    who = "attach" if user is None else f"attach:user:{user.pk}"
    matter = record.matter
    one = f"attach:{matter.kind}:{matter.pk}"
    return max(
        over_limit(who, request, settings.UPLOAD_LIMIT),
        over_limit(one, request, TRIES * settings.ATTACHMENT_MAX_COUNT),
    )

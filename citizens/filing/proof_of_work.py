"""Checks a proof of work, which replaces the limit of filings: about a second of a phone's time, much of a
flooder's."""

import json
from base64 import b64decode
from datetime import timedelta

from altcha import v1 as altcha
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from massline import crypto
from massline.web import used_before

LIFETIME = timedelta(minutes=30)


@never_cache
@require_safe
def altcha_challenge(request: HttpRequest) -> JsonResponse:
    """Answers with the challenge that the browser solves while a citizen fills in a form."""
    challenge = altcha.create_challenge(
        altcha.ChallengeOptions(
            hmac_key=crypto.key_for("altcha").hex(),
            max_number=settings.ALTCHA_MAX_NUMBER,
            expires=timezone.now() + LIFETIME,
        )
    )
    return JsonResponse(
        {
            "algorithm": challenge.algorithm,
            "challenge": challenge.challenge,
            "maxnumber": settings.ALTCHA_MAX_NUMBER,
            "salt": challenge.salt,
            "signature": challenge.signature,
        }
    )


def proved(payload: str) -> bool:
    """Returns whether a proof of work is right, fresh and used for the first time."""
    if not payload:
        return False
    try:
        solved = json.loads(b64decode(payload))
        good, _error = altcha.verify_solution(solved, crypto.key_for("altcha").hex(), check_expires=True)
    except Exception:
        # The library meets arbitrary input here, and any fault in it is a proof that fails.
        return False
    # By what was signed: one solution can be written down in many ways.
    return good and not used_before(f"altcha:{solved['signature']}", 3600)

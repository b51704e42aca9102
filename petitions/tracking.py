"""Opening one petition with its number and tracking code (查询码)."""

import hmac

from massline import crypto
from petitions.filing import NUMBERS
from petitions.models import Demand


def find(number: str, code: str) -> Demand | None:
    """The demand that both open; none for a wrong code just as for an unknown number."""
    expected = crypto.code_hash(code)
    demand = Demand.objects.whole().filter(petition__number=NUMBERS.plain(number)).first()
    known = bytes(demand.petition.tracking_hash) if demand else b""
    return demand if hmac.compare_digest(known, expected) else None

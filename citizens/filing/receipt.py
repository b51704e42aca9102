"""Takes in a filing: the sealed identity, the tracking code, the people complained about; and builds the receipt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from citizens.models import Filing, Representative
from citizens.recusal import name_complained
from massline import crypto
from massline.cookies import SealedCookie
from massline.time import local_time
from responsibility.models import Obligation


def take_in(kind: str, data: Mapping[str, Any], *, code: str | None = None, region: int) -> Filing:
    """Stores the filing, in the running transaction and under its event; the record will point to it.

    `data` is what a valid PersonForm holds, with `complained_about` and `representatives` where the kind asks for
    them. Without a `code` it cannot be tracked. `region` is where the matter belongs: organs are called by their short
    names there.
    """
    filing = Filing(kind=kind, tell_by=data["tell_by"], code_hash=crypto.code_hash(code) if code else None)
    filing.put_identity(data)
    filing.save(force_insert=True)
    _represent(filing, data.get("representatives") or ())
    name_complained(filing, data.get("complained_about") or (), region)
    return filing


def _represent(filing: Filing, others: Iterable[Mapping[str, str]]) -> None:
    """Stores the other representatives of the group; the person who filed is the first."""
    rows = [Representative(filing=filing, seq=seq) for seq, _other in enumerate(others, start=2)]
    for row, other in zip(rows, others, strict=True):
        row.put_identity(other)
    if rows:
        Representative.objects.bulk_create(rows)


@dataclass(frozen=True)
class Filed:
    """The result of a filing: shown to the citizen once, kept only sealed."""

    filing: Filing
    number: str
    code: str
    received_at: datetime
    obligations: list[Obligation]
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the receipt of this kind."""

    def receipt(self) -> dict[str, Any]:
        """Builds the receipt, for the answer of REST and the receipt page."""
        return {
            "number": self.number,
            "tracking_code": self.code,
            "received_at": local_time(self.received_at).isoformat(),
            **self.more,
            "obligations": [dates(o) for o in self.obligations],
        }


def dates(obligation: Obligation) -> dict[str, Any]:
    """Describes an obligation to the citizen: the rule and its dates."""
    return {
        "rule": obligation.rule,
        "goal": obligation.goal,
        "basis": obligation.requirement,
        "due_strict": _iso(obligation.due_strict),
        "due_legal": _iso(obligation.due_legal),
        "provisional": obligation.provisional,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


# --- In the browser -----------------------------------------------------------------------------------------------
RECEIPT = SealedCookie("receipt", timedelta(days=1))
"""The cookie with the receipt, until the citizen confirms that it is saved."""


def kept_receipt(request: HttpRequest) -> dict[str, Any] | None:
    """Returns the receipt that is still open in this browser."""
    try:
        return dict(RECEIPT.read(request))
    except crypto.Unreadable:
        return None

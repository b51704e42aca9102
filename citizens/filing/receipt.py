"""Taking in what a citizen files: the sealed identity, the tracking code, who is complained about; and the receipt."""

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
    """Keeps who filed, in the running transaction and under the event of the filing; the record will point to it.

    `data` is what a valid PersonForm holds, with `complained_about` and `representatives` where the kind asks for
    them. Without a `code` nobody can follow it. `region` is where the matter belongs: organs are called by their short
    names there.
    """
    filing = Filing(kind=kind, tell_by=data["tell_by"], code_hash=crypto.code_hash(code) if code else None)
    filing.put_identity(data)
    filing.save(force_insert=True)
    _represent(filing, data.get("representatives") or ())
    name_complained(filing, data.get("complained_about") or (), region)
    return filing


def _represent(filing: Filing, others: Iterable[Mapping[str, str]]) -> None:
    """Keeps who else speaks for the group, after the person who filed, who is the first."""
    rows = [Representative(filing=filing, seq=seq) for seq, _other in enumerate(others, start=2)]
    for row, other in zip(rows, others, strict=True):
        row.put_identity(other)
    if rows:
        Representative.objects.bulk_create(rows)


@dataclass(frozen=True)
class Filed:
    """What the citizen gets: shown once, kept only sealed."""

    filing: Filing
    number: str
    code: str
    received_at: datetime
    obligations: list[Obligation]
    more: Mapping[str, Any] = field(default_factory=dict)
    """What a receipt of this kind says besides."""

    def receipt(self) -> dict[str, Any]:
        """The answer of REST, and what the receipt page shows."""
        return {
            "number": self.number,
            "tracking_code": self.code,
            "received_at": local_time(self.received_at).isoformat(),
            **self.more,
            "obligations": [dates(o) for o in self.obligations],
        }


def dates(obligation: Obligation) -> dict[str, Any]:
    """An obligation as the outside sees it: the rule and its dates."""
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
"""The receipt, until the citizen says that it is saved."""


def kept_receipt(request: HttpRequest) -> dict[str, Any] | None:
    """The receipt that is still open in this browser."""
    try:
        return dict(RECEIPT.read(request))
    except crypto.Unreadable:
        return None

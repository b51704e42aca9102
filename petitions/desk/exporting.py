"""The rules for exporting petitions. Accusations that were handed over are never exported, for any user."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from citizens.identity.sealing import readable
from citizens.models import Filing
from petitions import events
from petitions.duties import heads_office
from petitions.models import Demand
from records.exporting import Exported, Seal


def _open_identity(key: Any, sealed: Mapping[str, Any]) -> dict[str, str]:
    """Opens the sealed identity of the petitioner, formatted for reading."""
    lies = {f"{name}_sealed": value for name, value in sealed.items()}
    clear = Filing(key=key, **lies).identity(*sealed)
    return {name: readable(name, value) for name, value in clear.items()}


def _hidden(user: User, as_of: datetime) -> QuerySet[Any]:
    """Selects the petitions that were handed over, and those that complain about this user."""
    hidden = Demand.objects.filter(Q(sealed=True) | Q(petition__filing__complained__user=user), received_at__lte=as_of)
    return hidden.values_list("pk", flat=True)


EXPORTED = Exported(
    may=heads_office,
    hidden=_hidden,
    seal=Seal("petition__filing__key", _open_identity, events.UNMASKED),
)

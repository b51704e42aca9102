"""Opens a record by its number and tracking code (查询码), for every kind alike."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from citizens.models import Filing
from citizens.public_sides import declared_side, public_sides
from massline import crypto
from massline.acts import ActError
from massline.cookies import SealedCookie
from records.kinds import record_type
from records.models.frozen import is_frozen


def find(number: str, code: str) -> Any:
    """Returns the record that both open; None for a wrong code just as for an unknown number."""
    filing = Filing.objects.filter(code_hash=crypto.code_hash(code)).first()
    record = record_of(filing) if filing else None
    return record if record and type(record).numbers().plain(number) == record.matter.key else None


class BeingChecked(ActError):
    """The record is frozen; its citizen reads nothing of why."""

    status = 409
    title = _("本件正在按规定核查，暂时不能查看")


def record_of(filing: Filing) -> Any:
    """Returns the record of a filing, with the relations that its citizen's view needs; raises BeingChecked."""
    declared, side = declared_side(filing.kind)
    record = declared.with_related(declared.model._default_manager.all()).get(**{side.filing: filing.pk})
    if is_frozen(filing.kind, record.pk):
        raise BeingChecked
    return record


def tracked_record(filing: int) -> Any:
    """Returns the record of a filing whose code was shown before."""
    return record_of(Filing.objects.get(pk=filing))


def filing_of(record: Any) -> int:
    """Returns the id of a record's filing."""
    _declared, side = declared_side(record.matter.kind)
    return int(getattr(record, f"{side.filing}_id"))


def own_door(number: str) -> str:
    """Returns the name of the address that opens records with such a number; empty for kinds of the common box."""
    for kind, side in public_sides().items():
        numbers = record_type(kind).model.numbers()  # type: ignore[attr-defined]
        if side.door and numbers.plain(number).startswith(numbers.prefix):
            return side.door
    return ""


TRACKING = SealedCookie("tracking", timedelta(minutes=30))
"""The cookie with the filing whose code was shown in this browser."""


def tracked_filing(request: HttpRequest) -> int | None:
    """Returns the filing whose code was shown in this browser in the last half hour."""
    try:
        return int(TRACKING.read(request))
    except crypto.Unreadable:
        return None

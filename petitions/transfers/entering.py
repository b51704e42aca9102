"""Enters papers that are accusations into the register directly, for the official who received them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from audit import log
from massline.acts import Refused
from petitions import events
from petitions.duties import PETITION_OFFICE
from petitions.transfers.acts import new_line, owe_receipt
from petitions.transfers.models import Transfer
from responsibility.models import Organ
from responsibility.people import HeldPost, position_of


def receiving_post(user: User) -> HeldPost | None:
    """Returns the post in which the user receives letters, visits and calls: of a petition office, else of another
    organ."""
    held = position_of(user).held
    offices = [h for h in held if PETITION_OFFICE in h.duties and (h.is_intake or h.is_top)]
    return next(iter([*offices, *(h for h in held if h.is_intake)]), None)


def receiving_organ(user: User) -> Organ:
    held = receiving_post(user)
    if held is None:
        raise Refused()
    return Organ.objects.get(pk=held.organ)


def enter_paper(data: Mapping[str, Any], user: User, at: datetime) -> Transfer:
    """Adds a letter, visit or call that is an accusation to the register; nothing else of it is stored."""
    held = receiving_post(user)
    if held is None:
        raise Refused()
    line = new_line(data, held, user, at, data["channel"])
    facts = {"channel": data["channel"], "by": held.organ_name, "at": at.isoformat()}
    log.record(events.TRANSFER_ENTERED, subject=log.Subject(Transfer.KIND, line.number), facts=facts)
    line.save(force_insert=True)
    owe_receipt(line, at)
    return line

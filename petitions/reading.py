"""Reading one petition: whether it exists for the reader; reading an accusation (检举控告) is itself put on record."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import events, log
from massline.acts import NotVisible
from petitions.models import Demand
from petitions.work import actor_for_log, subject_of


def visible(user: User, number: str) -> Demand:
    """The demand, if it exists for this person; raises NotVisible, the same for every other number."""
    found = Demand.objects.for_user(user).whole().filter(petition__number=number).first()
    if found is None:
        raise NotVisible(_("没有这件信访事项，或者它不在您的职责范围内"))
    return found


def note_reading(demand: Demand, user: Any) -> None:
    """Whoever opens an accusation leaves an event; other petitions are read without one."""
    if not demand.is_accusation:
        return
    with transaction.atomic():
        log.record(events.READ, subject=subject_of(demand), actor=actor_for_log(user))

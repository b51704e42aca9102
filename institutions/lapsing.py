"""Lapses the regulations whose last day is over (有效期届满). It may run twice: what has lapsed is in force no more."""

import logging
from datetime import datetime

from django.utils import timezone

from audit.context import SYSTEM, acting
from institutions.acts.system import Lapse
from institutions.models import Regulation, RegulationState
from massline.acts import WrongState, perform
from massline.time import local_day

logger = logging.getLogger(__name__)


def lapse_expired(now: datetime | None = None) -> None:
    """Lapses them one after the other, each in its transaction: a poison row stops no other."""
    at = now or timezone.now()
    over = Regulation.objects.filter(state=RegulationState.IN_FORCE, expires__lt=local_day(at))
    with acting(SYSTEM):
        for pk in list(over.values_list("pk", flat=True)):
            try:
                perform(Lapse(), Regulation, pk, SYSTEM, {}, at=at)
            except WrongState:
                continue
            except Exception:
                logger.exception("regulation %s could not lapse", pk)

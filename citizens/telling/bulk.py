"""Tells many letters at once (批量告知): each by an act and a transaction of its own, with its own result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import structlog
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from citizens.models import CitizenNotification, NotificationState
from citizens.telling.acts import tell
from citizens.telling.forms import AS_CHOSEN
from citizens.telling.ways import REACHED_BY
from massline.acts import ActError, Invalid, NotVisible, Refused, WrongState
from records.bulk import MAX_AT_ONCE, Failed, Status

__all__ = ["MAX_AT_ONCE", "Result", "tell_each"]
NOT_THERE = _("没有这份文书，或者它不由您所在的单位告知")
NO_CONTACT = _("当事人没有留下这种方式的联系方式，请改用其他方式，或者登记为“无法告知”")
logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Result:
    letter: CitizenNotification | None
    """None when the user may not see such a letter."""
    status: Status
    error: ActError | None = None

    @property
    def reason(self) -> str:
        if isinstance(self.error, Invalid):
            return " ".join(said for messages in self.error.errors.values() for said in messages)
        return str(self.error.message) if self.error else ""


def tell_each(
    wanted: Iterable[int | None],
    visible: Iterable[CitizenNotification],
    user: User,
    how: str,
    served_on: date | None = None,
) -> list[Result]:
    """Tells the letters in the given order, a repeated one once. A failure stops no other letter."""
    seen = {letter.pk: letter for letter in visible}
    return [_one(seen.get(pk or 0), user, how, served_on) for pk in dict.fromkeys(wanted)]


def _one(letter: CitizenNotification | None, user: User, how: str, served_on: date | None) -> Result:
    if letter is None:
        return Result(None, Status.REFUSED, NotVisible(NOT_THERE))
    way = letter.filing.tell_by if how == AS_CHOSEN else how
    if how == AS_CHOSEN and not letter.filing.masked()[REACHED_BY[way]]:
        return Result(letter, Status.REFUSED, Refused(NO_CONTACT))
    try:
        tell(letter.pk, user, way, served_on=served_on)
    except WrongState as error:
        told = CitizenNotification.objects.filter(pk=letter.pk, state=NotificationState.TOLD).exists()
        return Result(letter, Status.ALREADY if told else Status.REFUSED, error)
    except ActError as error:
        return Result(letter, Status.REFUSED, error)
    except Exception:
        logger.exception("bulk_telling_failed", letter=letter.pk)
        return Result(letter, Status.REFUSED, Failed())
    return Result(letter, Status.DONE)

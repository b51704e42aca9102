"""Many letters told at once (批量告知): each is an act of its own, in a transaction of its own, with its own result."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.acts import ActError, NotVisible, Refused, WrongState
from petitions.models import TellBy, Telling
from petitions.receiving import REACHED_BY
from petitions.telling.acts import tell
from petitions.telling.models import TellingState
from records.bulk import MAX_AT_ONCE, Failed, Status

__all__ = ["MAX_AT_ONCE", "HowForm", "Result", "tell_each"]
AS_CHOSEN = "chosen"
NOT_THERE = _("没有这份文书，或者它不由您所在的单位告知")
NO_CONTACT = _("信访人没有留下这种方式的联系方式，请改用其他方式，或者登记为“无法告知”")
logger = structlog.get_logger(__name__)


class HowForm(forms.Form):
    how = forms.ChoiceField(label=_("怎样告知的"), choices=[(AS_CHOSEN, _("按各位信访人选择的方式")), *TellBy.choices])


@dataclass(frozen=True)
class Result:
    telling: Telling | None
    """None when no such letter exists for this person."""
    status: Status
    error: ActError | None = None

    @property
    def reason(self) -> str:
        return str(self.error.message) if self.error else ""


def tell_each(wanted: Iterable[int | None], visible: Iterable[Telling], user: User, how: str) -> list[Result]:
    """Tells each in the order given, one named twice once. One that fails stops no other."""
    seen = {telling.pk: telling for telling in visible}
    return [_one(seen.get(pk or 0), user, how) for pk in dict.fromkeys(wanted)]


def _one(telling: Telling | None, user: User, how: str) -> Result:
    if telling is None:
        return Result(None, Status.REFUSED, NotVisible(NOT_THERE))
    petitioner = telling.demand.petition.petitioner
    way = petitioner.tell_by if how == AS_CHOSEN else how
    if how == AS_CHOSEN and not petitioner.masked()[REACHED_BY[way]]:
        return Result(telling, Status.REFUSED, Refused(NO_CONTACT))
    try:
        tell(telling.pk, user, way)
    except WrongState as error:
        told = Telling.objects.filter(pk=telling.pk, state=TellingState.TOLD).exists()
        return Result(telling, Status.ALREADY if told else Status.REFUSED, error)
    except ActError as error:
        return Result(telling, Status.REFUSED, error)
    except Exception:
        logger.exception("bulk_telling_failed", telling=telling.pk)
        return Result(telling, Status.REFUSED, Failed())
    return Result(telling, Status.DONE)

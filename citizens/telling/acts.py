"""The acts on a letter in the queue: the citizen is told it, or cannot be told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens import events
from citizens.models import CitizenNotification, NotificationState, TellBy
from citizens.models.notifications import SENDER, TELLER, WhyReturned
from citizens.telling.forms import ServedForm, TellForm
from citizens.telling.owing import owe_letter
from massline.acts import Act, Acts, Doing, WrongState, perform
from massline.inputs import Choice, Reason
from massline.time import local_day
from records.effects import Writes
from responsibility import obligations

NOTICE = "《信访工作条例》第二十二条、第二十三条：书面告知信访人"


class Unclear(models.TextChoices):
    """The reasons for which a citizen need not be told (Art. 23)."""

    NAME = "name", _("姓名（名称）不清")
    ADDRESS = "address", _("住址、联系方式不清")


class StoresWhoTold:
    """Stores the official who told the citizen, when and how; no official when a message of the system did. Whatever
    is not sent by post is served at once."""

    def apply(self, doing: Doing) -> None:
        told, how = doing.record, doing.data["how"]
        told.told_at, told.told_how = doing.at, how
        told.told_by = None if SENDER in doing.roles else doing.actor
        served_on = doing.data["served_on"] or (None if how == TellBy.LETTER else local_day(doing.at))
        told.served_on, told.served_noted_at = served_on, doing.at if served_on else None


class StoresServedOn:
    """Stores the day on which the letter reached the citizen, and when that was entered."""

    def apply(self, doing: Doing) -> None:
        doing.record.served_on, doing.record.served_noted_at = doing.data["served_on"], doing.at


@dataclass(frozen=True)
class EndsItsDuty:
    """Closes the obligation to tell the letter, or releases it (`released`)."""

    released: bool = False

    def apply(self, doing: Doing) -> None:
        telling = doing.record
        if telling.owed_id is None:
            return
        obligations.close_one(telling.owed_id, doing.at, released=self.released)


class TellingAct(Act):
    from_states, roles, basis = frozenset({NotificationState.WAITING}), frozenset({TELLER}), NOTICE


class Tell(TellingAct):
    """Records that the citizen was told. A message sent before the letter was recalled did reach the citizen: that
    stays on record too."""

    slug, label = "tell", _("告知")
    button = _("已经告知")
    from_states = frozenset({NotificationState.WAITING, NotificationState.RECALLED})
    to, roles = (NotificationState.TOLD,), frozenset({TELLER, SENDER})
    event = events.TOLD
    form = TellForm
    effects = (StoresWhoTold(), EndsItsDuty())

    def check(self, doing: Doing) -> None:
        if doing.state_before == NotificationState.RECALLED and SENDER not in doing.roles:
            raise WrongState(doing.record.last_change(doing.actor))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"letter": doing.record.letter, "how": doing.data["how"]}


class NoteServed(TellingAct):
    """Enters the day on which a letter reached the citizen, by its receipt (送达回证); or corrects it."""

    slug, label = "note_served", _("登记送达日期")
    basis = "《信访工作条例》第三十五条：申请复查的期限自收到书面答复之日起算"
    from_states = frozenset({NotificationState.TOLD})
    event = events.SERVED
    form = ServedForm
    effects = (StoresServedOn(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"letter": doing.record.letter, "served_on": doing.data["served_on"].isoformat()}


class TellsAgain:
    """Takes back that the citizen was told, and owes it anew: the period runs from now, for the letter was sent."""

    def apply(self, doing: Doing) -> None:
        letter = doing.record
        letter.told_at, letter.told_by, letter.told_how = None, None, ""
        letter.returned = doing.data["returned"]
        if letter.owed_id is not None:  # about an accusation that was handed over nothing is owed here
            letter.owed = owe_letter(letter.record, letter.office_id, doing.at)


class NoteReturned(TellingAct):
    """Enters that the post returned the letter (退信): it waits again, and an official decides on another way."""

    slug, label = "note_returned", _("登记退信")
    basis = "退回的信没有送达，另行告知"
    from_states, to = frozenset({NotificationState.TOLD}), (NotificationState.WAITING,)
    event = events.RETURNED
    fields = (Choice("returned", _("退回的原因"), WhyReturned.choices, radio=True),)
    effects = (TellsAgain(),)

    def check(self, doing: Doing) -> None:
        letter = doing.record
        if letter.told_how != TellBy.LETTER:
            raise WrongState(_("这份文书不是邮寄的，没有退信可以登记。"))
        if letter.served_on is not None:
            raise WrongState(_("这份文书已经登记送达日期。"))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"letter": doing.record.letter, "returned": doing.data["returned"]}


class CannotTell(TellingAct):
    """Records that the citizen cannot be told: the duty ends where the name or address is unclear (Art. 23), with a
    public reason."""

    slug, label = "cannot_tell", _("无法告知")
    basis = "《信访工作条例》第二十三条：信访人姓名（名称）、住址不清的除外"
    button = _("确认无法告知")
    to = (NotificationState.CANNOT,)
    event = events.CANNOT_TELL
    fields = (
        Choice("unclear", _("为什么无法告知"), Unclear.choices, radio=True),
        Reason(
            "reason",
            _("具体情况"),
            max_length=1000,
            hint=_("写明核实过什么、怎样联系过；会记入办理经过，内部可见"),
        ),
    )
    effects = (Writes("reason"), EndsItsDuty(released=True))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"letter": doing.record.letter, "unclear": doing.data["unclear"]}


TELLING_ACTS = Acts(Tell, NoteServed, NoteReturned, CannotTell)


def tell(
    letter: int, actor: Any, how: str, at: datetime | None = None, served_on: date | None = None
) -> CitizenNotification:
    """Records that the citizen was told; raises WrongState when another official was quicker."""
    given = {"how": how, "served_on": served_on}
    told: CitizenNotification = perform(TELLING_ACTS["tell"], CitizenNotification, letter, actor, given, at=at)
    return told


def note_served(letter: int, actor: Any, served_on: date, at: datetime | None = None) -> None:
    """Enters the day on which the letter reached the citizen."""
    perform(TELLING_ACTS["note_served"], CitizenNotification, letter, actor, {"served_on": served_on}, at=at)

"""What can happen to a whistle: organs are called, come or say why not; the organ above decides; the township says what
it was worth."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspection.whistles import events, notices
from inspection.whistles.calling import TO_COME, TO_DIRECT, TO_RATE, call, tell, work_above, work_of
from inspection.whistles.forms import ABSENT, CallForm, CannotForm, ComeForm, DirectForm, RateForm
from inspection.whistles.models import (
    AWAITED,
    CallState,
    Whistle,
    WhistleCall,
    WhistleRole,
    WhistleState,
    Worth,
)
from massline.acts import Act, Acts, Doing, WrongState
from massline.days import check_to_come
from massline.inputs import Reason, Text
from massline.time import local_day, today
from records.effects import Writes
from records.files.acts import Attach
from records.models import RecordRole
from records.notes import KeepNote
from responsibility import obligations
from responsibility.effects import Notifies, Releases
from responsibility.people import office_people, position_of

BLOWN = frozenset({WhistleState.BLOWN})
CALLER = frozenset({WhistleRole.CALLER})
READERS = frozenset({RecordRole.READER})
BASIS = "街乡吹哨、部门报到：叫到谁，谁限期到场；不能到场的报上级"


def called_people(whistle: Whistle) -> list[tuple[int, int | None]]:
    return [each for one in whistle.called for each in office_people(one.organ_id, today())]


def close(doing: Doing, one: WhistleCall, rule: str, *, released: bool = False) -> None:
    """Closes what is owed of this call under this rule."""
    obligations.close_all(doing.record.matter, doing.at, [rule], item=one.item, released=released)


def turn(one: WhistleCall, state: CallState, doing: Doing) -> None:
    """Brings a call into this state; whoever came did so on the day of the act."""
    one.state, one.came_on = state, local_day(doing.at) if state == CallState.CAME else None
    if state != CallState.CAME:
        one.worth = ""
    one.save(update_fields=["state", "came_on", "worth"])


class CallsOrgan:
    def apply(self, doing: Doing) -> None:
        check_to_come("come_by", doing.data["come_by"], doing.at)
        call(doing.record, doing.data["organ"], doing.data["come_by"], doing.at)


class Comes:
    """It came: the township owes its word about that."""

    def apply(self, doing: Doing) -> None:
        one, whistle = doing.data["organ"], doing.record
        turn(one, CallState.CAME, doing)
        close(doing, one, TO_COME)
        close(doing, one, TO_DIRECT, released=True)
        obligations.open_(whistle.matter, TO_RATE, whistle.chain_subject(), doing.at, item=one.item)
        tell(notices.CAME, whistle, whistle.callers(), doing.at)


class GoesUp:
    """Puts what one says it cannot do before the organ above it. Its own day runs on."""

    def apply(self, doing: Doing) -> None:
        one, whistle = doing.data["organ"], doing.record
        turn(one, CallState.CANNOT, doing)
        obligations.open_(whistle.matter, TO_DIRECT, work_above(one), doing.at, item=one.item)
        tell(notices.CANNOT, whistle, office_people(one.superior, today()), doing.at)


class Directs:
    """It comes all the same, by its old day; or it need not come."""

    def apply(self, doing: Doing) -> None:
        one, whistle = doing.data["organ"], doing.record
        close(doing, one, TO_DIRECT)
        if doing.data["comes"] == "yes":
            turn(one, CallState.CALLED, doing)
        else:
            turn(one, CallState.EXCUSED, doing)
            close(doing, one, TO_COME, released=True)
        told = [*office_people(one.organ_id, today()), *whistle.callers()]
        tell(notices.DIRECTED, whistle, dict.fromkeys(told), doing.at)


class Rates:
    """Stores what it was worth; who is rated has come, whether it said so or not."""

    def apply(self, doing: Doing) -> None:
        one = doing.data["organ"]
        if doing.data["worth"] == ABSENT:
            self._absent(doing, one)
            return
        if one.state in AWAITED:
            turn(one, CallState.CAME, doing)
            close(doing, one, TO_COME)
            close(doing, one, TO_DIRECT, released=True)
        one.worth = Worth(doing.data["worth"])
        one.save(update_fields=["worth"])
        close(doing, one, TO_RATE)

    def _absent(self, doing: Doing, one: WhistleCall) -> None:
        """It did not come, though it said so: it owes that again, with the old day."""
        turn(one, CallState.CALLED, doing)
        close(doing, one, TO_RATE)
        obligations.reopen(doing.record.matter, TO_COME, work_of(one), doing.at, item=one.item)
        tell(notices.ABSENT, doing.record, office_people(one.organ_id, today()), doing.at)


class Ends:
    """Its calls exclude others no more."""

    def apply(self, doing: Doing) -> None:
        doing.record.is_open = False


END = (Ends(), Releases(), Notifies(notices.ENDED, called_people))


class CallAct(Act):
    """An act about one of the organs that are called: the form offers those about which this person may act."""

    basis, from_states = BASIS, BLOWN

    def calls(self, whistle: Whistle, actor: Any) -> list[WhistleCall]:
        raise NotImplementedError

    def build_form(self, record: Any, actor: Any, data: Any) -> Any:
        form: Any = super().build_form(record, actor, data)
        if record is not None:
            form.offer(self.calls(record, actor))
        return form

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].organ.name}


class _OfOwn(CallAct):
    states: frozenset[CallState]

    def calls(self, whistle: Whistle, actor: Any) -> list[WhistleCall]:
        own = {one.item: one for held in position_of(actor).held for one in whistle.calls_of(held)}
        return [one for _item, one in sorted(own.items()) if one.state in self.states]


class Call(Act):
    slug, label, basis = "call", _("再请一个单位"), BASIS
    button = _("吹哨")
    from_states, roles, form, event = BLOWN, CALLER, CallForm, events.CALLED
    effects = (CallsOrgan(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.data["organ"].name, "day": doing.data["come_by"].isoformat()}


class Come(_OfOwn):
    slug, label = "come", _("报到")
    roles, form, event = frozenset({WhistleRole.CALLED, WhistleRole.BLOCKED}), ComeForm, events.CAME
    states = AWAITED
    effects = (Writes("fact"), Comes())


class Cannot(_OfOwn):
    slug, label, button = "cannot", _("不能到场"), _("提交上级协调")
    roles, form, event = frozenset({WhistleRole.CALLED}), CannotForm, events.CANNOT
    states = frozenset({CallState.CALLED})
    effects = (Writes("reason"), GoesUp())


class Direct(CallAct):
    slug, label = "direct", _("决定是否到场")
    roles, form, event = frozenset({WhistleRole.SUPERIOR}), DirectForm, events.SENT
    effects = (Writes("words"), Directs())

    def calls(self, whistle: Whistle, actor: Any) -> list[WhistleCall]:
        below = {one.item: one for held in position_of(actor).held for one in whistle.calls_below(held)}
        return [one for _item, one in sorted(below.items()) if one.state == CallState.CANNOT]

    def event_of(self, doing: Doing) -> Any:
        return events.SENT if doing.data["comes"] == "yes" else events.EXCUSED


class Rate(CallAct):
    slug, label = "rate", _("评价报到")
    roles, form, event = CALLER, RateForm, events.RATED
    effects = (Writes("words"), Rates())

    def calls(self, whistle: Whistle, actor: Any) -> list[WhistleCall]:
        return [one for one in whistle.called if one.state != CallState.EXCUSED]

    def check(self, doing: Doing) -> None:
        if not self.calls(doing.record, doing.actor):
            raise WrongState(_("没有单位需要到场"))

    def event_of(self, doing: Doing) -> Any:
        return events.ABSENT if doing.data["worth"] == ABSENT else events.RATED


class Settle(Act):
    """The matter is settled: whoever came has heard what it was worth, and nobody else need come."""

    slug, label, basis = "settle", _("办结"), "事情解决了就办结，不再叫人；到场的都要有评价"
    from_states, to, roles, event = BLOWN, (WhistleState.SETTLED,), CALLER, events.SETTLED
    fields = (Text("result", _("结果"), rows=3),)
    effects = (Writes("result"), *END)

    def check(self, doing: Doing) -> None:
        unsaid = [one for one in doing.record.called if one.state == CallState.CAME and not one.worth]
        if unsaid:
            raise WrongState(_("还没有评价%(organ)s的报到，请先评价") % {"organ": unsaid[0].organ.called})


class CancelWhistle(Act):
    slug, label, basis, tone = "cancel", _("撤回吹哨"), "叫错了及时撤回，不让人空跑", "danger"
    from_states, to, roles, event = BLOWN, (WhistleState.CANCELLED,), CALLER, events.CANCELLED
    fields, effects = (Reason("reason", _("理由")),), (Writes("reason"), *END)


class NoteWhistle(KeepNote):
    from_states, event = frozenset(WhistleState), events.NOTED


class AttachToWhistle(Attach):
    from_states, roles = frozenset(WhistleState), READERS


WHISTLE_ACTS = Acts(Call, Come, Cannot, Direct, Rate, Settle, CancelWhistle, NoteWhistle, AttachToWhistle)

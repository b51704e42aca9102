"""What can happen to cleanups: each regulation is judged by itself, and a meeting approves the whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.acts.base import LEADERS, READERS
from institutions.cleanups import events
from institutions.cleanups.models import CleanupState, Verdict
from institutions.models import RegulationRole
from massline.acts import Act, Acts, Doing, WrongState
from massline.days import MeetingDayField
from massline.inputs import ActForm, Reason
from massline.texts import LineField, ReasonField, text_field
from records.effects import Writes
from records.files.acts import Attach
from records.notes import KeepNote
from responsibility.effects import Closes

TO_CLEAN_UP = "IN16"


class JudgeForm(ActForm):
    """One regulation of the scope, what shall become of it, and why: never all of them at once."""

    item = forms.TypedChoiceField(label=_("哪一件制度"), coerce=int, empty_value=None)
    verdict = forms.ChoiceField(label=_("清理意见"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = ReasonField(label=_("理由"), max_length=1000, help_text=_("“继续有效”也要说明为什么仍然适用"))

    def prepare(self) -> None:
        items = self.record.items.named() if self.record else ()
        waiting = sorted(items, key=lambda one: (bool(one.verdict), one.item))
        named = [(one.item, f"{one.item}. {one.title or one.regulation.number}") for one in waiting]
        self.fields["item"].choices = [("", _("请选择")), *named]  # type: ignore[attr-defined]


class StoresVerdict:
    def apply(self, doing: Doing) -> None:
        one = doing.record.items.get(item=doing.data["item"])
        one.verdict, one.reason = doing.data["verdict"], doing.data["reason"]
        one.judged_by, one.judged_at = doing.actor, doing.at
        one.save(update_fields=["verdict", "reason", "judged_by", "judged_at"])


class StoresMeeting:
    def apply(self, doing: Doing) -> None:
        doing.record.met_on = doing.data["met_on"]


class Judge(Act):
    slug, label, basis = "judge", _("提出清理意见"), "逐件提出意见并说明理由，不能一揽子“继续有效”"
    from_states, roles = frozenset({CleanupState.JUDGING}), frozenset({RegulationRole.MEMBER})
    form, event, effects = JudgeForm, events.JUDGED, (StoresVerdict(),)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"item": doing.data["item"]}


class MeetingForm(ActForm):
    """The meeting that approved the result, and who thought otherwise."""

    meeting = LineField(label=_("审议的会议"), max_length=100)
    met_on = MeetingDayField()
    dissent = text_field(_("不同意见"), required=False, rows=3)


class Close(Act):
    """Approves the result (审议通过): every regulation has its verdict, and the head judged none alone."""

    slug, label, basis = "close", _("审议通过"), "清理结果由集体讨论决定，不同意见如实记录"
    from_states, to, roles = frozenset({CleanupState.JUDGING}), (CleanupState.CLOSED,), LEADERS
    other_hands_than, same_hands = ("judge",), _("提出清理意见的人不能自己审议，请由其他人办理")
    form, event, effects = MeetingForm, events.CLOSED, (StoresMeeting(), Writes("meeting"), Writes("dissent"), Closes())

    def check(self, doing: Doing) -> None:
        left = doing.record.items.filter(verdict="").count()
        if left:
            raise WrongState(_("还有 %(left)s 件制度没有清理意见") % {"left": left})


class Drop(Act):
    slug, label, basis, tone = "drop", _("不再清理"), "不再需要的说明理由后了结", "danger"
    from_states, to, roles = frozenset({CleanupState.JUDGING}), (CleanupState.DROPPED,), LEADERS
    fields, event = (Reason("reason", _("理由")),), events.DROPPED
    effects = (Writes("reason"), Closes())


class Note(KeepNote):
    from_states, event = frozenset(CleanupState), events.NOTED


class AttachToCleanup(Attach):
    from_states, roles = frozenset(CleanupState), READERS


CLEANUP_ACTS = Acts(Judge, Close, Drop, Note, AttachToCleanup)

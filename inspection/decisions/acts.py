"""What can happen to decisions: the steps before, the legality review, and the collective discussion.

《重大行政决策程序暂行条例》: participation (14-18), experts (19-21), risk (22-24), legality (25-28), discussion (30).
"""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from inspection.decisions import events
from inspection.decisions.forms import DecideForm, StepForm
from inspection.decisions.models import Choice, DecisionRole, DecisionState, DecisionStep, Step, Vote
from massline.acts import Act, Acts, Doing, WrongState
from massline.inputs import Choice as OneOf
from massline.inputs import Reason, Text
from records.effects import Writes
from records.files.acts import Attach
from records.models import RecordRole
from records.notes import KeepNote
from responsibility.effects import Closes, OnlyIf, Opens

TO_PREPARE, TO_CHECK, TO_DISCUSS = "DD15", "DD20", "DD21"
DRAFTERS = frozenset({RecordRole.HANDLER, RecordRole.LEADER})
DECIDERS = frozenset({RecordRole.OFFICE, DecisionRole.HEAD})
READERS = frozenset({RecordRole.READER})
STEPS = {Step.PARTICIPATION: events.PARTICIPATION, Step.EXPERTS: events.EXPERTS, Step.RISK: events.RISK}
RESULTS = {
    "adopted": (DecisionState.ADOPTED, events.ADOPTED),
    "rejected": (DecisionState.REJECTED, events.REJECTED),
    "deferred": (DecisionState.PREPARING, events.DEFERRED),
}


class StoresStep:
    """Stores the step of the form, in the place of what was written of it before."""

    def apply(self, doing: Doing) -> None:
        data = doing.data
        values = {name: data[name] for name in ("since", "until", "text", "shortened")}
        DecisionStep.objects.update_or_create(
            decision=doing.record, step=data["step"], defaults=values | {"taken": data["taken"] == "yes"}
        )


class StoresVotes:
    """Stores the meeting and its votes beside those of earlier ones."""

    def apply(self, doing: Doing) -> None:
        record, data = doing.record, doing.data
        record.met_on, record.members = data["met_on"], data["members"]
        last = record.votes.aggregate(last=Max("meeting"))["last"] or 0
        Vote.objects.bulk_create(
            Vote(decision=record, meeting=last + 1, seq=seq, said_why=bool(one.opinion), **one._asdict())
            for seq, one in enumerate(data["votes"], start=1)
        )


class RecordStep(Act):
    slug, label = "record_step", _("记录程序")
    basis = "《重大行政决策程序暂行条例》第十四至二十四条"
    from_states, roles = frozenset({DecisionState.PREPARING}), DRAFTERS
    form, event, effects = StepForm, events.PARTICIPATION, (StoresStep(),)

    def event_of(self, doing: Doing) -> Any:
        return STEPS[doing.data["step"]]


class Submit(Act):
    """Hands the draft over for the legality review; every step is written down, taken or not needed."""

    slug, label = "submit", _("送请合法性审查")
    basis = "《重大行政决策程序暂行条例》第二十五条：提请讨论前应当合法性审查"
    from_states, to, roles = frozenset({DecisionState.PREPARING}), (DecisionState.CHECKING,), DRAFTERS
    event, effects = events.SUBMITTED, (Closes(TO_PREPARE), Opens(TO_CHECK, "office_chain_subject"))

    def check(self, doing: Doing) -> None:
        if missing := doing.record.missing_steps():
            names = "、".join(str(step.label) for step in missing)
            raise WrongState(_("还没有记录：%(steps)s。不需要的，也请记录依据") % {"steps": names})


def _passes(doing: Doing) -> bool:
    return bool(doing.data["holds"] == "yes")


def _fails(doing: Doing) -> bool:
    return not _passes(doing)


def _is_deferred(doing: Doing) -> bool:
    return bool(doing.data["result"] == "deferred")


class Check(Act):
    """Reviews legality (合法性审查): somebody of the deciding organ who had no hand in the draft."""

    slug, label = "check", _("合法性审查")
    basis = "《重大行政决策程序暂行条例》第二十六条：未经审查或者审查不合法的，不得提交讨论"
    from_states, roles = frozenset({DecisionState.CHECKING}), DECIDERS
    to = (DecisionState.READY, DecisionState.PREPARING)
    other_hands_than = ("record_step", "submit")
    same_hands = _("起草、报送的人不能自己审查，请由另一人审查")
    fields = (
        OneOf("holds", _("审查结论"), [("yes", _("合法，可以提交讨论")), ("no", _("需要修改，退回"))], radio=True),
        Text("opinion", _("审查意见")),
    )
    event = events.PASSED
    effects = (
        Writes("opinion"),
        Closes(TO_CHECK),
        OnlyIf(_passes, Opens(TO_DISCUSS, "office_chain_subject")),
        OnlyIf(_fails, Opens(TO_PREPARE)),
    )

    def target(self, doing: Doing) -> str:
        return DecisionState.READY if _passes(doing) else DecisionState.PREPARING

    def event_of(self, doing: Doing) -> Any:
        return events.PASSED if _passes(doing) else events.SENT_BACK


class Decide(Act):
    """Writes down what the meeting decided (集体讨论), with each vote and every dissent."""

    slug, label = "decide", _("记录集体讨论")
    basis = "《重大行政决策程序暂行条例》第三十条：集体讨论，不同意见应当如实记录"
    from_states, roles = frozenset({DecisionState.READY}), DECIDERS
    to = tuple(state for state, _event in RESULTS.values())
    form, event = DecideForm, events.ADOPTED
    effects = (
        Writes("against_most"),
        StoresVotes(),
        Closes(TO_DISCUSS),
        OnlyIf(_is_deferred, Opens(TO_PREPARE)),
    )

    def target(self, doing: Doing) -> str:
        return RESULTS[doing.data["result"]][0]

    def event_of(self, doing: Doing) -> Any:
        return RESULTS[doing.data["result"]][1]

    def facts(self, doing: Doing) -> dict[str, Any]:
        chosen = [one.choice for one in doing.data["votes"]]
        return {str(choice): chosen.count(choice) for choice in Choice}


class Stop(Act):
    slug, label, tone = "stop", _("停止执行"), "danger"
    basis = "《重大行政决策程序暂行条例》第三十五条：决策机关可以中止执行或者停止执行"
    from_states, to = frozenset({DecisionState.ADOPTED}), (DecisionState.STOPPED,)
    roles, event = frozenset({DecisionRole.HEAD}), events.STOPPED
    fields, effects = (Reason("reason", _("理由")),), (Writes("reason"),)


class Note(KeepNote):
    from_states, event = frozenset(DecisionState), events.NOTED


class AttachToDecision(Attach):
    from_states, roles = frozenset(DecisionState), READERS


DECISION_ACTS = Acts(RecordStep, Submit, Check, Decide, Stop, Note, AttachToDecision)

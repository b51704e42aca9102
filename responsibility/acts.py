"""The acts of a leader on an escalation: acknowledge (签收), instruct (批示), reassign (改派)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from massline.acts import Act, Acts, Doing, WrongState
from massline.inputs import ActForm, Text
from massline.time import today
from responsibility import events, ladder, notices, obligations
from responsibility.calendar import calendar
from responsibility.effects import Notifies
from responsibility.models import Appointment, EscalationState, Obligation, Post
from responsibility.pickers import PersonField
from responsibility.subjects import Matter, adapter

ADDRESSEE = "addressee"


class ClosesAnswer:
    """Closes the leader's obligation."""

    def __init__(self, *rules: str) -> None:
        self.rules = rules

    def apply(self, doing: Doing) -> None:
        matter = Matter("escalation", doing.record.pk, doing.record.obligation.subject_key)
        obligations.close_all(matter, doing.at, self.rules)


class Signs:
    """Stores who answered for the post, and when."""

    def apply(self, doing: Doing) -> None:
        doing.record.answered_by = doing.actor
        doing.record.acknowledged_at = doing.record.acknowledged_at or doing.at


class Instructs:
    """Stores the instruction; the next step up counts from now, and comes if nothing is done.

    What has climbed past this leader meanwhile waits for the leaders above.
    """

    def apply(self, doing: Doing) -> None:
        doing.record.instruction = doing.data["text"]
        doing.record.instructed_at = doing.at
        obligation = Obligation.objects.select_for_update().get(pk=doing.record.obligation_id)
        if obligation.next_at is not None and obligation.next_step == obligations.step_above(doing.record.step):
            rest = ladder.moment_after(doing.at, ladder.ladder().instruction)
            obligation.next_at = max(obligation.next_at, rest)
            obligation.calendar_checked = min(obligation.calendar_checked, calendar().version)
            obligation.save(update_fields=["next_at", "calendar_checked"])


class Reassigns:
    """Gives the work to another post; the one before is not released from what it did not do."""

    def apply(self, doing: Doing) -> None:
        obligation, post = doing.record.obligation, doing.data["post"].pk
        if obligations.rule_of(obligation).closed_by:  # it is apart from the work on the record
            obligations.hand_over_one(obligation.pk, post)
        else:
            adapter(obligation.subject_kind).reassign(obligation.subject_id, obligation.organ_id, post)


INSTRUCTION = Text("text", _("批示内容"), max_length=2000)


class ReassignForm(ActForm):
    post = PersonField(label=_("改由谁办理"), by_post=True)
    text = INSTRUCTION.field()

    def prepare(self) -> None:
        """Offers the posts of the organ whose holder may do the work, but for the one that has it and the top."""
        owed, work = self.record.obligation, self.record.chain_subject()
        able = Post.objects.filter(adapter(owed.subject_kind).posts_able_to_take(work, owed.organ_id), is_top=False)
        held = Appointment.objects.answering(today()).filter(post__organ=owed.organ_id, post__in=able)
        others = held.exclude(user__in=work.recused).exclude(post=owed.post_id)
        self.fields["post"].offer(  # type: ignore[attr-defined]
            others.select_related("user", "post__organ").order_by("post_id", "kind")
        )


class LeaderAct(Act):
    roles = frozenset({ADDRESSEE})
    basis = "党政同责、一岗双责：信访工作条例第五条"

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"post": doing.record.post_of(doing.actor), "step": doing.record.step}


class Acknowledge(LeaderAct):
    """签收: the leader has seen it."""

    slug, label = "acknowledge", _("签收")
    from_states = frozenset({EscalationState.SENT})
    to = (EscalationState.ACKNOWLEDGED,)
    event = events.ACKNOWLEDGED
    effects = (Signs(), ClosesAnswer("ML02"))


class Instruct(LeaderAct):
    """批示: what is to be done, in the leader's own words."""

    slug, label = "instruct", _("批示")
    from_states = frozenset({EscalationState.SENT, EscalationState.ACKNOWLEDGED})
    to = (EscalationState.INSTRUCTED,)
    event = events.INSTRUCTED
    fields = (INSTRUCTION,)
    effects = (
        Signs(),
        Instructs(),
        ClosesAnswer("ML02", "ML03"),
        Notifies(notices.INSTRUCTED, lambda record: record.people_below()),
    )


class Reassign(LeaderAct):
    """批示改派: another handler in the organ does the work from now on."""

    slug, label = "reassign", _("批示改派")
    from_states = frozenset({EscalationState.SENT, EscalationState.ACKNOWLEDGED})
    to = (EscalationState.INSTRUCTED,)
    event = events.REASSIGNED
    form = ReassignForm
    effects = (
        Signs(),
        Instructs(),
        ClosesAnswer("ML02", "ML03"),
        Reassigns(),
        Notifies(notices.INSTRUCTED, lambda record: record.people_below()),
    )

    def check(self, doing: Doing) -> None:
        owed = doing.record.obligation
        if obligations.rule_of(owed).closed_by and owed.post.is_top:
            raise WrongState(_("主要负责人自己应办的事，不能改由别人办理"))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return super().facts(doing) | {"to": str(doing.data["post"])}


LEADER_ACTS = Acts(Acknowledge, Instruct, Reassign)

"""What a leader does with what has climbed to them: acknowledge, instruct (批示), reassign."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from massline.acts import Act, Acts, Doing, WrongState
from massline.keys import KeyChoiceField, key_of
from massline.time import today
from responsibility import events, ladder, obligations
from responsibility.calendar import calendar
from responsibility.effects import Notifies
from responsibility.models import Appointment, EscalationState, NoticeKind, Obligation, Post
from responsibility.subjects import Matter, adapter

ADDRESSEE = "addressee"


class ClosesAnswer:
    """The leader has done what they owed."""

    def __init__(self, *rules: str) -> None:
        self.rules = rules

    def apply(self, doing: Doing) -> None:
        matter = Matter("escalation", doing.record.pk, doing.record.obligation.subject_key)
        obligations.close_all(matter, doing.at, self.rules)


class Signs:
    """Who answered for the post, and when."""

    def apply(self, doing: Doing) -> None:
        doing.record.answered_by = doing.actor
        doing.record.acknowledged_at = doing.record.acknowledged_at or doing.at


class Instructs:
    """The instruction stands on the record; the next step up counts from now, and comes if nothing is done.

    What has climbed past this leader meanwhile waits for whoever is above.
    """

    def apply(self, doing: Doing) -> None:
        doing.record.instruction = doing.data["text"]
        doing.record.instructed_at = doing.at
        obligation = Obligation.objects.select_for_update().get(pk=doing.record.obligation_id)
        if obligation.next_at is not None and obligation.next_step == obligations.following(doing.record.step):
            rest = ladder.after(doing.at, ladder.ladder().instruction)
            obligation.next_at = max(obligation.next_at, rest)
            obligation.calendar_checked = min(obligation.calendar_checked, calendar().version)
            obligation.save(update_fields=["next_at", "calendar_checked"])


class Reassigns:
    """Another post does the work; the one before is not released from what it did not do."""

    def apply(self, doing: Doing) -> None:
        obligation, post = doing.record.obligation, doing.data["post"].pk
        if obligations.rule_of(obligation).closed_by:  # it is apart from the work on the record
            obligations.hand_over_one(obligation.pk, post)
        else:
            adapter(obligation.subject_kind).reassign(obligation.subject_id, obligation.organ_id, post)


class InstructForm(forms.Form):
    text = forms.CharField(label=_("批示内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ReassignForm(forms.Form):
    post = KeyChoiceField(Post.objects.none(), table="post", label=_("改由谁办理"), empty_label=None)
    text = forms.CharField(label=_("批示内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class LeaderAct(Act):
    who = frozenset({ADDRESSEE})
    basis = "党政同责、一岗双责：信访工作条例第五条"

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"post": doing.record.post_of(doing.actor), "step": doing.record.step}


class Acknowledge(LeaderAct):
    """签收: the leader has seen it."""

    slug, label = "acknowledge", _("签收")
    froms = frozenset({EscalationState.SENT})
    to = (EscalationState.ACKNOWLEDGED,)
    event = events.ACKNOWLEDGED
    effects = (Signs(), ClosesAnswer("ML02"))


class Instruct(LeaderAct):
    """批示: what is to be done, in the leader's own words."""

    slug, label = "instruct", _("批示")
    froms = frozenset({EscalationState.SENT, EscalationState.ACKNOWLEDGED})
    to = (EscalationState.INSTRUCTED,)
    event = events.INSTRUCTED
    form = InstructForm
    effects = (
        Signs(),
        Instructs(),
        ClosesAnswer("ML02", "ML03"),
        Notifies(NoticeKind.INSTRUCTED, lambda record: record.people_below()),
    )


class Reassign(LeaderAct):
    """批示改派: somebody else in the organ does the work from now on."""

    slug, label = "reassign", _("批示改派")
    froms = frozenset({EscalationState.SENT, EscalationState.ACKNOWLEDGED})
    to = (EscalationState.INSTRUCTED,)
    event = events.REASSIGNED
    form = ReassignForm
    effects = (
        Signs(),
        Instructs(),
        ClosesAnswer("ML02", "ML03"),
        Reassigns(),
        Notifies(NoticeKind.INSTRUCTED, lambda record: record.people_below()),
    )

    def check(self, doing: Doing) -> None:
        owed = doing.record.obligation
        if obligations.rule_of(owed).closed_by and owed.post.is_top:
            raise WrongState(_("主要负责人自己应办的事，不能改由别人办理"))

    def build_form(self, record: Any, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        form, work, owed = ReassignForm(data), record.work(), record.obligation
        held = Appointment.objects.sitting(today()).filter(post__organ=owed.organ_id)
        there = held.exclude(user__in=work.recused)
        takers = adapter(owed.subject_kind).takers(work, owed.organ_id)
        field: Any = form.fields["post"]
        field.queryset = (
            Post.objects.filter(takers, pk__in=there.values("post"), is_top=False)
            .exclude(pk=owed.post_id)
            .select_related("organ")
            .order_by("pk")
        )
        field.choices = [
            (key_of("post", post.pk), str(post)) for post in field.queryset
        ]  # read once, however often they are offered
        return form

    def facts(self, doing: Doing) -> dict[str, Any]:
        return super().facts(doing) | {"to": str(doing.data["post"])}


LEADER_ACTS = Acts(Acknowledge, Instruct, Reassign)

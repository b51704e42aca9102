"""The forms of acts on inspections whose input has logic of its own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inspection.inspections.candidates import belongs_to, possible_members, possible_objects
from inspection.models import Approval, Found, TeamMember
from inspection.models.conclusion import NOT_SERVED
from inspection.models.inspection import MAX_CHECKS, MAX_OBJECTS
from massline.inputs import ActForm
from massline.texts import LineField, ReasonField, text_field
from responsibility.models import Organ
from responsibility.pickers import OrganField, PersonField


class AddOrganForm(ActForm):
    """Another organ that the inspection visits."""

    organ = OrganField(label=_("督查对象"))

    def offer(self, actor: User) -> None:
        """Offers the organs that this person's office can visit, but for those that it visits already."""
        here = [one.organ_id for one in self.record.visited.all()]
        self.fields["organ"].offer(possible_objects(self.record.office, actor).exclude(pk__in=here))  # type: ignore[attr-defined]

    def clean_organ(self) -> Organ:
        organ: Organ = self.cleaned_data["organ"]
        members = self.record.members.filter(recused_at=None).select_related("post")
        own = next((one.post for one in members if belongs_to(one.post, [organ])), None)
        if own is not None:
            raise ValidationError(_("督查组的%(post)s是这个单位的人，不能督查本单位"), params={"post": str(own)})
        return organ

    def clean(self) -> dict[str, Any]:
        if self.record.visited.count() >= MAX_OBJECTS:
            raise ValidationError(_("一次督查最多 %(most)s 个单位"), params={"most": MAX_OBJECTS})
        return self.cleaned_data


class AddMemberForm(ActForm):
    """Another post of the team, of this office or invited from another organ."""

    member = PersonField(by_post=True, label=_("督查组成员"), help_text=_("被督查单位的人不能参加"))

    def prepare(self) -> None:
        if self.record is not None:
            here = [one.post_id for one in self.record.members.all()]
            offered = possible_members(self.record.office).exclude(post__in=here)
            offered = offered.exclude(user__in=self.record.recused)
            self.fields["member"].offer(offered)  # type: ignore[attr-defined]


class RecuseForm(ActForm):
    """Which member of the team is recused (回避), and why."""

    member = forms.TypedChoiceField(label=_("哪位成员回避"), coerce=int, empty_value=None)
    reason = ReasonField(label=_("回避理由"), max_length=1000)

    def prepare(self) -> None:
        rows = enumerate(self.record.members.all(), start=1) if self.record else ()
        offered = [(n, str(one.post)) for n, one in rows if one.recused_at is None]
        self.fields["member"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]

    def clean_member(self) -> TeamMember:
        """Returns the row; refuses the head's, and one without whom another would be left alone."""
        member: TeamMember = list(self.record.members.all())[self.cleaned_data["member"] - 1]
        if member.post_id == self.record.handler_id:
            raise ValidationError(_("组长回避的，请取消这次督查，换组长以后重新提出"))
        if len(self.record.team_posts) <= 2:
            raise ValidationError(_("督查组不少于两人：请先增加一名成员，再办理回避"))
        return member


class AddCheckForm(ActForm):
    """One line of the checklist: what to ask or to look at."""

    question = LineField(label=_("问什么、看什么"), max_length=200)
    organ = OrganField(label=_("在哪个单位"), required=False, help_text=_("不选的，每个单位都问"))

    def prepare(self) -> None:
        if self.record is not None:
            self.fields["organ"].offer([one.organ for one in self.record.visited.all()])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if self.record.checks.count() >= MAX_CHECKS:
            raise ValidationError(_("一次督查最多列 %(most)s 项"), params={"most": MAX_CHECKS})
        return self.cleaned_data


class FillCheckForm(ActForm):
    """What was found at one line of the checklist; the next open line is chosen already, for a round on foot."""

    item = forms.TypedChoiceField(label=_("哪一项"), coerce=int, empty_value=None)
    found = forms.ChoiceField(label=_("情况"), choices=Found.choices, widget=forms.RadioSelect)
    finding = text_field(_("看到、听到什么"), required=False, rows=3, hint=_("有问题的必填；不写举报人，不写群众姓名"))

    def prepare(self) -> None:
        rows = list(self.record.checks.all()) if self.record else []
        items = [(one.item, f"{one.item}. {one.question}{' ✓' if one.found else ''}") for one in rows]
        self.fields["item"].choices = [("", _("请选择")), *items]  # type: ignore[attr-defined]
        self.fields["item"].initial = next((one.item for one in rows if not one.found), None)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("found") in (Found.PROBLEM, Found.UNCLEAR) and not data.get("finding"):
            self.add_error("finding", _("请写明看到、听到什么"))
        return data


class OrganOfInspectionForm(ActForm):
    """Chooses one of the visited organs."""

    organ = forms.ChoiceField(label=_("哪个单位"))

    def offered(self) -> list[Any]:
        """Returns the rows of visited organs that can be chosen."""
        return list(self.record.visited.all()) if self.record else []

    def prepare(self) -> None:
        rows = [(one.organ.code, one.organ.called) for one in self.offered()]
        self.fields["organ"].choices = [("", _("请选择")), *rows]  # type: ignore[attr-defined]

    def clean_organ(self) -> Any:
        return next(one for one in self.offered() if one.organ.code == self.cleaned_data["organ"])


class ServeForm(OrganOfInspectionForm):
    """The conclusion for one visited organ, as it is served on it."""

    text = text_field(
        _("督查结论"), rows=8, hint=_("这段文字送达被督查单位：写事实和依据，不写线索来源、举报人和内部讨论")
    )

    def offered(self) -> list[Any]:
        return [one for one in super().offered() if one.told_state in NOT_SERVED]


class OutcomeForm(OrganOfInspectionForm):
    """What is proposed of one organ, and on which facts."""

    grounds = text_field(_("事实和理由"), rows=4)

    def offered(self) -> list[Any]:
        return [one for one in super().offered() if one.approval in ("", Approval.NO)]


class DecideOutcomeForm(OrganOfInspectionForm):
    """The decision about what was proposed of one organ."""

    approved = forms.ChoiceField(
        label=_("决定"), choices=[("yes", _("批准")), ("no", _("不批准"))], widget=forms.RadioSelect
    )
    opinion = text_field(_("意见"), required=False, rows=3)

    def offered(self) -> list[Any]:
        return [one for one in super().offered() if one.approval == Approval.WAITING]

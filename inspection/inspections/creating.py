"""Proposes an inspection: within the year's plan, or with the post that approves this one (一事一报)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import log
from inspection.duties import office_posts
from inspection.inspections import events, notices
from inspection.inspections.acts import TO_APPROVE
from inspection.inspections.candidates import (
    belongs_to,
    office_members,
    possible_approvers,
    possible_members,
    possible_objects,
)
from inspection.inspections.visiting import visit
from inspection.models import Inspection, InspectionType, PlanItem, PlanState, TeamMember, Track
from inspection.models.inspection import UNDER_WAY
from massline.acts import Invalid
from massline.days import DayField
from massline.texts import LineField, one_line, text_field
from massline.time import local_day
from responsibility import obligations
from responsibility.class_fields import CategoryField
from responsibility.models import Notice, Organ
from responsibility.pickers import OrganField, PersonField

ANNOUNCED, UNANNOUNCED = "announced", "unannounced"
MODES = ((ANNOUNCED, gettext_lazy("事先通知")), (UNANNOUNCED, gettext_lazy("暗访")))


class InspectionForm(forms.Form):
    """The first organ and the first two of the team; more of both are added while it is proposed."""

    title = LineField(label=gettext_lazy("督查事由"), max_length=100)
    aim = text_field(gettext_lazy("督查内容"), rows=3, hint=gettext_lazy("要弄清楚什么；不得填写国家秘密、工作秘密"))
    inspection_type = forms.ChoiceField(label=gettext_lazy("督查类型"), choices=InspectionType.choices)
    track = forms.ChoiceField(label=gettext_lazy("督查类别"), choices=Track.choices, widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label=gettext_lazy("方式"),
        choices=MODES,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("暗访的，结论送达以前被督查单位看不到"),
    )
    category = CategoryField()
    organ = OrganField(label=gettext_lazy("督查对象"), help_text=gettext_lazy("其他单位在提出以后增加"))
    head = PersonField(by_post=True, label=gettext_lazy("组长"))
    member = PersonField(
        by_post=True, label=gettext_lazy("另一名成员"), help_text=gettext_lazy("督查组不少于两人；可以邀请其他单位的人")
    )
    plan_item = forms.ChoiceField(
        label=gettext_lazy("年度计划项目"), required=False, help_text=gettext_lazy("没有列入计划的，填下面的批准人")
    )
    approver = PersonField(
        by_post=True, required=False, label=gettext_lazy("批准人（一事一报）"),
        help_text=gettext_lazy("列入年度计划的不填"),
    )  # fmt: skip
    first_day = DayField(label=gettext_lazy("开始日期"))
    last_day = DayField(label=gettext_lazy("结束日期"))
    merge_with = LineField(
        label=gettext_lazy("并入哪一次督查"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("填它的编号；同一单位、同类事项、日期重叠的，合并进行"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user, self.plan_items = user, dict[str, PlanItem]()
        if user is None or not (posts := office_posts(user)):
            return
        office = Organ.objects.select_related("region").get(pk=posts[0].organ)
        self.fields["organ"].offer(possible_objects(office, user))  # type: ignore[attr-defined]
        self.fields["head"].offer(office_members(office))  # type: ignore[attr-defined]
        self.fields["member"].offer(possible_members(office))  # type: ignore[attr-defined]
        self.fields["approver"].offer(possible_approvers(office))  # type: ignore[attr-defined]
        planned = PlanItem.objects.filter(plan__office=office, plan__state=PlanState.APPROVED).select_related("plan")
        self.plan_items = {f"{one.plan.year}-{one.item}": one for one in planned.order_by("-plan__year", "item")}
        choices = [("", _("未列入计划，一事一报")), *((key, str(one)) for key, one in self.plan_items.items())]
        self.fields["plan_item"].choices = choices  # type: ignore[attr-defined]

    def clean_plan_item(self) -> PlanItem | None:
        return self.plan_items.get(self.cleaned_data["plan_item"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self._check_basis(data)
        self._check_days(data)
        self._check_team(data)
        return data

    def _check_basis(self, data: Mapping[str, Any]) -> None:
        """Wants an item of the plan or who approves this one, and not both (Art. 15)."""
        item, approver = data.get("plan_item"), data.get("approver")
        if item is None and approver is None and "approver" in data:
            self.add_error("plan_item", _("督查要列入年度计划；没有列入的一事一报，请选择批准人"))
        elif item is not None and approver is not None:
            self.add_error("approver", _("已列入年度计划的不再一事一报，请只选一项"))
        elif item is not None and data.get("first_day") and data["first_day"].year != item.plan.year:
            self.add_error("plan_item", _("这一项不是开始日期那一年的计划"))

    def _check_days(self, data: Mapping[str, Any]) -> None:
        if data.get("first_day") and data.get("last_day") and data["last_day"] < data["first_day"]:
            self.add_error("last_day", _("结束日期不能早于开始日期"))

    def _check_team(self, data: Mapping[str, Any]) -> None:
        """Wants two different posts, neither in the visited organ nor below it (回避)."""
        head, member, organ = data.get("head"), data.get("member"), data.get("organ")
        if head and head == member:
            self.add_error("member", _("督查组不少于两人，请另选一人"))
        for name, post in (("head", head), ("member", member)):
            if post and organ and belongs_to(post, [organ]):
                self.add_error(name, _("被督查单位的人应当回避，请另选一人"))

    def clean_merge_with(self) -> Inspection | None:
        """Returns the inspection of this number that exists for the user and is not over."""
        number = one_line(self.cleaned_data["merge_with"])
        if not number or self.user is None:
            return None
        found = Inspection.objects.for_user(self.user).filter(
            number=Inspection.numbers().plain(number), state__in=UNDER_WAY, merged_with=None
        )
        if (one := found.first()) is None:
            raise forms.ValidationError(_("没有这个编号的督查，或者它已经结束"))
        return one


@transaction.atomic(savepoint=False)
def propose_inspection(data: dict[str, Any], user: User, at: datetime) -> Inspection:
    """Creates the inspection of a valid form, for its approval."""
    if data["first_day"] < local_day(at):
        raise Invalid({"first_day": [_("开始日期不能早于今天")]})
    office, number = office_posts(user)[0].organ, Inspection.numbers().draw(at)
    log.record(events.PROPOSED, subject=log.Subject(Inspection.KIND, number), facts={"at": at.isoformat()})
    copied = ("title", "aim", "track", "category", "plan_item", "approver", "first_day", "last_day")
    inspection = Inspection.objects.create(
        number=number,
        organ_id=office,
        office_id=office,
        handler=data["head"],
        type=data["inspection_type"],
        announced=data["mode"] == ANNOUNCED,
        scope=data["category"][:4],
        merged_with=data["merge_with"],
        exclusive=data["merge_with"] is None,
        drafted_by=user,
        received_at=at,
        **{name: data[name] for name in copied},
    )
    TeamMember.objects.bulk_create(TeamMember(inspection=inspection, post=data[name]) for name in ("head", "member"))
    visit(inspection, data["organ"], user)
    obligations.open_(inspection.matter, TO_APPROVE, inspection.approving_chain_subject(), at)
    _notify_approvers(inspection, at)
    return inspection


def _notify_approvers(inspection: Inspection, at: datetime) -> None:
    work = inspection.chain_subject()
    Notice.objects.bulk_create(
        Notice.build(notices.TO_APPROVE, user, inspection.matter, at, post)
        for user, post in inspection.approvers()
        if work.may_know(user)
    )

"""The forms of acts on tasks whose input has logic of its own."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from inspection.models import Milestone, Task
from inspection.models.milestone import MAX_DAYS, MAX_ITEMS
from massline.days import DayField
from massline.inputs import ActForm
from massline.texts import LineField, text_field
from responsibility.models import Organ, Post, Region
from responsibility.pickers import OrganField


class ItemForm(ActForm):
    """One item of a task, with its last day within the task's."""

    last_day = DayField(label=_("完成时限"))

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day > self.record.due_on:
            raise ValidationError(_("不能晚于整件的时限（%(day)s）"), params={"day": self.record.due_on.isoformat()})
        return day

    def clean(self) -> dict[str, Any]:
        if self.record.milestones.count() >= MAX_ITEMS:
            raise ValidationError(_("一件最多列 %(most)s 项阶段目标和协办"), params={"most": MAX_ITEMS})
        return self.cleaned_data


class PlanItemForm(ItemForm):
    """A milestone: what, how many working days it takes, and its last day."""

    goal = LineField(label=_("阶段目标"), max_length=200)
    requirement = text_field(_("要求"), required=False, rows=2)
    days = forms.IntegerField(
        label=_("需要多少个工作日"), min_value=1, max_value=MAX_DAYS, help_text=_("用来倒排工期，推算最迟安全日")
    )
    field_order = ("goal", "requirement", "days", "last_day")


class AskHelpForm(ItemForm):
    """A helping organ: which, what it does, and by when. One that still owes its help is not asked for another."""

    organ = OrganField(label=_("协办单位"))
    goal = LineField(label=_("协办什么"), max_length=200)
    requirement = text_field(_("要求"), required=False, rows=2)
    field_order = ("organ", "goal", "requirement", "last_day")

    def prepare(self) -> None:
        if self.record is not None:
            self.fields["organ"].offer(possible_helpers(self.record))  # type: ignore[attr-defined]


def possible_helpers(task: Task) -> QuerySet[Organ]:
    """Returns the organs of the office's region and below it, but the lead, the office, who ordered it, and those that
    still owe their help."""
    places = Region.objects.within(task.office.region).values("pk")  # type: ignore[union-attr]
    staffed = Organ.objects.filter(region__in=places, valid_until=None, pk__in=Post.objects.values("organ"))
    helping = [one.helper_id for one in task.milestones.all() if one.helper_id and one.done_at is None]
    return staffed.exclude(pk__in=[task.organ_id, task.office_id, task.ordered_by.organ_id, *helping]).order_by("id")


class HelpForm(ActForm):
    """Which help was given, and one fact by which that can be checked; one alone is chosen already."""

    item = forms.TypedChoiceField(label=_("哪一项协办"), coerce=int, empty_value=None, required=False)
    fact = text_field(
        _("一个可以核对的事实"), rows=3, hint=_("写明做成了什么，牵头单位凭它就能核对；不用另交照片、台账")
    )

    only: int | None = None

    def offer(self, helps: list[Milestone]) -> None:
        field: Any = self.fields["item"]
        self.only = helps[0].item if len(helps) == 1 else None
        field.required = self.only is None
        choose = [("", _("请选择"))] if field.required else []
        field.choices = [*choose, *((one.item, f"{one.item}. {one.goal}") for one in helps)]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("item", None)
        self.cleaned_data["item"] = self.cleaned_data["item"] or self.only
        return self.cleaned_data


class PostponeForm(ActForm):
    """A later day for the whole task; the day that was ordered at first stays on the page."""

    due_on = DayField(label=_("延至"))
    reason = text_field(_("延期理由"), rows=3)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= self.record.due_on:
            raise ValidationError(_("只能延后：现在的时限是 %(day)s"), params={"day": self.record.due_on.isoformat()})
        return day

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "due_on" in data:
            data["days"] = (data["due_on"] - self.record.due_on).days
        return data


class FeedBackForm(ActForm):
    """What was done; where it reaches a milestone, which one, and one fact by which that can be checked."""

    item = forms.TypedChoiceField(label=_("哪一项"), coerce=int, empty_value=None, required=False)
    text = text_field(_("做了什么"), rows=4)
    reached = forms.BooleanField(label=_("这一项已经完成"), required=False)
    fact = text_field(
        _("一个可以核对的事实"), required=False, rows=2, hint=_("完成时必填，别人凭它就能核实；不用另交照片、台账")
    )

    def prepare(self) -> None:
        own = [one for one in self.record.milestones.all() if not one.helper_id]
        open_items = [one for one in own if one.done_at is None]
        items = [(one.item, f"{one.item}. {one.goal}") for one in open_items]
        self.fields["item"].choices = [("", _("整件")), *items]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("reached") and "item" in data:
            if not data["item"]:
                self.add_error("item", _("请选择完成的是哪一项；整件完成请办理“报结”"))
            if not data.get("fact"):
                self.add_error("fact", _("请写一个可以核对的事实"))
        return data


class CoordinateForm(ActForm):
    """The organ without whose help the work stands still, and what it should do."""

    organ = OrganField(label=_("等待哪个单位"))
    reason = text_field(_("需要它做什么"), rows=3)

    def prepare(self) -> None:
        record = self.record
        others = Organ.objects.filter(valid_until=None, pk__in=Post.objects.values("organ")).exclude(
            pk__in=[record.organ_id, record.office_id]
        )
        self.fields["organ"].offer(others.order_by("id"))  # type: ignore[attr-defined]

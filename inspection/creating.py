"""Creates a task: an inspection office drafts it (拟立项), or a leader orders it of an organ below (交办)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import log
from inspection import events
from inspection.acts.base import TO_ISSUE
from inspection.duties import INSPECTION_OFFICE, leading_posts, office_posts
from inspection.models import Origin, Task, TaskState, Track
from massline.acts import Invalid
from massline.days import DayField, check_to_come
from massline.texts import LineField, text_field
from massline.time import today
from responsibility import duties, obligations
from responsibility.chain import Relation, chain
from responsibility.class_fields import CategoryField
from responsibility.models import Appointment, Organ, Post, Region
from responsibility.people import organs_above, position_of
from responsibility.pickers import PersonField
from responsibility.subjects import ChainSubject


class TaskForm(forms.Form):
    """The order in full (四定): goal, deadline, requirement, responsible person."""

    title = LineField(label=gettext_lazy("督查事项"), max_length=100)
    origin = forms.ChoiceField(label=gettext_lazy("立项来源"), choices=Origin.choices)
    origin_note = LineField(
        label=gettext_lazy("文号或者日期"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("如“3 月 2 日批示”；不要抄录批示原文"),
    )
    track = forms.ChoiceField(label=gettext_lazy("督查类别"), choices=Track.choices, widget=forms.RadioSelect)
    goal = LineField(label=gettext_lazy("目标"), max_length=200, help_text=gettext_lazy("做成什么样算完成"))
    requirement = text_field(gettext_lazy("要求"), rows=3)
    category = CategoryField(unsure=gettext_lazy("不分类"))
    handler = PersonField(
        by_post=True,
        label=gettext_lazy("责任人"),
        help_text=gettext_lazy("牵头单位的承办岗位；责任领导由分管领导或者主要负责人担任"),
    )
    due_on = DayField(label=gettext_lazy("完成时限"))
    ordered_by = PersonField(by_post=True, label=gettext_lazy("交办领导"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if user is None:
            return
        self.fields["handler"].offer(_possible_handlers(user))  # type: ignore[attr-defined]
        orderers = list(_possible_orderers(user))
        self.fields["ordered_by"].offer(orderers)  # type: ignore[attr-defined]
        if len(orderers) == 1 and not office_posts(user):
            del self.fields["ordered_by"]


def may_create(user: User) -> bool:
    return bool(office_posts(user) or leading_posts(user))


def what_happens(user: User) -> Any:
    """Returns the text of the button: an office drafts, for approval; a leader's order is approved by itself, and their
    inspection office issues it."""
    return gettext_lazy("拟立项，送批准") if office_posts(user) else gettext_lazy("立项交办，由督查部门下达")


def _possible_handlers(user: User) -> Any:
    """Returns who may be made responsible: holders of posts that head nothing, in the organs of the office's region and
    below, or in those below a leader."""
    where, places = position_of(user), Region.objects.none()
    for region in Region.objects.filter(pk__in=[held.region for held in office_posts(user)]):
        places |= Region.objects.within(region)
    possible = Q(post__organ__region__in=places.values("pk")) | Q(post__organ__in=where.below)
    answering = Appointment.objects.answering(today()).filter(post__is_top=False, post__organ__valid_until=None)
    found = answering.filter(possible).exclude(post__organ__in=where.organs)
    return found.select_related("user", "post__organ").order_by("post__organ", "post")


def _possible_orderers(user: User) -> Any:
    """Returns who may have ordered it: of an office's draft the tops of the office and of the organs above; of a
    leader's own order they themselves."""
    held = Appointment.objects.answering(today()).filter(post__is_top=True).select_related("user", "post__organ")
    if posts := office_posts(user):
        return held.filter(post__organ__in=organs_above([one.organ for one in posts])).order_by("post__organ", "post")
    return held.filter(post__in=[one.post for one in leading_posts(user)], user=user).order_by("post")


def responsible_leader(handler: Post, category: str, at: datetime) -> int | None:
    """Returns the post of the responsible leader (责任领导): the deputy in charge of the class, else the organ's top;
    never the handler's own."""
    links = chain(ChainSubject(handler.organ_id, category, post=handler.pk), at)
    posts = [(link.relation, link.post) for link in links if link.depth == 0 and link.post not in (None, handler.pk)]
    in_charge = [post for relation, post in posts if relation == Relation.IN_CHARGE]
    tops = [post for relation, post in posts if relation == Relation.TOP]
    return next(iter(in_charge + tops), None)


@transaction.atomic(savepoint=False)
def draft(data: dict[str, Any], user: User, at: datetime) -> Task:
    """Creates the task of a valid form, as a draft; a leader's own order of an organ below is approved by itself."""
    check_to_come("due_on", data["due_on"], at)
    handler: Post = data["handler"]
    office = _office_for(user, handler.organ)
    leader = responsible_leader(handler, data.get("category") or "", at)
    if leader is None:
        raise Invalid({"handler": [_("该单位没有可以担任责任领导的岗位，请选择别的责任人")]})
    ordered_by = data.get("ordered_by") or Post.objects.get(pk=leading_posts(user)[0].post)
    own_order = _orders_by_itself(ordered_by, handler, user)
    number = Task.numbers().draw(at)
    event = events.ORDERED if own_order else events.DRAFTED
    log.record(event, subject=log.Subject(Task.KIND, number), facts={"at": at.isoformat()})
    task = Task.objects.create(
        number=number,
        state=TaskState.APPROVED if own_order else TaskState.DRAFT,
        organ=handler.organ,
        office=office,
        handler=handler,
        leader_id=leader,
        ordered_by=ordered_by,
        category=data.get("category") or "",
        received_at=at,
        first_due_on=data["due_on"],
        drafted_by=user,
        **{name: data[name] for name in ("title", "origin", "origin_note", "track", "goal", "requirement", "due_on")},
    )
    obligations.open_(task.matter, TO_ISSUE, task.office_chain_subject(), at)
    return task


def _orders_by_itself(ordered_by: Post, handler: Post, user: User) -> bool:
    """Tells whether it is this person's own order, of an organ below theirs: that needs no approval."""
    above = organs_above([handler.organ_id]) - {handler.organ_id}
    return ordered_by.organ_id in above and ordered_by.pk in {held.post for held in leading_posts(user)}


def _office_for(user: User, lead: Organ) -> Organ:
    """Returns the inspection office of a task: the drafter's own, else that of the lead organ's region."""
    own = office_posts(user)
    office = Organ.objects.get(pk=own[0].organ) if own else duties.office_of(lead, INSPECTION_OFFICE)
    if office is None:
        raise Invalid({"handler": [_("这个地区没有督查部门，不能立项")]})
    return office

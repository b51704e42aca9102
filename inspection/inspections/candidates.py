"""Who can be in a team, and which organs an inspection office can visit."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from massline.time import today
from responsibility.models import Appointment, Organ, Post, Region
from responsibility.people import organs_above, position_of


def possible_objects(office: Organ, user: User) -> QuerySet[Organ]:
    """Returns the organs of the office's region and of those within it (Art. 5): never one of this person's own, the
    office among them, nor one above these."""
    places = Region.objects.within(office.region).values("pk")
    staffed = Organ.objects.filter(region__in=places, valid_until=None, pk__in=Post.objects.values("organ"))
    return staffed.exclude(pk__in=position_of(user).above).order_by("id")


def possible_members(office: Organ) -> Any:
    """Returns who can be in a team: people of the region, of whatever organ."""
    held = Appointment.objects.answering(today()).filter(post__organ__valid_until=None)
    places = Region.objects.within(office.region).values("pk")
    found = held.filter(post__organ__region__in=places).select_related("user", "post__organ")
    return found.order_by("post__organ", "post")


def office_members(office: Organ) -> Any:
    """Returns the people of the office: one of them heads the team."""
    held = Appointment.objects.answering(today()).filter(post__organ=office)
    return held.select_related("user", "post__organ").order_by("post")


def possible_approvers(office: Organ) -> Any:
    """Returns the heads of the organ above the office: the government's or the committee's."""
    held = Appointment.objects.answering(today()).filter(post__organ=office.parent_id, post__is_top=True)
    return held.select_related("user", "post__organ").order_by("post")


def belongs_to(post: Post, visited: Collection[Organ]) -> bool:
    """Tells whether a post is in one of these organs, or below one."""
    return bool(organs_above([post.organ_id]) & {one.pk for one in visited})

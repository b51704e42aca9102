"""Queries what a person owes, and what has climbed to the posts that they answer in."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from responsibility import notices
from responsibility.models import Notice, Obligation
from responsibility.people import position_of
from responsibility.visibility import ids, visible_to, waiting_for


def owed_by(user: User) -> QuerySet[Obligation]:
    """Queries what the user's posts owe, what waits for them to assign, and their answers to escalations.

    An organ with two top leaders has that duty on one post; either may answer, so both are reminded (党政同责).
    """
    owed = Obligation.objects.filter(pk__in=ids(user, "owed", lambda: _owed(user)))
    return owed.select_related("escalation__obligation", "organ")


def _owed(user: User) -> QuerySet[Obligation]:
    posts = position_of(user).posts
    mine = Q(post__in=posts) | waiting_for(user) | Q(escalation__in=escalation_ids_told(user))
    exists = visible_to(user) | visible_to(user, "escalation__obligation__")
    return Obligation.objects.open().filter(mine).filter(exists)


def escalation_ids_told(user: User) -> QuerySet[Notice, Any]:
    """Queries the ids of escalations to the posts that this person answers in today: with the post goes the say."""
    told = Notice.objects.filter(post__in=position_of(user).posts, kind=notices.ESCALATED.name)
    return told.values("escalation")

"""Looks every night whether those whom regulations name are there (三有): a post that nobody answers in, and one that
decides and carries out, or supervises, too. It may run twice: what is owed already is not owed again."""

import logging
from datetime import datetime

from django.utils import timezone

from audit.context import SYSTEM, acting
from institutions.acts.base import TO_FILL_POSTS
from institutions.acts.system import FindFaultyPosts, FindPostsRight
from institutions.models import Regulation, RegulationKind, RegulationState
from institutions.models.regulation import nobody_answers, one_post_does_two
from massline.acts import Act, WrongState, perform
from responsibility.models import Obligation

logger = logging.getLogger(__name__)


def check_posts(now: datetime | None = None) -> None:
    """Opens what the organs owe of regulations in force whose posts are not right, and closes it where they are."""
    at = now or timezone.now()
    owed = Obligation.objects.open().filter(subject_kind=Regulation.KIND, rule=TO_FILL_POSTS)
    owing = set(owed.values_list("subject_id", flat=True))
    rows = Regulation.objects.filter(state=RegulationState.IN_FORCE).exclude(kind=RegulationKind.EXTERNAL)
    vacant = set(rows.filter(nobody_answers()).values_list("pk", flat=True))
    two_in_one = set(rows.filter(one_post_does_two()).values_list("pk", flat=True))
    for pk in sorted((vacant | two_in_one) - owing):
        faults = (("vacant", vacant), ("two_in_one", two_in_one))
        _note(FindFaultyPosts(tuple(fault for fault, found in faults if pk in found)), pk, at)
    right = rows.filter(pk__in=owing - vacant - two_in_one)
    for pk in list(right.values_list("pk", flat=True)):
        _note(FindPostsRight(), pk, at)


def _note(act: Act, pk: int, at: datetime) -> None:
    """Notes it in a transaction of its own: a poison row stops no other."""
    with acting(SYSTEM):
        try:
            perform(act, Regulation, pk, SYSTEM, {}, at=at)
        except WrongState:
            return
        except Exception:
            logger.exception("the posts of regulation %s could not be checked", pk)

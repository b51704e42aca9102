"""Adds the organs that an inspection visits, and says in words what the database refuses (Art. 15)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inspection.models import Inspection, VisitedOrgan
from massline.acts import Invalid
from responsibility.models import Organ

REPEATED = "no_repeated_inspection"


def visit(inspection: Inspection, organ: Organ, user: User) -> VisitedOrgan:
    """Adds an organ; refuses one that another inspection of the same matter visits on one of the same days."""
    last = inspection.visited.order_by("-item").values_list("item", flat=True).first() or 0
    try:
        with transaction.atomic():
            return VisitedOrgan.objects.create(
                inspection=inspection,
                item=last + 1,
                organ=organ,
                first_day=inspection.first_day,
                last_day=inspection.last_day,
                scope=inspection.scope,
                exclusive=inspection.exclusive,
            )
    except IntegrityError as error:
        if REPEATED not in str(error):
            raise
        raise Invalid({"organ": [_overlap(inspection, organ, user)]}) from error


def _overlap(inspection: Inspection, organ: Organ, user: User) -> str:
    """Says which inspection it overlaps with, as far as that one exists for this person."""
    days = {"first_day__lte": inspection.last_day, "last_day__gte": inspection.first_day}
    same = VisitedOrgan.objects.filter(organ=organ, scope=inspection.scope, exclusive=True, **days)
    other = Inspection.objects.for_user(user).filter(pk__in=same.values("inspection")).first()
    if other is None:
        return _("这几天不能对%(organ)s再安排同类督查，请改日期，或者请上级督查部门统筹") % {"organ": organ.called}
    words = {"number": other.number, "first": other.first_day.isoformat(), "last": other.last_day.isoformat()}
    return _("与 %(number)s 重复（同一单位、同类事项，%(first)s 至 %(last)s）：请改日期，或者并入那次督查") % words

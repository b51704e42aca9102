"""The notices about petitions that officials get, in the inbox and by mail."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.keys import id_of
from petitions.models import Demand
from records.importing.models import ImportedFrom
from responsibility.models import Notice
from responsibility.notices import NoticeKind, register


def _imported_and_overdue(notice: Notice) -> str:
    query = urlencode({"imported": notice.subject_key, "overdue": "true"})
    return f"{reverse('ledger')}?{query}"


def _how_many_are_overdue(notices: Sequence[Notice], user: Any) -> dict[int, str]:
    """Counts, for each notice of an import, the imported petitions that are overdue now and visible to the user."""
    jobs = {notice.pk: id_of("import", notice.subject_key) for notice in notices}
    late = Demand.objects.for_user(user).overdue(timezone.now())
    taken = ImportedFrom.objects.filter(taken_by__in=set(jobs.values()), subject_kind=Demand.KIND)
    taken = taken.filter(subject_id__in=late.values("pk"))
    counts = dict(taken.values_list("taken_by").annotate(count=Count("pk")).order_by())
    return {pk: _("现有 %(n)s 件超期，请逐件办理") % {"n": counts.get(job, 0)} for pk, job in jobs.items()}


ASSIGNED = NoticeKind("petition.assigned", gettext_lazy("交您办理"))
ARRIVED = NoticeKind("petition.arrived", gettext_lazy("转到本单位"))
OBJECTED = NoticeKind("petition.objected", gettext_lazy("承办单位提出异议"))
DECLINING = NoticeKind("petition.declining", gettext_lazy("承办单位拟不予受理，请核实"))
RETURNED = NoticeKind("petition.returned", gettext_lazy("退回重新办理"), at_once=True)
ANSWERED = NoticeKind("petition.answered", gettext_lazy("已答复，待核实销号"))
URGED = NoticeKind("petition.urged", gettext_lazy("信访人催办"), once_unread=True)
SUPPLEMENTED = NoticeKind("petition.supplemented", gettext_lazy("信访人补充材料"), once_unread=True)
DISSATISFIED = NoticeKind("petition.dissatisfied", gettext_lazy("信访人评价不满意"), once_unread=True)
IMPORTED = NoticeKind(
    "petition.imported",
    gettext_lazy("从旧台账接收的事项中，有已经超期的"),
    at_once=True,
    numbered=False,
    page=_imported_and_overdue,
    details=_how_many_are_overdue,
)
"""The notice is sent once an import, not once a petition."""

register(
    ASSIGNED, ARRIVED, OBJECTED, DECLINING, RETURNED, ANSWERED, URGED, SUPPLEMENTED, DISSATISFIED, IMPORTED,
)  # fmt: skip

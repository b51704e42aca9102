"""Says which act brought a record into its state, to an official who came too late with another."""

from collections.abc import Iterable
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from audit.log import Subject
from audit.models import AuditEvent
from massline.acts import Act
from massline.time import clock_time


def last_change(record: Any, acts: Iterable[Act], citizen: Any, *, by_citizen: bool = False) -> str:
    """Says which organ did what and when, as far as this person's timeline tells it; no name of a person.

    `citizen` is what a citizen is called who acts on such a record; `by_citizen` says that one of them asks.
    """
    matter, changing = record.matter, {act.slug: act for act in acts if act.to}
    happened = AuditEvent.objects.about(Subject(matter.kind, matter.key))
    happened = happened.filter(facts__act__in=list(changing), facts__has_key="from")  # done, not tried and refused
    if by_citizen:
        happened = happened.public()
    last = happened.order_by("-id").first()
    act = changing.get(last.facts.get("act", "")) if last else None
    if last is None or act is None:
        return _("现在的状态是“%(state)s”，不能办理这一步。") % {"state": record.get_state_display()}
    if last.actor_kind == "citizen":
        by = _("您") if by_citizen else str(citizen)
    else:
        by = str(last.facts.get("by") or _("承办单位"))
    at = parse_datetime(last.facts.get("at", "")) or last.at
    words = {"by": by, "when": clock_time(at), "done": str(act.done or act.label) % last.facts}
    return _("%(by)s已于 %(when)s %(done)s，请查看最新情况。") % words

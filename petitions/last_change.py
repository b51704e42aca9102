"""What brought a petition into its state, for somebody who wanted to act on it and came too late."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from audit.models import AuditEvent
from massline.time import clock_time
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import Demand
from petitions.visibility import Citizen

CHANGING = {act.slug: act for act in (*OFFICIAL_ACTS, *CITIZEN_ACTS) if act.to}


def last_change(demand: Demand, actor: Any) -> str:
    """Which organ did what and when, as far as this person's timeline tells it; no name of a person."""
    happened = AuditEvent.objects.filter(subject_kind="petition", subject_key=demand.petition.number)
    happened = happened.filter(facts__act__in=list(CHANGING), facts__has_key="from")  # done, not tried and refused
    if isinstance(actor, Citizen):
        happened = happened.public()
    last = happened.order_by("-id").first()
    act = CHANGING.get(last.facts.get("act", "")) if last else None
    if last is None or act is None:
        return _("现在的状态是“%(state)s”，不能办理这一步。") % {"state": demand.get_state_display()}
    at = parse_datetime(last.facts.get("at", "")) or last.at
    words = {"by": _who(last, actor), "when": clock_time(at), "done": str(act.done or act.label) % last.facts}
    return _("%(by)s已于 %(when)s %(done)s，请查看最新情况。") % words


def _who(event: AuditEvent, actor: Any) -> str:
    if event.actor_kind == "citizen":
        return _("您") if isinstance(actor, Citizen) else _("信访人")
    return str(event.facts.get("by") or _("承办单位"))

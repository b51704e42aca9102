"""What is put on record about year plans of inspection."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

DRAFTED = Event("inspection_plan.drafted", _("拟定%(year)s年度督查计划"))
APPROVED = Event("inspection_plan.approved", _("已批准督查计划"))
DROPPED = Event("inspection_plan.dropped", _("未批准督查计划"))

register(DRAFTED, APPROVED, DROPPED)

"""The notices about inspections that officials get; never people of a visited organ (`Inspection.recused`)."""

from django.utils.translation import gettext_lazy as _

from responsibility.notices import NoticeKind, register

TO_APPROVE = NoticeKind("inspection.to_approve", _("督查活动等待批准"))
APPROVED = NoticeKind("inspection.approved", _("督查活动已批准"))
REFUSED = NoticeKind("inspection.refused", _("督查活动未批准"))
JOINED = NoticeKind("inspection.joined", _("您参加督查组"))
OUTCOME = NoticeKind("inspection.outcome", _("处理建议等待批准"))
OUTCOME_DECIDED = NoticeKind("inspection.outcome_decided", _("处理建议已有决定"))

register(TO_APPROVE, APPROVED, REFUSED, JOINED, OUTCOME, OUTCOME_DECIDED)

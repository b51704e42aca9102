"""What is put on record about inspections. Nothing here is for the visited organs: they have events of their own."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.events import Event, register

PROPOSED = Event("inspection.proposed", pgettext_lazy("event", "提出督查"))
APPROVED = Event("inspection.approved", _("已批准督查"))
REFUSED = Event("inspection.refused", _("未批准督查"))
CALLED_OFF = Event("inspection.called_off", _("取消督查"))
VISITS = Event("inspection.visits", _("督查对象增加%(organ)s"))
JOINED = Event("inspection.joined", _("督查组增加一人"))
RECUSED = Event("inspection.recused", _("督查组成员回避"))
LISTED = Event("inspection.listed", _("列入第 %(item)s 项检查内容"))
WENT = Event("inspection.went", _("督查组开始督查"))
FOUND = Event("inspection.found", _("记录了第 %(item)s 项检查情况"))
SERVED = Event("inspection.served", _("向%(organ)s送达督查结论"))
CONCLUDED = Event("inspection.concluded", _("督查结束，结论都已送达"))
PRAISED = Event("inspection.praised", _("建议对%(organ)s表扬激励"))
LIABILITY = Event("inspection.liability", _("提出对%(organ)s追究责任的建议"))
OUTCOME_APPROVED = Event("inspection.outcome_approved", _("对%(organ)s的处理建议已批准"))
OUTCOME_REFUSED = Event("inspection.outcome_refused", _("对%(organ)s的处理建议未批准"))
CLOSED = Event("inspection.closed", _("督查办结"))
NOTED = Event("inspection.noted", _("写下内部备注"))

register(
    PROPOSED, APPROVED, REFUSED, CALLED_OFF, VISITS, JOINED, RECUSED, LISTED, WENT, FOUND, SERVED, CONCLUDED, PRAISED,
    LIABILITY, OUTCOME_APPROVED, OUTCOME_REFUSED, CLOSED, NOTED,
)  # fmt: skip

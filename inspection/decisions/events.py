"""What is put on record about decisions."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

DRAFTED = Event("decision.drafted", _("拟订了决策草案"))
PARTICIPATION = Event("decision.participation", _("记录了公众参与"))
EXPERTS = Event("decision.experts", _("记录了专家论证"))
RISK = Event("decision.risk", _("记录了风险评估"))
SUBMITTED = Event("decision.submitted", _("已送请合法性审查"))
PASSED = Event("decision.passed", _("合法性审查通过"))
SENT_BACK = Event("decision.sent_back", _("合法性审查未通过，已退回"))
DEFERRED = Event("decision.deferred", _("集体讨论：暂不作出决定"))
ADOPTED = Event("decision.adopted", _("集体讨论：通过"))
REJECTED = Event("decision.rejected", _("集体讨论：未通过"))
STOPPED = Event("decision.stopped", _("停止执行"))
NOTED = Event("decision.noted", _("写下内部备注"))

register(
    DRAFTED, PARTICIPATION, EXPERTS, RISK, SUBMITTED, PASSED, SENT_BACK, DEFERRED, ADOPTED, REJECTED, STOPPED, NOTED
)

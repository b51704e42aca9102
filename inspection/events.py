"""What is put on record about tasks."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

DRAFTED = Event("task.drafted", _("拟立项"))
ORDERED = Event("task.ordered", _("由领导交办立项"))
APPROVED = Event("task.approved", _("已批准立项"))
ISSUED = Event("task.issued", _("下达%(organ)s，限%(day)s前完成"))
SIGNED = Event("task.signed", _("%(organ)s签收"))
PLANNED = Event("task.planned", _("列入第 %(item)s 项阶段目标，限%(day)s前完成"))
HELP_ASKED = Event("task.help_asked", _("指定%(organ)s协办（第 %(item)s 项），限%(day)s前完成"))
HELPED = Event("task.helped", _("%(organ)s完成协办（第 %(item)s 项）"))
FED_BACK = Event("task.fed_back", _("反馈了进展"))
REACHED = Event("task.reached", _("第 %(item)s 项阶段目标完成"))
BLOCKED = Event("task.blocked", _("等待%(organ)s协调"))
UNBLOCKED = Event("task.unblocked", _("%(organ)s已答复协调事项"))
POSTPONED = Event("task.postponed", _("办理时限由%(before)s延至%(day)s"))
REPORTED = Event("task.reported", _("%(organ)s报结"))
SENT_BACK = Event("task.sent_back", _("已退回，继续落实"))
VERIFIED = Event("task.verified", _("核实完成"))
ASKED = Event("task.asked", _("征求受影响群众的意见"))
HEARD = Event("task.heard", _("记录了群众的意见"))
REPORTED_UP = Event("task.reported_up", _("已呈报交办领导"))
WRITTEN_OFF = Event("task.written_off", _("已销号"))
RECHECK_ORDERED = Event("task.recheck_ordered", _("列入回头看"))
RECHECKED = Event("task.rechecked", _("回头看：已落实到位"))
FAILED_RECHECK = Event("task.failed_recheck", _("回头看：没有落实到位，重新办理"))
REOPENED = Event("task.reopened", _("已重新办理"))
STOPPED = Event("task.stopped", _("已中止"))
URGED = Event("task.urged", _("督促办理"))
NOTED = Event("task.noted", _("写下内部备注"))

register(
    DRAFTED, ORDERED, APPROVED, ISSUED, SIGNED, PLANNED, FED_BACK, REACHED, BLOCKED, UNBLOCKED, POSTPONED, REPORTED,
    SENT_BACK, VERIFIED, ASKED, HEARD, REPORTED_UP, WRITTEN_OFF, RECHECKED, FAILED_RECHECK, REOPENED, STOPPED, URGED,
    NOTED, RECHECK_ORDERED, HELP_ASKED, HELPED,
)  # fmt: skip

"""The notices about tasks that officials get."""

from django.utils.translation import gettext_lazy as _

from responsibility.notices import NoticeKind, register

ISSUED = NoticeKind("task.issued", _("督查事项下达，请签收"), at_once=True)
WAITED_FOR = NoticeKind("task.waited_for", _("有单位等待您单位协调"), at_once=True)
ANSWERED = NoticeKind("task.answered", _("协调事项已答复"))
POSTPONED = NoticeKind("task.postponed", _("办理时限已延长"))
REPORTED = NoticeKind("task.reported", _("已报结，请核实"))
SENT_BACK = NoticeKind("task.sent_back", _("退回继续落实"), at_once=True)
REPORTED_UP = NoticeKind("task.reported_up", _("您交办的事项呈报情况"))
STOPPED = NoticeKind("task.stopped", _("督查事项中止"))
URGED = NoticeKind("task.urged", _("督查部门督促办理"), at_once=True, once_unread=True)

HELP_ASKED = NoticeKind("task.help_asked", _("请您单位协办督查事项"), at_once=True)
HELPED = NoticeKind("task.helped", _("协办单位完成协办"))

register(ISSUED, WAITED_FOR, ANSWERED, POSTPONED, REPORTED, SENT_BACK, REPORTED_UP, STOPPED, URGED, HELP_ASKED, HELPED)

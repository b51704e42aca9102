"""What the clock and the chain put on record."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

WARNED = Event("warned", _("“%(goal)s”临近到期（%(due)s），已提醒%(told)s"), public=False)
OVERDUE = Event("overdue", _("“%(goal)s”超过期限（%(due)s），已告知%(told)s"), public=True)
ESCALATED = Event("escalated", _("“%(goal)s”超期未办，已上报%(told)s"), public=True)
CHAIN_GAP = Event("chain_gap", _("“%(goal)s”超期未办，责任链上无人可报"), public=False)
SWEEP_FAILED = Event("sweep_failed", _("“%(goal)s”的到期检查出错，一小时后重试"), public=False)
ACKNOWLEDGED = Event("acknowledged", _("%(post)s已签收上报件"), public=True)
INSTRUCTED = Event("instructed", _("%(post)s已作出批示"), public=True)
REASSIGNED = Event("reassigned", _("%(post)s批示改由%(to)s办理"), public=False)
EXTENDED = Event("extended", _("“%(goal)s”延期%(days)s日，至%(due)s"), public=True)
NOTICE_READ = Event("notice_read", _("读了一条消息"), public=False)
MESSAGES_QUEUED = Event("messages_queued", _("%(n)s 条通知待发送"), public=False)
MESSAGE_SENDING = Event("message_sending", _("开始发送通知"), public=False)
MESSAGE_SENT = Event("message_sent", _("通知已发出"), public=False)
MESSAGE_DELAYED = Event("message_delayed", _("通知暂未发出（%(fault)s），稍后重试"), public=False)
MESSAGE_FAILED = Event("message_failed", _("通知未能送达（%(fault)s）"), public=False)
MESSAGE_DROPPED = Event("message_dropped", _("通知不再需要发送"), public=False)
MESSAGE_MAY_REPEAT = Event("message_may_repeat", _("发送中断，将以同一编号重发，可能重复"), public=False)
PREFERENCE_SET = Event("preference_set", _("更改了通知设置"), public=False)

register(
    MESSAGES_QUEUED, MESSAGE_SENDING, MESSAGE_SENT, MESSAGE_DELAYED, MESSAGE_FAILED, MESSAGE_DROPPED,
    MESSAGE_MAY_REPEAT, PREFERENCE_SET,
    NOTICE_READ, WARNED, OVERDUE, ESCALATED, CHAIN_GAP, SWEEP_FAILED, ACKNOWLEDGED, INSTRUCTED, REASSIGNED, EXTENDED
)  # fmt: skip

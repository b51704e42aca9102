"""Events of deadlines, escalations, notices and the register of posts."""

from django.utils.translation import gettext_lazy as _

from audit import subjects
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
CALENDAR_LOADED = Event("calendar_loaded", _("收录了%(year)s年放假安排（日历第 %(version)s 版）"), public=False)
DUE_CHECKED = Event("due_checked", _("%(n)s 项期限已与%(year)s年放假安排核对，日期不变"), public=False)
DUE_MOVED = Event("due_moved", _("“%(goal)s”的期限按%(year)s年放假安排重算，由%(was)s改为%(due)s"), public=True)
DUE_SETTLED = Event("due_settled", _("“%(goal)s”的期限%(due)s已按%(year)s年放假安排确定"), public=True)
INNER_DUE_MOVED = Event("inner_due_moved", DUE_MOVED.sentence, public=False)
INNER_DUE_SETTLED = Event("inner_due_settled", DUE_SETTLED.sentence, public=False)
BREACH_KEPT = Event(
    "breach_kept", _("“%(goal)s”已经超期，期限%(was)s不变（按%(year)s年放假安排为%(due)s）"), public=False
)
DUE_KEPT = Event(
    "due_kept", _("“%(goal)s”的期限%(was)s不变：按%(year)s年放假安排为%(due)s，收录时已过，不倒算超期"), public=False
)
PERIOD_OPENED = Event("period_opened", _("“%(goal)s”%(since)s至%(last)s一期已列入待办"))
PERIOD_FULFILLED = Event("period_fulfilled", _("“%(goal)s”%(since)s至%(last)s一期已经履行"))
PERIOD_MISSED = Event("period_missed", _("“%(goal)s”%(since)s至%(last)s一期期满未履行"))
PERIOD_RELEASED = Event("period_released", _("“%(goal)s”%(since)s至%(last)s一期不再需要履行"))
PERIOD_HANDED_OVER = Event("period_handed_over", _("“%(goal)s”%(since)s至%(last)s一期改由%(post)s承担"))
PERIOD_SETTLED = Event("period_settled", _("“%(goal)s”%(since)s至%(last)s一期未履行，逐级上报结束"))
NOTICE_READ = Event("notice_read", _("读了一条消息"), public=False)
NOTICES_READ = Event("notices_read", _("把全部消息标为已读"), public=False)
MESSAGES_QUEUED = Event("messages_queued", _("%(n)s 条通知待发送"), public=False)
MESSAGE_SENDING = Event("message_sending", _("开始发送通知"), public=False)
MESSAGE_SENT = Event("message_sent", _("通知已发出"), public=False)
MESSAGE_DELAYED = Event("message_delayed", _("通知暂未发出（%(fault)s），稍后重试"), public=False)
MESSAGE_FAILED = Event("message_failed", _("通知未能送达（%(fault)s）"), public=False)
MESSAGE_DROPPED = Event("message_dropped", _("通知不再需要发送"), public=False)
MESSAGE_MAY_REPEAT = Event("message_may_repeat", _("发送中断，将以同一编号重发，可能重复"), public=False)
PREFERENCE_SET = Event("preference_set", _("更改了通知设置"), public=False)
REGION_ADDED = Event("region_added", _("登记地区 %(key)s"))
REGION_CHANGED = Event("region_changed", _("更改地区 %(key)s：%(fields)s"))
ORGAN_ADDED = Event("organ_added", _("登记机构 %(key)s"))
ORGAN_CHANGED = Event("organ_changed", _("更改机构 %(key)s：%(fields)s"))
DUTY_GIVEN = Event("duty_given", _("登记职责 %(key)s"))
DUTY_CHANGED = Event("duty_changed", _("更改职责 %(key)s：%(fields)s"))
POST_ADDED = Event("post_added", _("登记岗位 %(key)s"))
POST_CHANGED = Event("post_changed", _("更改岗位 %(key)s：%(fields)s"))
POST_DUTY_GIVEN = Event("post_duty_given", _("登记经常性职责 %(key)s"))
POST_DUTY_CHANGED = Event("post_duty_changed", _("更改经常性职责 %(key)s：%(fields)s"))
APPOINTED = Event("appointed", _("登记任职 %(key)s"))
APPOINTMENT_CHANGED = Event("appointment_changed", _("更改任职 %(key)s：%(fields)s"))
ABSENCE_STATED = Event("absence_stated", _("登记请假 %(key)s"))
ABSENCE_CHANGED = Event("absence_changed", _("更改请假 %(key)s：%(fields)s"))
READERS_ADDED = Event("readers_added", _("准予阅看：%(readers)s"))
READERS_ENDED = Event("readers_ended", _("停止阅看：%(readers)s"))
READERS_MOVED = Event("readers_moved", _("更改阅看期限：%(readers)s"))
SECRECY_DECLARED = Event("secrecy_declared", _("签署保密承诺"))
DEMO_LOADED = Event("demo_loaded", _("装入演示数据"))
DEMO_PASSWORD_SET = Event("demo_password_set", _("重设演示账号的密码"))

subjects.register(subjects.LogSubject("organ"))
register(
    DEMO_LOADED, DEMO_PASSWORD_SET,
    READERS_ADDED, READERS_ENDED, READERS_MOVED, SECRECY_DECLARED,
    REGION_ADDED, REGION_CHANGED, ORGAN_ADDED, ORGAN_CHANGED, DUTY_GIVEN, DUTY_CHANGED, POST_ADDED, POST_CHANGED,
    POST_DUTY_GIVEN, POST_DUTY_CHANGED, APPOINTED, APPOINTMENT_CHANGED, ABSENCE_STATED, ABSENCE_CHANGED,
    MESSAGES_QUEUED, MESSAGE_SENDING, MESSAGE_SENT, MESSAGE_DELAYED, MESSAGE_FAILED, MESSAGE_DROPPED,
    MESSAGE_MAY_REPEAT, PREFERENCE_SET,
    PERIOD_OPENED, PERIOD_FULFILLED, PERIOD_MISSED, PERIOD_RELEASED, PERIOD_HANDED_OVER, PERIOD_SETTLED,
    CALENDAR_LOADED, DUE_CHECKED, DUE_MOVED, DUE_SETTLED, INNER_DUE_MOVED, INNER_DUE_SETTLED, BREACH_KEPT, DUE_KEPT,
    NOTICE_READ, NOTICES_READ,
    WARNED, OVERDUE, ESCALATED, CHAIN_GAP, SWEEP_FAILED, ACKNOWLEDGED, INSTRUCTED, REASSIGNED, EXTENDED
)  # fmt: skip

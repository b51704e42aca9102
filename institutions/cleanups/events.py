"""What is put on record about cleanups."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

BEGUN = Event("cleanup.begun", _("开始集中清理，共 %(size)s 件制度，限%(day)s前完成"))
JUDGED = Event("cleanup.judged", _("第 %(item)s 件有了清理意见"))
CLOSED = Event("cleanup.closed", _("集中清理完成"))
DROPPED = Event("cleanup.dropped", _("不再清理"))
NOTED = Event("cleanup.noted", _("写下内部备注"))

register(BEGUN, JUDGED, CLOSED, DROPPED, NOTED)

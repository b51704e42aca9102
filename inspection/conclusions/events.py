"""What is put on record about conclusions; the visited organ reads it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.events import Event, register

ANNOUNCED = Event("conclusion.announced", _("通知将要督查"))
SERVED = Event("conclusion.served", pgettext_lazy("event", "送达督查结论"))
OBJECTED = Event("conclusion.objected", _("%(organ)s对结论提出异议"))
UPHELD = Event("conclusion.upheld", _("复核决定：维持结论"))
CHANGED = Event("conclusion.changed", _("复核决定：变更结论"))
SETTLED = Event("conclusion.settled", _("没有异议，结论生效"))
CANCELLED = Event("conclusion.cancelled", _("督查取消"))

register(ANNOUNCED, SERVED, OBJECTED, UPHELD, CHANGED, SETTLED, CANCELLED)

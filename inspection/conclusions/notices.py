"""The notices about conclusions that officials get."""

from django.utils.translation import gettext_lazy as _

from responsibility.notices import NoticeKind, register

ANNOUNCED = NoticeKind("conclusion.announced", _("将对您单位督查"), at_once=True)
SERVED = NoticeKind("conclusion.served", _("督查结论送达；三十日内可以提出异议"), at_once=True)
OBJECTED = NoticeKind("conclusion.objected", _("被督查单位提出异议，请复核"), at_once=True)
DECIDED = NoticeKind("conclusion.decided", _("复核决定送达"), at_once=True)
CANCELLED = NoticeKind("conclusion.cancelled", _("督查取消"))

register(ANNOUNCED, SERVED, OBJECTED, DECIDED, CANCELLED)

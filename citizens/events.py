"""The events of letters, searches and erasure for every kind that citizens file, each with one sentence."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

TOLD = Event("told", _("已告知：%(letter)s（%(how)s）"), public=True)
SERVED = Event("letter_served", _("%(letter)s已于%(served_on)s送达"), public=True)
RETURNED = Event("letter_returned", _("%(letter)s邮寄后退回（%(returned)s），另行告知"), public=True)
CANNOT_TELL = Event("cannot_tell", _("无法告知：%(letter)s（%(unclear)s）"), public=True)
RECALLED = Event("letter_recalled", _("撤下尚未告知的%(letter)s"))
PERSON_SEARCHED = Event("person_searched", _("按%(field)s查找当事人（%(ground)s）"))

ERASED = Event("person_erased", _("依法清除了当事人的个人信息和陈述"), public=True)

OF_CITIZENS = register(TOLD, SERVED, RETURNED, CANNOT_TELL, RECALLED, PERSON_SEARCHED, ERASED)

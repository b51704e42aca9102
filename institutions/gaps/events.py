"""What is put on record about gaps."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

FOUND = Event("gap.found", _("发现制度缺口"))
PLANNED = Event("gap.planned", _("安排补上，限%(day)s前完成"))
CLOSED = Event("gap.closed", _("已由制度 %(regulation)s 补上"))
DISMISSED = Event("gap.dismissed", _("核实不是缺口"))
REOPENED = Event("gap.reopened", _("缺口又出现"))
NOTED = Event("gap.noted", _("写下内部备注"))

register(FOUND, PLANNED, CLOSED, DISMISSED, REOPENED, NOTED)

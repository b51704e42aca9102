"""What is put on record about whistles."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

BLOWN = Event("whistle.blown", _("吹哨"))
CALLED = Event("whistle.called", _("请%(organ)s于 %(day)s 前报到"))
CAME = Event("whistle.came", _("%(organ)s已报到"))
CANNOT = Event("whistle.cannot", _("%(organ)s答复不能到场，提交上级协调"))
SENT = Event("whistle.sent", _("上级要求%(organ)s到场"))
EXCUSED = Event("whistle.excused", _("上级同意%(organ)s不到场"))
RATED = Event("whistle.rated", _("评价了%(organ)s的报到"))
ABSENT = Event("whistle.absent", _("乡镇街道说明%(organ)s没有到场"))
SETTLED = Event("whistle.settled", _("吹哨事项解决"))
CANCELLED = Event("whistle.cancelled", _("撤回吹哨"))
NOTED = Event("whistle.noted", _("写下内部备注"))

register(BLOWN, CALLED, CAME, CANNOT, SENT, EXCUSED, RATED, ABSENT, SETTLED, CANCELLED, NOTED)

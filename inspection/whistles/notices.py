"""The notices about whistles that officials get."""

from django.utils.translation import gettext_lazy as _

from responsibility.notices import NoticeKind, register

CALLED = NoticeKind("whistle.called", _("乡镇街道吹哨，请报到"), at_once=True)
CAME = NoticeKind("whistle.came", _("被吹哨单位已报到，请评价"))
CANNOT = NoticeKind("whistle.cannot", _("下属单位不能报到，请协调"), at_once=True)
DIRECTED = NoticeKind("whistle.directed", _("上级对吹哨报到作出安排"), at_once=True)
ABSENT = NoticeKind("whistle.absent", _("乡镇街道说明没有到场，请报到"), at_once=True)
ENDED = NoticeKind("whistle.ended", _("吹哨事项已经结束"))

register(CALLED, CAME, CANNOT, DIRECTED, ABSENT, ENDED)

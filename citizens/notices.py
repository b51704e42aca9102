"""The notices that officials get when citizens' data are erased."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.notices import NoticeKind, register

FILTER_CLEARED = NoticeKind(
    "filter_cleared",
    _("您保存的一个筛选含有依法清除的个人信息，查询词和名称已经清除"),
    numbered=False,
    page=lambda notice: reverse("desk"),
)
register(FILTER_CLEARED)

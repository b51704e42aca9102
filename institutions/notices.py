"""The notices about regulations and texts that officials get."""

from django.utils.translation import gettext_lazy as _

from responsibility.notices import NoticeKind, register

TO_CHECK = NoticeKind("regulation_text.to_check", _("有文本送合法性审核"))
CHECK_DONE = NoticeKind("regulation_text.check_done", _("合法性审核有了结论"))
PROMULGATED = NoticeKind("regulation_text.promulgated", _("您负责执行或者监督的制度公布了文本"))
REPEALED = NoticeKind("regulation.repealed", _("制度废止"))
LAPSED = NoticeKind("regulation.lapsed", _("制度到期失效"))

register(TO_CHECK, CHECK_DONE, PROMULGATED, REPEALED, LAPSED)

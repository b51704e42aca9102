"""Events and notices of publications. What happened to one stands on the timeline of its source, too."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event
from audit.events import register as register_events
from responsibility.notices import NoticeKind
from responsibility.notices import register as register_notices

PROPOSED = Event("publication.proposed", _("提出公开申请"))
MADE = Event("publication.made", _("收到公开申请，等待保密审查"))
RETRACTED = Event("publication.retracted", _("撤回公开申请"))
PUBLISHED = Event("publication.published", _("经保密审查，已公开"), public=True)
PARTLY_PUBLISHED = Event("publication.partly_published", _("经保密审查，已部分公开"), public=True)
REFUSED = Event("publication.refused", _("经保密审查，不公开"))
REFERRED = Event("publication.referred", _("保密审查不能确定，送%(to)s审定"))
WITHDRAWN = Event("publication.withdrawn", _("已撤回公开"), public=True)
SUPERSEDED = Event("publication.superseded", _("已由更正后的内容取代"))
register_events(
    PROPOSED, MADE, RETRACTED, PUBLISHED, PARTLY_PUBLISHED, REFUSED, REFERRED, WITHDRAWN, SUPERSEDED
)  # fmt: skip

DECIDED = NoticeKind("publication.decided", _("您提出的公开申请，保密审查有了结果"))
TAKEN_DOWN = NoticeKind("publication.taken_down", _("您提出公开的内容已被撤回"))
register_notices(DECIDED, TAKEN_DOWN)

"""Events and notices of proposals. Both are about the proposal and not about its source, which need not exist for those
who decide."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event
from audit.events import register as register_events
from responsibility.notices import NoticeKind
from responsibility.notices import register as register_notices

MADE = Event("proposal.made", _("提出提请"))
TAKEN_UP = Event("proposal.taken_up", _("采纳提请"))
DECLINED = Event("proposal.declined", _("不予采纳"))
WITHDRAWN = Event("proposal.withdrawn", _("提请已撤回"))
HEAD_TOLD = Event("proposal.head_told", _("%(organ)s目前无人可以决定，已告知其主要负责人"))
register_events(MADE, TAKEN_UP, DECLINED, WITHDRAWN, HEAD_TOLD)

RECEIVED = NoticeKind("proposal.received", _("收到提请，请您决定"))
ACCEPTED = NoticeKind("proposal.taken_up", _("您的提请已被采纳"))
REFUSED = NoticeKind("proposal.declined", _("您的提请未被采纳"))
register_notices(RECEIVED, ACCEPTED, REFUSED)

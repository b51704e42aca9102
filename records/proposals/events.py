"""What happens to a proposal, and the notices of it. Both are about the proposal and not about its source, which need
not exist for those who decide."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event
from audit.events import register as register_events
from responsibility.notices import NoticeKind
from responsibility.notices import register as register_notices

MADE = Event("proposal.made", _("提出提请"))
TAKEN_UP = Event("proposal.taken_up", _("采纳提请"))
DECLINED = Event("proposal.declined", _("不予采纳"))
register_events(MADE, TAKEN_UP, DECLINED)

RECEIVED = NoticeKind("proposal.received", _("收到提请，请您决定"))
ACCEPTED = NoticeKind("proposal.taken_up", _("您的提请已被采纳"))
REFUSED = NoticeKind("proposal.declined", _("您的提请未被采纳"))
register_notices(RECEIVED, ACCEPTED, REFUSED)

"""Events and notices of spills. None says what the record holds."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event
from audit.events import register as register_events
from responsibility.notices import NoticeKind
from responsibility.notices import register as register_notices

REPORTED = Event("spill.reported", _("报告泄密，有关事项已立即冻结"))
FROZEN = Event("spill.frozen", _("按规定冻结，等待核查"))
READ = Event("spill.read", _("为核查阅看了冻结的内容"))
RELEASED = Event("spill.released", _("核查完毕，解除冻结"))
ERASED = Event("spill.erased", _("按文号 %(order)s 的要求清除了内容"))
register_events(REPORTED, FROZEN, READ, RELEASED, ERASED)

TOLD_RELEASED = NoticeKind("spill.told_released", _("您报告的泄密已核查完毕，该件已恢复"))
TOLD_ERASED = NoticeKind("spill.told_erased", _("您报告的泄密已核查完毕，该件内容已清除"))
register_notices(TOLD_RELEASED, TOLD_ERASED)

"""What happens to an export."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from audit.subjects import LogSubject
from audit.subjects import register as register_subjects

EXPORT_ASKED = Event("export_asked", _("要求导出：%(what)s"))
EXPORT_FAILED = Event("export_failed", _("导出未能完成：%(what)s"))
EXPORT_FETCHED = Event("export_fetched", _("下载了导出的文件：%(what)s"))
EXPORT_REMOVED = Event("export_removed", _("导出的文件到期删除：%(what)s"))

EXPORT_WITHDRAWN = Event("export_withdrawn", _("因依法清除个人信息，导出的文件失效：%(what)s"))

register_subjects(LogSubject("export", keyed=True), LogSubject("bulletin"))
register(EXPORT_ASKED, EXPORT_FAILED, EXPORT_FETCHED, EXPORT_REMOVED, EXPORT_WITHDRAWN)

"""What happens to records of every kind alike."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

LINKED = Event("linked", _("“%(source)s”与“%(target)s”建立了关联"))
CREATE_REFUSED = Event("create_refused", _("新建“%(kind)s”被拒绝"))
FILTER_SAVED = Event("filter_saved", _("保存了一个台账筛选"), public=False)
FILTER_REMOVED = Event("filter_removed", _("删除了一个台账筛选"), public=False)

IMPORT_ASKED = Event("import.asked", _("上传了旧台账，等待确认"), public=False)
IMPORT_CONFIRMED = Event("import.confirmed", _("确认导入旧台账"), public=False)
IMPORT_STEP = Event("import.step", _("旧台账导入又完成一批"), public=False)
IMPORT_ENDED = Event("import.ended", _("旧台账导入结束"), public=False)
IMPORT_FORGOTTEN = Event("import.forgotten", _("旧台账的预览或者退回行到期清除"), public=False)

register(
    LINKED, CREATE_REFUSED, FILTER_SAVED, FILTER_REMOVED,
    IMPORT_ASKED, IMPORT_CONFIRMED, IMPORT_STEP, IMPORT_ENDED, IMPORT_FORGOTTEN,
)  # fmt: skip

"""What happens to records of every kind alike."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

LINKED = Event("linked", _("“%(source)s”与“%(target)s”建立了关联"))
CREATE_REFUSED = Event("create_refused", _("新建“%(kind)s”被拒绝"))
FILTER_SAVED = Event("filter_saved", _("保存了一个台账筛选"), public=False)
FILTER_REMOVED = Event("filter_removed", _("删除了一个台账筛选"), public=False)

register(LINKED, CREATE_REFUSED, FILTER_SAVED, FILTER_REMOVED)

"""What happens to records of every kind alike."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

LINKED = Event("linked", _("“%(source)s”与“%(target)s”建立了关联"))
CREATE_REFUSED = Event("create_refused", _("新建“%(kind)s”被拒绝"))

register(LINKED, CREATE_REFUSED)

"""What happens to records of every kind alike."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

LINKED = Event("linked", _("“%(source)s”与“%(target)s”建立了关联"))

register(LINKED)

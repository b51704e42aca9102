"""What is put on record about draws: first the hashes, later the seed."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

LOCKED = Event("draw.locked", _("锁定抽查范围 %(count)s 件（%(pool_hash)s）和种子（%(seed_hash)s）"))
DRAWN = Event("draw.drawn", _("揭晓种子 %(seed)s，抽定 %(count)s 件"))

register(LOCKED, DRAWN)

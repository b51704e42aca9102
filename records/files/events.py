"""What happens to the files of records of every kind."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from massline.files.reason_texts import WORDS as REFUSALS
from records.files.models import Kind, Scan
from records.timeline import register_words

ATTACHED = Event("attached", _("添加了文件（%(kind)s）"), public=True)
ATTACHED_INSIDE = Event("attached_inside", _("添加了内部文件（%(kind)s）"))
SCANNED = Event("attachment_scanned", _("文件已查毒：%(scan)s"))
CHECKED = Event("attachment_checked", _("文件已检查，可以打开（%(kind)s）"))
NOT_TAKEN = Event("attachment_not_taken", _("文件没有通过检查，没有保存：%(refusal)s"))

OF_FILES = register(ATTACHED, ATTACHED_INSIDE, SCANNED, CHECKED, NOT_TAKEN)
register_words(OF_FILES, {"kind": dict(Kind.choices), "scan": dict(Scan.choices), "refusal": REFUSALS})

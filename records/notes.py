"""The act by which an official keeps a note (备注) on a record. Each kind says in which states, and names its event."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from massline.acts import Act
from massline.inputs import Text
from records.effects import Writes
from records.models import RecordRole


class KeepNote(Act):
    """An official who sees the record writes a note that only officials read."""

    slug, label, button = "note", _("写备注"), _("保存备注")
    basis = "办理留痕"
    roles: ClassVar[frozenset[str]] = frozenset({RecordRole.READER})
    fields = (Text("text", _("备注"), rows=3),)
    effects = (Writes("text", kind="note"),)

"""The files of a record that its citizen may have."""

from collections.abc import Iterable
from typing import Any

from citizens.public_sides import public_side
from massline.acts import Act
from records.files.acts import ADDING
from records.files.models import Attachment, AttachmentQuerySet
from records.files.panel import Address, Panel, panel


def own_attachments(record: Any) -> AttachmentQuerySet:
    """What the citizen handed in and what officials show them; none where the kind says so of this record."""
    matter = record.matter
    files = Attachment.objects.about(matter.kind, matter.pk).for_citizen()
    return files if public_side(matter.kind).shows_files(record) else files.none()


def own_files(record: Any, may: Iterable[Act], *, add: str, read: Address | None) -> Panel:
    """The panel of these files with the form that adds more, for acts that the citizen `may` do."""
    return panel(record, own_attachments(record).kept(), may, add=add, read=read, citizen=True)


def takes_files(record: Any) -> bool:
    """Whether citizens hand in files of such a record, now or in another state: its page says what becomes of them."""
    side = public_side(record.matter.kind)
    return side.shows_files(record) and any(act.slug in ADDING for act in side.acts)

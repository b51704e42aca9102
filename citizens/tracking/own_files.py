"""The files of a record that its citizen may read."""

from collections.abc import Iterable
from typing import Any

from citizens.public_sides import public_side
from massline.acts import Act
from records.files.acts import ADDING
from records.files.models import Attachment, AttachmentQuerySet
from records.files.panel import Address, Panel, panel


def own_attachments(record: Any) -> AttachmentQuerySet:
    """Selects the files that the citizen handed in and those that officials show them; none where the kind hides
    files."""
    matter = record.matter
    files = Attachment.objects.about(matter.kind, matter.pk).for_citizen()
    return files if public_side(matter.kind).shows_own(record) else files.none()


def own_files(record: Any, may: Iterable[Act], *, add: str, read: Address | None) -> Panel:
    """Builds the panel of these files with the form that adds more, for the acts that the citizen `may` do."""
    return panel(record, own_attachments(record).kept(), may, add=add, read=read, citizen=True)


def takes_files(record: Any) -> bool:
    """Returns whether citizens hand in files of such a record, in this state or another: its page then explains the
    check of files."""
    side = public_side(record.matter.kind)
    return side.shows_own(record) and any(act.slug in ADDING for act in side.acts)

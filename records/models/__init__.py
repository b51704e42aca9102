"""What the records of every mechanism keep in tables that they share."""

from records.files.models import Attachment
from records.importing.models import Import, ImportedFrom, ImportReject
from records.models.creations import Creation
from records.models.links import Link
from records.models.record import Record
from records.models.saved_filters import SavedFilter
from records.models.texts import ActText
from records.models.visibility import RecordQuerySet, RecordRole
from records.proposals.models import Proposal
from records.publishing.models import Publication
from records.spills.models import Spill

__all__ = [
    "ActText",
    "Attachment",
    "Creation",
    "Import",
    "ImportReject",
    "ImportedFrom",
    "Link",
    "Proposal",
    "Publication",
    "Record",
    "RecordQuerySet",
    "RecordRole",
    "SavedFilter",
    "Spill",
]

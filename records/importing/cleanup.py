"""Purges what imports leave behind: previews, files and rejected rows, as soon as they are not needed."""

from django.db import transaction
from django.utils import timezone

from audit import log
from massline.jobs import JobState
from records import events
from records.importing.models import PREVIEW, Import, ImportReject
from records.importing.run import delete_file
from records.importing.starting import discard


def delete_expired() -> None:
    """Purges what is over. Can run at any time, twice, and beside an import."""
    now = timezone.now()
    for job in Import.objects.filter(state=PREVIEW, asked_at__lt=now - Import.PREVIEW_FOR):
        discard(job)
    over = Import.objects.filter(state__in=[JobState.DONE, JobState.FAILED])
    for job in over.exclude(file=""):
        delete_file(job)
    for job in over.filter(ended_at__lt=now - Import.REJECTS_FOR, rejects__isnull=False).distinct():
        with transaction.atomic():
            log.record(events.IMPORT_FORGOTTEN, subject=log.Subject("import", job.key))
            ImportReject.objects.filter(job=job).delete()

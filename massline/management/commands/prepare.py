"""What must be done before the programs start: tables, texts, static files, and the demo where there is one.

One command, because each start of Django costs a second.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from audit.models import AuditEvent
from massline import health, translations


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        refuse_made_up_people()
        translations.compile_changed()
        collect_static()
        for name, (fine, words) in health.notes().items():
            if not fine and not settings.DEMO:
                self.stdout.write(f"{name}: {words}")
        if settings.DEMO:
            call_command("load_demo", stdout=self.stdout)


def refuse_made_up_people() -> None:
    """Production never starts on a database that once held the demo."""
    if settings.PRODUCTION and AuditEvent.objects.filter(name="demo_loaded").exists():
        raise CommandError("This database holds the demo; production needs one of its own.")


def collect_static() -> None:
    """Only when a file has changed: giving names and packing takes seconds."""
    note = Path(settings.STATIC_ROOT) / ".made-of"
    now = _fingerprint()
    if note.exists() and note.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=note.parent.exists())
    note.write_text(now)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()

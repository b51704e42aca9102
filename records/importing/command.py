"""`manage.py import_… FILE --mapping TOML [--dry-run] [--rejects FILE]`: takes over an existing ledger of a kind."""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from audit.context import SYSTEM, acting
from massline.jobs import JobState
from records import events
from records.importing.mapping import BadMapping, Mapping, from_toml
from records.importing.models import Import
from records.importing.rejects import as_csv
from records.importing.rows import Entry, Reader, Rejected
from records.importing.run import importer_of, judged, reasons_of, work_on
from records.importing.sheets import BadSheet, Sheet, open_sheet
from records.importing.starting import create_preview


class Summary(Protocol):
    def add(self, entry: Entry) -> None: ...

    def sentence(self) -> str: ...


class ImportCommand(BaseCommand):
    """A kind's command says the kind, the user recorded as the importer, and what a dry run tells of the rows."""

    help = "Takes over rows that were kept elsewhere (CSV or a spreadsheet). Can be repeated: no row comes in twice."
    kind: str
    summary: Callable[[], Summary]

    def author(self) -> User:
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="TOML, as in docs/import-example.toml")
        parser.add_argument("--dry-run", action="store_true", help="judge every row and write nothing")
        parser.add_argument("--rejects", type=argparse.FileType("w", encoding="utf-8"), help="write rejected rows here")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            mapping = self._mapping(options["mapping"])
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(shutil.copy(path, Path(folder) / "sheet"))
                sheet = open_sheet(copy, mapping)
                sheet.count()
                reader = Reader(sheet, mapping, None)
                if left_out := mapping.left_out(sheet.header):
                    self._say(_("不导入的列：%(names)s") % {"names": "、".join(left_out)})
                if options["dry_run"]:
                    self._dry_run(reader, sheet, options["rejects"])
                else:
                    self._import(path, mapping, sheet, options["rejects"])
        except (BadSheet, BadMapping) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(_("读不了文件 %(name)s：%(error)s") % {"name": path, "error": error.strerror}) from None

    def _dry_run(self, reader: Reader, sheet: Sheet, rejects: Any) -> None:
        came_in, summary, refused, emptied = 0, self.summary(), [], []
        for row in judged(reader, sheet.lines()):
            if isinstance(row, Rejected):
                refused.append(row)
            else:
                came_in += 1
                summary.add(row)
                if row.emptied:
                    emptied.append(row.emptied)
        self._say(_("试行：可以收下 %(came_in)s 件，退回 %(rejected)s 行") % {
            "came_in": came_in, "rejected": len(refused)})  # fmt: skip
        self._say_reasons(row.reasons for row in refused)
        if emptied:
            self._say(_("其中 %(rows)s 行会空出有错的内容，其余照收") % {"rows": len(emptied)})
            self._say_reasons(emptied)
        self._say(summary.sentence())
        _write(rejects, sheet.header, ([row.number, "；".join(row.reasons), *row.cells] for row in refused))

    def _import(self, path: Path, mapping: Mapping, sheet: Sheet, rejects: Any) -> None:
        if not mapping.source:
            raise CommandError(_("映射里没有写来源名称（source），它和原编号一起防止重复导入"))
        began = timezone.now()
        with acting(SYSTEM):
            job = self._started(path, mapping)
            work_on(job)
        job.refresh_from_db()
        counts = {"came_in": job.came_in, "rejected": job.rejected, "already_there": job.already_there}
        self._say(_("收下 %(came_in)s 件，退回 %(rejected)s 行，已有 %(already_there)s 件") % counts)
        self._say_reasons(row.reasons for row in job.rejects.order_by("row"))
        self._say(_("用时 %(seconds)s 秒") % {"seconds": round((timezone.now() - began).total_seconds(), 1)})
        _write(rejects, sheet.header, (row.as_row() for row in job.rejects.order_by("row")))
        if job.state != JobState.DONE:
            raise CommandError(job.fault or _("没有做完；再运行一次会从停下的地方继续，不会重复"))

    def _mapping(self, path: Path | None) -> Mapping:
        importer = importer_of(self.kind)
        if path is None:
            return Mapping(importer)
        try:
            return from_toml(importer, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise BadMapping(_("映射文件应当是 UTF-8 编码")) from None

    def _started(self, path: Path, mapping: Mapping) -> Import:
        """Returns the job, in this process's hands. When this is killed, the worker goes on with it."""
        with transaction.atomic():
            log.record(events.IMPORT_ASKED)
            by = self.author()
        with path.open("rb") as file:
            job, _sheet = create_preview(self.kind, iter(lambda: file.read(1 << 20), b""), path.name, mapping, by, None)
        with transaction.atomic():
            log.record(events.IMPORT_CONFIRMED, subject=log.Subject("import", job.key))
            job.state, job.attempts, job.leased_until = JobState.RUNNING, 1, timezone.now() + job.LEASE
            job.save(update_fields=["state", "attempts", "leased_until"])
        return job

    def _say_reasons(self, reasons: Iterable[Sequence[str]]) -> None:
        for reason, times in reasons_of(tuple(each) for each in reasons).most_common():
            self._say(f"  {times:>6}  {reason}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)


def _write(rejects: Any, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    if rejects is not None:
        with rejects:
            rejects.writelines(as_csv(header, rows))

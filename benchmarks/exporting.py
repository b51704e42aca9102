"""Exports of many rows: CSV against a plain COPY of the same rows; the memory of a long workbook and of a short one."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from benchmarks.ground import BASE, Ground
from benchmarks.measure import Line, Sizes, least_ms, seconds

LEAST, MOST_GROWTH = 0.5, 1.1
PLAIN = """
SELECT p.number, d.received_at, p.channel, p.persons, r.name, d.category, d.category, d.purpose, d.state, o.name,
       f.name, h.name, d.strict_at, d.due_at, d.due_at <= now(), d.outcome
FROM petitions_demand d JOIN petitions_petition p ON p.filing_id = d.petition_id
JOIN responsibility_region r ON r.id = p.region_id JOIN responsibility_organ o ON o.id = d.organ_id
JOIN responsibility_organ f ON f.id = d.office_id LEFT JOIN responsibility_post h ON h.id = d.handler_id
ORDER BY d.id
"""
"""The columns of the ledger's export as they lie in their tables."""


def run(ground: Ground, sizes: Sizes) -> Iterator[Line]:
    from benchmarks.city import STATES, Copies

    with ground.database("bench_exports") as url, tempfile.TemporaryDirectory() as folder:
        Copies(STATES).grow(sizes.exported)
        path, many = Path(folder) / "plain.csv", f"{sizes.exported:,} rows"
        repeat = min(sizes.repeat, 5)
        _export("csv"), _plain(path)
        ours = min(_export("csv") for _ in range(repeat))
        theirs = least_ms(lambda: _plain(path), repeat) / 1000
        ours = min(ours, *(_export("csv") for _ in range(repeat)))
        yield Line.rate(f"CSV of {many}", sizes.exported / ours, "plain COPY", sizes.exported / theirs, LEAST)
        for form in ("jsonl", "xlsx"):
            took = _export(form)
            what = f"{form.upper()} of {many}"
            yield Line.rate(what, sizes.exported / took, "plain COPY", sizes.exported / theirs, None)
        for form in ("csv", "xlsx"):
            few, all_of_them = (_megabytes(url, form, rows) for rows in (sizes.exported // 10, sizes.exported))
            ratio = f"{all_of_them / few:.2f}"
            yield Line(
                f"memory of {form.upper()}, {sizes.exported:,} : {sizes.exported // 10:,}",
                f"{all_of_them} MB", f"{few} MB", ratio, f"<= {MOST_GROWTH}",
            )  # fmt: skip


def _plain(path: Path) -> None:
    from django.db import connection

    connection.ensure_connection()
    with path.open("wb") as file, connection.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({PLAIN}) TO STDOUT WITH (FORMAT csv, HEADER)", file)


def _export(form: str) -> float:
    """Seconds for one whole export of everything, with its hash, its event and its commit."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from audit import log
    from reports import events, exports
    from reports.models import Export

    now = timezone.now()
    job = Export(
        asked_by=User.objects.get(username="auditor"), asked_at=now, nonce=uuid4(), what="ledger", form=form,
        language="zh-hans", name=uuid4().hex, state="running", attempts=1, leased_until=now + Export.LEASE,
    )  # fmt: skip
    with transaction.atomic():
        log.record(events.EXPORT_ASKED, facts=exports.facts(job))
        job.save()
    took = seconds(lambda: exports.make(job))
    assert job.state == "done", job.fault
    exports.delete_files(job, 1)
    return took


def _megabytes(url: str, form: str, rows: int) -> int:
    """The most memory that a process of its own takes for so many rows, from the database to the disk."""
    command = [sys.executable, "-m", "benchmarks.exporting", form, str(rows)]
    done = subprocess.run(
        command, cwd=BASE, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def main(form: str, rows: int) -> None:
    import django

    django.setup()
    from accounts.models import User
    from reports import exports, writers
    from reports.export_kinds import export_kinds
    from reports.models import Export

    job = Export(asked_by=User.objects.get(username="auditor"), what="ledger", filter={})
    with exports.snapshot() as (reader, as_of), tempfile.TemporaryDirectory() as folder:
        columns = export_kinds()["ledger"].chosen([], as_of)
        sql = f"{exports.statement(reader, job, columns, as_of)} LIMIT {rows}"
        written, _digest = writers.write(
            writers.Source(reader, sql, columns), form, Path(folder) / f"a.{form}", lambda done: None
        )
        assert written <= rows
    # Of this program alone: what getrusage tells begins with what the benchmark itself had when it started this one.
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""Killed in the middle of an import, worker, broker and web server lose nothing and double nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from massline.env import read_lines
from massline.stack.database import cursor_at
from massline.stack.process import members
from massline.stack.valkey import free_port
from tests.database import BASE
from tests.import_lab import overdue
from tests.stack.test_stack import Launcher, wait_for

ROWS = 6_000
BEGIN = """
from tests.city import build_city
from petitions.importing.importer import IMPORTER
from records.importing.mapping import from_toml
from records.importing.models import Import
from records.importing.starting import create_preview
from massline.wake import wake
from django.db import transaction
from tests.database import BASE
from tests.import_lab import MAPPING
from pathlib import Path
from tests.chain_lab import event
with transaction.atomic():
    event()
    city = build_city()
mapping = from_toml(IMPORTER, MAPPING)
content = [Path({path!r}).read_bytes()]
job, sheet = create_preview("petition", content, "old.csv", mapping, city.clerk, city.organ["office"].pk)
with transaction.atomic():
    Import.objects.update(state="waiting")
wake("records.imports")
"""
LEASE_ENDS = """
from django.db import transaction
from django.utils import timezone
from records.importing.models import Import
from massline.wake import wake
with transaction.atomic():
    Import.objects.filter(state="running").update(leased_until=timezone.now())
wake("records.imports")
"""
COUNTS = """
import json
from audit.models import AuditEvent
from audit.verify import verify
from records.importing.models import ImportedFrom
from petitions.models import Demand, Petition
from responsibility.models import Obligation
found = [m.objects.count() for m in (Petition, Demand, ImportedFrom)]
found.append(Obligation.objects.filter(escalation=None).count())
found.append(AuditEvent.objects.filter(name="petition.imported").values("subject_key").distinct().count())
print(json.dumps([*found, verify().ok]))
"""


@pytest.fixture
def launcher(stack_home: Path) -> Iterator[Launcher]:
    launcher = Launcher(stack_home, free_port(), DEMO="0")
    launcher.start()
    try:
        yield launcher
    finally:
        launcher.end(signal.SIGTERM)


def run(launcher: Launcher, code: str) -> str:
    environ = {"PATH": os.environ["PATH"], "MASSLINE_HOME": str(launcher.home), "PYTHONPATH": str(BASE)}
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
    done = subprocess.run(command, env=environ, cwd=BASE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def state(launcher: Launcher) -> dict[str, Any]:
    with cursor_at(read_lines(launcher.home / "stack.env")["DATABASE_URL"]) as cursor:
        cursor.execute("SELECT row_to_json(i) FROM records_import i")
        return cursor.fetchone()[0]


def test_killed_in_the_middle_it_loses_nothing_and_doubles_nothing(launcher: Launcher, stack_home: Path) -> None:
    ledger = stack_home / "old.csv"
    ledger.write_text(overdue(ROWS), encoding="utf-8")
    run(launcher, BEGIN.format(path=str(ledger)))
    killed = 0
    for name in ("worker", "valkey", "web"):
        before = state(launcher)
        assert wait_for(lambda seen=before: state(launcher)["done"] > seen["done"], 60), before  # type: ignore[misc]
        if state(launcher)["state"] != "running":
            break
        pid = launcher.children()[name]
        for each in [*members(pid), pid]:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                pass
        killed += 1
        assert wait_for(lambda gone=pid, who=name: launcher.children().get(who, gone) != gone, 30)  # type: ignore[misc]
        if name == "worker":  # as if the minute of its lease had passed
            run(launcher, LEASE_ENDS)
    assert wait_for(lambda: state(launcher)["state"] == "done", 120), state(launcher)
    assert killed == 3, "the import was over before everybody was killed: take more rows"
    found = state(launcher)
    assert (found["came_in"], found["rejected"], found["already_there"], found["done"]) == (ROWS, 0, 0, ROWS)
    assert found["attempts"] >= 2
    assert json.loads(run(launcher, COUNTS)) == [ROWS, ROWS, ROWS, ROWS, ROWS, True]
    assert not [path for path in (stack_home / "private").rglob("*") if path.is_file()]

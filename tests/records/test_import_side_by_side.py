"""Two imports of one ledger at the same moment: each row comes in once."""

from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from audit.verify import verify
from petitions.models import Petition
from records.importing.models import Import, ImportedFrom
from tests.at_once import all_at_once
from tests.chain_lab import event
from tests.city import build_city
from tests.import_lab import MAPPING, overdue, private_folder


def test_two_at_once_bring_each_row_once(cloned_db: str, tmp_path: Path) -> None:
    with transaction.atomic():
        event()
        build_city()
    (tmp_path / "old.csv").write_text(overdue(350), encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    files = (str(tmp_path / "old.csv"), "--mapping", str(tmp_path / "map.toml"))
    with private_folder(tmp_path / "private"):
        all_at_once(*[partial(call_command, "import_petitions", *files)] * 2)
    assert Petition.objects.count() == ImportedFrom.objects.count() == 350
    jobs = Import.objects.all()
    assert sum(job.came_in for job in jobs) == 350 == sum(job.already_there for job in jobs)
    assert not any(job.rejected for job in jobs) and verify().ok

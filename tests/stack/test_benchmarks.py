"""The benchmarks run from end to end. What they find is looked at by people: no test depends on a time."""

import os
import subprocess
import sys

import pytest

from tests.database import BASE

TINY = {"CLIENTS": 2, "FILINGS": 8, "SMALL": 20, "LARGE": 40, "DUE": 4, "EXPORTED": 40, "REPEAT": 1}


def run(*names: str) -> subprocess.CompletedProcess[str]:
    sizes = {f"BENCH_{name}": str(size) for name, size in TINY.items()}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *names],
        cwd=BASE, env=os.environ | sizes, capture_output=True, text=True, timeout=240,
    )  # fmt: skip


def test_the_ground_is_made_and_a_table_is_printed() -> None:
    done = run("sweeping")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "| empty sweep" in done.stdout


@pytest.mark.soak
def test_every_benchmark_has_its_lines() -> None:
    done = run()
    assert done.returncode == 0, done.stderr[-2000:]
    for what in (
        "filing through REST",
        "ledger as it opens",
        "ledger list, fetched",
        "petition page",
        "empty sweep",
        "sweep of 4 due",
        "CSV of 40 rows",
    ):
        assert f"| {what}" in done.stdout


def test_an_unknown_benchmark_is_refused_in_a_sentence() -> None:
    done = run("everything")
    assert done.returncode == 2
    assert "there are filing, pages, searching, sweeping, exporting" in done.stderr

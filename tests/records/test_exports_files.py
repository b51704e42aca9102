"""The files themselves: what a table program could take for a formula, and memory that does not grow with the rows."""

import csv
import io
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massline.csv_formulas import escape_formula
from records.columns import CellType, Column
from reports import writers
from tests.database import BASE

TEXTS = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n '\",;|%0\\"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)


@given(cells=st.lists(st.one_of(TEXTS, st.integers()), min_size=2, max_size=4))
def test_a_line_written_here_is_read_as_it_was(cells: list[Any]) -> None:
    line = writers._line(cells).decode()
    assert list(csv.reader(io.StringIO(line, newline=""))) == [[str(cell) for cell in cells]]


@pytest.mark.parametrize("value", [0, -1, 2.5])
def test_numbers_stay_numbers(value: Any) -> None:
    assert escape_formula(value) is value
    column = Column("n", "n", type=CellType.NUMBER)
    assert "CASE" not in writers.Source(None, "SELECT 1", [column]).select(neutral=True)


WRITES = """
import sys, tempfile
from pathlib import Path
import django
django.setup()
from massline.csv_formulas import escape_formula
from reports import writers
from records.columns import Column

class Rows(writers.Source):
    def __iter__(self):
        for n in range(int(sys.argv[1])):
            self.rows += 1
            yield [f"row {n} cell {c}, the text of somebody" for c in range(12)]

with tempfile.TemporaryDirectory() as folder:
    source = Rows(None, "SELECT", [Column(f"c{n}", f"c{n}") for n in range(12)])
    rows, digest = writers.write(source, "xlsx", Path(folder) / "a.xlsx", lambda done: None)
    assert rows == int(sys.argv[1]) and len(digest) == 64
# Of this program alone: what getrusage tells begins with what the tests themselves had when they started it.
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""


def test_a_workbook_takes_the_same_memory_however_long_it_is() -> None:
    def megabytes(rows: int) -> int:
        command = [sys.executable, "-c", WRITES, str(rows)]
        environ = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, cwd=BASE, env=environ, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    few, many = megabytes(500), megabytes(40_000)  # 480,000 cells, which would be above a hundred megabytes
    assert many <= few + 12, (few, many)

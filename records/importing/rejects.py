"""Writes the rejected rows as a sheet to be mended and imported again."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from massline.csv_formulas import escape_formula


class _Echo:
    def write(self, text: str) -> str:
        return text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """UTF-8 with its mark, so that every spreadsheet program reads it: row number, reasons, the row as it was."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([escape_formula(cell) for cell in (_("行号"), _("退回原因"), *header)])
    for row in rows:
        yield writer.writerow([escape_formula(str(cell)) for cell in row])

"""The table of a list, made by its columns: rows that become cards on a narrow screen.

Python writes it, not a template: a page of fifty rows would render two thousand nodes.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from massline.html import escaped
from records.columns import Column, Reading

Write = Callable[[Any, Reading], str]
START = "\n      "
"""Between cells: they stand side by side, as words do, where rows are cards."""


@dataclass(frozen=True)
class Picks:
    """A checkbox before each row, for the form of this id."""

    form: str
    name: Callable[[Any], str]
    checked: bool = False
    """Whether it is ticked until the user unticks it."""
    offered: Callable[[Any], bool] = lambda row: True
    """Whether this row has one."""


def table(
    columns: Sequence[Column],
    reading: Reading,
    *,
    caption: Any = "",
    picks: Picks | None = None,
    row_css: Callable[[Any, Reading], str] | None = None,
    lines: Collection[Any] | None = None,
) -> SafeString:
    """Writes a table; what columns show is escaped unless it is safe. A row is a record, or one of `lines`."""
    headings = [escaped(column.heading) for column in columns]
    writers = [_writer(column, heading) for column, heading in zip(columns, headings, strict=True)]
    if picks:
        choose = escaped(_("选择"))
        headings.insert(0, f'<span class="hide">{choose}</span>')
        writers.insert(0, _pick(picks, choose))
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    rows = "".join(
        f"\n    <tr{_css(row_css(record, reading)) if row_css else ''}>"
        + "".join([write(record, reading) for write in writers])
        + "\n    </tr>"
        for record in (reading.records if lines is None else lines)
    )
    said = format_html('\n  <caption class="hide">{}</caption>', caption) if caption else ""
    return SafeString(f"{said}\n  <thead><tr>{head}</tr></thead>\n  <tbody>{rows}\n  </tbody>\n")


def _writer(column: Column, heading: str) -> Write:
    """Writes the cells of one column."""
    cell = column.cell
    assert cell is not None, column.name
    show, tooltip = cell.show or column.value, cell.tooltip
    assert show is not None, column.name
    opening = f"{START}<td{_css(cell.css)}" + (f' data-label="{heading}"' if cell.labelled else "")

    def write(record: Any, reading: Reading) -> str:
        title = f' title="{escaped(tooltip(record, reading))}"' if tooltip else ""
        return f"{opening}{title}>{escaped(show(record, reading))}</td>"

    return _once_a_key(write, cell.key) if cell.key else write


def _once_a_key(write: Write, key: Callable[[Any, Reading], Hashable]) -> Write:
    written: dict[Hashable, str] = {}

    def look_up(record: Any, reading: Reading) -> str:
        of = key(record, reading)
        if of not in written:
            written[of] = write(record, reading)
        return written[of]

    return look_up


def _pick(picks: Picks, choose: str) -> Write:
    opening = f'{START}<td class="pick">'
    box = f'<input type="checkbox" form="{picks.form}" name="number"'
    checked = " checked" if picks.checked else ""

    def write(record: Any, reading: Reading) -> str:
        if not picks.offered(record):
            return f"{opening}</td>"
        name = escaped(picks.name(record))
        return f'{opening}{box} value="{name}"{checked} aria-label="{choose} {name}"></td>'

    return write


def hidden_inputs(name: str, values: Iterable[str]) -> SafeString:
    """Writes a hidden input for each value, all of the same name."""
    return SafeString("".join([f'<input type="hidden" name="{name}" value="{escaped(value)}">' for value in values]))


def _css(names: str) -> str:
    return f' class="{names}"' if names else ""

"""Maps the columns of a sheet to fields: by known names first, then by a TOML file or the page."""

import tomllib
import unicodedata
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from massline.hanzi import simplified
from massline.texts import one_line
from records.importing.importer import Importer

SOURCE_LENGTH = 40


class BadMapping(Exception):
    """The mapping cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Mapping:
    """The column that each field comes from, the words that mean each value, and the defaults."""

    importer: Importer
    source: str = ""
    """The name of the old ledger: together with a row's own number it says which row is which."""
    columns: dict[str, str] = field(default_factory=dict)
    """Column to field, "" for a column that is left out; columns that are not named go by their known names."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    empties_faulty: bool = False
    """Whether a row comes in without a faulty field that its kind can do without; else it is rejected."""
    sheet: str = ""
    """The sheet of a workbook that has the table; found by its heading when it is not said."""
    header_row: int = 0
    """The row that names the columns; found by its names when it is 0."""

    @property
    def known_names(self) -> frozenset[str]:
        """Returns the names of columns, as they are compared, by which a heading is known."""
        aliases = (alias for one in self.importer.fields for alias in one.aliases)
        return frozenset(map(plain, (*self.columns, *aliases)))

    def fields(self, header: Sequence[str]) -> dict[str, int]:
        """Field to the place of its column in this heading."""
        named = {plain(column): name for column, name in self.columns.items()}
        places = {plain(column): place for place, column in enumerate(header)}
        if unknown := sorted(named.keys() - places.keys()):
            raise BadMapping(_("文件里没有这些列：%(names)s") % {"names": _("、").join(unknown)})
        found: dict[str, int] = {}
        for column, name in named.items():
            if name and name in found:
                label = self.importer.named[name].label
                raise BadMapping(_("有两列都对应“%(field)s”，请只留一列") % {"field": label})
            if name:
                found[name] = places[column]
        for one in self.importer.fields:
            here = [places[alias] for alias in one.aliases if alias in places and alias not in named]
            if here and one.name not in found:
                found[one.name] = here[0]
        return found

    def missing(self, header: Sequence[str]) -> list[str]:
        """Returns the required fields that have no column."""
        found = self.fields(header)
        return [str(one.label) for one in self.importer.fields if one.required and one.name not in found]

    def left_out(self, header: Sequence[str]) -> list[str]:
        """The columns that are not taken in, as the sheet calls them."""
        taken = set(self.fields(header).values())
        return [column for place, column in enumerate(header) if place not in taken and column.strip()]

    def default(self, name: str) -> str:
        return self.defaults.get(name) or self.importer.defaults.get(name, "")

    def value(self, name: str, text: str) -> str:
        """Returns the value that a cell means: by this mapping's own table, by known codes, by the names of the
        choices."""
        own = self.values.get(name, {})
        if text in own:
            return own[text]
        known = self.importer.named[name]
        labels = {str(label): str(value) for value, label in known.choices.choices} if known.choices else {}
        folded = simplified(text)
        return known.values.get(folded) or labels.get(folded) or text

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in KEPT}


KEPT = ("source", "columns", "values", "defaults", "empties_faulty", "sheet", "header_row")


def plain(name: str) -> str:
    """Returns a column's name as it is compared: 標題 and 标题 are one."""
    return simplified(unicodedata.normalize("NFKC", one_line(name))).strip().lower()


def from_toml(importer: Importer, text: str) -> Mapping:
    """Reads a mapping file; raises BadMapping."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(_("映射文件不是有效的 TOML：%(error)s") % {"error": error}) from None
    return from_data(importer, data)


def from_data(importer: Importer, data: Dictionary[str, Any]) -> Mapping:
    """Returns the same from plain data, as it is kept with an import; raises BadMapping."""
    if unknown := sorted(set(data) - set(KEPT)):
        raise BadMapping(_("映射里有看不懂的部分：%(names)s") % {"names": _("、").join(unknown)})
    source, empties_faulty = data.get("source", ""), data.get("empties_faulty", False)
    columns, defaults = _texts(data.get("columns", {}), "columns"), _texts(data.get("defaults", {}), "defaults")
    tables = data.get("values", {})
    if not isinstance(source, str) or not isinstance(tables, dict):
        raise BadMapping(_("source 应当是文字，values 应当是表"))
    values = {name: _texts(table, f"values.{name}") for name, table in tables.items()}
    if not isinstance(empties_faulty, bool):
        raise BadMapping(_("%(name)s 应当是 true 或 false") % {"name": "empties_faulty"})
    sheet, header_row = data.get("sheet", ""), data.get("header_row", 0)
    if not isinstance(sheet, str) or type(header_row) is not int or header_row < 0:
        raise BadMapping(_("映射里的 sheet 应当是文字，header_row 应当是正整数"))
    if len(source) > SOURCE_LENGTH:
        raise BadMapping(_("来源名称不能超过 %(most)s 个字") % {"most": SOURCE_LENGTH})
    known = importer.named
    if unknown := sorted({name for name in columns.values() if name} - known.keys()):
        raise BadMapping(
            _("没有这些字段：%(names)s；可以用：%(known)s") % {"names": "、".join(unknown), "known": "、".join(known)}
        )
    if unknown := sorted((defaults.keys() - importer.defaults.keys()) | (values.keys() - known.keys())):
        raise BadMapping(_("这些字段不能设默认值或取值对照：%(names)s") % {"names": _("、").join(unknown)})
    return Mapping(importer, one_line(source), columns, values, defaults, empties_faulty, sheet, header_row)


def _texts(table: Any, name: str) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BadMapping(_('%(name)s 应当是“名称 = "文字"”的表') % {"name": name})
    return table

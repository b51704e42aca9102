"""Reads rows of a sheet: the data of each, or every reason why it is rejected."""

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from massline.crypto import keyed_hash
from massline.texts import one_line
from records.importing.dates import moment
from records.importing.mapping import BadMapping, Mapping
from records.importing.sheets import Line, Sheet, clean

DAMAGED = re.compile(r"\d(?:\.\d+)?E\+\d{1,3}|\d{15}0{4,}", re.IGNORECASE)
"""A long number after a spreadsheet made a quantity of it: 2.02611E+19, or 20261126001234500000."""


@dataclass(frozen=True)
class Entry:
    """A row that can be imported."""

    number: int
    key: str
    digest: bytes
    """Of what it says, keyed: the same row again is told from another one under its number."""
    texts: Dictionary[str, str]
    data: Any
    """What the kind made of it."""
    emptied: tuple[str, ...] = ()
    """The faults for which a field was left empty."""


@dataclass(frozen=True)
class Rejected:
    """A row that is not imported, with the reasons."""

    number: int
    cells: tuple[str, ...]
    reasons: tuple[str, ...]


class Reader:
    """Judges the rows of one sheet by one mapping, for a user or for the server."""

    def __init__(self, sheet: Sheet, mapping: Mapping, user: User | None) -> None:
        self.mapping, self.importer, self.now = mapping, mapping.importer, timezone.now()
        self.columns = mapping.fields(sheet.header)
        if missing := mapping.missing(sheet.header):
            raise BadMapping(_("没有这些必需的列：%(names)s") % {"names": _("、").join(missing)})
        for one in self.importer.fields:
            if one.choices and mapping.default(one.name) not in one.choices.values:
                raise BadMapping(_("“%(field)s”的默认值不对") % {"field": one.label})
        self.judge = self.importer.judge(self, user)

    def read(self, line: Line) -> Entry | Rejected:
        """Reads a row as it would be imported, or all that is wrong with it."""
        if line.fault:
            return Rejected(line.number, line.cells, (line.fault,))
        row = Row(self, line)
        data = self.judge(row)
        if row.reasons:
            return Rejected(line.number, line.cells, tuple(dict.fromkeys(row.reasons)))
        key, digest = self._key(row)
        return Entry(line.number, key, digest, row.texts, data, tuple(row.emptied))

    def _key(self, row: "Row") -> tuple[str, bytes]:
        digest = keyed_hash("import", "\x1f".join(row.texts[name] for name in self.importer.identity_fields))
        return row.texts["key"] or "#" + digest.hex()[:40], digest


class Row:
    """One row while it is being judged: every field of the kind by name, and what is wrong so far."""

    def __init__(self, reader: Reader, line: Line) -> None:
        self.reader = reader
        self.reasons: list[str] = []
        self.emptied: list[str] = []
        known, columns = reader.importer.named, reader.columns
        self.texts = dict.fromkeys(known, "") | {
            name: (clean if known[name].several_lines else one_line)(line.cells[place])
            for name, place in columns.items()
        }
        self._check()

    def fault(self, name: str, text: str) -> None:
        """Rejects the row; or empties the field, where the importer has it so."""
        field = self.reader.importer.named[name]
        said = f"{field.label}：{text}"
        if field.may_be_emptied and self.reader.mapping.empties_faulty:
            self.texts[name] = ""
            self.emptied.append(said)
        else:
            self.reasons.append(said)

    def moment(self, name: str, *, ends: bool = False) -> datetime | None:
        """Returns the instant that a field says, which is over; a bare day is its first moment, or (`ends`) its
        last."""
        if not self.texts[name]:
            return None
        found, now = moment(self.texts[name], ends=ends), self.reader.now
        if found is None:
            self.fault(name, _("看不懂这个日期"))
        elif found > now and not (ends and found.date() <= now.astimezone(found.tzinfo).date()):
            self.fault(name, _("在今天以后"))
        elif found.year < 1950:
            self.fault(name, _("早于1950年"))
        return min(found, now) if found else None

    def _check(self) -> None:
        """What holds for every kind alike: what must be there, how long it is, which values there are."""
        fields = self.reader.importer.fields
        for one in fields:
            if one.required and not self.texts[one.name]:
                self.fault(one.name, _("没有填写"))
        for one in fields:
            if one.most is not None and len(self.texts[one.name]) > one.most:
                self.fault(one.name, _("超过 %(most)s 个字") % {"most": one.most})
        for one in fields:
            if DAMAGED.fullmatch(self.texts[one.name]):
                said = _("这个号码被电子表格改成了近似数，后几位已经丢失。请把这一列设为“文本”，从原系统重新导出")
                self.fault(one.name, said)
                self.texts[one.name] = ""  # nothing more to say of it, and nothing to match
        for one in fields:
            if one.default is not None:
                self._choose(one.name)

    def _choose(self, name: str) -> None:
        mapping, known, text = self.reader.mapping, self.reader.importer.named[name], self.texts[name]
        value = self.texts[name] = mapping.value(name, text) if text else mapping.default(name)
        if value in known.refused:
            self.fault(name, str(known.refused[value]))
        elif known.choices and value not in known.choices.values:
            self.fault(name, _("没有对应的取值，请在映射里写明"))

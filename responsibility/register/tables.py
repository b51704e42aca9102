"""The tables of a register, each row checked by a form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind
from massline.texts import LineField, one_line
from responsibility import duties, rules
from responsibility.models import AppointmentKind, Because, OrganKind

YES, NO = frozenset({"true", "1", "是", "yes"}), frozenset({"false", "0", "否", "no"})
ALL_CLASSES = "全部"
CLASS_PREFIX = re.compile(r"(\d\d){0,3}")
DAYS = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d"]


class YesNo(forms.Field):
    def to_python(self, value: Any) -> bool | None:
        if value is None:
            return None
        said = str(value).strip().lower()
        if said not in YES | NO:
            raise ValidationError(_("应当是 true 或 false（表格里写“是”或“否”）"))
        return said in YES


class Choice(forms.TypedChoiceField):
    """One of the model's values, or its Chinese name."""

    def to_python(self, value: Any) -> str:
        said = "" if value is None else one_line(value)
        return next((key for key, label in self.choices if said == str(label)), said)  # type: ignore[misc,union-attr]

    def validate(self, value: str) -> None:
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            known = _("、").join(f"{key}（{label}）" for key, label in self.choices)  # type: ignore[misc,union-attr]
            raise ValidationError(_("没有“%(value)s”，可以写：%(known)s") % {"value": value[:40], "known": known})


class Classes(forms.Field):
    """Beginnings of codes of content classes: a list, or one text with commas or blanks between."""

    def to_python(self, value: Any) -> list[str] | None:
        if value is None:
            return None
        parts = value if isinstance(value, list) else re.split(r"[\s,，、;；]+", one_line(value))
        found = ["" if part == ALL_CLASSES else str(part) for part in parts if isinstance(value, list) or part]
        if wrong := [part for part in found if not CLASS_PREFIX.fullmatch(part)]:
            raise ValidationError(
                _("“%(code)s”不是内容分类代码的开头（两位、四位或六位数字）") % {"code": wrong[0][:20]}
            )
        return found


def text(most: int, *, required: bool = True) -> LineField:
    return LineField(max_length=most, required=required)


def day(*, required: bool = True) -> forms.DateField:
    wrong = gettext_lazy("日期应当写成 2026-01-31")
    return forms.DateField(required=required, input_formats=DAYS, error_messages={"invalid": wrong})


def coded(most: int, pattern: str, message: Any, *, required: bool = True) -> LineField:
    return LineField(max_length=most, required=required, validators=[RegexValidator(pattern, message)])


REGION_CODE = (12, r"^[0-9]{6,12}\Z", gettext_lazy("行政区划代码是六到十二位数字"))
ORGAN_CODE = (32, r"^[A-Za-z0-9_-]+\Z", gettext_lazy("机构代码只能用字母、数字、“-”和“_”"))


class Period(forms.Form):
    """Rows that hold from a day up to but without another."""

    FROM, TO = "since", "until"

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        since, until = found.get(self.FROM), found.get(self.TO)
        if since and until and until <= since:
            self.add_error(self.TO, _("结束日期必须在开始日期之后"))
        return found


class RegionRow(forms.Form):
    code = coded(*REGION_CODE)
    name = text(64)
    name_en = text(128, required=False)
    parent = coded(*REGION_CODE, required=False)


def kinds() -> list[tuple[str, Any]]:
    """Returns the kinds of organs; and the duties, each of which means a department that has it."""
    return [*OrganKind.choices, *duties.choices()]


class OrganRow(Period):
    FROM, TO = "valid_from", "valid_until"

    code = coded(*ORGAN_CODE)
    name = text(64)
    name_en = text(128, required=False)
    kind = Choice(choices=kinds)
    region = coded(*REGION_CODE)
    parent = coded(*ORGAN_CODE, required=False)
    address = text(128, required=False)
    telephone = text(64, required=False)
    hours = text(128, required=False)
    valid_from = day(required=False)
    valid_until = day(required=False)
    successor = coded(*ORGAN_CODE, required=False)


class DutyRow(Period):
    organ = coded(*ORGAN_CODE)
    duty = Choice(choices=duties.choices)
    region = coded(*REGION_CODE, required=False)
    since = day(required=False)
    until = day(required=False)


class PostRow(forms.Form):
    organ = coded(*ORGAN_CODE)
    name = text(64)
    name_en = text(128, required=False)
    is_top = YesNo(required=False)
    is_intake = YesNo(required=False)
    in_charge_of = Classes(required=False)


class PostDutyRow(forms.Form):
    organ = coded(*ORGAN_CODE)
    post = text(64)
    rule = text(8)

    def clean_rule(self) -> str:
        """Checks that the rule recurs: of no other does a post owe one period after another."""
        code: str = self.cleaned_data["rule"]
        try:
            editions = rules.editions(code)
        except rules.UnknownRule as error:
            raise ValidationError(str(error)) from None
        if not any(edition.every for edition in editions):
            facts = {"code": code, "title": editions[0].shown_title}
            raise ValidationError(_("规则 %(code)s（%(title)s）不是每月、每季、每半年或者每年一次的职责") % facts)
        return code


class PersonRow(forms.Form):
    username = text(64)
    name = text(64)
    kind = Choice(choices=Kind.choices, required=False)
    is_active = YesNo(required=False)


class AppointmentRow(Period):
    organ = coded(*ORGAN_CODE)
    post = text(64)
    person = text(64)
    kind = Choice(choices=AppointmentKind.choices, required=False)
    since = day()
    until = day(required=False)
    because = Choice(choices=Because.choices, required=False)

    def clean(self) -> dict[str, Any]:
        """Fills in the kind, which is part of an appointment's key."""
        return super().clean() | {"kind": self.cleaned_data.get("kind") or AppointmentKind.REGULAR}


class AbsenceRow(Period):
    organ = coded(*ORGAN_CODE)
    post = text(64)
    person = text(64)
    since = day()
    until = day()


@dataclass(frozen=True)
class Table:
    """One table of the register: its name in a TOML file, its Chinese name for a sheet, what a row is known by."""

    name: str
    sheet: str
    form: type[forms.Form]
    key: tuple[str, ...]

    def columns(self) -> Iterable[str]:
        return self.form.base_fields  # type: ignore[attr-defined,no-any-return]


TABLES = {
    table.name: table
    for table in (
        Table("region", "地区", RegionRow, ("code",)),
        Table("organ", "机构", OrganRow, ("code",)),
        Table("duty", "职责", DutyRow, ("organ", "duty")),
        Table("post", "岗位", PostRow, ("organ", "name")),
        Table("post_duty", "经常性职责", PostDutyRow, ("organ", "post", "rule")),
        Table("person", "人员", PersonRow, ("username",)),
        Table("appointment", "任职", AppointmentRow, ("organ", "post", "person", "kind", "since")),
        Table("absence", "请假", AbsenceRow, ("organ", "post", "person", "since")),
    )
}


@dataclass(frozen=True)
class Entry:
    """One row as the file has it."""

    table: Table
    number: int
    """Which of its table it is, from 1 on."""
    values: dict[str, Any]
    line: int = 0
    """Where it begins; 0 when that is not known."""
    lines: dict[str, int] = field(default_factory=dict)

    def where(self, column: str = "") -> str:
        line = self.lines.get(column, self.line)
        facts = {"table": self.table.name, "number": self.number, "line": line}
        place = _("第 %(line)s 行（%(table)s 第 %(number)s 条）") if line else _("%(table)s 第 %(number)s 条")
        return " ".join(filter(None, (place % facts, column)))


@dataclass(frozen=True)
class Register:
    """A file as it is read."""

    tables: frozenset[str]
    """Those that it has, also without a row."""
    entries: list[Entry]


@dataclass(frozen=True)
class Row:
    """One row as it was parsed: only the values that were given."""

    entry: Entry
    table: Table
    key: tuple[Any, ...]
    given: dict[str, Any]


class BadRegister(Exception):
    """The register cannot be loaded: a sentence for each fault, with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def parse_row(entry: Entry) -> tuple[Row | None, list[str]]:
    """Parses a row; returns what is wrong with it instead, if anything is."""
    table = entry.table
    unknown = [name for name in entry.values if name not in table.columns()]
    known = _("、").join(table.columns())
    faults = [
        _("%(where)s：没有这一项，可以写：%(known)s") % {"where": entry.where(n), "known": known} for n in unknown
    ]
    form = table.form({name: value for name, value in entry.values.items() if name not in unknown})
    if not form.is_valid():
        for name, messages in form.errors.items():
            faults += [f"{entry.where(name)}：{message}" for message in messages]
    if faults:
        return None, faults
    given = {name: value for name, value in form.cleaned_data.items() if name in entry.values or name in table.key}
    return Row(entry, table, tuple(given[name] for name in table.key), given), []

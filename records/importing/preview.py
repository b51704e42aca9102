"""The preview of an import before it is confirmed: which column is which field, the first rows, the faults."""

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.texts import LineField
from records.importing.importer import Importer
from records.importing.mapping import SOURCE_LENGTH, BadMapping, Mapping, from_data, from_toml, plain
from records.importing.models import PREVIEW, Import
from records.importing.rows import Entry, Rejected
from records.importing.run import importer_of, judged, path_of, reader_of, reasons_of
from records.importing.sheets import Sheet, open_sheet

SHOWN = 10
LEFT_OUT = "-"
TRIED = 1000


class UploadForm(forms.Form):
    """The file, and the name by which its rows are known."""

    source = LineField(
        label=gettext_lazy("来源名称"), max_length=SOURCE_LENGTH,
        help_text=gettext_lazy("旧台账叫什么。同一来源、同一编号的行只收一次，再次导入时请用同样的名称"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("台账文件"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.xlsb,.ods"}),
        help_text=gettext_lazy(
            "CSV（UTF-8、GB18030 或 Big5）或者表格（.xlsx、.xls、.xlsb、.ods）。"
            "表头前有标题、表不在第一页的，下一步可以核对"
        ),
    )  # fmt: skip
    mapping = forms.FileField(
        label=gettext_lazy("映射文件"), required=False, help_text=gettext_lazy("TOML；没有也可以，下一步逐列核对"),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )  # fmt: skip

    def __init__(self, importer: Importer, *data: Any) -> None:
        super().__init__(*data)
        self.importer = importer

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            raise ValidationError(_("文件超过 %(most)s MB，请分成几个文件") % {"most": most})
        return file

    def clean_mapping(self) -> Mapping:
        file = self.cleaned_data["mapping"]
        if file is None:
            return Mapping(self.importer)
        try:
            return from_toml(self.importer, file.read(100_000).decode("utf-8"))
        except UnicodeDecodeError:
            raise ValidationError(_("映射文件应当是 UTF-8 编码")) from None
        except BadMapping as error:
            raise ValidationError(str(error)) from None


class MappingForm(forms.Form):
    """Which column is what. A kind adds a field for each thing that holds where a row says nothing."""

    source = LineField(label=gettext_lazy("来源名称"), max_length=SOURCE_LENGTH)
    empties_faulty = forms.BooleanField(label=gettext_lazy("选填内容有错的，只空出这一项，其余照收"), required=False)

    def __init__(self, data: Any, mapping: Mapping, sheet: Sheet) -> None:
        found = {place: name for name, place in mapping.fields(sheet.header).items()}
        columns = {f"column_{place}": found.get(place, LEFT_OUT) for place in range(len(sheet.header))}
        defaults = {name: mapping.default(name) for name in mapping.importer.defaults}
        given = {"source": mapping.source, "empties_faulty": mapping.empties_faulty}
        super().__init__(data, initial={**given, **defaults, **columns})
        self.mapping, self.sheet = mapping, sheet
        if emptied := [str(one.label) for one in mapping.importer.fields if one.may_be_emptied]:
            said = _("适用于%(fields)s。不勾选的，整行退回。") % {"fields": _("、").join(emptied)}
            self.fields["empties_faulty"].help_text = said
        else:
            del self.fields["empties_faulty"]
        choices = [(LEFT_OUT, _("不导入")), *((one.name, one.label) for one in mapping.importer.fields)]
        for place, column in enumerate(sheet.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(label=column, choices=choices)

    def columns(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def left_out(self) -> list[str]:
        """The columns that are not taken in, as the sheet calls them."""
        return [str(column.label) for column in self.columns() if column.value() == LEFT_OUT and column.label]

    def rest(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in range(len(self.sheet.header)):
            name = data.get(f"column_{place}", LEFT_OUT)
            if name != LEFT_OUT and any(data.get(f"column_{other}") == name for other in range(place)):
                label = self.mapping.importer.named[name].label
                self.add_error(f"column_{place}", _("前面已有一列是“%(field)s”") % {"field": label})
        return data

    def chosen(self) -> Mapping:
        """Returns the mapping that a valid form describes."""
        data, given = self.cleaned_data, self.mapping
        columns = {
            column: data[f"column_{place}"].removeprefix(LEFT_OUT) for place, column in enumerate(self.sheet.header)
        }
        said = {name: data[name] for name in given.importer.defaults if name in data}
        defaults = given.defaults | {name: getattr(value, "code", value) or "" for name, value in said.items()}
        return replace(
            given,
            source=data["source"],
            columns=columns,
            defaults=defaults,
            empties_faulty=data.get("empties_faulty", False),
        )


class PlaceForm(forms.Form):
    """Where in the file the table is."""

    sheet = forms.ChoiceField(label=gettext_lazy("工作表"))
    header_row = forms.IntegerField(label=gettext_lazy("表头所在的行"), min_value=1, max_value=1_000_000)

    def __init__(self, data: Any, sheet: Sheet) -> None:
        super().__init__(data, initial={"sheet": sheet.title, "header_row": sheet.header_row})
        titles = sheet.titles
        self.fields["sheet"].choices = [(title, title) for title in titles]  # type: ignore[attr-defined]
        if len(titles) < 2:
            del self.fields["sheet"]

    def place(self, job: Import) -> None:
        """Stores where the table is, and what of the mapping holds there; raises BadSheet."""
        mapping = replace(from_data(importer_of(job.kind), job.mapping), **self.cleaned_data)
        sheet = open_sheet(path_of(job), mapping)
        header = {plain(column) for column in sheet.header}
        columns = {column: name for column, name in mapping.columns.items() if plain(column) in header}
        job.mapping = replace(mapping, columns=columns).as_json()
        job.header, job.total = list(sheet.header), sheet.count() - 1
        with transaction.atomic():
            waiting = Import.objects.filter(pk=job.pk, state=PREVIEW)
            waiting.update(mapping=job.mapping, header=job.header, total=job.total)


def form_for(job: Import, data: Any = None) -> MappingForm:
    """Raises BadSheet, BadMapping, FileNotFoundError."""
    mapping = from_data(importer_of(job.kind), job.mapping)
    return mapping.importer.form(data, mapping, open_sheet(path_of(job), mapping))


@dataclass(frozen=True)
class ShownCell:
    heading: Any
    value: Any
    css: str
    tooltip: str


@dataclass(frozen=True)
class ShownRow:
    """A row as it would come in, or why it would not."""

    number: int
    cells: tuple[ShownCell, ...] = ()
    reasons: tuple[str, ...] = ()


def try_rows(job: Import, sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """Tries the first rows as they would be imported, and counts the faults among the first thousand."""
    try:
        reader = reader_of(job, sheet, mapping)
    except BadMapping as error:
        return {"fault": str(error)}
    rows = list(islice(judged(reader, sheet.lines()), TRIED))
    faults = [row for row in rows if isinstance(row, Rejected)]
    emptied = [row.emptied for row in rows if isinstance(row, Entry) and row.emptied]
    return {
        "headings": [one.heading for one in mapping.importer.preview_columns],
        "rows": [_shown(mapping.importer, row) for row in rows[:SHOWN]],
        "tried": len(rows),
        "faults": len(faults),
        "reasons": reasons_of(row.reasons for row in faults).most_common(10),
        "emptied": len(emptied),
        "emptied_for": reasons_of(emptied).most_common(10),
    }


def _shown(importer: Importer, row: Entry | Rejected) -> ShownRow:
    if isinstance(row, Rejected):
        return ShownRow(row.number, reasons=row.reasons)
    cells = tuple(ShownCell(one.heading, one.show(row), one.css, one.tooltip(row)) for one in importer.preview_columns)
    return ShownRow(row.number, cells)

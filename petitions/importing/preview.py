"""What an import would do, before anybody confirms it: the columns and what they are, the first rows, the faults."""

from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.texts import LineField
from petitions.act_forms import RegionField
from petitions.importing.mapping import DEFAULTS, FIELDS, SOURCE_LENGTH, BadMapping, Mapping, from_data, from_toml
from petitions.importing.rows import Entry, Reader, Rejected
from petitions.importing.run import judged, path_of, places_for, reasons_of
from petitions.models import Channel, Outcome, Purpose, TellBy
from records.importing.models import Import
from records.importing.sheets import Sheet, open_sheet
from responsibility.class_fields import CategoryField
from responsibility.models import Organ

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
        help_text=gettext_lazy("CSV（UTF-8 或 GB18030）或者表格（.xlsx、.xls、.xlsb、.ods），第一行是表头"),
    )  # fmt: skip
    mapping = forms.FileField(
        label=gettext_lazy("映射文件"), required=False, help_text=gettext_lazy("TOML；没有也可以，下一步逐列核对"),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // (1024 * 1024)
            raise ValidationError(_("文件超过 %(most)s MB，请分成几个文件") % {"most": most})
        return file

    def clean_mapping(self) -> Mapping:
        file = self.cleaned_data["mapping"]
        if file is None:
            return Mapping()
        try:
            return from_toml(file.read(100_000).decode("utf-8"))
        except UnicodeDecodeError:
            raise ValidationError(_("映射文件应当是 UTF-8 编码")) from None
        except BadMapping as error:
            raise ValidationError(str(error)) from None


class MappingForm(forms.Form):
    """Which column is what, and what holds where a row says nothing."""

    source = LineField(label=gettext_lazy("来源名称"), max_length=SOURCE_LENGTH)
    region = RegionField(label=gettext_lazy("默认问题属地"), required=False)
    organ = forms.ModelChoiceField(
        Organ.objects.filter(valid_until=None).order_by("id"), to_field_name="code", required=False,
        label=gettext_lazy("默认承办单位"), empty_label=gettext_lazy("留在信访部门"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=gettext_lazy("默认信访形式"), choices=Channel.choices)
    purpose = forms.ChoiceField(label=gettext_lazy("默认信访目的"), choices=Purpose.choices)
    category = CategoryField(label=gettext_lazy("默认内容分类"))
    tell_by = forms.ChoiceField(label=gettext_lazy("默认告知方式"), choices=TellBy.choices)
    outcome = forms.ChoiceField(label=gettext_lazy("已答复的，处理结果默认为"), choices=Outcome.choices)

    def __init__(self, data: Any, mapping: Mapping, sheet: Sheet) -> None:
        found = {place: name for name, place in mapping.fields(sheet.header).items()}
        columns = {f"column_{place}": found.get(place, LEFT_OUT) for place in range(len(sheet.header))}
        defaults = {name: mapping.default(name) for name in DEFAULTS}
        super().__init__(data, initial={"source": mapping.source, **defaults, **columns})
        self.mapping, self.sheet = mapping, sheet
        for place, column in enumerate(sheet.header):
            choices = [(LEFT_OUT, _("不导入")), *FIELDS.items()]
            self.fields[f"column_{place}"] = forms.ChoiceField(label=column, choices=choices)

    def columns(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def rest(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in range(len(self.sheet.header)):
            name = data.get(f"column_{place}", LEFT_OUT)
            if name != LEFT_OUT and any(data.get(f"column_{other}") == name for other in range(place)):
                self.add_error(f"column_{place}", _("前面已有一列是“%(field)s”") % {"field": FIELDS[name]})
        return data

    def chosen(self) -> Mapping:
        """The mapping as it stands in a valid form."""
        data = self.cleaned_data
        columns = {
            column: data[f"column_{place}"].removeprefix(LEFT_OUT) for place, column in enumerate(self.sheet.header)
        }
        defaults = {name: getattr(data[name], "code", data[name]) or "" for name in DEFAULTS}
        return Mapping(data["source"], columns, self.mapping.values, defaults)


def form_for(job: Import, data: Any = None) -> MappingForm:
    """Raises BadSheet, BadMapping, FileNotFoundError."""
    return MappingForm(data, from_data(job.mapping), open_sheet(path_of(job)))


def tried(job: Import, sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """The first rows as they would come in, and the faults among the first thousand."""
    try:
        reader = Reader(sheet, mapping, places_for(job))
    except BadMapping as error:
        return {"fault": str(error)}
    rows = list(islice(judged(reader, sheet.lines()), TRIED))
    faults = [row for row in rows if isinstance(row, Rejected)]
    return {
        "rows": [_shown(row) for row in rows[:SHOWN]],
        "tried": len(rows),
        "faults": len(faults),
        "reasons": reasons_of(row.reasons for row in faults).most_common(10),
    }


def _shown(row: Entry | Rejected) -> dict[str, Any]:
    if isinstance(row, Rejected):
        return {"number": row.number, "reasons": row.reasons}
    return {
        "number": row.number,
        "key": row.key,
        "title": row.texts["title"],
        "body": row.texts["body"],
        "received_at": row.received_at,
        "replied_at": row.replied_at,
        "region": row.region.name,
    }

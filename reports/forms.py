"""The form for an export: what, in which file format, and why personal fields are needed."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.days import DayField
from massline.texts import LineField, ReasonField, collapsed
from reports.export_kinds import ExportKind, personal_fields
from reports.models import FileFormat

FORMATS = (FileFormat.XLSX, FileFormat.CSV, FileFormat.JSONL)
"""The formats in the order in which they are offered: first the one that a table program does no harm to."""


class ExportForm(forms.Form):
    what = forms.ChoiceField(label=_("导出内容"), widget=forms.RadioSelect)
    form = forms.ChoiceField(
        label=_("文件格式"), choices=[(form.value, form.label) for form in FORMATS], widget=forms.RadioSelect,
        initial=FORMATS[0],
        help_text=_(
            "Excel 工作簿里的编号、证件号码原样不变。用 Excel、WPS 直接打开 CSV，超过15位的号码"
            "会变成 2.02611E+19 这样，保存后就找不回来；代码开头的0也会丢掉。"
        ),
    )  # fmt: skip
    received_from = DayField(label=_("开始日期"), required=False, help_text=_("事项按收到日期，操作日志按记录日期"))
    received_to = DayField(label=_("结束日期"), required=False)
    fields_asked = forms.MultipleChoiceField(
        label=_("个人信息和陈述"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("一般不导出。确有必要的，勾选所需字段并写明理由；每次导出都会记入日志，含身份信息的同时记入每件事项的办理过程。"),
    )  # fmt: skip
    reason = LineField(
        label=_("理由"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("至少十个字。理由会长期保存在日志中，请勿写入个人信息。"),
    )  # fmt: skip
    nonce = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, user: User, export_kinds: Collection[ExportKind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["what"].choices = [(export_kind.name, export_kind.title) for export_kind in export_kinds]  # type: ignore[attr-defined]
        offered: dict[str, Any] = {}
        for export_kind in export_kinds:
            offered |= personal_fields(user, export_kind.name)
        if offered:
            self.fields["fields_asked"].choices = list(offered.items())  # type: ignore[attr-defined]
        else:
            del self.fields["fields_asked"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("received_from"), given.get("received_to")
        if first and last and last < first:
            self.add_error("received_to", ValidationError(_("结束日期不能早于开始日期")))
        asked = given.get("fields_asked") or []
        if asked and given.get("what"):
            known = personal_fields(self.user, given["what"])
            given["fields_asked"] = [name for name in asked if name in known]
            if not given["fields_asked"]:
                labels = "、".join(map(str, known.values()))
                said = _("所选内容没有这些字段，可以勾选：%(labels)s") if labels else _("所选内容没有可以勾选的字段")
                self.add_error("fields_asked", ValidationError(said, params={"labels": labels}))
        if asked and len(collapsed(given.get("reason", ""))) < ReasonField.LEAST and "reason" not in self.errors:
            self.add_error("reason", ValidationError(_("导出个人信息和陈述，请写明理由，至少十个字")))
        return given

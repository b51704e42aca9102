"""The declaration of the import of regulations: its fields and their column names, who imports, the preview."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from institutions.duties import LEGAL_OFFICE
from institutions.importing.rows import judge
from institutions.importing.writing import write
from institutions.models import RegulationKind
from institutions.wording import MAX_LENGTH
from massline.templatetags.front import short_day
from records.importing.importer import KEY_LENGTH, Field, Importer, PreviewColumn
from records.importing.preview import MappingForm
from responsibility.models import Organ
from responsibility.people import position_of

FIELDS = (
    Field("key", _("原编号"), ("编号", "序号", "id", "number"), most=KEY_LENGTH),
    Field("title", _("名称"), ("名称", "制度名称", "文件名称", "标题", "title"), required=True, most=200),
    Field(
        "kind",
        _("种类"),
        ("种类", "类别", "文件种类", "kind"),
        choices=RegulationKind,
        refused={RegulationKind.EXTERNAL: _("上位法由系统载入，不用导入")},
        default=str(RegulationKind.NORMATIVE),
    ),
    Field("document_number", _("文号"), ("文号", "发文字号", "document_number"), most=60),
    Field("organ", _("制定单位"), ("制定单位", "制定机关", "发文单位", "organ"), default=""),
    Field("in_force_from", _("施行日期"), ("施行日期", "生效日期", "实施日期", "in_force_from"), required=True),
    Field("expires", _("有效期至"), ("有效期至", "失效日期", "expires")),
    Field("reviewed_on", _("最近一次评估"), ("最近一次评估", "评估日期", "reviewed_on")),
    Field("owner", _("执行主体"), ("执行主体", "责任岗位", "owner"), required=True),
    Field("supervisor", _("检查监督"), ("检查监督", "监督岗位", "supervisor"), required=True),
    Field("accountability", _("问责条款"), ("问责条款", "accountability"), required=True, most=20),
    Field("accountable_organ", _("问责机关"), ("问责机关", "accountable_organ"), required=True),
    Field("safeguards", _("保障措施"), ("保障措施", "safeguards"), several_lines=True),
    Field(
        "wording",
        _("正文"),
        ("正文", "条文", "全文", "wording"),
        required=True,
        most=MAX_LENGTH,
        several_lines=True,
    ),
)
"""The names of columns in Chinese and in plain English."""


class RegulationMapping(MappingForm):
    """The mapping form, with a default for each field that a row may leave empty."""

    organ = forms.ModelChoiceField(
        Organ.objects.filter(valid_until=None).order_by("id"), to_field_name="code", required=False,
        label=_("默认制定单位"), empty_label=_("每一行写明"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("默认种类"), choices=[one for one in RegulationKind.choices if one[0] != RegulationKind.EXTERNAL]
    )


def office_of(user: User) -> int | None:
    """Returns the legal office that the user receives for or heads."""
    held = (h for h in position_of(user).held if LEGAL_OFFICE in h.duties and (h.is_intake or h.is_top))
    return next((post.organ for post in held), None)


IMPORTER = Importer(
    address="regulation_imports",
    fields=FIELDS,
    office_of=office_of,
    judge=judge,
    write=write,
    identity_fields=("title", "organ", "document_number", "in_force_from", "wording"),
    form=RegulationMapping,
    preview_columns=(
        PreviewColumn(_("原编号"), lambda entry: Truncator(entry.key).chars(24)),
        PreviewColumn(_("名称"), lambda entry: entry.texts["title"], "title"),
        PreviewColumn(_("文号"), lambda entry: entry.texts["document_number"] or "—", "nowrap"),
        PreviewColumn(_("制定单位"), lambda entry: entry.data.organ.called),
        PreviewColumn(_("施行"), lambda entry: short_day(entry.data.in_force_from), "nowrap"),
        PreviewColumn(_("条数"), lambda entry: len(entry.data.wording)),
    ),
)

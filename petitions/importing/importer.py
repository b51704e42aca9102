"""The declaration of the import of petitions: its fields and their column names, who imports, the columns of the
preview."""

from django import forms
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from citizens.accusations import ACCUSATION
from citizens.models import TellBy
from massline.templatetags.front import instant
from massline.texts import LONG
from petitions.acts.forms import RegionField
from petitions.duties import PETITION_OFFICE
from petitions.importing.rows import judge
from petitions.importing.writing import write
from petitions.models import Channel, Outcome, Purpose
from petitions.notices import IMPORTED
from records.importing.importer import KEY_LENGTH, Field, Importer, PreviewColumn
from records.importing.models import Import
from records.importing.preview import MappingForm
from responsibility.class_fields import CategoryField
from responsibility.models import Organ
from responsibility.people import position_of

CHANNELS = {
    "100": "letter", "200": "visit", "300": "web", "303": "web", "来信": "letter", "来访": "visit", "来电": "phone",
    "电话": "phone", "网上": "web", "网络": "web",
}  # fmt: skip
PURPOSES = {"99": "other"} | dict.fromkeys(("检举控告", "揭发控告", "检举", "控告", "举报"), ACCUSATION)
NO_ACCUSATION = _("检举控告不能导入：请把材料移送有权处理的机关，记入移送登记簿（不录入内容）")
FIELDS = (
    Field(
        "key",
        _("原编号"),
        ("xfjbh", "信访件编号", "xfjid", "信访件id", "信访编号", "编号", "id", "number"),
        most=KEY_LENGTH,
    ),
    Field(
        "received_at",
        _("信访日期（收到时间）"),
        (
            "xfrq",
            "信访日期",
            "收到时间",
            "来信时间",
            "来信日期",
            "收到日期",
            "信访时间",
            "留言时间",
            "留言日期",
            "created_at",
            "received_at",
        ),
        required=True,
    ),
    Field("registered_at", _("登记时间"), ("djsj", "登记时间", "登记日期", "registered_at")),
    Field("title", _("标题"), ("bt", "标题", "主题", "留言主题", "title"), required=True, most=100),
    Field(
        "body",
        _("事情经过"),
        ("tsnr", "投诉内容", "gkxx", "概况", "概况信息", "留言详情", "事情经过", "反映内容", "内容", "body"),
        required=True,
        most=LONG,
        several_lines=True,
    ),
    Field("wish", _("诉求"), ("诉求", "wish"), most=LONG, several_lines=True),
    Field("place", _("具体地点"), ("问题发生地点", "具体地点", "place"), most=200),
    Field(
        "channel",
        _("信访形式"),
        ("xfxs", "信访形式", "channel"),
        choices=Channel,
        values=CHANNELS,
        default=str(Channel.WEB),
    ),
    Field(
        "purpose",
        _("信访目的"),
        ("xfmddm", "信访目的", "purpose"),
        choices=Purpose,
        values=PURPOSES,
        refused={ACCUSATION: NO_ACCUSATION},
        default=str(Purpose.OTHER),
    ),
    Field("category", _("内容分类"), ("nrfldm", "内容分类", "category"), default="990000"),
    Field("region", _("问题属地"), ("wtsddm", "问题属地", "xzqh", "行政区划", "region"), default=""),
    Field("organ", _("承办单位"), ("承办单位", "责任单位", "organ"), default=""),
    Field("complained", _("被反映人或单位"), ("bfyrhdw", "被反映人或单位", "complained"), most=64),
    Field("persons", _("信访人数"), ("xfrs", "信访人数", "涉及人数", "人数", "人次", "persons")),
    Field("name", _("信访人姓名"), ("姓名", "信访人", "信访人姓名", "name"), most=64),
    Field("phone", _("信访人电话"), ("手机", "电话", "联系电话", "phone"), may_be_emptied=True),
    Field("id_number", _("身份证号码"), ("身份证号", "身份证号码", "证件号码", "id_number"), may_be_emptied=True),
    Field("email", _("电子邮箱"), ("电子邮箱", "邮箱", "email"), most=254, may_be_emptied=True),
    Field("address", _("通信地址"), ("通信地址", "联系地址", "住址", "address"), most=200, may_be_emptied=True),
    Field("tell_by", _("告知方式"), ("告知方式", "tell_by"), choices=TellBy, default=str(TellBy.PHONE)),
    Field(
        "reply",
        _("答复内容"),
        ("答复意见", "答复内容", "处理意见", "答复", "回复", "答覆", "reply"),
        most=20_000,
        several_lines=True,
    ),
    Field(
        "replied_at",
        _("答复时间"),
        ("答复时间", "答复日期", "回复时间", "回复日期", "办结时间", "办结日期", "replied_at"),
    ),
    Field("outcome", _("处理结果"), ("处理结果", "outcome"), choices=Outcome, default=str(Outcome.EXPLAINED)),
)
"""The names of columns in Chinese, in the pinyin initials of interchange files, and in plain English."""


class PetitionMapping(MappingForm):
    """The mapping form, with a default for each field that a row may leave empty."""

    region = RegionField(label=_("默认问题属地"), required=False)
    organ = forms.ModelChoiceField(
        Organ.objects.filter(valid_until=None).order_by("id"), to_field_name="code", required=False,
        label=_("默认承办单位"), empty_label=_("留在信访部门"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("默认信访形式"), choices=Channel.choices)
    purpose = forms.ChoiceField(label=_("默认信访目的"), choices=Purpose.choices)
    category = CategoryField(label=_("默认内容分类"))
    tell_by = forms.ChoiceField(label=_("默认告知方式"), choices=TellBy.choices)
    outcome = forms.ChoiceField(label=_("已答复的，处理结果默认为"), choices=Outcome.choices)


def office_of(user: User) -> int | None:
    """Returns the petition office whose petitions the user receives or heads."""
    offices = (h.organ for h in position_of(user).held if PETITION_OFFICE in h.duties)
    there = {h.organ for h in position_of(user).held if h.is_intake or h.is_top}
    return next((organ for organ in offices if organ in there), None)


def list_of_import(job: Import) -> str:
    return f"{reverse('ledger')}?imported={job.key}"


IMPORTER = Importer(
    address="imports",
    fields=FIELDS,
    office_of=office_of,
    judge=judge,
    write=write,
    identity_fields=("received_at", "title", "body", "reply", "replied_at"),
    form=PetitionMapping,
    notice=IMPORTED,
    preview_columns=(
        PreviewColumn(_("原编号"), lambda entry: Truncator(entry.key).chars(24)),
        PreviewColumn(
            _("标题"),
            lambda entry: entry.texts["title"],
            "title",
            lambda entry: Truncator(entry.texts["body"]).chars(300),
        ),
        PreviewColumn(_("收到"), lambda entry: instant(entry.data.received_at), "nowrap"),
        PreviewColumn(
            _("答复"), lambda entry: instant(entry.data.replied_at) if entry.data.replied_at else "—", "nowrap"
        ),
        PreviewColumn(_("问题属地"), lambda entry: entry.data.region.called),
    ),
    list_url=list_of_import,
)

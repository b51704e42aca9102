"""Which column of a ledger is what: known names first, then what a TOML file or the page says."""

import tomllib
import unicodedata
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.texts import one_line
from petitions.models import Channel, Outcome, Purpose, TellBy
from petitions.signpost import ACCUSATION

FIELDS: dict[str, Any] = {
    "key": gettext_lazy("原编号"),
    "received_at": gettext_lazy("信访日期（收到时间）"),
    "registered_at": gettext_lazy("登记时间"),
    "title": gettext_lazy("标题"),
    "body": gettext_lazy("事情经过"),
    "wish": gettext_lazy("诉求"),
    "place": gettext_lazy("具体地点"),
    "channel": gettext_lazy("信访形式"),
    "purpose": gettext_lazy("信访目的"),
    "category": gettext_lazy("内容分类"),
    "region": gettext_lazy("问题属地"),
    "organ": gettext_lazy("承办单位"),
    "complained": gettext_lazy("被反映人或单位"),
    "persons": gettext_lazy("信访人数"),
    "name": gettext_lazy("信访人姓名"),
    "phone": gettext_lazy("信访人电话"),
    "id_number": gettext_lazy("身份证号码"),
    "email": gettext_lazy("电子邮箱"),
    "address": gettext_lazy("通信地址"),
    "tell_by": gettext_lazy("告知方式"),
    "reply": gettext_lazy("答复内容"),
    "replied_at": gettext_lazy("答复时间"),
    "outcome": gettext_lazy("处理结果"),
}
"""What a row can hold, in the order in which pages offer it."""
REQUIRED = ("received_at", "title", "body")

ALIASES: dict[str, tuple[str, ...]] = {
    "key": ("xfjbh", "信访件编号", "xfjid", "信访件id", "信访编号", "编号", "id", "number"),
    "received_at": (
        "xfrq",
        "信访日期",
        "收到时间",
        "来信时间",
        "来信日期",
        "信访时间",
        "留言时间",
        "created_at",
        "received_at",
    ),
    "registered_at": ("djsj", "登记时间", "registered_at"),
    "title": ("bt", "标题", "主题", "留言主题", "title"),
    "body": ("tsnr", "投诉内容", "gkxx", "概况", "概况信息", "留言详情", "事情经过", "反映内容", "内容", "body"),
    "wish": ("诉求", "wish"),
    "place": ("问题发生地点", "具体地点", "place"),
    "channel": ("xfxs", "信访形式", "channel"),
    "purpose": ("xfmddm", "信访目的", "purpose"),
    "category": ("nrfldm", "内容分类", "category"),
    "region": ("wtsddm", "问题属地", "xzqh", "行政区划", "region"),
    "organ": ("承办单位", "责任单位", "organ"),
    "complained": ("bfyrhdw", "被反映人或单位", "complained"),
    "persons": ("xfrs", "信访人数", "涉及人数", "人数", "人次", "persons"),
    "name": ("姓名", "信访人", "信访人姓名", "name"),
    "phone": ("手机", "电话", "联系电话", "phone"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "id_number"),
    "email": ("电子邮箱", "邮箱", "email"),
    "address": ("通信地址", "联系地址", "住址", "address"),
    "tell_by": ("告知方式", "tell_by"),
    "reply": ("答复意见", "答复内容", "处理意见", "答复", "回复", "reply"),
    "replied_at": ("答复时间", "回复时间", "办结时间", "replied_at"),
    "outcome": ("处理结果", "outcome"),
}
"""Names of columns that need no mapping: Chinese, the pinyin initials of interchange files, plain English. The first
of a field's names that the sheet has is taken."""

VALUES: dict[str, dict[str, str]] = {
    "channel": {"100": "letter", "200": "visit", "300": "web", "303": "web", "来信": "letter", "来访": "visit",
                "来电": "phone", "电话": "phone", "网上": "web", "网络": "web"},
    "purpose": {"99": "other", **dict.fromkeys(("检举控告", "揭发控告", "检举", "控告", "举报"), ACCUSATION)},
    "outcome": {},
    "tell_by": {},
}  # fmt: skip
CHOICES: dict[str, Any] = {"channel": Channel, "purpose": Purpose, "outcome": Outcome, "tell_by": TellBy}
DEFAULTS = {
    "region": "",
    "organ": "",
    "channel": str(Channel.WEB),
    "purpose": str(Purpose.OTHER),
    "category": "990000",
    "tell_by": str(TellBy.PHONE),
    "outcome": str(Outcome.EXPLAINED),
}
SOURCE_LENGTH = 40


class BadMapping(Exception):
    """The mapping cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Mapping:
    """Where each field comes from, what stands for which value, and what holds where nothing is said."""

    source: str = ""
    """The name of the old ledger: together with a row's own number it says which row is which."""
    columns: dict[str, str] = field(default_factory=dict)
    """Column to field, "" for a column that is left out; columns that are not named go by their known names."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)

    def fields(self, header: Sequence[str]) -> dict[str, int]:
        """Field to the place of its column in this heading."""
        named = {plain(column): name for column, name in self.columns.items()}
        places = {plain(column): place for place, column in enumerate(header)}
        if unknown := sorted(named.keys() - places.keys()):
            raise BadMapping(_("文件里没有这些列：%(names)s") % {"names": _("、").join(unknown)})
        found: dict[str, int] = {}
        for column, name in named.items():
            if name and name in found:
                raise BadMapping(_("有两列都对应“%(field)s”，请只留一列") % {"field": FIELDS[name]})
            if name:
                found[name] = places[column]
        for name, aliases in ALIASES.items():
            here = [places[alias] for alias in aliases if alias in places and alias not in named]
            if here and name not in found:
                found[name] = here[0]
        return found

    def missing(self, header: Sequence[str]) -> list[str]:
        """The fields without which no row can come in."""
        found = self.fields(header)
        return [str(FIELDS[name]) for name in REQUIRED if name not in found]

    def default(self, name: str) -> str:
        return self.defaults.get(name) or DEFAULTS.get(name, "")

    def value(self, name: str, text: str) -> str:
        """What a cell means: by this mapping's own table, by the names of the choices, by known codes."""
        own = self.values.get(name, {})
        if text in own:
            return own[text]
        labels = {str(choice.label): str(choice.value) for choice in CHOICES.get(name, ())}
        return VALUES.get(name, {}).get(text) or labels.get(text) or text

    def as_json(self) -> dict[str, Any]:
        return {"source": self.source, "columns": self.columns, "values": self.values, "defaults": self.defaults}


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return unicodedata.normalize("NFKC", one_line(name)).strip().lower()


def from_toml(text: str) -> Mapping:
    """Reads a mapping file; raises BadMapping."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(_("映射文件不是有效的 TOML：%(error)s") % {"error": error}) from None
    return from_data(data)


def from_data(data: Dictionary[str, Any]) -> Mapping:
    """The same from plain data, as it is kept with an import; raises BadMapping."""
    if unknown := sorted(set(data) - {"source", "columns", "values", "defaults"}):
        raise BadMapping(_("映射里有看不懂的部分：%(names)s") % {"names": _("、").join(unknown)})
    source = data.get("source", "")
    columns, defaults = _texts(data.get("columns", {}), "columns"), _texts(data.get("defaults", {}), "defaults")
    tables = data.get("values", {})
    if not isinstance(source, str) or not isinstance(tables, dict):
        raise BadMapping(_("source 应当是文字，values 应当是表"))
    values = {name: _texts(table, f"values.{name}") for name, table in tables.items()}
    if len(source) > SOURCE_LENGTH:
        raise BadMapping(_("来源名称不能超过 %(most)s 个字") % {"most": SOURCE_LENGTH})
    if unknown := sorted({name for name in columns.values() if name} - FIELDS.keys()):
        raise BadMapping(
            _("没有这些字段：%(names)s；可以用：%(known)s") % {"names": "、".join(unknown), "known": "、".join(FIELDS)}
        )
    if unknown := sorted((defaults.keys() - DEFAULTS.keys()) | (values.keys() - FIELDS.keys())):
        raise BadMapping(_("这些字段不能设默认值或取值对照：%(names)s") % {"names": _("、").join(unknown)})
    return Mapping(one_line(source), columns, values, defaults)


def _texts(table: Any, name: str) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BadMapping(_('%(name)s 应当是“名称 = "文字"”的表') % {"name": name})
    return table

"""One row of an old ledger: what it says, or every reason why it does not come in."""

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from massline.crypto import keyed_hash
from massline.texts import LONG, EmailField, one_line
from massline.time import local_day
from petitions.duties import PETITION_OFFICE
from petitions.forms import PhoneField, valid_id_number
from petitions.importing.mapping import CHOICES, FIELDS, REQUIRED, BadMapping, Mapping
from petitions.persons import MOST_PERSONS
from petitions.signpost import ACCUSATION
from records.importing.dates import moment
from records.importing.sheets import Line, Sheet, clean
from responsibility.duties import office_for
from responsibility.models import Organ, Post, Region
from responsibility.rules import applied

LENGTHS = {
    "key": 64, "title": 100, "body": LONG, "wish": LONG, "place": 200, "complained": 64, "name": 64, "address": 200,
    "email": 254, "reply": 20_000,
}  # fmt: skip
SEVERAL_LINES = ("body", "wish", "reply")
IDENTITY = ("name", "phone", "id_number", "email", "address")
PHONE, EMAIL = PhoneField(required=False), EmailField(required=False, max_length=254)


@dataclass(frozen=True)
class Entry:
    """A row that can come in."""

    number: int
    key: str
    digest: bytes
    """Of what it says, keyed: the same row again is told from another one under its number."""
    texts: Dictionary[str, str]
    received_at: datetime
    registered_at: datetime | None
    replied_at: datetime | None
    region: Region
    office: int
    organ: int
    post: int


@dataclass(frozen=True)
class Rejected:
    """A row that stays outside, and why."""

    number: int
    cells: tuple[str, ...]
    reasons: tuple[str, ...]


class Places:
    """Regions, organs and their posts, each read once for a whole ledger."""

    def __init__(self, offices: frozenset[int] | None = None) -> None:
        self.allowed = offices
        """The petition departments that it may come to; None for any."""
        self._regions = {region.code: region for region in Region.objects.all()}
        self._organs: dict[str, Organ] = {}
        for organ in Organ.objects.filter(valid_until=None).order_by("-pk"):
            self._organs |= {organ.name: organ, organ.code: organ}
        self._offices: dict[int, int | None] = {}
        self._posts: dict[int, int] = {}
        for organ_id, pk in Post.objects.order_by("-is_intake", "-is_top", "pk").values_list("organ", "pk"):
            self._posts.setdefault(organ_id, pk)

    def region(self, code: str) -> Region | None:
        """By its code of twelve digits; shorter codes stand for the whole region."""
        return self._regions.get(code.ljust(12, "0")) if code.isdigit() else None

    def office(self, region: Region) -> int | None:
        """The petition department that serves it."""
        if region.pk not in self._offices:
            office = office_for(PETITION_OFFICE, region.pk)
            self._offices[region.pk] = office.pk if office else None
        return self._offices[region.pk]

    def organ(self, text: str) -> Organ | None:
        """By its full name or its code."""
        return self._organs.get(text)

    def post(self, organ: int) -> int | None:
        """The post that receives petitions there."""
        return self._posts.get(organ)


class Reader:
    """Judges the rows of one sheet by one mapping."""

    def __init__(self, sheet: Sheet, mapping: Mapping, places: Places) -> None:
        self.mapping, self.places = mapping, places
        self.columns = mapping.fields(sheet.header)
        if missing := mapping.missing(sheet.header):
            raise BadMapping(_("没有这些必需的列：%(names)s") % {"names": _("、").join(missing)})
        region, organ = mapping.default("region"), mapping.default("organ")
        if region and places.region(region) is None:
            raise BadMapping(_("默认的问题属地 %(code)s 不存在") % {"code": region})
        if not region and "region" not in self.columns:
            raise BadMapping(_("没有问题属地这一列，请选一个默认的地区"))
        if organ and places.organ(organ) is None:
            raise BadMapping(_("默认的承办单位 %(name)s 不存在") % {"name": organ})
        for name, choices in CHOICES.items():
            if mapping.default(name) not in choices.values:
                raise BadMapping(_("“%(field)s”的默认值不对") % {"field": FIELDS[name]})
        self.now = timezone.now()

    def read(self, line: Line) -> Entry | Rejected:
        """The row as it would come in, or all that is wrong with it."""
        if line.fault:
            return Rejected(line.number, line.cells, (line.fault,))
        row = _Row(self, line)
        entry = row.entry()
        return entry or Rejected(line.number, line.cells, tuple(dict.fromkeys(row.reasons)))


class _Row:
    """One row while it is being judged."""

    def __init__(self, reader: Reader, line: Line) -> None:
        self.reader, self.line, self.reasons = reader, line, []  # type: ignore[var-annotated]
        self.texts = dict.fromkeys(FIELDS, "") | {
            name: (clean if name in SEVERAL_LINES else one_line)(line.cells[place])
            for name, place in reader.columns.items()
        }

    def fault(self, name: str, text: str) -> None:
        self.reasons.append(f"{FIELDS[name]}：{text}")

    def entry(self) -> Entry | None:
        """None when there is any reason against it."""
        for name in REQUIRED:
            if not self.texts[name]:
                self.fault(name, _("没有填写"))
        for name, most in LENGTHS.items():
            if len(self.texts[name]) > most:
                self.fault(name, _("超过 %(most)s 个字") % {"most": most})
        self._choose()
        self._count()
        self._identify()
        received, registered, replied = self._dates()
        region, office, organ = self._places()
        post = self.reader.places.post(organ) if organ else None
        if organ and post is None:
            self.fault("organ", _("这个单位还没有设岗位"))
        if self.reasons or received is None or region is None or office is None or organ is None or post is None:
            return None
        key, digest = self._key()
        return Entry(
            self.line.number, key, digest, self.texts, received, registered, replied, region, office, organ, post
        )

    def _choose(self) -> None:
        mapping = self.reader.mapping
        for name, choices in CHOICES.items():
            text = self.texts[name]
            self.texts[name] = mapping.value(name, text) if text else mapping.default(name)
            if name == "purpose" and self.texts[name] == ACCUSATION:
                self.fault(name, _("检举控告不能导入：请把材料移送有权处理的机关，记入移送登记簿（不录入内容）"))
            elif self.texts[name] not in choices.values:
                self.fault(name, _("没有对应的取值，请在映射里写明"))
        category = mapping.value("category", self.texts["category"]) or mapping.default("category")
        if not (len(category) == 6 and category.isascii() and category.isdigit()):
            self.fault("category", _("应当是六位代码"))
        self.texts["category"] = category

    def _count(self) -> None:
        """Nothing said is one person."""
        text = self.texts["persons"].removesuffix("人").removesuffix(".0").strip() or "1"
        if re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= MOST_PERSONS:
            self.texts["persons"] = str(int(text))
        else:
            self.fault("persons", _("应当是 1 到 %(most)s 的整数") % {"most": MOST_PERSONS})

    def _identify(self) -> None:
        for name, field in (("phone", PHONE), ("email", EMAIL)):
            try:
                self.texts[name] = field.clean(self.texts[name])
            except ValidationError as error:
                self.fault(name, str(error.messages[0]))
        self.texts["id_number"] = self.texts["id_number"].replace(" ", "").upper()
        if self.texts["id_number"] and not valid_id_number(self.texts["id_number"]):
            self.fault("id_number", _("校验位不对"))

    def _dates(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        received = self._date("received_at")
        registered = self._date("registered_at", ends=True)
        replied = self._date("replied_at", ends=True)
        if bool(self.texts["reply"]) != bool(self.texts["replied_at"]):
            self.fault("reply", _("答复内容和答复时间应当都有或者都没有"))
        for name, later in (("registered_at", registered), ("replied_at", replied)):
            if received and later and later < received:
                self.fault(name, _("早于收到时间"))
        if received and not replied and received <= self.reader.now and not applied("XF01", local_day(received)):
            self.fault("received_at", _("当时的办理期限没有收录（2005年5月1日以前），又没有答复，不能确定期限"))
        return received, registered, replied

    def _date(self, name: str, *, ends: bool = False) -> datetime | None:
        if not self.texts[name]:
            return None
        found = moment(self.texts[name], ends=ends)
        if found is None:
            self.fault(name, _("看不懂这个日期"))
        elif found > self.reader.now and not (ends and found.date() <= self.reader.now.astimezone(found.tzinfo).date()):
            self.fault(name, _("在今天以后"))
        elif found.year < 1950:
            self.fault(name, _("早于1950年"))
        return min(found, self.reader.now) if found else None

    def _places(self) -> tuple[Region | None, int | None, int | None]:
        mapping, places = self.reader.mapping, self.reader.places
        code = self.texts["region"]
        region = places.region(mapping.value("region", code) if code else mapping.default("region"))
        if region is None:
            self.fault("region", _("没有这个地区，应当是行政区划代码"))
            return None, None, None
        office = places.office(region)
        if office is None:
            self.fault("region", _("这个地方还没有受理信访的机构"))
        elif places.allowed is not None and office not in places.allowed:
            self.fault("region", _("不归本信访部门登记"))
        name = self.texts["organ"]
        name = mapping.value("organ", name) if name else mapping.default("organ")
        if not name:
            return region, office, office
        organ = places.organ(name)
        if organ is None:
            self.fault("organ", _("没有这个单位，请写全称或代码"))
        return region, office, organ.pk if organ else None

    def _key(self) -> tuple[str, bytes]:
        said = "\x1f".join(self.texts[name] for name in ("received_at", "title", "body", "reply", "replied_at"))
        digest = keyed_hash("import", said)
        return self.texts["key"] or "#" + digest.hex()[:40], digest


def complained_in(text: str, places: Places) -> list[dict[str, str]]:
    """Who a row complains about. A name that is no organ's may be a person's: one recused too many harms nobody."""
    if not text:
        return []
    is_organ = places.organ(text) is not None or len(text) > 4
    return [{"kind": "organ" if is_organ else "person", "name": text, "organ": ""}]


def identity_of(entry: Entry) -> dict[str, Any]:
    """The fields that are sealed."""
    return {name: entry.texts[name] for name in IDENTITY}

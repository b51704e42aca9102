"""Checks a row of an old ledger: a petition's data, or every reason why the row is rejected."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from citizens.filing.contact_fields import IdNumberField, PhoneField
from citizens.models import TellBy
from massline.phone_numbers import takes_messages
from massline.texts import EmailField
from massline.time import local_day
from petitions.duties import PETITION_OFFICE
from petitions.models import MAX_PERSONS
from records.importing.mapping import BadMapping
from records.importing.organs import OrgansByName
from records.importing.rows import Reader, Row
from responsibility.duties import office_for
from responsibility.models import Post, Region
from responsibility.people import position_of
from responsibility.rules import applied

CONTACTS = {
    "phone": PhoneField(required=False),
    "email": EmailField(required=False, max_length=254),
    "id_number": IdNumberField(required=False),
}


@dataclass(frozen=True)
class PetitionRow:
    """The data of a valid row, besides its texts."""

    received_at: datetime
    registered_at: datetime | None
    replied_at: datetime | None
    region: Region
    office: int
    organ: int
    post: int
    complained: list[dict[str, str]]


class Places:
    """The regions, organs and posts that rows name, each read once for a whole ledger."""

    def __init__(self, user: User | None) -> None:
        self.allowed = position_of(user).offices(PETITION_OFFICE) if user else None
        """The petition offices that rows may come to; None for any."""
        self._regions = {region.code: region for region in Region.objects.all()}
        self.organ = OrgansByName().find
        self._offices: dict[int, int | None] = {}
        self._posts: dict[int, int] = {}
        for organ_id, pk in Post.objects.order_by("-is_intake", "-is_top", "pk").values_list("organ", "pk"):
            self._posts.setdefault(organ_id, pk)

    def region(self, code: str) -> Region | None:
        """Returns the region of a twelve-digit code; a shorter code stands for the whole region."""
        return self._regions.get(code.ljust(12, "0")) if code.isdigit() else None

    def office(self, region: Region) -> int | None:
        """Returns the petition office that serves the region."""
        if region.pk not in self._offices:
            office = office_for(PETITION_OFFICE, region.pk)
            self._offices[region.pk] = office.pk if office else None
        return self._offices[region.pk]

    def post(self, organ: int) -> int | None:
        """Returns the post that receives petitions in the organ."""
        return self._posts.get(organ)


def judge(reader: Reader, user: User | None) -> Callable[[Row], PetitionRow | None]:
    """Returns the function that checks the rows of one sheet; raises BadMapping."""
    mapping, places = reader.mapping, Places(user)
    region, organ = mapping.default("region"), mapping.default("organ")
    if region and places.region(region) is None:
        raise BadMapping(_("默认的问题属地 %(code)s 不存在") % {"code": region})
    if not region and "region" not in reader.columns:
        raise BadMapping(_("没有问题属地这一列，请选一个默认的地区"))
    if organ and places.organ(organ) is None:
        raise BadMapping(_("默认的承办单位 %(name)s 不存在") % {"name": organ})
    return lambda row: _RowCheck(row, places).data()


class _RowCheck:
    """The check of one row."""

    def __init__(self, row: Row, places: Places) -> None:
        self.row, self.places = row, places

    def data(self) -> PetitionRow | None:
        """Returns the row's data; None when there is any reason to reject it."""
        row = self.row
        category = row.texts["category"]
        if not (len(category) == 6 and category.isascii() and category.isdigit()):
            row.fault("category", _("应当是六位代码"))
        self._count()
        self._identify()
        received, registered, replied = self._dates()
        region, office, organ = self._places()
        post = self.places.post(organ) if organ else None
        if organ and post is None:
            row.fault("organ", _("这个单位还没有设岗位"))
        if row.reasons or received is None or region is None or office is None or organ is None or post is None:
            return None
        complained = _complained_in(row.texts["complained"], self.places)
        return PetitionRow(received, registered, replied, region, office, organ, post, complained)

    def _count(self) -> None:
        """Checks the number of persons; an empty cell means one."""
        text = self.row.texts["persons"].removesuffix("人").removesuffix(".0").strip() or "1"
        if re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= MAX_PERSONS:
            self.row.texts["persons"] = str(int(text))
        else:
            self.row.fault("persons", _("应当是 1 到 %(most)s 的整数") % {"most": MAX_PERSONS})

    def _identify(self) -> None:
        for name, field in CONTACTS.items():
            try:
                self.row.texts[name] = field.clean(self.row.texts[name])
            except ValidationError as error:
                self.row.fault(name, str(error.messages[0]))
        phone, way = self.row.texts["phone"], self.row.texts["tell_by"]
        if phone and way == TellBy.SMS and not takes_messages(phone):
            self.row.texts["tell_by"] = str(TellBy.PHONE)

    def _dates(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        received = self.row.moment("received_at")
        registered = self.row.moment("registered_at", ends=True)
        replied = self.row.moment("replied_at", ends=True)
        if bool(self.row.texts["reply"]) != bool(self.row.texts["replied_at"]):
            self.row.fault("reply", _("答复内容和答复时间应当都有或者都没有"))
        for name, later in (("registered_at", registered), ("replied_at", replied)):
            if received and later and later < received:
                self.row.fault(name, _("早于收到时间"))
        if received and not replied and received <= self.row.reader.now and not applied("XF01", local_day(received)):
            self.row.fault("received_at", _("当时的办理期限没有收录（2005年5月1日以前），又没有答复，不能确定期限"))
        return received, registered, replied

    def _places(self) -> tuple[Region | None, int | None, int | None]:
        places = self.places
        region = places.region(self.row.texts["region"])
        if region is None:
            self.row.fault("region", _("没有这个地区，应当是行政区划代码"))
            return None, None, None
        office = places.office(region)
        if office is None:
            self.row.fault("region", _("这个地方还没有受理信访的机构"))
        elif places.allowed is not None and office not in places.allowed:
            self.row.fault("region", _("不归本信访部门登记"))
        name = self.row.texts["organ"]
        if not name:
            return region, office, office
        organ = places.organ(name)
        if organ is None:
            self.row.fault("organ", _("没有这个单位，请写全称或代码"))
        return region, office, organ.pk if organ else None


def _complained_in(text: str, places: Places) -> list[dict[str, str]]:
    """Returns the person or unit that a row complains about. A name that is no organ's may be a person's: to recuse one
    official too many does no harm."""
    if not text:
        return []
    is_organ = places.organ(text) is not None or len(text) > 4
    return [{"kind": "organ" if is_organ else "person", "name": text, "organ": ""}]

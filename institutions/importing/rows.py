"""Checks a row of an old list of regulations: a regulation's data, or every reason why the row is rejected."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from institutions.acts.regulation_forms import CLAUSE
from institutions.duties import LEGAL_OFFICE
from institutions.models import Regulation
from institutions.wording import article_number, read_articles
from massline.hanzi import simplified
from massline.time import local_day
from records.importing.dates import moment
from records.importing.mapping import BadMapping
from records.importing.models import ImportedFrom
from records.importing.organs import OrgansByName
from records.importing.rows import Reader, Row
from responsibility.duties import office_of
from responsibility.models import Organ, Post
from responsibility.people import position_of


@dataclass(frozen=True)
class RegulationRow:
    """The data of a valid row, besides its texts. Days are Shanghai's."""

    organ: Organ
    office: int
    owner: int
    supervisor: int
    accountable_organ: int
    in_force_from: date
    expires: date | None
    reviewed_on: date | None
    wording: tuple[tuple[str, str], ...]


def judge(reader: Reader, user: User | None) -> Callable[[Row], RegulationRow | None]:
    """Returns the function that checks the rows of one sheet; raises BadMapping."""
    register = _Register(reader, user)
    organ = reader.mapping.default("organ")
    if organ and register.organ(organ) is None:
        raise BadMapping(_("默认的制定单位 %(name)s 不存在") % {"name": organ})
    if not organ and "organ" not in reader.columns:
        raise BadMapping(_("没有制定单位这一列，请选一个默认的单位"))
    return lambda row: _RowCheck(row, register).data()


class _Register:
    """Organs and posts by the names that rows use, and the numbers (文号) that are taken; read once for a sheet."""

    def __init__(self, reader: Reader, user: User | None) -> None:
        self.allowed = position_of(user).offices(LEGAL_OFFICE) if user else None
        """The legal offices to whose register rows may come; None for any."""
        self.organ = OrgansByName().find
        posts = Post.objects.filter(organ__valid_until=None).select_related("organ")
        self._posts = {_plain(f"{post.organ.name}{post.name}"): post.pk for post in posts}
        self._offices: dict[int, int | None] = {}
        rows = Regulation.objects.exclude(document_number="").values_list("organ", "document_number", "pk")
        self._numbers: dict[tuple[int, str], object] = {(organ, number): pk for organ, number, pk in rows}
        there = ImportedFrom.objects.filter(subject_kind=Regulation.KIND, source=reader.mapping.source)
        self._came_as = dict(there.values_list("source_key", "subject_id"))

    def post(self, text: str) -> int | None:
        """Returns the post that is called by its organ's full name and its own."""
        return self._posts.get(_plain(text))

    def office(self, organ: Organ) -> int | None:
        """Returns the office that checks the legality of what this organ issues."""
        if organ.pk not in self._offices:
            office = office_of(organ, LEGAL_OFFICE)
            self._offices[organ.pk] = office.pk if office else None
        return self._offices[organ.pk]

    def is_taken(self, organ: Organ, number: str, row: Row) -> bool:
        """Tells whether another regulation of this organ, there or in a row before, has this number."""
        said = row.texts["title"]
        known = self._numbers.setdefault((organ.pk, number), said)
        return known not in (said, self._came_as.get(row.texts["key"]))


def _plain(text: str) -> str:
    return "".join(simplified(text).split())


class _RowCheck:
    """The check of one row."""

    def __init__(self, row: Row, register: _Register) -> None:
        self.row, self.register = row, register

    def data(self) -> RegulationRow | None:
        """Returns the row's data; None when there is any reason to reject it."""
        row = self.row
        organ, office = self._organ()
        owner, supervisor = self._post("owner"), self._post("supervisor")
        if owner and owner == supervisor:
            row.fault("supervisor", _("执行的岗位不能监督自己"))
        accountable = self.register.organ(row.texts["accountable_organ"])
        if row.texts["accountable_organ"] and accountable is None:
            row.fault("accountable_organ", _("没有这个单位，请写全称或代码"))
        wording = self._wording()
        since, reviewed = self._day("in_force_from"), self._day("reviewed_on")
        expires = self._last_day()
        if since and expires and expires < since:
            row.fault("expires", _("早于施行日期"))
        if since and reviewed and reviewed < since:
            row.fault("reviewed_on", _("早于施行日期"))
        if row.reasons or not (organ and office and owner and supervisor and accountable and since):
            return None
        return RegulationRow(organ, office, owner, supervisor, accountable.pk, since, expires, reviewed, wording)

    def _organ(self) -> tuple[Organ | None, int | None]:
        name, number = self.row.texts["organ"], self.row.texts["document_number"]
        organ = self.register.organ(name) if name else None
        if organ is None:
            self.row.fault("organ", _("没有这个单位，请写全称或代码") if name else _("没有填写"))
            return None, None
        office = self.register.office(organ)
        if office is None:
            self.row.fault("organ", _("这个单位所在的地区还没有合法性审核机构"))
        elif self.register.allowed is not None and office not in self.register.allowed:
            self.row.fault("organ", _("不归本机构审核"))
        if number and self.register.is_taken(organ, number, self.row):
            self.row.fault("document_number", _("这个单位已经有同一文号的制度"))
        return organ, office

    def _post(self, name: str) -> int | None:
        text = self.row.texts[name]
        found = self.register.post(text) if text else None
        if text and found is None:
            self.row.fault(name, _("没有这个岗位，请写单位全称加岗位名称，如“某市某局局长”"))
        return found

    def _wording(self) -> tuple[tuple[str, str], ...]:
        """Reads the articles; one of them must be the clause that says who answers."""
        text, clause = self.row.texts["wording"], self.row.texts["accountability"]
        if clause and not CLAUSE.fullmatch(clause):
            self.row.fault("accountability", _("请只写条号，如“第十二条”"))
        if not text:
            return ()
        try:
            found = read_articles(text)
        except ValidationError as error:
            self.row.fault("wording", str(error.messages[0]))
            return ()
        if clause and clause not in {article_number(heading) for heading, _words in found}:
            self.row.fault("accountability", _("正文里没有这一条"))
        return found

    def _day(self, name: str) -> date | None:
        found = self.row.moment(name)
        return local_day(found) if found else None

    def _last_day(self) -> date | None:
        """Reads the last day in force, which may lie ahead."""
        text = self.row.texts["expires"]
        found = moment(text) if text else None
        if text and found is None:
            self.row.fault("expires", _("看不懂这个日期"))
        return local_day(found) if found else None

"""A small city for tests: four organs of the city, one district, and fixed characters with the demo's usernames.

`build_city()` makes it, `file_petition()` files, and `walk_to(state)` brings a petition into any state by real acts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from accounts.models import Kind, User
from audit import log
from citizens.citizen import Citizen
from citizens.models import CitizenNotification
from citizens.telling.acts import tell
from massline.acts import perform
from massline.time import today
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.duties import PETITION_OFFICE
from petitions.filing import filing
from petitions.models import Demand, State
from responsibility import events
from responsibility.models import Appointment, Organ, OrganDuty, OrganKind, Post, Region

PASSWORD = "a long test password"
SINCE = date(2020, 1, 1)
CATEGORY = "010101"
"""A leaf class; the deputy of the department is in charge of every class that begins with 01."""

REGIONS = (("990100000000", "试水市", None), ("990102000000", "东区", "990100000000"))
ORGANS = (
    ("root", "中共试水市委、试水市人民政府", OrganKind.COMMITTEE, "990100000000", None),
    ("office", "试水市信访局", OrganKind.DEPARTMENT, "990100000000", "root"),
    ("department", "试水市住房和城乡建设局", OrganKind.DEPARTMENT, "990100000000", "root"),
    ("other", "试水市城市管理局", OrganKind.DEPARTMENT, "990100000000", "root"),
    ("district", "中共东区区委、东区人民政府", OrganKind.COMMITTEE, "990102000000", "root"),
    ("district_office", "东区信访局", OrganKind.DEPARTMENT, "990102000000", "district"),
    ("district_department", "东区住房和城乡建设局", OrganKind.DEPARTMENT, "990102000000", "district"),
)
OFFICES = ("office", "district_office")
POSTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("secretary", "root", "市委书记", {"is_top": True}),
    ("mayor", "root", "市长", {"is_top": True}),
    ("clerk", "office", "来信来访登记岗", {"is_intake": True}),
    ("chief", "office", "局长", {"is_top": True}),
    ("receiver", "department", "信访专办岗", {"is_intake": True}),
    ("handler", "department", "房屋安全科科员", {}),
    ("colleague", "department", "物业科科员", {}),
    ("deputy", "department", "分管副局长", {"in_charge_of": ["01"]}),
    ("leader", "department", "局长", {"is_top": True}),
    ("outsider", "other", "科员", {}),
    ("other_receiver", "other", "信访专办岗", {"is_intake": True}),
    ("other_leader", "other", "局长", {"is_top": True}),
    ("district_head", "district", "区长", {"is_top": True}),
    ("district_clerk", "district_office", "登记岗", {"is_intake": True}),
    ("district_chief", "district_office", "局长", {"is_top": True}),
    ("district_handler", "district_department", "科员", {"is_intake": True}),
    ("district_leader", "district_department", "局长", {"is_top": True}),
)
NAMES = {
    "secretary": "甄书成", "mayor": "金市安", "clerk": "程登记", "chief": "辛访明", "receiver": "钱接文",
    "handler": "韩办成",
    "colleague": "何同事", "deputy": "傅主管", "leader": "林局正", "outsider": "魏外人", "other_receiver": "秦收文",
    "other_leader": "祁局长", "district_head": "曲区长", "district_clerk": "邱登记", "district_chief": "仇局长",
    "district_handler": "瞿办事", "district_leader": "阙局长",
}  # fmt: skip
ADMINISTRATION = {
    "inspector": ("杜查清", Kind.INSPECTOR),
    "auditor": ("申计明", Kind.AUDITOR),
    "sysadmin": ("席统维", Kind.SYSADMIN),
    "secadmin": ("安全生", Kind.SECADMIN),
    "auditadmin": ("纪录真", Kind.AUDITADMIN),
}

REGISTER = {"category": CATEGORY, "region": "990100000000", "purpose": "request"}
TO_DEPARTMENT = {"organ": "department", "note": ""}
ANSWER = {"outcome": "supported", "text": "经现场核查，情况属实，已安排维修。"}
Step = tuple[str, str, Mapping[str, Any]]
FORWARDED: tuple[Step, ...] = (("clerk", "register", REGISTER), ("clerk", "forward", TO_DEPARTMENT))
ACCEPTED: tuple[Step, ...] = (*FORWARDED, ("receiver", "accept", {}))
HANDLING: tuple[Step, ...] = (*ACCEPTED, ("leader", "assign", {"handler": "handler"}))
ANSWERED: tuple[Step, ...] = (*HANDLING, ("handler", "answer", ANSWER))
DECLINE = {"reason": "已进入诉讼程序", "where_to_go": "试水市中级人民法院"}
DECLINING: tuple[Step, ...] = (*FORWARDED, ("receiver", "decline", DECLINE))
WAYS: dict[str, tuple[Step, ...]] = {
    State.RECEIVED: (),
    State.REGISTERED: FORWARDED[:1],
    State.FORWARDED: FORWARDED,
    State.OBJECTED: (*FORWARDED, ("receiver", "object", {"reason": "不属于本单位职责"})),
    State.DECLINING: DECLINING,
    State.ACCEPTED: ACCEPTED,
    State.HANDLING: HANDLING,
    State.ANSWERED: ANSWERED,
    State.CLOSED: (*ANSWERED, ("chief", "write_off", {"evidence": "电话回访，信访人表示问题已解决"})),
    State.NOT_ACCEPTED: (*DECLINING, ("clerk", "agree", {"note": "已核实，属于诉讼事项"})),
    State.WITHDRAWN: (("citizen", "withdraw", {"reason": "问题已经解决"}),),
    State.TRANSFERRED: (("clerk", "transfer", {"organ": "other", "pages": 2, "sure": True}),),
}


@transaction.atomic
def build_city() -> SimpleNamespace:
    """People, organs and posts by name: city.clerk, city.department, city.post["handler"]."""
    log.record(events.DEMO_LOADED)
    city = SimpleNamespace(region={}, organ={}, post={})
    for code, name, parent in REGIONS:
        city.region[code] = Region.objects.create(code=code, name=name, parent=city.region.get(parent))
    for code, name, kind, region, parent in ORGANS:
        city.organ[code] = Organ.objects.create(
            code=code, name=name, kind=kind, region=city.region[region], parent=city.organ.get(parent), valid_from=SINCE
        )
    for code in OFFICES:
        has_duty(city.organ[code], PETITION_OFFICE)
    for username, organ, name, more in POSTS:
        user = _person(NAMES[username], username, Kind.OFFICIAL)
        city.post[username] = Post.objects.create(organ=city.organ[organ], name=name, **more)
        Appointment.objects.create(user=user, post=city.post[username], since=SINCE)
        setattr(city, username, user)
    for username, (name, kind) in ADMINISTRATION.items():
        setattr(city, username, _person(name, username, kind))
    forget_event()
    return city


def has_duty(organ: Organ, duty: str, **more: Any) -> Organ:
    """The organ has this duty for its region."""
    OrganDuty.objects.create(organ=organ, duty=duty, **{"region": organ.region, "since": SINCE} | more)
    return organ


def forget_event() -> None:
    """What a test does next in its transaction is not explained by what it did before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('massline.event', '', true)")


def _person(name: str, username: str, kind: str) -> User:
    return User.objects.create_user(username, PASSWORD, name=name, kind=kind)


def filing_data(**overrides: Any) -> dict[str, Any]:
    """What a valid FilingForm holds."""
    region = overrides.pop("region", "990100000000")
    return {
        "title": "楼道照明长期不亮",
        "body": "三单元楼道灯坏了两个月，多次找物业无果。",
        "place": "幸福里3号楼",
        "wish": "请尽快修好",
        "category": CATEGORY,
        "purpose": "request",
        "region": Region.objects.get(code=region) if isinstance(region, str) else region,
        "tell_by": "sms",
        "name": "宋试民",
        "phone": "+8613900000000",
        "email": "",
        "id_number": "",
        "address": "",
        "complained_about": [],
    } | overrides


def file_petition(*, channel: str = "web", received_at: datetime | None = None, **overrides: Any) -> SimpleNamespace:
    """Files one; returns its demand, number and tracking code."""
    filed = filing.file(filing_data(**overrides), channel=channel, received_at=received_at)
    demand = Demand.objects.select_related("petition__filing").get(petition=filed.filing.pk)
    return SimpleNamespace(demand=demand, number=filed.number, code=filed.code, petition=demand.petition)


def act(demand: Demand, who: str, slug: str, data: Mapping[str, Any] | None = None) -> Demand:
    """One real act by somebody of the city, or by "citizen"."""
    if who == "citizen":
        done = perform(CITIZEN_ACTS[slug], Demand, demand.pk, Citizen(demand.petition_id), data or {})
    else:
        done = perform(OFFICIAL_ACTS[slug], Demand, demand.pk, User.objects.get(username=who), data or {})
    assert isinstance(done, Demand)
    return done


def tell_all(demand: Demand, how: str = "phone") -> None:
    """What waits in the queue is told by somebody of the organ that tells it."""
    for telling in CitizenNotification.objects.about("petition", demand.pk).filter(state="waiting").order_by("id"):
        held = Appointment.objects.on(today()).filter(post__organ=telling.office_id).order_by("-post__is_intake", "pk")
        users = (a.user for a in held.select_related("user"))
        tell(telling.pk, next(user for user in users if telling.roles_of(user)), how)


def walk_to(state: str, filed: SimpleNamespace | None = None, told: bool = True, **overrides: Any) -> SimpleNamespace:
    """A petition in this state, brought there by real acts, each letter told at once; or (`told`) none."""
    filed = filed or file_petition(**overrides)
    for who, slug, data in WAYS[state]:
        filed.demand = act(filed.demand, who, slug, data)
        if told:
            tell_all(filed.demand)
    filed.demand.refresh_from_db(fields=["opened_at", "strict_at", "due_at"])
    assert filed.demand.state == state
    return filed

"""A township beside the small city of tests, and its whistles in every state."""

from types import SimpleNamespace
from typing import Any

from django.db import transaction

from accounts.models import Kind, User
from audit import log
from inspection.whistles.acts import WHISTLE_ACTS
from inspection.whistles.models import Whistle
from massline.acts import perform
from records.creating import create
from responsibility import events
from responsibility.models import Appointment, Organ, OrganKind, Post, Region
from tests.city import PASSWORD, SINCE, forget_event
from tests.inspection_lab import in_days

PEOPLE = (
    ("street_head", "柳街主", "街道办事处主任", {"is_top": True}),
    ("street_clerk", "柳收文", "综合岗", {"is_intake": True}),
    ("street_worker", "柳跑腿", "社区建设岗", {}),
)


@transaction.atomic
def add_township(city: SimpleNamespace) -> SimpleNamespace:
    """A subdistrict of the district, with three people and, in another receiving post, the clerk of the district's
    petition office; a second call changes nothing."""
    if "street" in city.organ:
        return city
    log.record(events.DEMO_LOADED)
    region = city.region["990102001000"] = Region.objects.create(
        code="990102001000", name="柳荫街道", parent=city.region["990102000000"]
    )
    street = city.organ["street"] = Organ.objects.create(
        code="street", name="东区柳荫街道办事处", kind=OrganKind.TOWNSHIP, region=region,
        parent=city.organ["district"], valid_from=SINCE,
    )  # fmt: skip
    for username, name, post, more in PEOPLE:
        user = User.objects.create_user(username, PASSWORD, name=name, kind=Kind.OFFICIAL)
        city.post[username] = Post.objects.create(organ=street, name=post, **more)
        Appointment.objects.create(user=user, post=city.post[username], since=SINCE)
        setattr(city, username, user)
    post = city.post["street_liaison"] = Post.objects.create(organ=street, name="信访联络岗", is_intake=True)
    Appointment.objects.create(user=city.district_clerk, post=post, since=SINCE)
    forget_event()
    return city


def entry(**overrides: Any) -> dict[str, Any]:
    """What blowing a whistle takes: the city's "other" is called, and comes in three days."""
    return {
        "title": "幸福里夜市油烟扰民",
        "matter_text": "夜市二十户无证油烟管道，请到三号楼下会合",
        "category": "010101",
        "organ": "other",
        "come_by": in_days(3),
    } | overrides


INPUT: dict[str, dict[str, Any]] = {
    "call": {"organ": "department", "come_by": in_days(4)},
    "come": {"fact": "两名执法队员到场，拆除油烟管道三处"},
    "cannot": {"reason": "油烟管道归市局管理，本局没有执法权"},
    "direct": {"comes": "yes", "words": "由分管副局长带队到场"},
    "rate": {"organ": "other", "worth": "solved", "words": "当场拆除"},
    "settle": {"result": "二十户都已接入净化设施"},
    "cancel": {"reason": "社区自己已经协调解决"},
    "note": {"text": "已电话联系"},
    "attach": {"name": "点位.txt", "content": "5qW86YGT"},
}


def does(city: SimpleNamespace, whistle: Whistle, who: str, act: str, **data: Any) -> Whistle:
    """One real act by somebody of the city."""
    done = perform(WHISTLE_ACTS[act], Whistle, whistle.pk, getattr(city, who), {**INPUT[act], **data})
    assert isinstance(done, Whistle)
    return done


def whistle_of(city: SimpleNamespace, source: Any = None, **overrides: Any) -> Whistle:
    """A whistle as its township's clerk blows it: one organ is called."""
    made = create(Whistle.KIND, entry(**overrides), add_township(city).street_clerk, source)
    assert isinstance(made, Whistle)
    return made


def whistle_in(city: SimpleNamespace, state: str, **overrides: Any) -> Whistle:
    """A whistle in this state: "other" is called, and the district's department, which says that it cannot come."""
    made = whistle_of(city, **overrides)
    made = does(city, made, "street_clerk", "call", organ="district_department")
    made = does(city, made, "district_leader", "cannot")
    if state != "blown":
        made = does(city, made, "street_head", {"settled": "settle", "cancelled": "cancel"}[state])
    found = Whistle.with_joined(Whistle.objects.all()).get(pk=made.pk)
    assert found.state == state
    return found

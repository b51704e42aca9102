"""A very small place to test in: one city, its petition office, one department, and everybody who is needed."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from petitions.models import Demand
from responsibility.models import Appointment, Organ, OrganKind, Post, Region

PASSWORD = "correct horse battery"

# user, organ, post, top leader?, receives petitions?, in charge of
PEOPLE = (
    ("secretary", "city", "市委书记", True, False, []),
    ("clerk", "office", "接访科科长", False, True, []),
    ("chief", "office", "局长", True, False, []),
    ("handler", "housing", "信访专办员", False, True, []),
    ("deputy", "housing", "副局长", False, False, [""]),
    ("leader", "housing", "局长", True, False, []),
)
ORGANS = (
    ("city", "青禾市委、市人民政府", OrganKind.COMMITTEE, None),
    ("office", "青禾市信访局", OrganKind.PETITION_OFFICE, "city"),
    ("housing", "青禾市住房和城乡建设局", OrganKind.DEPARTMENT, "city"),
)


@transaction.atomic
def build() -> Region:
    """Writes the place into the database."""
    region = Region.objects.create(code="990100", name="青禾市")
    organs: dict[str | None, Organ | None] = {None: None}
    for code, name, kind, parent in ORGANS:
        organs[code] = Organ.objects.create(code=code, name=name, kind=kind, region=region, parent=organs[parent])
    for username, organ, name, top, intake, classes in PEOPLE:
        user = User.objects.create(username=username, name=f"{username}先生", password=make_password(PASSWORD))
        post = Post.objects.create(organ=organs[organ], name=name, is_top=top, is_intake=intake, in_charge_of=classes)
        Appointment.objects.create(user=user, post=post, since="2020-01-01")
    return region


def petition(region: Region, **changes: Any) -> dict[str, Any]:
    """What the form holds for an ordinary petition, ready for `filing.file`."""
    return {
        "title": "小区电梯停运两周",
        "body": "三号楼两部电梯都停了，楼里有八十岁的老人。",
        "place": "幸福里小区",
        "wish": "尽快修好",
        "category": "010101",
        "purpose": "request",
        "region": region,
        "complained_about": [],
        "name": "王小明",
        "phone": "+8613912345678",
        "id_number": "",
        "email": "",
        "address": "",
        "tell_by": "sms",
    } | changes


def demand(number: str) -> Demand:
    return Demand.objects.select_related("petition", "organ", "office", "handler").get(petition__number=number)

"""The line of discipline organs beside the small city of tests, and an accusation handed over to it."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from accounts.models import Kind, User
from audit import log
from massline.acts import perform
from massline.time import today
from petitions.transfers.acts import TRANSFER_ACTS
from petitions.transfers.models import Transfer
from responsibility import events
from responsibility.duties import DISCIPLINE
from responsibility.models import Appointment, Organ, OrganKind, Post, Region
from tests.city import PASSWORD, SINCE, act, forget_event, has_duty, walk_to

PEOPLE = (
    ("letters", "卞收信", "jiwei", "信访室", {"is_intake": True}),
    ("jiwei_head", "纪书记", "jiwei", "书记", {"is_top": True}),
    ("above_head", "章省纪", "above", "书记", {"is_top": True}),
)
RECEIPT = {"receipt_number": "收字〔2026〕17号"}


@transaction.atomic
def add_discipline(city: SimpleNamespace, *, posts: bool = True) -> SimpleNamespace:
    """A province around the city, and the discipline organs of both; with people, unless the register has none."""
    log.record(events.DEMO_LOADED)
    province = Region.objects.create(code="990000000000", name="试水省")
    Region.objects.filter(code="990100000000").update(parent=province)
    city.organ["above"] = Organ.objects.create(
        code="above", name="试水省纪委监委", kind=OrganKind.DEPARTMENT, region=province, valid_from=SINCE
    )
    city.organ["jiwei"] = Organ.objects.create(
        code="jiwei", name="试水市纪委监委", kind=OrganKind.DEPARTMENT, region=city.region["990100000000"],
        parent=city.organ["above"], valid_from=SINCE, address="清风路6号", telephone="0000-8800388",
    )  # fmt: skip
    for code in ("above", "jiwei"):
        has_duty(city.organ[code], DISCIPLINE)
    for username, name, organ, post, more in PEOPLE if posts else ():
        user = User.objects.create_user(username, PASSWORD, name=name, kind=Kind.OFFICIAL)
        city.post[username] = Post.objects.create(organ=city.organ[organ], name=post, **more)
        Appointment.objects.create(user=user, post=city.post[username], since=SINCE)
        setattr(city, username, user)
    forget_event()
    return city


TO_JIWEI = {"organ": "jiwei", "pages": 3, "sure": True}


def handed_over(state: str = "received", by: str = "clerk", **overrides: Any) -> SimpleNamespace:
    """A petition that was found to be an accusation in this state, and handed over; `line` is its line."""
    filed = walk_to(state, **overrides)
    act(filed.demand, by, "transfer", TO_JIWEI)
    filed.line = Transfer.objects.get(demand=filed.demand)
    filed.demand.refresh_from_db()
    return filed


def receipt(line: Transfer, by: str = "chief", data: Mapping[str, Any] | None = None) -> Transfer:
    """The receipt, entered by somebody of the office or of the receiver."""
    given = RECEIPT | {"receipt_on": today().isoformat()} | dict(data or {})
    perform(TRANSFER_ACTS["receipt"], Transfer, line.pk, User.objects.get(username=by), given)
    line.refresh_from_db()
    return line

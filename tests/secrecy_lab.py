"""The organ that clears what the small city publishes (保密办), and publications of a remark in each state."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from accounts.models import Kind, User
from audit import log
from massline.acts import perform
from records.models import Publication
from records.publishing.acts import PUBLICATION_ACTS
from records.publishing.duty import SECRECY
from responsibility import events
from responsibility.models import Appointment, Organ, OrganKind, Post
from tests.city import PASSWORD, SINCE, forget_event, has_duty

GROUNDS = ["secrets", "personal", "cases"]
WHY = "内容涉及尚未公开的安排"
CLEARED = {"result": "public", "grounds": GROUNDS}
PARTLY = {"result": "partly_public", "grounds": GROUNDS, "reason": WHY}
REFUSED = {"result": "refused", "reason": WHY}
REFERRED = {"result": "referred", "refer_to": "outside", "reason": WHY}
WITHDRAWN = {"reason": "发现其中有不应公开的内容"}
PEOPLE = (
    ("secrecy", "保审查", "保密审查员", {"is_intake": True}),
    ("secrecy_head", "密主任", "主任", {"is_top": True}),
)
WAYS: Mapping[str, tuple[tuple[str, str, Mapping[str, Any]], ...]] = {
    "proposed": (),
    "referred": (("secrecy", "clear", REFERRED),),
    "public": (("secrecy", "clear", CLEARED),),
    "refused": (("secrecy", "clear", REFUSED),),
    "retracted": (("handler", "retract", {}),),
    "withdrawn": (("secrecy", "clear", CLEARED), ("secrecy_head", "withdraw", WITHDRAWN)),
}


@transaction.atomic
def add_secrecy(city: SimpleNamespace) -> SimpleNamespace:
    """An organ with the duty, once."""
    if hasattr(city, "secrecy"):
        return city
    log.record(events.DEMO_LOADED)
    root = city.organ["root"]
    organ = Organ.objects.create(
        code="baomi", name="试水市保密办", kind=OrganKind.DEPARTMENT, region=root.region, parent=root, valid_from=SINCE
    )
    city.organ["baomi"] = has_duty(organ, SECRECY)
    for username, name, post, more in PEOPLE:
        user = User.objects.create_user(username, PASSWORD, name=name, kind=Kind.OFFICIAL)
        city.post[username] = Post.objects.create(organ=organ, name=post, **more)
        Appointment.objects.create(user=user, post=city.post[username], since=SINCE)
        setattr(city, username, user)
    forget_event()
    return city


def do(publication: Publication, user: Any, act: str, data: Mapping[str, Any]) -> Publication:
    done: Publication = perform(PUBLICATION_ACTS[act], Publication, publication.pk, user, data)
    return done


def walked(city: SimpleNamespace, publication: Publication, state: str) -> Publication:
    """The publication, brought into a state by real acts."""
    for who, act, data in WAYS[state]:
        do(publication, getattr(city, who), act, data)
    return Publication.objects.get(pk=publication.pk)


def cleared(city: SimpleNamespace, record: Any, at: datetime | None = None) -> Publication:
    """What was proposed of a record last, made public by the secrecy organ."""
    made = Publication.objects.about(record.KIND, record.pk).latest("pk")
    done: Publication = perform(PUBLICATION_ACTS["clear"], Publication, made.pk, city.secrecy, CLEARED, at=at)
    return done

"""Calls organs to a whistle: who can be called, the call's row with what is owed, and what is refused as a double."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inspection.whistles import notices
from inspection.whistles.models import Whistle, WhistleCall
from massline.acts import Invalid
from massline.time import local_day, today
from responsibility import obligations
from responsibility.models import Notice, Organ, OrganKind, Post, Region
from responsibility.notices import NoticeKind
from responsibility.people import office_people
from responsibility.subjects import ChainSubject

TO_COME, TO_DIRECT, TO_RATE = "CS01", "CS02", "CS03"
DOUBLE = "called_once_about_a_matter"


def possible_calls(township: Organ) -> QuerySet[Organ]:
    """Returns the departments of the regions around a township: of its county and of what is above that."""
    around = Region.objects.around(township.region_id).values("pk")
    staffed = Organ.objects.filter(region__in=around, valid_until=None, pk__in=Post.objects.values("organ"))
    return staffed.filter(kind=OrganKind.DEPARTMENT).exclude(pk=township.pk).order_by("id")


def call(whistle: Whistle, organ: Organ, come_by: date, at: datetime) -> WhistleCall:
    """Calls the organ: it owes to come by the day. Refuses one that is called to the same matter already."""
    last = whistle.calls.order_by("-item").values_list("item", flat=True).first() or 0
    try:
        with transaction.atomic():
            made = WhistleCall.objects.create(
                whistle=whistle,
                item=last + 1,
                organ=organ,
                come_by=come_by,
                township_id=whistle.organ_id,
                about=whistle.about,
                is_open=whistle.is_open,
            )
    except IntegrityError as error:
        raise _refusal(error, whistle, organ) from error
    whistle.__dict__.pop("called", None)
    days = (come_by - local_day(at)).days
    obligations.open_(whistle.matter, TO_COME, work_of(made), at, days=days, item=made.item)
    tell(notices.CALLED, whistle, office_people(organ.pk, today()), at)
    return made


def _refusal(error: IntegrityError, whistle: Whistle, organ: Organ) -> Exception:
    """Returns the refusal of a double in words beside the field; any other error as it is. The other whistle exists for
    whoever blows this one: both are their township's."""
    if DOUBLE not in str(error):
        return error
    same = WhistleCall.objects.filter(township=whistle.organ_id, about=whistle.about, organ=organ, is_open=True)
    words = {"organ": organ.called, "number": same.values_list("whistle__number", flat=True).get()}
    said = _("%(organ)s已经由 %(number)s 为同一件事吹哨，还没有结束：请在那次吹哨里办理，不重复吹哨") % words
    return Invalid({"organ": [said]})


def work_of(one: WhistleCall) -> ChainSubject:
    """Returns the called organ's work: to come."""
    return ChainSubject(one.organ_id, one.whistle.category, recused=one.whistle.recused)


def work_above(one: WhistleCall) -> ChainSubject:
    """Returns the work of the organ above it: to say whether it comes."""
    return ChainSubject(one.superior, one.whistle.category, recused=one.whistle.recused)


def tell(kind: NoticeKind, whistle: Whistle, people: Iterable[tuple[int, int | None]], at: datetime) -> None:
    """Puts a notice in the inbox of these people, but of none who may not know of it."""
    work, matter = whistle.chain_subject(), whistle.matter
    Notice.objects.bulk_create(
        Notice.build(kind, user, matter, at, post) for user, post in people if work.may_know(user)
    )

"""Directs accusations (检举控告) to the organs that are competent for them. They are not received here, and nothing of
them may be typed.

The office that receives what citizens file is no organ for them, and may itself be meant:
docs/decisions/2026-11-29-accusations.md.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from massline.acts import ActError
from responsibility.duties import DISCIPLINE, organs_with
from responsibility.models import Organ

ACCUSATION = "accusation"
"""The purpose by which programs and old ledgers mark an accusation; it cannot be filed."""


@dataclass(frozen=True)
class Hotline:
    """A telephone number that receives accusations in the whole country."""

    telephone: str
    organ: Any
    about: Any


HOTLINES = (
    Hotline(
        "12388", gettext_lazy("纪检监察机关"), gettext_lazy("党员、干部和其他公职人员违纪违法、失职渎职、以权谋私")
    ),
    Hotline("12380", gettext_lazy("组织部门"), gettext_lazy("选人用人上的问题：跑官要官、买官卖官、违规提拔")),
    Hotline(
        "12309", gettext_lazy("检察机关"), gettext_lazy("司法工作人员利用职权犯罪，侦查、审判、执行活动中的违法情形")
    ),
)
TITLE = gettext_lazy("检举控告不在这里提出")


def discipline_organs() -> QuerySet[Organ]:
    """Returns the discipline organs (纪检监察机关) of the register, the widest region first."""
    return organs_with(DISCIPLINE).order_by("region__code")


@require_safe
def signpost(request: HttpRequest) -> HttpResponse:
    return render(request, "public/signpost.html", {"hotlines": HOTLINES, "organs": discipline_organs()})


class NotReceivedHere(ActError):
    """Refuses an accusation over REST before anything of it is read or kept, with the directions of the page."""

    status = 422
    title = TITLE
    keeps_text = False

    directions = gettext_lazy(
        "信访部门不受理检举控告，刚才的内容没有保存。请直接向有权处理的机关提出：纪检监察机关 12388，"
        "组织部门 12380，检察机关 12309；有人身危险的先拨 110。"
    )
    leads_to = "signpost"

    def __init__(self) -> None:
        super().__init__(str(self.directions))
        self.members = {
            "errors": {"purpose": [str(TITLE)]},
            "where_to_turn": [_hotline(line) for line in HOTLINES]
            + [_direction(organ) for organ in discipline_organs()],
            "page": reverse(self.leads_to),
        }


def _hotline(line: Hotline) -> dict[str, str]:
    return {"telephone": line.telephone, "organ": str(line.organ), "about": str(line.about), "address": "", "hours": ""}


def _direction(organ: Organ) -> dict[str, str]:
    return {
        "telephone": organ.telephone,
        "organ": organ.called,
        "about": str(HOTLINES[0].about),
        "address": organ.address,
        "hours": organ.hours,
    }

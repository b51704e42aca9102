"""The letters (告知书) that a citizen was told, to be downloaded as PDF from the page of their own record."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citizens.models import CitizenNotification, NotificationState
from citizens.models.notifications import NotificationQuerySet
from citizens.public_sides import public_side
from citizens.telling.letters import printed
from citizens.telling.queue import letter_title
from citizens.tracking.closed import ask_again
from citizens.tracking.lookup import tracked_filing, tracked_record
from massline.time import local_day
from massline.web import over_limit
from records.documents.document import LETTER
from records.documents.pdf import NotTypeset, as_pdf

LIMIT = 60
"""Letters that one address may have made in an hour: each takes a second of a processor."""


@dataclass(frozen=True)
class OwnLetter:
    """A letter that the citizen was told, as their page lists it."""

    title: str
    url: str
    told_on: date
    served_on: date | None
    """None until a letter that was sent by post is known to have arrived."""


def own_letters(record: Any) -> list[OwnLetter]:
    """Returns the letters that the citizen was told, oldest first."""
    return [
        OwnLetter(
            str(letter_title(one)), reverse("tracked_letter", args=[one.pk]), local_day(one.told_at), one.served_on
        )
        for one in _told(record)
        if one.told_at
    ]


def _told(record: Any) -> NotificationQuerySet:
    """Selects the letters that were told and not erased; none where the page shows nothing of the kind."""
    matter = record.matter
    letters = CitizenNotification.objects.about(matter.kind, matter.pk).filter(state=NotificationState.TOLD)
    return letters.exclude(text="").order_by("pk") if public_side(matter.kind).shows_own(record) else letters.none()


@never_cache
@require_safe
def tracked_letter(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Sends one of the letters as PDF, in exactly the words in which it was told."""
    filing = tracked_filing(request)
    if filing is None:
        return ask_again(request)
    one = get_object_or_404(_told(tracked_record(filing)), pk=pk)
    if over_limit("letters", request, LIMIT):
        return render(request, "429.html", status=429)
    with override(settings.LANGUAGE_CODE):
        letter = printed(str(letter_title(one)), one.text, one.made_at)
    try:
        content = as_pdf(LETTER, letter)
    except NotTypeset as error:
        heading = _("“%(document)s”没有生成") % {"document": letter_title(one)}
        context = {"heading": heading, "message": error.message, "back_url": reverse("tracked")}
        return render(request, "public/message.html", context, status=error.status)
    return FileResponse(BytesIO(content), filename=f"{letter.title}.pdf", content_type="application/pdf")

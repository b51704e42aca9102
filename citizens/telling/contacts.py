"""Shows officials whom and where to tell: an unmasking like any other, each with its reason on record."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.desk import DeskRequest
from citizens.identity.sealing import readable
from citizens.models import CitizenNotification
from citizens.public_sides import public_side
from citizens.telling.queue import MAX_SHOWN, letter_title, queue_page, to_tell, with_records
from citizens.telling.ways import needed_for
from massline.acts import ActError, perform
from massline.keys import NotAKey, id_of
from massline.methods import post_only
from records.kinds import record_type
from responsibility.act_pages import refusal_page


@login_required
@never_cache
@post_only("letters")
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Shows what the chosen way needs of one letter's citizen: the contact; and the name, for an envelope or a call."""
    found = get_object_or_404(to_tell(request.user).waiting(), pk=pk)
    try:
        return queue_page(request, clear={pk: _unmasked(found, request)})
    except ActError as error:
        return refusal_page(request, error, reverse("letters"))


@login_required
@never_cache
@post_only("letters")
def contacts(request: DeskRequest) -> HttpResponse:
    """Shows the same for each letter that was chosen; what is refused for one stays masked, and is said."""
    picked = request.POST.getlist("listed" if "all" in request.POST else "letter")[:MAX_SHOWN]
    letters = list(to_tell(request.user).waiting().filter(pk__in=filter(None, map(_id, picked))))
    with_records(letters)
    clear = {}
    for letter in letters:
        try:
            clear[letter.pk] = _unmasked(letter, request)
        except ActError as error:
            messages.error(request, f"{letter.record.matter.key} {error.message}")
    if not clear:
        messages.error(request, _("没有选中任何文书。"))
    return queue_page(request, clear=clear, picked=picked)


def _id(key: str) -> int | None:
    try:
        return id_of("letter", key)
    except NotAKey:
        return None


def _unmasked(letter: CitizenNotification, request: DeskRequest) -> Mapping[str, str]:
    """Unmasks what the way needs, in an act and a transaction of its own; raises an ActError."""
    names, record = needed_for(letter.filing.tell_by), letter.record
    unmask = public_side(letter.subject_kind).unmask
    assert unmask is not None, f"{letter.subject_kind} has letters and no way to see the contact"
    asked = {"fields": names, "reason": reason_of(letter)}
    done = perform(unmask(record), type(record), record.pk, request.user, asked, seen=record)
    return {name: readable(name, done.unmasked[name]) for name in names}


def reason_of(letter: CitizenNotification) -> str:
    """Returns the logged reason for which an official looks at the contact: to tell this letter."""
    words = {
        "whom": record_type(letter.subject_kind).citizen,
        "letter": letter_title(letter),
        "number": letter.record.matter.key,
    }
    return str(_("告知%(whom)s：%(letter)s（%(number)s）") % words)

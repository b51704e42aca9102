"""The queue of letters that citizens have to be told (告知): due dates, texts, and who told whom, when, how."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, F, Q, When
from django.db.models.functions import Greatest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from citizens.models import CitizenNotification, NotificationState, TellBy
from citizens.models.notifications import NotificationQuerySet
from citizens.public_sides import public_side, public_sides
from citizens.telling.acts import TELLING_ACTS
from citizens.telling.forms import TellManyForm
from citizens.telling.letters import printed
from citizens.telling.queue_forms import QueueForms, address, auto_id
from citizens.telling.ways import BY_NAME, REACHED_BY
from massline.acts import ActError, Invalid, WrongState, perform
from massline.drafts.forms import come_back
from massline.keys import key_of
from massline.methods import post_only
from records.documents.document import OfficialLetter
from records.kinds import record_type
from responsibility import obligations
from responsibility.act_pages import refusal_page
from responsibility.models import Delivery, Message
from responsibility.people import position_of
from responsibility.presentation import light_of

SOURCE = "citizens"
"""The source name of messages about letters."""
DONE = {
    "tell": _("已记为已告知：%(letter)s"),
    "cannot_tell": _("已登记为无法告知：%(letter)s"),
    "note_served": _("已登记送达日期：%(letter)s"),
    "note_returned": _("已登记退信，请另选方式告知：%(letter)s"),
}
"""What the page says after each act."""
MAX_SHOWN = 50
BULK_ID = "bulk-%s"
ASKED_FOR = timedelta(days=90)
"""How long a letter that was sent by post waits on the page for the day on which it arrived."""
LAST_CHANGE = Greatest("told_at", "served_noted_at").desc()


def to_tell(user: Any) -> NotificationQuerySet:
    """Selects the letters that the user's organs tell, about records the user may see; and those that their kind still
    lets the user tell afterwards."""
    seen = [_seen(kind, user) | side.also_told_by(user) for kind, side in public_sides().items() if side.letters]
    mine = Q(office__in=position_of(user).organs) & reduce(or_, seen, Q(pk__in=[]))
    return CitizenNotification.objects.filter(mine).select_related("filing", "office", "told_by", "owed")


def _seen(kind: str, user: Any) -> Q:
    visible = record_type(kind).model._default_manager.for_user(user)  # type: ignore[attr-defined]
    return Q(subject_kind=kind, subject_id__in=visible.values("pk"))


@login_required
@never_cache
@require_safe
def letters(request: DeskRequest) -> HttpResponse:
    return queue_page(request)


@dataclass(frozen=True)
class Waiting:
    """A letter that waits in the queue."""

    key: str
    number: str
    url: str
    title: Any
    text: str
    paper: OfficialLetter | None
    """The letter as it is printed; none where its words were erased."""
    office: str
    way: str
    name: str
    """Whom an envelope or a call asks for; masked, except in the letters for which it was asked. Empty for other
    ways."""
    address: str
    """The contact that the way needs; masked likewise."""
    clear: bool
    envelope: bool
    """Whether it is printed with the envelope's words."""
    reachable: bool
    returned: str
    """Why the post returned it."""
    since: datetime
    goal: str
    due: date | datetime | None
    due_legal: date | datetime | None
    provisional: bool
    light: str
    form: Any
    cannot_form: Any
    tell_url: str
    cannot_url: str
    contact_url: str
    fault: str = ""
    """The reason why a message about it did not arrive."""
    on_its_way: bool = False


@dataclass(frozen=True)
class Done:
    """A letter that was told: lately, or by post and not known to have arrived."""

    key: str
    number: str
    url: str
    title: Any
    at: datetime | None
    by: Any
    way: str
    served_on: date | None
    served_form: Any
    served_url: str
    returned_form: Any
    """None for what cannot come back any more, or was not sent by post."""
    returned_url: str


def queue_page(
    request: DeskRequest,
    *,
    clear: Mapping[int, Mapping[str, str]] | None = None,
    failed: Mapping[tuple[str, int], Any] | None = None,
    many: TellManyForm | None = None,
    picked: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Renders the queue, the earliest due date first; `clear` holds name and contact of the letters that were asked
    for, `failed` and `many` what was refused just now, `picked` the letters that were chosen with it."""
    mine, forms = to_tell(request.user), QueueForms(request, failed or {})
    queue = list(mine.waiting().order_by(F("owed__due_at").asc(nulls_last=True), "made_at", "id")[: MAX_SHOWN + 1])
    posted = list(_posted(mine))
    starting = [letter for letter in posted if _starts_a_period(letter)]
    done = list(mine.filter(state=NotificationState.TOLD).order_by(LAST_CHANGE, "-id")[:10])
    with_records([*queue, *posted, *done])
    sent = _messages_of([letter.pk for letter in queue])
    items = [_waiting(letter, forms, clear or {}, sent.get(letter.pk, {})) for letter in queue[:MAX_SHOWN]]
    context = {
        "items": items,
        "faulty": any(item.form.errors or item.cannot_form.errors for item in items),
        "more": len(queue) > MAX_SHOWN,
        "shown": MAX_SHOWN,
        "many": many or TellManyForm(auto_id=BULK_ID),
        "picked": picked,
        "posted": [_done(letter, forms) for letter in starting],
        "sent": [_done(letter, forms) for letter in posted if letter not in starting],
        "sent_faulty": any(slug == "note_returned" for slug, _letter in forms.failed),
        "done": [_done(letter, forms) for letter in done if letter not in starting],
    }
    return render(request, "desk/letters.html", context, status=status)


def _posted(mine: NotificationQuerySet) -> NotificationQuerySet:
    """Selects the letters of the last months that were sent by post and are not known to have arrived, oldest first;
    those that start a period of the citizen's before all others."""
    books = {kind: side.letters.letters for kind, side in public_sides().items() if side.letters}
    starting = [Q(subject_kind=kind, letter=one.name) for kind, book in books.items() for one in book if one.starts]
    found = mine.not_known_to_be_served().filter(told_at__gt=timezone.now() - ASKED_FOR)
    waits = Case(When(reduce(or_, starting, Q(pk__in=[])), then=0), default=1)
    return found.order_by(waits, "told_at", "id")[:MAX_SHOWN]


def _starts_a_period(letter: CitizenNotification) -> bool:
    book = public_side(letter.subject_kind).letters
    return bool(book and letter.letter in book.titles and book[letter.letter].starts)


def with_records(letters: Iterable[CitizenNotification]) -> None:
    """Reads the records that the letters are about: one statement for each kind among them."""
    by_kind: dict[str, list[CitizenNotification]] = defaultdict(list)
    for letter in letters:
        by_kind[letter.subject_kind].append(letter)
    for kind, about in by_kind.items():
        model: Any = record_type(kind).model
        rows = model.with_joined(model._default_manager.filter(pk__in={one.subject_id for one in about}))
        found = {record.pk: record for record in rows}
        for letter in about:
            letter.record = found[letter.subject_id]


def letter_title(letter: CitizenNotification) -> Any:
    """Returns the title of the letter."""
    book = public_side(letter.subject_kind).letters
    return book.titles.get(letter.letter, letter.letter) if book else letter.letter


def address_of(record: Any) -> str:
    """Returns the address of the page of a letter's record."""
    return record_type(record.KIND).describe(record).url


def _waiting(
    letter: CitizenNotification, forms: QueueForms, clear: Mapping[int, Mapping[str, str]], sent: Mapping[str, Any]
) -> Waiting:
    filing, owed = letter.filing, letter.owed
    masked, contact = filing.masked(), REACHED_BY[filing.tell_by]
    shown = clear.get(letter.pk, masked)
    return Waiting(
        key=key_of("letter", letter.pk),
        number=letter.record.matter.key,
        url=address_of(letter.record),
        title=letter_title(letter),
        text=letter.text,
        paper=_paper(letter),
        office=letter.office.name,
        way=filing.get_tell_by_display(),
        name=shown["name"] if filing.tell_by in BY_NAME else "",
        address=shown[contact],
        clear=letter.pk in clear,
        envelope=letter.pk in clear and filing.tell_by == TellBy.LETTER,
        reachable=bool(masked[contact]),
        returned=letter.get_returned_display(),
        since=letter.made_at,
        goal=obligations.rule_of(owed).shown_title if owed else "",
        due=owed.due_strict if owed and owed.closed_at is None else None,
        due_legal=owed.due_legal if owed and owed.closed_at is None else None,
        provisional=bool(owed and owed.provisional),
        light=light_of(owed, timezone.now()) if owed else "none",
        form=forms.build("tell", letter, how=_way_for(letter, masked)),
        cannot_form=forms.build("cannot_tell", letter),
        tell_url=address("tell", letter.pk),
        cannot_url=address("cannot_tell", letter.pk),
        contact_url=reverse("letter_contact", args=[letter.pk]),
        **sent,
    )


def _way_for(letter: CitizenNotification, reached: Mapping[str, str]) -> str:
    """Proposes the way that the citizen chose; after a letter came back another one for which there is a contact."""
    chosen = letter.filing.tell_by
    if not letter.returned or chosen != TellBy.LETTER:
        return chosen
    return TellBy.PHONE if reached["phone"] else TellBy.EMAIL if reached["email"] else chosen


def _paper(letter: CitizenNotification) -> OfficialLetter | None:
    """Returns the letter as it is printed: in Chinese whatever language the page has."""
    with override(settings.LANGUAGE_CODE):
        return printed(str(letter_title(letter)), letter.text, letter.made_at) if letter.text else None


def _done(letter: CitizenNotification, forms: QueueForms) -> Done:
    return Done(
        key=key_of("letter", letter.pk),
        number=letter.record.matter.key,
        url=address_of(letter.record),
        title=letter_title(letter),
        at=letter.told_at,
        by=letter.told_by.name if letter.told_by else _("系统自动发送"),
        way=letter.get_told_how_display(),
        served_on=letter.served_on,
        served_form=forms.build("note_served", letter, served_on=letter.served_on),
        served_url=address("note_served", letter.pk),
        returned_form=forms.build("note_returned", letter) if _may_come_back(letter) else None,
        returned_url=address("note_returned", letter.pk),
    )


def _may_come_back(letter: CitizenNotification) -> bool:
    return letter.told_how == TellBy.LETTER and letter.served_on is None


@login_required
@never_cache
@post_only("letters")
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the citizen has been told, by whom, when and how. A double press tells once; an official who comes
    after a colleague is told so."""
    return _act(request, "tell", pk)


@login_required
@never_cache
@post_only("letters")
def cannot_tell(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the citizen cannot be told, and why."""
    return _act(request, "cannot_tell", pk)


@login_required
@never_cache
@post_only("letters")
def letter_served(request: DeskRequest, pk: int) -> HttpResponse:
    """Records the day on which a letter reached the citizen."""
    return _act(request, "note_served", pk)


@login_required
@never_cache
@post_only("letters")
def letter_returned(request: DeskRequest, pk: int) -> HttpResponse:
    """Records that the post returned a letter."""
    return _act(request, "note_returned", pk)


def _act(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Does an act on a letter. A fault keeps what was typed."""
    found = get_object_or_404(to_tell(request.user), pk=pk)
    try:
        perform(TELLING_ACTS[slug], CitizenNotification, found.pk, request.user, request.POST, seen=found)
    except Invalid as error:
        form: Any = error.form
        form.auto_id = auto_id(slug, pk)
        return come_back(request, form, lambda: queue_page(request, failed={(slug, pk): form}, status=422))
    except ActError as error:
        return _too_late(request, pk, error)
    called = f"{found.record.matter.key} {letter_title(found)}"
    messages.success(request, DONE[slug] % {"letter": called})
    return redirect("letters")


def _too_late(request: DeskRequest, pk: int, error: ActError) -> HttpResponse:
    if isinstance(error, WrongState) and CitizenNotification.objects.filter(pk=pk, told_by=request.user).exists():
        return redirect("letters")
    return refusal_page(request, error, reverse("letters"))


def waits_to_be_told(record: Any, user: Any, besides: Iterable[str] = ()) -> bool:
    """Returns whether an organ of the user has a letter about the record in the queue, by the record's obligations;
    `besides` are rules that do not count in this state."""
    due = (o for o in record.owed if o.closed_at is None and o.organ_id in position_of(user).organs)
    return any(obligations.rule_of(o).closed_by and o.rule not in besides for o in due)


def _messages_of(letters: list[int]) -> dict[int | None, dict[str, Any]]:
    """Returns which letters a message is still to tell, and why one did not arrive: then the clerk tells by other
    means."""
    found = Message.objects.filter(source=SOURCE, source_id__in=letters, state__in=[*Message.AHEAD, Delivery.FAILED])
    return {
        message.source_id: {"fault": message.fault} if message.state == Delivery.FAILED else {"on_its_way": True}
        for message in found.only("source_id", "state", "fault")
    }

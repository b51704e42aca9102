"""The pages for tracking: the box for number and code, and the page of a citizen's own record with its acts."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citizens.citizen import Citizen
from citizens.filing.forms import TrackForm
from citizens.filing.open_for_filing import is_open
from citizens.filing.receipt import kept_receipt
from citizens.public_sides import public_side
from citizens.tracking.closed import ask_again
from citizens.tracking.double_press import perform_once
from citizens.tracking.lookup import TRACKING, filing_of, find, own_door, tracked_filing, tracked_record
from citizens.tracking.own_files import own_files, takes_files
from citizens.tracking.own_letters import own_letters
from citizens.tracking.own_words import open_questions, own_texts
from citizens.tracking.resulting_records import grown_from
from massline.acts import Act, ActError, Invalid, NotVisible, NotYet, label_of
from massline.crypto import CODE_LENGTH, plain_code
from massline.drafts.box import box_of
from massline.drafts.forms import come_back, keep_posted, posted_form, posted_texts, see_other, with_draft
from massline.inputs import ConfirmField
from massline.methods import post_only
from massline.rest_shapes import members
from records.files.acts import ADDING
from records.files.models import Attachment
from records.kinds import record_type
from responsibility.act_pages import ActCard, act_card, refused_acts


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Opens a record for half an hour by number and code."""
    if request.method != "POST":
        if not is_open():
            return render(request, "public/not_open.html", {"office": None}, status=503)
        return _box(request, TrackForm())
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _box(request, form, status=422)
    number = form.cleaned_data["number"]
    if door := own_door(number):
        return redirect(door)
    record = find(number, form.cleaned_data["tracking_code"])
    if record is None:
        _add_what_is_wrong(form)
        return _box(request, form, status=404)
    response = redirect("tracked")
    TRACKING.set(response, filing_of(record))
    return response


def _add_what_is_wrong(form: TrackForm) -> None:
    """Says how many characters are missing or too many, whether there is such a number or not."""
    typed = len(plain_code(form.cleaned_data["tracking_code"]))
    if typed == CODE_LENGTH:
        form.add_error(None, _("编号或查询码不对，请核对后再试。两者都印在回执上。"))
    else:
        words = {"length": CODE_LENGTH, "typed": typed}
        form.add_error("tracking_code", _("查询码是 %(length)s 位，这里有 %(typed)s 位，请对照回执核对。") % words)


def _box(request: HttpRequest, form: TrackForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "public/track.html", {"form": form} | more, status=status)


@never_cache
@require_safe
def tracked(request: HttpRequest) -> HttpResponse:
    filing = tracked_filing(request)
    return ask_again(request) if filing is None else _tracked_page(request, tracked_record(filing))


@post_only("tracked")
def leave(request: HttpRequest) -> HttpResponse:
    """Closes the citizen's own record, and ends what was typed in this browser, for devices that others use too; a
    receipt whose code nobody has confirmed to be saved is shown once more."""
    box_of(request).finish()
    if kept_receipt(request):
        messages.warning(request, _("这台设备上还留着回执。请确认查询码已经保存，再在本机结束。"))
        response = redirect("receipt")
    else:
        messages.success(request, _("已结束查看，这个浏览器里不再显示这件事。"))
        response = redirect("track")
    TRACKING.delete(response)
    return response


@never_cache
@post_only("tracked")
def tracked_act(request: HttpRequest, slug: str) -> HttpResponse:
    filing, sent = tracked_filing(request), posted_form(request)
    if filing is None or (sent and sent.owner != _owner(filing)):
        return _expired(request, slug)
    record = tracked_record(filing)
    try:
        _refuse_unconfirmed(public_side(record.KIND).acts[slug], record, request.POST)
        perform_once(slug, record, request.POST)
    except Invalid as error:
        failed = {slug: error.form}
        return come_back(request, error.form, lambda: _tracked_page(request, record, failed=failed, status=422))
    except NotVisible as error:
        return render(request, "404.html", {"message": error.message}, status=404)
    except ActError as error:  # an official may have been quicker: the page shows the present state
        if posted_texts(request) and keep_posted(request, message=str(error.message)):
            return see_other(f"{reverse('tracked')}#refused-{slug}")
        box_of(request).settled = True
        texts = posted_texts(request)
        return _tracked_page(
            request, tracked_record(filing), message=str(error.message), texts=texts, status=error.status
        )
    messages.success(request, str(public_side(record.KIND).done[slug]))
    return redirect("tracked")


def _refuse_unconfirmed(act: Act, record: Any, data: Any) -> None:
    """Raises Invalid where an act that cannot be undone came without its tick, or with another fault."""
    if act.slug in public_side(record.KIND).confirmed:
        form = _form_of(act, record, data)
        if not form.is_valid():
            raise Invalid({name: [str(one) for one in found] for name, found in form.errors.items()}, form)


def _form_of(act: Act, record: Any, data: Any) -> Any:
    """Builds the form of an act, with the tick of one that cannot be undone."""
    form: Any = act.build_form(record, Citizen(filing_of(record)), data)
    if sentence := public_side(record.KIND).confirmed.get(act.slug):
        form.fields["sure"] = ConfirmField(label=sentence)
    return form


def _expired(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for number and code again, after half an hour or for a record that was opened in another window; what was
    written waits on the page of the record."""
    if keep_posted(request):
        said = _("已经过了半小时，请重新输入编号和查询码。您刚才写的内容还没有提交，查到以后可以接着提交。")
        return ask_again(request, said)
    box_of(request).settled = True
    if texts := posted_texts(request):
        message = _("已经过了半小时，请重新输入编号和查询码。刚才的内容没有提交。")
        return _box(request, TrackForm(), message=message, texts=texts, status=403)
    said = _("已经过了半小时，“%(act)s”没有办成。请重新输入编号和查询码，查到以后再办一次。")
    return ask_again(request, said % {"act": label_of(slug)})


def _owner(filing: int) -> str:
    """Names the filing as the owner of drafts on its page."""
    return f"filing:{filing}"


def _own_file(one: Attachment) -> str:
    return reverse("tracked_attachment", args=[one.pk])


def _tracked_page(
    request: HttpRequest, record: Any, *, failed: dict[str, Any] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    side, citizen = public_side(record.KIND), Citizen(filing_of(record))
    shown, judged = side.shown(record), side.acts.judged(record, citizen)
    may = [act for act, error in judged if error is None]
    acts = _cards(request, record, (act for act in may if act.slug not in ADDING), failed or {})
    questions = open_questions(record, (card.slug for card in acts))
    answering = {question.answered_by for question in questions}
    context = members(shown) | {
        "record": shown,
        "is_over": record.state in record_type(record.KIND).final,
        "questions": questions,
        "answering": [card for card in acts if card.slug in answering],
        "acts": [card for card in acts if card.slug not in answering],
        "own_texts": own_texts(record),
        "letters": own_letters(record),
        "later": [error.message for _act, error in judged if isinstance(error, NotYet)],
        "faulty": any(card.form.errors for card in acts),
        "refused": refused_acts(request, side.acts, acts, _address, lambda: record.last_change(citizen)),
        "attachments": own_files(record, may, add=reverse("tracked_add"), read=_own_file),
        "takes_files": takes_files(record),
        "office": record.office,
        "grown": grown_from(record),
    }
    return render(request, side.template, context | more | dict(side.page(record)), status=status)


def _address(act: Act) -> str:
    return reverse("tracked_act", args=[act.slug])


def _cards(request: HttpRequest, record: Any, may: Iterable[Act], failed: dict[str, Any]) -> list[ActCard]:
    """Returns the citizen's acts, with what was written into them before."""
    citizen = Citizen(filing_of(record))
    box_of(request).owner = _owner(citizen.filing)

    def form_of(act: Act) -> Any:
        return with_draft(request, _address(act), lambda data: _form_of(act, record, data))

    cards = [
        act_card(act, record, citizen, _address(act), {act.slug: failed.get(act.slug) or form_of(act)}) for act in may
    ]
    for card in cards:
        card.form.auto_id = f"{card.slug}_%s"
    return cards

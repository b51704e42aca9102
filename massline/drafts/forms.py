"""Forms with drafts: what was typed is put into them again, and kept when they come back with faults."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect

from massline.drafts.box import OpenForm, box_of
from massline.drafts.content import Content
from massline.unjudged import leave_unjudged
from massline.web import for_programs

FormT = TypeVar("FormT", bound=forms.BaseForm)


# --- Shown again --------------------------------------------------------------------------------------------------
def with_draft(request: HttpRequest, address: str, build: Callable[[Any], FormT]) -> FormT:
    """Builds the form that is sent to this address, with what was typed into it before.

    A text that was not sent yet is not judged; one that was refused is, and shows what was wrong.
    """
    draft = box_of(request).find(address)
    form = build(draft.data if draft else None)
    if draft is not None:
        show_draft(draft, form)
    form.keeps_draft = True  # type: ignore[attr-defined]
    return form


def show_draft(draft: Content, form: forms.BaseForm) -> None:
    """Judges a form that is bound to a draft, or leaves it unjudged."""
    if not draft.faulty:
        leave_unjudged(form)
        return
    for name, messages in draft.errors.items():
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, messages)  # type: ignore[attr-defined]


def texts_of(form: forms.BaseForm) -> dict[str, str]:
    """Returns the labels of the fields of a form that take words, by their names."""
    return {form.add_prefix(name): str(field.label or "") for name, field in form.fields.items() if _takes_words(field)}


def _takes_words(field: forms.Field) -> bool:
    closed = forms.PasswordInput | forms.Select | forms.RadioSelect
    return isinstance(field, forms.CharField) and not field.widget.is_hidden and not isinstance(field.widget, closed)


# --- Sent ---------------------------------------------------------------------------------------------------------
def posted_form(request: HttpRequest) -> OpenForm | None:
    """Returns the form that was sent with this request, where it has drafts."""
    return OpenForm.read(request.POST.get("draft", "")) if request.method == "POST" else None


def posted_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """Lists the texts of the form that was sent, for an answer that gives them back."""
    form = posted_form(request)
    return Content.of(request.POST, form.labels).texts if form else []


def keep_posted(request: HttpRequest, data: QueryDict | None = None, **more: Any) -> OpenForm | None:
    """Keeps what was sent with this request, or the `data` in its place; returns the form, or None where nothing is
    kept."""
    form, box = posted_form(request), box_of(request)
    if form is None or not box.keep(form, Content.of(data or request.POST, form.labels, **more)):
        return None
    box.settled = True
    return form


def drop_posted(request: HttpRequest) -> None:
    """Drops the draft of the form that was sent with this request, before an answer shows its page."""
    if form := posted_form(request):
        box_of(request).drop(form)


def come_back(
    request: HttpRequest,
    form: Any,
    at_once: Callable[[], HttpResponse],
    *,
    faulty: bool = True,
    message: str = "",
    page: str = "",
) -> HttpResponse:
    """Leads to the page of a form that was refused, which shows it again with its faults: there Back and Reload work.

    Where no draft is kept, renders the page at once. A form that is not `faulty` was refused for the `message` alone.
    `page` is another page than the one that the form stood on.
    """
    errors = {name: [str(one) for one in messages] for name, messages in form.errors.items()} if faulty else {}
    data = form.data if isinstance(form.data, QueryDict) else request.POST
    kept = None
    if not for_programs(request):
        kept = keep_posted(request, data, faulty=faulty, errors=errors, message=message)
    if kept is not None:
        return see_other(_at_the_summary(page or kept.page) if faulty else page or kept.page)
    box_of(request).settled = True  # the page that is rendered now has the text
    return at_once()


def _at_the_summary(page: str) -> str:
    """Returns the address at which a form says what is wrong in it: there the focus is, in every browser."""
    page, _hash, place = page.partition("#")
    return f"{page}#error-summary{place.removeprefix('act') if place.startswith('act-') else ''}"


def see_other(address: str) -> HttpResponseRedirect:
    """Leads a browser that sent a form to a page (303)."""
    answer = redirect(address)
    answer.status_code = 303
    return answer  # type: ignore[return-value]

"""Shows and does acts on pages: a card with its form for each, and the page after one. The same for every kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.desk import DeskRequest
from accounts.models import User
from massline.acts import Act, ActError, Acts, Invalid, NextPage, NoLongerVisible, NotVisible
from massline.drafts.box import box_of
from massline.drafts.forms import come_back, drop_posted, keep_posted, posted_texts, see_other, texts_of, with_draft
from responsibility.desk.work_list import WorkList
from responsibility.performing import perform_from_form

Failed = Mapping[str, BaseForm | None]
"""Forms that came back with faults, by the slug of their act."""


@dataclass(frozen=True)
class ActCard:
    """One act as `components/act.html` shows it: a button that unfolds into its form."""

    slug: str
    label: Any
    button: Any
    tone: str
    form: BaseForm
    url: str
    drafts: bool = True
    """Whether what is typed into it is kept."""
    description: Any = ""


def act_card(act: Act, record: Any, actor: Any, url: str, failed: Failed | None = None, drafts: bool = True) -> ActCard:
    """Returns the act's card; with what was typed and the faults in it, where it came back."""
    form = (failed or {}).get(act.slug) or act.build_form(record, actor, None)
    return ActCard(act.slug, act.label, act.button, act.tone, form, url, drafts and bool(form.fields), act.description)


@dataclass(frozen=True)
class RefusedAct:
    """An act that was filled in and cannot be done any more, as `components/refused.html` shows it."""

    slug: str
    label: Any
    url: str
    texts: list[tuple[str, str]]
    why: str
    """What happened meanwhile, by which organ and when; empty where that is no news."""
    note: ActCard | None
    """The act that keeps a note, where this person may do it: the texts can be put into it."""
    note_field: str = ""

    @property
    def words(self) -> str:
        """The texts in one piece, after what was typed into the note already."""
        lines = [f"{label}：{text}" if label and len(self.texts) > 1 else text for label, text in self.texts]
        typed = self.note.form[self.note_field].value() if self.note and self.note_field else ""
        return "\n".join([typed, *lines] if typed else lines)


class Show(Protocol):
    """The page of one record."""

    def __call__(
        self, request: DeskRequest, record: Any, /, *, failed: Failed | None = None, status: int = 200
    ) -> HttpResponse: ...


@dataclass(frozen=True)
class ActPages:
    """The acts on one sort of record, and the pages around them."""

    acts: Acts
    show: Show
    address: str
    """The name of a record's address; with `_act` that of an act on it."""
    list_address: str
    """The name of the list's."""
    visible: Callable[[User], QuerySet[Any]]
    """Those that exist for a person."""
    key: Callable[[Any], Any] = lambda record: record.matter.key
    """What addresses call a record."""
    drafts: bool = True
    """Whether what is typed is kept until it is sent."""
    note: str = ""
    """The act that keeps a note, where there is one."""
    to_show: Callable[[User, Any], Any] = lambda user, record: record
    """Reads a record with all that its page shows, where `perform` is given one without."""

    def cards(
        self, record: Any, user: User, failed: Failed | None = None, may: Iterable[Act] | None = None
    ) -> list[ActCard]:
        """Returns the acts that this person may do now; `may` names them, where the caller knows them already."""
        may = self.acts.open_to(record, user) if may is None else may
        return [act_card(act, record, user, self._act_url(record, act), failed, drafts=self.drafts) for act in may]

    def drafted(self, request: DeskRequest, record: Any, may: Iterable[Act]) -> Failed:
        """Returns the forms into which this person has typed something before, by the slug of their act."""

        def build(act: Act) -> Callable[[Any], BaseForm]:
            return lambda data: act.build_form(record, request.user, data)

        box = box_of(request)
        return {
            act.slug: with_draft(request, url, build(act))
            for act in (may if self.drafts else ())
            if box.find(url := self._act_url(record, act))
        }

    def refused(self, request: DeskRequest, record: Any, cards: list[ActCard]) -> list[RefusedAct]:
        """Returns the acts that this person filled in and cannot do any more."""
        note = next((card for card in cards if card.slug == self.note), None)
        acts = self.acts if self.drafts else ()
        return refused_acts(
            request, acts, cards, lambda act: self._act_url(record, act), lambda: record.last_change(request.user), note
        )

    def perform(self, request: DeskRequest, record: Any, slug: str) -> HttpResponse:
        """Does one act on a record that this person sees. A fault in the form, and a refusal, keep what was typed."""
        try:
            act = self.acts[slug]
            done = perform_from_form(act, record, request.user, request.POST)
        except Invalid as error:
            failed = {slug: error.form}
            read = partial(self.to_show, request.user, record)
            return come_back(request, error.form, lambda: self.show(request, read(), failed=failed, status=422))
        except NotVisible:
            raise Http404 from None
        except NoLongerVisible as error:
            return refusal_page(request, error, reverse(self.list_address))
        except ActError as error:
            if posted_texts(request) and keep_posted(request, message=str(error.message)):
                return see_other(f"{self._url(record)}#refused-{slug}")
            return refusal_page(request, error, self._url(record))
        if act.reveals:
            drop_posted(request)
            record = self.to_show(request.user, record)
            for name in act.reveals:
                setattr(record, name, getattr(done, name))
            return self.show(request, record)
        led = act.next_page(done) or self._back(request, record, act)
        messages.success(request, str(led.message))
        return redirect(led.address)

    def _back(self, request: DeskRequest, record: Any, act: Act) -> NextPage:
        """Leads to the record, with the way on for who came from my work; to the list when the record no longer exists
        for this person."""
        work = WorkList.of(request)
        if self.visible(request.user).filter(pk=record.pk).exists():
            return NextPage(self._url(record) + work.query, _("已办理：%(act)s") % {"act": act.label})
        words = {"number": record.matter.key}
        address = work.address if work.place else reverse(self.list_address)
        return NextPage(address, _("%(number)s 已办理，现由其他人员负责。") % words)

    def _url(self, record: Any) -> str:
        return reverse(self.address, args=[self.key(record)])

    def _act_url(self, record: Any, act: Act) -> str:
        return reverse(f"{self.address}_act", args=[self.key(record), act.slug])


def refused_acts(
    request: HttpRequest,
    acts: Iterable[Act],
    cards: Iterable[ActCard],
    address: Callable[[Act], str],
    last_change: Callable[[], str],
    note: ActCard | None = None,
) -> list[RefusedAct]:
    """Returns those acts that were filled in and are not among the cards of the page any more."""
    box, offered = box_of(request), {card.slug for card in cards}
    field = next(iter(texts_of(note.form)), "") if note else ""
    found = []
    for act in acts:
        url = address(act)
        draft = None if act.slug in offered else box.find(url)
        if draft is not None and draft.texts:
            why = (draft.message or last_change()) if draft.is_news else ""
            found.append(RefusedAct(act.slug, act.label, url, draft.texts, why, note, field))
    return found


def refusal_page(request: HttpRequest, error: ActError, back: str) -> HttpResponse:
    """Says why nothing was done, gives back what was typed, and leads back."""
    box_of(request).settled = True
    if not error.keeps_text:
        drop_posted(request)
    context = {
        "heading": error.message,
        "back_url": back,
        "texts": posted_texts(request) if error.keeps_text else [],
    }
    return render(request, "desk/message.html", context, status=error.status)

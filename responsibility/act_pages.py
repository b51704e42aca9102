"""Shows and does acts on pages: a card with its form for each, and the page after one. The same for every kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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


def act_card(act: Act, record: Any, actor: Any, url: str, failed: Failed | None = None) -> ActCard:
    """Returns the act's card; with what was typed and the faults in it, where it came back."""
    form = (failed or {}).get(act.slug) or act.build_form(record, actor, None)
    return ActCard(act.slug, act.label, act.button, act.tone, form, url)


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

    def cards(
        self, record: Any, user: User, failed: Failed | None = None, may: Iterable[Act] | None = None
    ) -> list[ActCard]:
        """Returns the acts that this person may do now; `may` names them, where the caller knows them already."""
        may = self.acts.open_to(record, user) if may is None else may
        return [act_card(act, record, user, self._act_url(record, act), failed) for act in may]

    def perform(self, request: DeskRequest, record: Any, slug: str) -> HttpResponse:
        """Does one act on a record that this person sees. A fault in the form keeps what was typed."""
        try:
            act = self.acts[slug]
            done = perform_from_form(act, record, request.user, request.POST)
        except Invalid as error:
            return self.show(request, record, failed={slug: error.form}, status=422)
        except NotVisible:
            raise Http404 from None
        except ActError as error:
            gone = isinstance(error, NoLongerVisible)
            return refusal_page(request, error, reverse(self.list_address) if gone else self._url(record))
        if act.reveals:
            for name in act.reveals:
                setattr(record, name, getattr(done, name))
            return self.show(request, record)
        led = act.next_page(done) or self._back(request.user, record, act)
        messages.success(request, str(led.message))
        return redirect(led.address)

    def _back(self, user: User, record: Any, act: Act) -> NextPage:
        """Leads to the record; to the list when the record no longer exists for this person."""
        if self.visible(user).filter(pk=record.pk).exists():
            return NextPage(self._url(record), _("已办理：%(act)s") % {"act": act.label})
        words = {"number": record.matter.key}
        return NextPage(reverse(self.list_address), _("%(number)s 已办理，现由其他人员负责。") % words)

    def _url(self, record: Any) -> str:
        return reverse(self.address, args=[self.key(record)])

    def _act_url(self, record: Any, act: Act) -> str:
        return reverse(f"{self.address}_act", args=[self.key(record), act.slug])


def refusal_page(request: HttpRequest, error: ActError, back: str) -> HttpResponse:
    """Says why nothing was done, and leads back."""
    context = {"heading": error.message, "back_url": back}
    return render(request, "desk/message.html", context, status=error.status)

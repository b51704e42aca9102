"""The one way to change a record's state: an `Act`, declared once.

From the same declaration come the button, the REST endpoint, the permission check, the event and the state
diagram in the docs. No state is ever written any other way. This module knows no mechanism by name: a record
says which roles an actor has towards it, effects do the rest, and the log registers itself as the recorder.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Protocol

from django import forms
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massline.inputs import ActForm, Input, form_of


class ActError(Exception):
    """An act was not done. `message` says what to do, in the reader's language."""

    status: ClassVar[int]
    title: ClassVar[Any]
    members: Mapping[str, Any] = {}
    """What a program is told besides (extension members of RFC 9457)."""
    keeps_text: ClassVar[bool] = True
    """Whether what was typed may be kept, and shown to its author again."""

    def __init__(self, message: Any = "") -> None:
        super().__init__(message or self.title)
        self.message = message or self.title


class NotVisible(ActError):
    """The record does not exist for this person."""

    status = 404
    title = _("没有找到")


class Refused(ActError):
    """The person sees the record, and may not do this to it."""

    status = 403
    title = _("您没有办理这一步的权限")


class WrongState(ActError):
    """The record is not in a state (or a period) in which this can be done."""

    status = 409
    title = _("当前状态下不能办理这一步")


class NotYet(WrongState):
    """The person did this a short while ago; the message says from when they may do it again."""


class NoLongerVisible(WrongState):
    """The record does not exist for this person any more, as it did when they looked. Where it went is nothing for
    them."""

    title = _("这件刚刚已由别人办理，现在不由您负责")


class Invalid(ActError):
    """The input is faulty; `errors` maps each field to its messages."""

    status = 422
    title = _("填写的内容有误，请按提示修改")

    def __init__(self, errors: Mapping[str, list[str]], form: forms.BaseForm | None = None) -> None:
        super().__init__()
        self.errors = dict(errors)
        self.form = form

    def shown_in(self, form: forms.BaseForm) -> "Invalid":
        """Adds this error to the form that was sent, so that faults that only the act found show beside what was
        typed."""
        if self.form is None:
            for name, messages in self.errors.items():
                form.add_error(name if name in form.fields else None, messages)  # type: ignore[arg-type]
        return Invalid(self.errors, self.form or form)


class Actor(Protocol):
    """Who does an act: an official, a citizen on their own petition, or the system."""

    key: str
    label: str


class Record(Protocol):
    """The record that an act is done to."""

    state: str

    @classmethod
    def locked(cls, pk: int) -> "Record":
        """Reads the row and locks it until the end of the transaction."""

    def roles_of(self, actor: Any) -> frozenset[str]:
        """Returns the roles of this person towards this record now; empty when it does not exist for them."""

    def last_change(self, actor: Any) -> str:
        """Says which organ brought it into its state, when and by which act, for a person who sees it; empty when the
        log does not tell."""


@dataclass
class Doing:
    """One act while it is done: what its effects may read and add to."""

    act: "Act"
    record: Any
    actor: Any
    data: dict[str, Any]
    at: datetime
    roles: frozenset[str]
    state_before: str
    event: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class Effect(Protocol):
    def apply(self, doing: Doing) -> None: ...


Recorder = Callable[[Doing], int]
_recorder: list[Recorder] = []


def register_recorder(recorder: Recorder) -> None:
    """Registers the function that writes an act's event to the log; without one no act can happen."""
    _recorder[:] = [recorder]


_did_before: list[Callable[[Doing], bool]] = []


def register_did_before(did_before: Callable[[Doing], bool]) -> None:
    """Registers the function that tells whether an actor did one of an act's `other_hands_than` before."""
    _did_before[:] = [did_before]


_refuse: list[Callable[[Any, Any], None]] = []


def register_refusal(refuse: Callable[[Any, Any], None]) -> None:
    """Registers the function that raises an ActError where nothing at all may be done to a record (frozen) by this
    actor; asked once the record is locked."""
    _refuse[:] = [refuse]


EffectsScope = Callable[[Any], AbstractContextManager[Any]]
_effects_scope: list[EffectsScope] = [nullcontext]


def register_effects_scope(around: EffectsScope) -> None:
    """Registers the context manager in which the effects of an act run; it ends after the last of them and before the
    record, which it is given, is saved."""
    _effects_scope[:] = [around]


class NoInput(ActForm):
    """An act that asks for nothing more."""


class NextPage(NamedTuple):
    """The page that the actor is led to after an act, and its message."""

    address: str
    message: Any


_labels: dict[str, Any] = {}


def label_of(slug: str, acts: "Iterable[Act]" = ()) -> Any:
    """Returns what an act is called among these, or else anywhere; its slug where it is gone."""
    return next((act.label for act in acts if act.slug == slug), _labels.get(slug, slug))


class Act:
    """A change of state (or, without `to`, a contribution that leaves the state as it is)."""

    slug: ClassVar[str]
    label: ClassVar[Any]
    from_states: ClassVar[frozenset[str]]
    to: ClassVar[tuple[str, ...]] = ()
    """The states after it; more than one when the input decides (`target`); empty when the state stays."""
    roles: ClassVar[frozenset[str]]
    basis: ClassVar[str]
    """The article or the reason that gives this act to these roles."""
    fields: ClassVar[tuple[Input, ...]] = ()
    """The inputs that it asks for, where texts and choices are enough; they make the form."""
    form: ClassVar[type[ActForm]] = NoInput
    """The form, where the input has logic of its own."""
    event: ClassVar[Any]
    effects: ClassVar[tuple[Effect, ...]] = ()
    done: ClassVar[Any] = ""
    """A sentence of what was done, after the organ's name, with the event's facts. Empty: the label says it."""
    button: ClassVar[Any] = ""
    """The text of its button, where 确认 before the label would read badly."""
    description: ClassVar[Any] = ""
    """What it does and what follows, for who does not do it every day."""
    tone: ClassVar[str] = ""
    """`danger` for what ends, refuses or gives away."""
    reveals: ClassVar[tuple[str, ...]] = ()
    """Attributes that it sets on the record for its answer alone: no row stores them."""
    other_hands_than: ClassVar[tuple[str, ...]] = ()
    """The acts whose actor, and the person they stood in for, may never do this one on the same record."""
    same_hands: ClassVar[Any] = _("办理过这件的人不能自己核实，请由其他人办理")
    """The refusal that such a person reads."""
    prepares: ClassVar[bool] = False
    """Whether some of the input takes long to judge: `prepared` does that before the row is locked."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "fields" in cls.__dict__:
            cls.form = form_of(*cls.fields)
        if hasattr(cls, "slug"):
            _labels.setdefault(cls.slug, cls.label)

    def target(self, doing: Doing) -> str | None:
        """Returns the state after the act; None when it stays."""
        return self.to[0] if self.to else None

    def check(self, doing: Doing) -> None:
        """Raises an ActError for what the declaration cannot say: a period that is over, hands that must differ."""

    def event_of(self, doing: Doing) -> Any:
        """Returns the event that it leaves, where the input decides which."""
        return self.event

    def facts(self, doing: Doing) -> dict[str, Any]:
        """Returns the facts for the event's sentence; nothing personal."""
        return {}

    def prepared(self, doing: Doing, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Returns the input after the long work. Called only for actors who may act, as far as is known without the
        lock."""
        return data

    def build_form(self, record: Any, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        """Builds the form, bound to `data` when there is some."""
        return self.form(data, record)

    def next_page(self, record: Any) -> NextPage | None:
        """Returns the page that the actor is led to, where that is neither the record nor its list."""
        return None

    def allowed(self, record: Any, roles: Iterable[str]) -> bool:
        return record.state in self.from_states and not self.roles.isdisjoint(roles)


def perform(
    act: Act,
    model: type[models.Model],
    pk: int,
    actor: Any,
    data: Mapping[str, Any],
    *,
    at: datetime | None = None,
    seen: Any = None,
) -> Any:
    """Does the act in one transaction and returns the record; raises an ActError and changes nothing.

    `at` is the moment of an act that was done before: only the demo and imports give it. Periods run from it. `seen` is
    the record as this person has just seen it: when others were quicker, the refusal says so.
    """
    if act.prepares:
        data = act.prepared(_permitted_or_overtaken(act, model._default_manager.get(pk=pk), actor, at, seen), data)
    with transaction.atomic():
        record = model.locked(pk)  # type: ignore[attr-defined]
        for refuse in _refuse:
            refuse(record, actor)
        doing = _permitted_or_overtaken(act, record, actor, at, seen)
        form = act.build_form(record, actor, data)
        if not form.is_valid():
            raise Invalid({name: [str(m) for m in messages] for name, messages in form.errors.items()}, form)
        doing.data = form.cleaned_data
        try:
            _carry_out(doing)
        except Invalid as error:
            raise error.shown_in(form) from error
    return record


def permitted(
    act: Act, record: Any, actor: Any, at: datetime | None = None, roles: frozenset[str] | None = None
) -> Doing:
    """Checks the act without its input; raises an ActError when this person may not do it here and now.

    The one check of pages, REST and buttons. A caller that asks about several acts gives the actor's roles, read once.
    """
    if roles is None:
        roles = record.roles_of(actor)
    if not roles:
        raise NotVisible()
    if act.roles.isdisjoint(roles):
        raise Refused()
    if record.state not in act.from_states:
        raise WrongState(record.last_change(actor))
    doing = Doing(act, record, actor, {}, at or timezone.now(), roles, record.state)
    act.check(doing)
    if act.other_hands_than and _did_before[0](doing):
        raise Refused(act.same_hands)
    return doing


def _permitted_or_overtaken(act: Act, record: Any, actor: Any, at: datetime | None, seen: Any) -> Doing:
    """Checks as `permitted` does; an actor who lost the right since they looked was overtaken, and is not refused."""
    try:
        return permitted(act, record, actor, at)
    except (NotVisible, Refused) as error:
        raise _overtaken(act, record, actor, seen) or error from None


def _overtaken(act: Act, record: Any, actor: Any, seen: Any) -> WrongState | None:
    """Returns the error for an actor who had the right when they looked and lost it before their turn came: no fault of
    theirs, and no refusal to be recorded."""
    if seen is None:
        return None
    if not record.roles_of(actor):
        return NoLongerVisible()
    return WrongState(record.last_change(actor)) if act.allowed(seen, seen.roles_of(actor)) else None


def _carry_out(doing: Doing) -> None:
    if not _recorder:
        raise RuntimeError("no recorder is registered: every act must leave an event")
    act, record = doing.act, doing.record
    before = _columns(record)
    target = act.target(doing)
    doing.facts = act.facts(doing)
    doing.event = _recorder[0](doing)
    if target is not None:
        record.state = target
    with _effects_scope[0](record):
        for effect in act.effects:
            effect.apply(doing)
    changed = [name for name, value in _columns(record).items() if before[name] != value]
    if changed:
        record.save(update_fields=changed)


def lock_row(model: type[models.Model], pk: int) -> None:
    """Locks the row, and no other, until the end of the transaction. What belongs to it is read by a later statement:
    one that waits joins the row as it is now with what stood beside it before."""
    model._base_manager.select_for_update().values_list("pk").get(pk=pk)


def _columns(record: models.Model) -> dict[str, Any]:
    return {f.name: getattr(record, f.attname) for f in record._meta.concrete_fields}


class Acts:
    """The acts of one kind of record, by slug."""

    def __init__(self, *acts: type[Act]) -> None:
        self._acts = {act.slug: act() for act in acts}

    def __iter__(self) -> Any:
        return iter(self._acts.values())

    def __getitem__(self, slug: str) -> Act:
        try:
            return self._acts[slug]
        except KeyError:
            raise NotVisible(_("没有这一步")) from None

    def open_to(self, record: Any, actor: Any) -> list[Act]:
        """Lists the acts that this person may do to this record now: what would be refused is not offered."""
        return [act for act, error in self.judged(record, actor) if error is None]

    def judged(self, record: Any, actor: Any) -> list[tuple[Act, ActError | None]]:
        """Lists the acts that fit the record's state and this person's roles, each with what would refuse it now."""
        roles, now = record.roles_of(actor), timezone.now()
        return [(act, _refusal(act, record, actor, now, roles)) for act in self if act.allowed(record, roles)]


def _refusal(act: Act, record: Any, actor: Any, at: datetime, roles: frozenset[str]) -> ActError | None:
    try:
        permitted(act, record, actor, at, roles)
    except ActError as error:
        return error
    return None

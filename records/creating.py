"""Creates a record of any kind, by the form and the permission that its kind declares.

Pages, REST and mechanisms that open records of another's kind call `create`; the record that it was opened because of
is its source, and a link joins the two.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import log
from massline import crypto
from massline.acts import Invalid, NotVisible, Refused
from records import events, links
from records.kinds import Create, RecordType, number_of, record_type, record_types
from records.models import Creation
from responsibility.desk.going_on import GoingOn
from responsibility.subjects import Matter

# The transaction that holds it creates under this key; the lock ends with the transaction, however that ends.
LOCK_KEY = "SELECT pg_advisory_xact_lock(%s)"
NOT_TYPED = {"csrfmiddlewaretoken", "request"}
"""Fields that a page sends besides those of the form."""


class KeyReused(Invalid):
    """The sender used the idempotency key before, for a record with other content."""

    title = gettext_lazy("这个 Idempotency-Key 已用于另一份内容，请换一个新的")

    @classmethod
    def about(cls, declared: RecordType, record: int, form: forms.BaseForm) -> "KeyReused":
        """Builds the error with the form as it was sent; `record` is what the key created."""
        words = {"kind": declared.title, "number": number_of(declared.kind, record)}
        message = _("此前已用这张表新建%(kind)s %(number)s，内容与现在填写的不同。如需另建一件，请再次提交。") % words
        form.full_clean()
        form.add_error(None, message)  # type: ignore[attr-defined]
        return cls({NON_FIELD_ERRORS: [message]}, form)


def create(
    kind: str,
    data: Mapping[str, Any],
    actor: User,
    source: Any = None,
    relation: str = links.LED_TO.name,
    *,
    key: str = "",
    at: datetime | None = None,
) -> Any:
    """Creates a record by the values of its form and links it to its source; with a `key` that this person has used
    before for the same content, returns what it created.

    Raises NotVisible for a kind or a source that does not exist for them, Refused, and Invalid with the form; OtherBody
    for a key that was used for other content.
    """
    declared, form = form_to_create(kind, data, actor, source)
    if not links.is_relation(relation):
        raise Invalid({"relation": [_("没有这种关联")]}, form)
    request, sent = crypto.keyed_hash("create", f"{kind} {key}"), _content_hash(data, source, relation)
    with transaction.atomic():
        before = _earlier_creation(request, actor) if key else None
        if before is not None:
            if before.sent is not None and bytes(before.sent) != sent:
                raise KeyReused.about(declared, before.record, form)
            return declared.model._default_manager.get(pk=before.record)
        if not form.is_valid():
            raise Invalid({name: [str(m) for m in messages] for name, messages in form.errors.items()}, form)
        about = None if source is None else source.matter
        try:
            record = _carry_out(declared, form.cleaned_data, actor, about, relation, at or timezone.now())
        except Invalid as error:
            raise error.shown_in(form) from error
        if key:
            Creation.objects.create(request=request, sent=sent, kind=kind, record=record.pk, made_by=actor)
    return record


def form_to_create(
    kind: str, data: Mapping[str, Any] | None, actor: User, source: Any = None
) -> tuple[RecordType, forms.BaseForm]:
    """Returns the kind and its form, for a person who may create one because of this source; raises an ActError."""
    declared = record_type(kind)
    declares = declares_create(declared)
    if source is not None:
        check_source(declares, source, actor)
    if not declares.may(actor):
        raise Refused(_("您没有新建%(kind)s的权限") % {"kind": declared.title})
    return declared, declares.build_form(data, actor)


def declares_create(declared: RecordType) -> Create:
    """Returns a kind's declaration of how officials create a record; raises NotVisible where it has none."""
    if declared.create is None:
        raise NotVisible()
    return declared.create


def check_source(declares: Create, source: Any, actor: User) -> None:
    """Raises NotVisible for a source that does not exist for this person, Invalid for one of another kind."""
    matter: Matter = source.matter
    visible = record_type(matter.kind).model._default_manager.for_user(actor)  # type: ignore[attr-defined]
    if not visible.filter(pk=matter.pk).exists():
        raise NotVisible()
    if matter.kind not in declares.sources:
        raise Invalid({"source": [_("不能由这类事项新建")]})


def _carry_out(
    declared: RecordType, data: dict[str, Any], actor: User, source: Matter | None, relation: str, at: datetime
) -> Any:
    """Creates the record from a valid form and links it, in the running transaction."""
    record = declares_create(declared).made(data, actor, at, source)
    if source is not None:
        links.link(source, record.matter, relation, by=actor, at=at)
    return record


def _content_hash(data: Mapping[str, Any], source: Any, relation: str) -> bytes:
    """Hashes all that was sent with our key, several values of a field included."""
    fields = dict(data.lists()) if isinstance(data, MultiValueDict) else dict(data)
    typed = {name: value for name, value in fields.items() if name not in NOT_TYPED}
    because = None if source is None else [source.matter.kind, source.matter.pk, relation]
    return crypto.keyed_hash("created-from", json.dumps([typed, because], sort_keys=True, default=str))


def _earlier_creation(request: bytes, actor: User) -> Creation | None:
    """Returns what this person's request created earlier; waits for one that is under way."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_KEY, [int.from_bytes(request[:8], signed=True)])
    return Creation.objects.filter(made_by=actor, request=request).first()


@contextmanager
def refusals_on_record(kind: str) -> Iterator[None]:
    """Records an event when a person tries to create what they may not; the refusal is raised again."""
    try:
        yield
    except Refused:
        log.record_refusal(events.CREATE_REFUSED, facts={"kind": kind})
        raise


# --- On the page of a record --------------------------------------------------------------------------------------
def create_links(record: Any, user: User) -> list[GoingOn]:
    """Returns a link for each kind of which this person may create a record because of one that exists for them."""
    matter: Matter = record.matter
    plural = record_type(matter.kind).plural
    return [
        GoingOn(
            _("由此新建%(kind)s") % {"kind": declared.title},
            reverse("create_from", args=[plural, matter.key, declared.kind]),
        )
        for declared in record_types()
        if declared.create and matter.kind in declared.create.sources and declared.create.may(user)
    ]

"""Does one act on many records: each by itself, in a transaction of its own, with its own result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.acts import ActError, Invalid, NotVisible, perform
from records.kinds import BulkAct, RecordType
from responsibility.recording import refusals_on_record

MAX_AT_ONCE = 100
"""Records at a time."""
logger = structlog.get_logger(__name__)


class Status(StrEnum):
    DONE = "done"
    ALREADY = "already"
    """The record was already as the act would leave it: the button was pressed twice, or the act was done before."""
    REFUSED = "refused"


class Failed(ActError):
    """The act failed on one record by a fault of ours; the others go on."""

    status = 500
    title = _("系统出了故障，这一件没有办理，请稍后再试")


@dataclass(frozen=True)
class Result:
    number: str
    status: Status
    error: ActError | None = None

    @property
    def reason(self) -> str:
        """Why the act was not done, in one sentence."""
        if isinstance(self.error, Invalid):
            return "；".join(message for messages in self.error.errors.values() for message in messages)
        return str(self.error.message) if self.error else ""


def open_to(kind: RecordType, user: User) -> list[BulkAct]:
    """Returns the acts that this person's posts can do on many records at once."""
    return [each for each in kind.bulk if each.may(user)]


def bulk_act(kind: RecordType, slug: str) -> BulkAct:
    """Returns the kind's bulk act of this name; raises NotVisible for every other act."""
    found = next((each for each in kind.bulk if each.act.slug == slug), None)
    if found is None:
        raise NotVisible(_("没有这一步"))
    return found


def perform_each(
    kind: RecordType, bulk: BulkAct, numbers: Iterable[str], user: User, data: Mapping[str, Any]
) -> list[Result]:
    """Does the act on each, in the order given, a number named twice once. One that fails stops no other."""
    wanted = list(dict.fromkeys(numbers))
    seen = described_by_number(kind, user, wanted)
    return [_one(kind, bulk, number, seen.get(number), user, data) for number in wanted]


def described_by_number(kind: RecordType, user: User, numbers: Iterable[str]) -> dict[str, Any]:
    """Returns the records that exist for this person, by number, with what a list shows of them."""
    visible = kind.model._default_manager.for_user(user)  # type: ignore[attr-defined]
    found = visible.filter(**{f"{kind.number}__in": list(numbers)}).select_related(
        *kind.listing.joined, *kind.listing.chosen_joined
    )
    return {kind.number_of(record): record for record in found}


def _one(kind: RecordType, bulk: BulkAct, number: str, seen: Any, user: User, data: Mapping[str, Any]) -> Result:
    try:
        if seen is None:
            raise NotVisible
        with refusals_on_record(seen, bulk.act), transaction.atomic():
            return Result(number, _done(kind, bulk, seen, user, data))
    except NotVisible:
        return Result(number, Status.REFUSED, NotVisible(kind.not_there))
    except ActError as error:
        return Result(number, Status.REFUSED, error)
    except Exception:
        logger.exception("bulk_act_failed", kind=kind.kind, act=bulk.act.slug, number=number)
        return Result(number, Status.REFUSED, Failed())


def _done(kind: RecordType, bulk: BulkAct, seen: Any, user: User, data: Mapping[str, Any]) -> Status:
    act, model = bulk.act, kind.model
    record = model.locked(seen.pk)  # type: ignore[attr-defined] # until the act is over: a second press waits here
    roles = record.roles_of(user)
    if not act.roles.isdisjoint(roles) and bulk.already_done(record, data):
        return Status.ALREADY
    if act.allowed(record, roles):
        data = _completed(data, act.build_form(record, user, None).initial)
    perform(act, model, seen.pk, user, data, seen=seen)
    return Status.DONE


def _completed(data: Mapping[str, Any], proposed: Mapping[str, Any]) -> Mapping[str, Any]:
    """Completes what was sent: a field that was not sent is as the act's own form proposes."""
    if not isinstance(data, MultiValueDict):
        return {**proposed, **data}
    missing = {name: value if isinstance(value, list) else [value] for name, value in proposed.items()}
    return MultiValueDict({**missing, **dict(data.lists())})

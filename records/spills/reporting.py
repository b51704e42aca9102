"""Reports a spill (报告泄密): the record disappears at once, and the secrecy organ has to decide."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit import log
from audit.context import SYSTEM, actor_of
from massline.acts import WrongState
from records import erasing
from records.models.frozen import is_frozen
from records.models.sources import WithSource
from records.publishing.duty import clearing_organ
from records.spills import events
from records.spills.models import Spill, SpillPlace
from responsibility import obligations
from responsibility.models import Organ
from responsibility.subjects import Matter, adapter, kinds

TO_DECIDE = "BM01"
FROZEN_SO_FAR = "SELECT count(*) FROM records_spill"
"""An export that was being made when something was frozen is made anew."""
REPORT = "report_spill"
BEING_CHECKED = _("这件正在按规定核查，暂时不能办理")


class PlaceForm(forms.Form):
    """Asks for no words: they might repeat the secret."""

    place = forms.ChoiceField(
        label=_("在哪里"),
        choices=SpillPlace.choices,
        widget=forms.RadioSelect,
        help_text=_("只选位置，不要在任何地方重复涉密内容。确认后，这一件立即对所有人不可见。"),
    )


class NoWords:
    """What copies are told when a record is frozen: all that may hold it goes, and no search is looked for."""

    def are_sought_by(self, typed: str) -> bool:
        return False


def may_report(user: User) -> bool:
    return user.kind == Kind.OFFICIAL


@transaction.atomic
def report(record: Any, place: str, user: User, at: datetime) -> Spill:
    """Freezes a record that exists for this person; of what exists because of another record, that one."""
    matter = _frozen_with(record)
    erasing.lock()
    adapter(matter.kind).lock(matter.pk)
    if is_frozen(matter.kind, matter.pk):
        raise WrongState(BEING_CHECKED)
    spill = Spill(
        number=Spill.numbers().draw(at),
        source_kind=matter.kind,
        source_id=matter.pk,
        source_key=matter.key,
        organ=_deciding_organ(matter),
        place=place,
        reported_by=user,
        received_at=at,
    )
    actor, facts = actor_of(user), {"act": REPORT, "at": at.isoformat()}
    log.record(events.FROZEN, subject=log.Subject(matter.kind, matter.key), actor=actor, facts=facts)
    log.record(events.REPORTED, subject=log.Subject(Spill.KIND, spill.number), actor=actor, facts=facts)
    spill.save(force_insert=True)
    obligations.open_(spill.matter, TO_DECIDE, spill.chain_subject(), at)
    erasing.forget_copies(NoWords())
    return spill


def _frozen_with(record: Any) -> Matter:
    """Returns what is frozen: a publication or a proposal goes with its source."""
    return record.source if isinstance(record, WithSource) else record.matter


def _deciding_organ(matter: Matter) -> Organ:
    work = adapter(matter.kind).chain_subjects([matter.pk])[matter.pk]
    organ = clearing_organ(Organ.objects.get(pk=work.organ))
    if organ is None:
        raise WrongState(_("本地区还没有保密审查机构：请立即向保密行政管理部门报告，并联系系统管理员"))
    return organ


def refuse_on_frozen(record: Any, actor: Any) -> None:
    """Raises WrongState where a person acts on a record that was frozen meanwhile; what the system owes goes on."""
    kind = getattr(record, "KIND", "")
    if actor is not SYSTEM and kind in kinds() and is_frozen(kind, record.pk):
        raise WrongState(BEING_CHECKED)

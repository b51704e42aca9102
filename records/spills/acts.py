"""The acts on a spill: the secrecy organ reads what was frozen, and releases it or erases it on an order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from audit import log
from massline.acts import Act, Acts, Doing, Refused
from massline.inputs import ActForm, ConfirmField, Reason
from massline.texts import LineField
from massline.time import today
from records import erasing
from records.effects import Writes
from records.kinds import record_type
from records.models import ActText, Attachment
from records.spills import events
from records.spills.models import DECIDER, Spill, SpillState
from records.spills.reporting import REPORT, NoWords
from responsibility import readers
from responsibility.effects import Closes
from responsibility.models import Notice
from responsibility.notices import NoticeKind
from responsibility.subjects import adapter

FROZEN = frozenset({SpillState.FROZEN})


@dataclass(frozen=True)
class FrozenText:
    """One text of a frozen record, by the name of its column or of its kind of text."""

    name: str
    text: str


def source_of(spill: Spill) -> Any:
    """Returns the frozen record itself."""
    return record_type(spill.source_kind).model._default_manager.get(pk=spill.source_id)


def frozen_texts(spill: Spill) -> Iterator[FrozenText]:
    """Returns the words of the record: of its own row and what was written about it; of files the names."""
    for rows in erasing.own_rows(source_of(spill)):
        for row in rows:
            values = ((name, getattr(row, name)) for name in row.audit.personal)
            yield from (FrozenText(name, text) for name, text in values if isinstance(text, str) and text)
    about = spill.source_kind, spill.source_id
    for text in ActText.objects.about(*about).exclude(text="").order_by("pk"):
        yield FrozenText(text.kind, text.text)
    for name in Attachment.objects.about(*about).kept().values_list("name", flat=True):
        yield FrozenText("file", name)


class ShowsFrozen:
    """Shows the words in this one answer."""

    def apply(self, doing: Doing) -> None:
        doing.record.read_at = doing.at
        doing.record.frozen_texts = list(frozen_texts(doing.record))


class TellsReporter:
    """Notifies the reporter and lets the timeline of the record say what was decided."""

    def __init__(self, kind: NoticeKind) -> None:
        self.kind = kind

    def apply(self, doing: Doing) -> None:
        spill: Spill = doing.record
        facts = doing.facts | {"at": doing.at.isoformat(), "by": spill.organ.name}
        log.record(doing.act.event, subject=log.Subject(spill.source_kind, spill.source_key), facts=facts)
        assert doing.event is not None
        log.resume(doing.event)
        Notice.objects.bulk_create([Notice.build(self.kind, spill.reported_by_id, spill.source, doing.at, None)])


class Decides:
    def apply(self, doing: Doing) -> None:
        doing.record.decided_by, doing.record.decided_at = doing.actor, doing.at


class SpillAct(Act):
    roles, from_states = frozenset({DECIDER}), FROZEN
    basis = "泄密处置由保密审查机构核查决定；报告人不决定"
    other_hands_than: ClassVar[tuple[str, ...]] = (REPORT,)
    same_hands = _("报告泄密的人不能自己决定，请由保密审查机构的其他人办理")


class PledgeForm(ActForm):
    pledge = ConfirmField(label=_("我承诺只为核查阅看，不复制、不转述其中的内容"))


class ReadFrozen(SpillAct):
    """Opens the words for the one who has to decide; each reading stays on record."""

    slug, label, button = "read_frozen", _("阅看冻结的内容"), _("确认承诺并阅看")
    basis = "核查必须阅看，每次留痕"
    other_hands_than = ()
    description = _("内容只在这一次显示。")
    form, event = PledgeForm, events.READ
    reveals, effects = ("frozen_texts",), (ShowsFrozen(),)

    def check(self, doing: Doing) -> None:
        kind = doing.record.source_kind
        if readers.is_walled(kind) or getattr(adapter(kind), "walled", False):
            raise Refused(_("这类事项只由法定的阅看人查看，请向其了解"))


class Release(SpillAct):
    """解除冻结: it was no secret, and all is as before. Of the two decisions no page suggests one (`tone`)."""

    slug, label, tone, to = "release", _("解除冻结"), "danger", (SpillState.RELEASED,)
    fields = (Reason("reason", _("解除的理由"), hint=_("不要重复涉密内容。"), max_length=1000),)
    event = events.RELEASED
    effects = (Writes("reason"), Decides(), Closes(), TellsReporter(events.TOLD_RELEASED))


class OrderForm(ActForm):
    order_number = LineField(label=_("文号"), max_length=40, help_text=_("要求清除的文件的编号，不写文件标题。"))
    order_date = forms.DateField(label=_("文件日期"), widget=forms.DateInput(attrs={"type": "date"}))
    sure = ConfirmField(label=_("已核对文件和编号。清除以后，任何人都不能恢复"))

    def clean_order_date(self) -> Any:
        day = self.cleaned_data["order_date"]
        if day > today():
            raise forms.ValidationError(_("文件日期不能晚于今天"))
        return day


class ErasesWords:
    """Empties the words and files of the record and of its publications; hashes and the number stay."""

    def apply(self, doing: Doing) -> None:
        erasing.lock()
        erasing.empty(source_of(doing.record))
        erasing.forget_copies(NoWords())
        doing.record.order_number, doing.record.order_date = doing.data["order_number"], doing.data["order_date"]


class EraseOnOrder(SpillAct):
    """依令清除: on a written order, and for good."""

    slug, label, tone = "erase_on_order", _("依令清除内容"), "danger"
    description = _("清除这一件的全部文字和附件，不能恢复；编号、日期、办理经过和校验值保留。")
    to, form, event = (SpillState.ERASED,), OrderForm, events.ERASED
    effects = (ErasesWords(), Decides(), Closes(), TellsReporter(events.TOLD_ERASED))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"order": doing.data["order_number"]}


SPILL_ACTS = Acts(ReadFrozen, Release, EraseOnOrder)

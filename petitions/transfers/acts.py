"""The acts of handing an accusation over (移送) and of entering its receipt. No act closes, reclassifies or withdraws
it instead."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citizens.effects import Recalls
from citizens.models import CitizenNotification
from massline.acts import Act, Acts, Doing, NextPage, Refused
from petitions import events
from petitions.acts.effects import StoreAnswer
from petitions.models import OPEN, Demand, State
from petitions.numbers import TRANSFER_NUMBERS
from petitions.public.letters import NEUTRAL, neutral_letter
from petitions.transfers.forms import ReceiptForm, TransferForm
from petitions.transfers.models import Transfer, TransferRole, TransferState
from petitions.transfers.sealing import seal_away
from petitions.visibility import Role
from responsibility import obligations
from responsibility.effects import Closes, Releases
from responsibility.people import HeldPost, position_of

RULE = "SV04"
BY_LAW = "《信访工作条例》第二十二条、第三十条：检举控告移送有权处理的机关"


def owe_receipt(transfer: Transfer, at: Any) -> None:
    """Opens the receiver's obligation to give a receipt; it climbs the discipline organs' own line (SV04)."""
    obligations.open_(transfer.matter, RULE, transfer.chain_subject(), at)


class AddsToRegister:
    """Adds a line to the register and seals the petition: from now on no official sees it."""

    def apply(self, doing: Doing) -> None:
        demand: Demand = doing.record
        line = new_line(doing.data, post_used(doing), doing.actor, doing.at, demand.petition.channel)
        line.demand = demand
        line.save(force_insert=True)
        owe_receipt(line, doing.at)
        demand.sealed = True
        demand.handler = None


class TellsNeutrally:
    """Issues the petitioner a letter from the organ that handed the accusation over, in words that say nothing of the
    matter."""

    def apply(self, doing: Doing) -> None:
        demand, held = doing.record, post_used(doing)
        CitizenNotification.objects.create(
            subject_kind=demand.KIND,
            subject_id=demand.pk,
            filing_id=demand.petition_id,
            office_id=held.organ,
            letter=NEUTRAL,
            text=neutral_letter(demand.petition.number, held.organ_name, doing.at),
            made_at=doing.at,
        )


def post_used(doing: Doing) -> HeldPost:
    """Returns the post in which the actor hands the accusation over."""
    used = doing.record.posts_used(doing.actor, doing.act.roles)
    return next(held for held in position_of(doing.actor).held if held.post in used)


def new_line(data: Mapping[str, Any], held: HeldPost, user: Any, at: Any, channel: str) -> Transfer:
    return Transfer(
        number=TRANSFER_NUMBERS.draw(at),
        channel=channel,
        state=TransferState.SENT,
        pages=data["pages"],
        sent_at=at,
        sent_by=user,
        sent_from_id=held.organ,
        post_id=held.post,
        sent_to=data["organ"],
    )


class TransferPetition(Act):
    """Hands over (移送) the accusation that was found in a petition. All its obligations are released."""

    slug, label, basis = "transfer", _("移送检举控告"), BY_LAW
    done = _("移送有权处理的机关")
    button = _("确认移送")
    from_states, to = OPEN, (State.TRANSFERRED,)
    roles = frozenset({Role.CLERK, Role.CHIEF, Role.INTAKE, Role.DEPUTY, Role.LEADER, Role.HANDLER})
    tone, form, event = "danger", TransferForm, events.TRANSFERRED
    effects = (Recalls(), Releases(), StoreAnswer.Cleared(), TellsNeutrally(), AddsToRegister())

    def next_page(self, record: Demand) -> NextPage:
        """Leads to the register, because the official no longer sees the petition."""
        words = {"number": record.petition.number}
        said = _("%(number)s 已记入移送登记簿，请把材料交给接收机关。") % words
        return NextPage(reverse("transfer", args=[record.transfer.number]), said)


class StoresReceipt:
    """Stores the receiver's number and day, and seals away the texts of the petition."""

    def apply(self, doing: Doing) -> None:
        line, data = doing.record, doing.data
        line.receipt_number, line.receipt_on = data["receipt_number"], data["receipt_on"]
        line.receipt_by, line.receipt_at = doing.actor, doing.at
        if line.demand is not None:
            seal_away(line)


class Receipt(Act):
    """Enters the receipt (回执); never by the official who handed the accusation over."""

    slug, label, basis = "receipt", _("登记回执"), "移送与回执由不同的人登记"
    button = _("登记回执")
    from_states, to = frozenset({TransferState.SENT}), (TransferState.RECEIPTED,)
    roles = frozenset({TransferRole.OFFICE, TransferRole.RECEIVER})
    form, event = ReceiptForm, events.TRANSFER_RECEIPTED
    effects = (StoresReceipt(), Closes(RULE))

    def check(self, doing: Doing) -> None:
        if TransferRole.SENDER in doing.roles:
            raise Refused(_("回执不能由移送的人自己登记，请由其他岗位的人登记"))


TRANSFER_ACTS = Acts(Receipt)

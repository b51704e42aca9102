"""Repairs as a kind of record: their acts and their declaration."""

from django import forms
from django.db.models import F

from audit import log
from massline.acts import Act, Acts
from massline.inputs import Text
from massline.texts import LineField
from records.columns import Cell, personal
from records.effects import Writes
from records.exporting import Exported
from records.files.acts import Attach
from records.kinds import BulkAct, Create, RecordType
from records.listing import Listing
from records.standard_cards import FILES, STANDARD_CARDS
from records.standard_columns import NUMBER, state_column
from responsibility import obligations
from responsibility.effects import Closes, Opens
from responsibility.people import position_of
from tests.repairs import events
from tests.repairs.models import Repair, RepairState

TO_MEND, TO_CHECK = "XF06", "ML01"


class Mend(Act):
    slug, label, basis = "mend", "修好", "谁的东西坏了谁修"
    from_states, to, roles = frozenset({RepairState.BROKEN}), (RepairState.MENDED,), frozenset({"handler", "leader"})
    fields, event = (Text("how", "怎样修的"),), events.MENDED
    effects = (Writes("how"), Closes(TO_MEND), Opens(TO_CHECK))


class Check(Act):
    slug, label, basis, other_hands_than = "check", "验收", "修的人不验收", ("mend",)
    from_states, to, roles = frozenset({RepairState.MENDED}), (RepairState.CLOSED,), frozenset({"reader"})
    event, effects = events.CHECKED, (Closes(),)


class AttachToRepair(Attach):
    from_states, roles = frozenset(RepairState), frozenset({"reader"})


class RepairForm(forms.Form):
    title = LineField(label="什么坏了", max_length=50)


def leads(user):
    """The posts in which this person heads an organ."""
    return [held for held in position_of(user).held if held.is_top]


def enter(data, user, at):
    number = Repair.numbers().draw(at)
    log.record(events.ENTERED, subject=log.Subject(Repair.KIND, number))
    made = Repair.objects.create(number=number, organ_id=leads(user)[0].organ, **data)
    obligations.open_(made.matter, TO_MEND, made.chain_subject(), at)
    return made


ACTS = Acts(Mend, Check, AttachToRepair)
REPAIRS = RecordType(
    kind=Repair.KIND, plural="repairs", title="报修", model=Repair, acts=ACTS, final=frozenset({RepairState.CLOSED}),
    columns=(
        NUMBER,
        personal("title", "什么坏了", F("title"), cell=Cell(lambda one, reading: one.title)),
        state_column(RepairState),
    ),
    listing=Listing("报修登记", "repairs", shown=("number", "title", "state"), joined=("organ", "handler")),
    bulk=(BulkAct(ACTS["mend"], form=Mend.form, may=leads, already_done=lambda one, data: one.state == "mended"),),
    exported=Exported(may=leads),
    cards=(FILES, *STANDARD_CARDS),
    create=Create(
        RepairForm, leads, enter, sources=frozenset({"petition"}), prefilled={"title": "title"},
        receiver=lambda source: source.organ,
    ),
)  # fmt: skip

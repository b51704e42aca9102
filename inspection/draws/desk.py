"""Draws as a kind of record."""

from dataclasses import dataclass
from typing import Annotated

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem, reads_records
from inspection.draws.acts import DRAW_ACTS
from inspection.draws.creating import DrawForm, lock_draw
from inspection.models import Draw, DrawState
from inspection.plans.creating import may_draft
from records.cards import Card
from records.columns import Cell, number, personal
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, INSTRUCTIONS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility.visibility import position


@dataclass(frozen=True)
class Drawing:
    """All that anybody needs to recompute it (inspection/draws/checker.py)."""

    size: int
    pool_hash: Annotated[str, _("排序后的编号，每行一个，SHA-256")]
    seed_hash: Annotated[str, _("种子的 SHA-256")]
    seed: Annotated[str, _("揭晓以前为空")]
    pool: list[str]
    drawn: list[str]


def _drawing(view: RecordView) -> Drawing:
    draw = view.record
    rows = list(draw.entries.all())
    return Drawing(
        size=draw.size,
        pool_hash=draw.pool_hash,
        seed_hash=draw.seed_hash,
        seed=draw.seed if draw.state == DrawState.DRAWN else "",
        pool=[one.number for one in rows],
        drawn=[one.number for one in rows if one.drawn],
    )


DRAWS = register(
    RecordType(
        kind=Draw.KIND,
        plural="draws",
        title=_("抽查"),
        model=Draw,
        acts=DRAW_ACTS,
        final=frozenset({DrawState.DRAWN}),
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("抽查名称"),
                F("title"),
                cell=Cell(
                    lambda draw, reading: reading.link(draw.KIND, draw.number, draw.title), css="title", labelled=False
                ),
            ),
            number("size", _("抽多少件"), F("size"), cell=Cell(lambda draw, reading: draw.size)),
            state_column(DrawState),
        ),
        listing=Listing(
            _("回头看抽查"),
            "draws",
            shown=("light", "number", "title", "size", "state"),
            joined=("organ",),
            row_css=light_of,
            caption=_("从已销号事项里抽取回头看的"),
            empty=_("还没有抽查。"),
        ),
        create=Create(DrawForm, may_draft, lock_draw),
        exported=Exported(),
        cards=(
            Card("draw", "inspection/draw.html", _drawing, heading=_("抽查"), shape=Drawing),
            INSTRUCTIONS,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
        ),
    )
)
MENU = (
    MenuItem("draws", _("回头看抽查"), "list", 44, reads_records, None, position, Draw.objects.for_user),
    MenuItem("draw_new", _("抽取回头看"), "plus", 69, may_draft),
)

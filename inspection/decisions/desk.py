"""Decisions as a kind of record: how one is drafted, its declaration and menu items."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem, reads_records
from accounts.models import Kind, User
from audit import log
from inspection.decisions import events
from inspection.decisions.acts import DECISION_ACTS, TO_PREPARE
from inspection.decisions.cards import CARDS
from inspection.decisions.models import FINAL, Decision, DecisionState, Matter
from massline.texts import LineField, text_field
from records.columns import Cell, code, personal, text
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from responsibility import obligations
from responsibility.class_fields import CategoryField
from responsibility.models import Organ, Post
from responsibility.people import HeldPost, organs_above, position_of
from responsibility.pickers import OrganField
from responsibility.visibility import position


class DecisionForm(forms.Form):
    """The draft of a decision, and which organ decides."""

    title = LineField(label=_("决策事项"), max_length=100)
    matter_type = forms.ChoiceField(label=_("决策类型"), choices=Matter.choices)
    office = OrganField(label=_("决策机关"), help_text=_("本单位或者上级单位"))
    category = CategoryField(unsure=_("不分类"))
    draft = text_field(_("决策草案"), rows=8)

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if user is not None:
            self.fields["office"].offer(_deciding(user))  # type: ignore[attr-defined]


def _deciding(user: User) -> Any:
    """Returns the organs for which this person drafts: their own and those above, as far as they have a head."""
    own = [held.organ for held in drafting_posts(user)]
    headed = Post.objects.filter(is_top=True).values("organ")
    return Organ.objects.filter(pk__in=organs_above(own), valid_until=None).filter(pk__in=headed).order_by("id")


def drafting_posts(user: User) -> list[HeldPost]:
    """Returns the posts in which this person drafts for their organ: at its head, or in its receiving post."""
    held = position_of(user).held if user.kind == Kind.OFFICIAL else ()
    return [one for one in held if one.is_top or one.is_intake]


def may_draft(user: User) -> bool:
    return bool(drafting_posts(user))


@transaction.atomic(savepoint=False)
def draft(data: dict[str, Any], user: User, at: datetime) -> Decision:
    """Creates the decision of a valid form, in the hands of the post in which its drafter works."""
    own = drafting_posts(user)[0]
    number = Decision.numbers().draw(at)
    log.record(events.DRAFTED, subject=log.Subject(Decision.KIND, number), facts={"at": at.isoformat()})
    decision = Decision.objects.create(
        number=number,
        organ_id=own.organ,
        office=data["office"],
        handler_id=own.post,
        category=data.get("category") or "",
        received_at=at,
        drafted_by=user,
        **{name: data[name] for name in ("title", "matter_type", "draft")},
    )
    obligations.open_(decision.matter, TO_PREPARE, decision.chain_subject(), at)
    return decision


DECISIONS = register(
    RecordType(
        kind=Decision.KIND,
        plural="decisions",
        title=_("重大决策"),
        model=Decision,
        acts=DECISION_ACTS,
        note="note",
        final=FINAL | {DecisionState.ADOPTED},
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("决策事项"),
                F("title"),
                cell=Cell(
                    lambda one, reading: reading.link(one.KIND, one.number, one.title), css="title", labelled=False
                ),
            ),
            code(
                "matter_type",
                _("决策类型"),
                F("matter_type"),
                dict(Matter.choices),
                cell=Cell(lambda one, reading: one.get_matter_type_display()),
            ),
            text("decides", _("决策机关"), F("office__name"), cell=Cell(lambda one, reading: one.office.called)),
            state_column(DecisionState),
        ),
        listing=Listing(
            _("重大决策"),
            "decisions",
            shown=("light", "number", "title", "matter_type", "decides", "state"),
            joined=("organ", "office", "handler"),
            row_css=light_of,
            caption=_("重大决策和它们履行的程序"),
            empty=_("还没有重大决策。承办单位可以拟订决策草案。"),
        ),
        create=Create(DecisionForm, may_draft, draft, form_arguments=lambda user: {"user": user}),
        with_related=lambda found: Decision.with_joined(found).prefetch_related("steps", "votes"),
        exported=Exported(),
        cards=CARDS,
    )
)
MENU = (
    MenuItem("decisions", _("重大决策"), "list", 36, reads_records, None, position, Decision.objects.for_user),
    MenuItem("decision_new", _("拟订决策"), "plus", 66, may_draft),
)

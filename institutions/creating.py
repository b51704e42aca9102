"""Proposes a regulation (制定立项) with the first draft of its text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, User
from audit import log
from institutions import events
from institutions.acts.effects import SetsDuties, draft_text
from institutions.acts.regulation_forms import Duties
from institutions.acts.text_forms import WordingField
from institutions.duties import LEGAL_OFFICE
from institutions.models import Regulation, RegulationKind
from massline.acts import Invalid
from massline.days import check_to_come
from massline.texts import LineField
from responsibility import duties
from responsibility.models import Organ
from responsibility.people import HeldPost, position_of
from responsibility.pickers import OrganField


def drafting_posts(user: User) -> list[HeldPost]:
    """Returns the posts in which the user may propose a regulation of their organ: all that they hold."""
    return list(position_of(user).held) if user.kind == Kind.OFFICIAL else []


def may_create(user: User) -> bool:
    return bool(drafting_posts(user))


class RegulationForm(Duties):
    """What is proposed, who will answer for it, and the first draft."""

    title = LineField(label=gettext_lazy("名称"), max_length=200, help_text=gettext_lazy("不得填写国家秘密、工作秘密"))
    organ = OrganField(label=gettext_lazy("制定单位"))
    kind = forms.ChoiceField(
        label=gettext_lazy("种类"),
        choices=[one for one in RegulationKind.choices if one[0] != RegulationKind.EXTERNAL],
    )
    wording = WordingField()
    field_order = ("title", "organ", "kind")

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if user is None:
            return
        posts = drafting_posts(user)
        organs = list(Organ.objects.filter(pk__in=[held.organ for held in posts]).order_by("id"))
        self.fields["organ"].offer(organs)  # type: ignore[attr-defined]
        self.only = organs[0] if len(organs) == 1 else None
        if self.only:
            del self.fields["organ"]
        if posts:
            self.offer(posts[0].region)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        return data | {"organ": self.only} if getattr(self, "only", None) else data


@transaction.atomic(savepoint=False)
def propose(data: dict[str, Any], user: User, at: datetime) -> Regulation:
    """Creates a regulation and the first draft of its text, from a valid form."""
    organ: Organ = data["organ"]
    office = duties.office_of(organ, LEGAL_OFFICE)
    if office is None:
        raise Invalid({NON_FIELD_ERRORS: [_("本地区还没有合法性审核机构，不能立项")]})
    if data["implements_due"]:
        check_to_come("implements_due", data["implements_due"], at)
    number = Regulation.numbers().draw(at)
    log.record(events.PROPOSED, subject=log.Subject(Regulation.KIND, number), facts={"at": at.isoformat()})
    regulation = Regulation.objects.create(
        number=number,
        organ=organ,
        office=office,
        received_at=at,
        drafted_by=user,
        title=data["title"],
        kind=data["kind"],
        **{name: data[name] for name in SetsDuties.NAMES},
    )
    draft_text(regulation, data["wording"], user, at)
    return regulation

"""Drafts the year plan of an inspection office."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import log
from inspection.duties import office_posts
from inspection.models import InspectionPlan, PlanItem
from inspection.models.plan import MAX_PLANNED
from inspection.plans import events
from inspection.plans.acts import TO_APPROVE
from massline.texts import text_field
from massline.time import today
from responsibility import obligations

LONGEST = 200


class PlanForm(forms.Form):
    """The year, and one inspection a line."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2999, initial=lambda: today().year)
    items = text_field(
        gettext_lazy("督查项目"), rows=8, hint=gettext_lazy("一行一项，最多五十项；没有列入计划的督查须一事一报")
    )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year not in (today().year, today().year + 1):
            raise ValidationError(_("只能拟定今年或者明年的计划"))
        return year

    def clean_items(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()]
        if len(lines) > MAX_PLANNED:
            raise ValidationError(_("最多列 %(most)s 项"), params={"most": MAX_PLANNED})
        if any(len(line) > LONGEST for line in lines):
            raise ValidationError(_("每一项不超过 %(most)s 字"), params={"most": LONGEST})
        return lines


def may_draft(user: User) -> bool:
    return bool(office_posts(user))


@transaction.atomic(savepoint=False)
def draft_plan(data: dict[str, Any], user: User, at: datetime) -> InspectionPlan:
    """Creates the plan of a valid form, which the organ above has to approve."""
    office, number = office_posts(user)[0].organ, InspectionPlan.numbers().draw(at)
    facts = {"year": data["year"], "at": at.isoformat()}
    log.record(events.DRAFTED, subject=log.Subject(InspectionPlan.KIND, number), facts=facts)
    title = _("%(year)s 年度督查计划") % {"year": data["year"]}
    plan = InspectionPlan.objects.create(
        number=number, organ_id=office, office_id=office, title=title, year=data["year"], drafted_by=user,
        received_at=at,
    )  # fmt: skip
    rows = (PlanItem(plan=plan, item=n, title=line) for n, line in enumerate(data["items"], start=1))
    PlanItem.objects.bulk_create(rows)
    obligations.open_(plan.matter, TO_APPROVE, plan.approving_chain_subject(), at)
    return plan

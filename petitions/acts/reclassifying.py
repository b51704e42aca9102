"""Corrects the class (内容分类) of a petition after its registration.

The class decides which deputies (分管) a petition exists for, whom its chain names, who is told when it is overdue and
where figures count it. All of them read it each time, so this act moves nothing.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from massline.acts import Doing
from massline.inputs import ActForm
from massline.texts import text_field
from petitions import events
from petitions.acts.base import OFFICE, DemandAct
from petitions.models import SEEN, State
from petitions.visibility import Role
from records.effects import Writes
from responsibility.class_fields import CategoryField


class ReclassifyForm(ActForm):
    category = CategoryField(label=_("更正为"))
    reason = text_field(_("更正的理由"), rows=3, hint=_("只有办理人员看得到"))

    def prepare(self) -> None:
        self.initial = {"category": self.record.category}

    def clean_category(self) -> str:
        category: str = self.cleaned_data["category"]
        if category == self.record.category:
            raise ValidationError(_("与现在的分类相同，请选择另一个"))
        return category


class Reclassifies:
    def apply(self, doing: Doing) -> None:
        doing.record.category = doing.data["category"]


class Reclassify(DemandAct):
    slug, label, basis = "reclassify", _("更正分类"), "分类错了，分管领导就错了：登记的部门和承办单位主要负责人可以更正"
    button = _("更正")
    from_states, roles = SEEN - {State.RECEIVED}, OFFICE | {Role.LEADER}
    form, event = ReclassifyForm, events.RECLASSIFIED
    effects = (Writes("reason"), Reclassifies())

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"category_before": doing.record.category, "category": doing.data["category"]}

"""What every act on a petition has, and the roles that most of them give."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from massline.acts import Act, Doing
from petitions import act_forms
from petitions.models import Demand
from petitions.visibility import Role

OFFICE = frozenset({Role.CLERK, Role.CHIEF})
COMPETENT = frozenset({Role.INTAKE, Role.DEPUTY, Role.LEADER})
IN_CHARGE = frozenset({Role.DEPUTY, Role.LEADER})
WORKING = OFFICE | COMPETENT | {Role.HANDLER, Role.SUPERIOR, Role.UPPER_OFFICE, Role.INSPECTOR}
"""Officials who see it and may add to it; auditors read and change nothing."""
BY_LAW = "《信访工作条例》"


class DemandAct(Act):
    """An act on a demand: its form knows the demand, and the dates of the ledger follow what is owed."""

    form: ClassVar[type[act_forms.ActForm]]  # type: ignore[assignment]

    def build_form(self, record: Demand, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        return self.form(data, record)

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name}


class NoInput(act_forms.ActForm):
    """Nothing more to say."""


def office_can_verify(demand: Demand) -> bool:
    """Whether somebody of the petition office may know of it: where all of them are complained about, nobody there
    decides, and the organ must not wait for them for ever."""
    work = demand.work()
    return not work.recused or any(work.may_know(user) for user, _post in demand.verifying_it())

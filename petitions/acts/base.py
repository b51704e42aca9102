"""What every act on a petition has, and the roles that most of them give."""

from typing import Any

from massline.acts import Act, Doing
from petitions.models import Demand
from petitions.visibility import Role

OFFICE = frozenset({Role.CLERK, Role.CHIEF})
COMPETENT = frozenset({Role.INTAKE, Role.DEPUTY, Role.LEADER})
IN_CHARGE = frozenset({Role.DEPUTY, Role.LEADER})
WORKING = OFFICE | COMPETENT | {Role.HANDLER, Role.SUPERIOR, Role.UPPER_OFFICE, Role.INSPECTOR}
"""Officials who see it and may add to it; auditors read and change nothing."""
BY_LAW = "《信访工作条例》"


class DemandAct(Act):
    """An act on a demand: its event names the organ that has it."""

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name}


def office_can_verify(demand: Demand) -> bool:
    """Whether somebody of the petition office may know of it: where all of them are complained about, nobody there
    decides, and the organ must not wait for them for ever."""
    work = demand.chain_subject()
    return not work.recused or any(work.may_know(user) for user, _post in demand.verifying_it())

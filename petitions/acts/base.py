"""The base class of acts on petitions, and the sets of roles that most of them allow."""

from typing import Any

from massline.acts import Act, Doing
from petitions.models import Demand
from petitions.visibility import Role

OFFICE = frozenset({Role.CLERK, Role.CHIEF})
COMPETENT = frozenset({Role.INTAKE, Role.DEPUTY, Role.LEADER})
IN_CHARGE = frozenset({Role.DEPUTY, Role.LEADER})
WORKING = OFFICE | COMPETENT | {Role.HANDLER, Role.SUPERIOR, Role.UPPER_OFFICE, Role.INSPECTOR}
"""Officials who see the petition and may add to it; auditors read it and change nothing."""
BY_LAW = "《信访工作条例》"


class DemandAct(Act):
    """An act on a demand; its event names the organ that handles the demand."""

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"organ": doing.record.organ.name}


def office_can_verify(demand: Demand) -> bool:
    """Returns whether an official of the petition office may see the demand. Where all of them are complained about,
    the office cannot decide, and the organ must not wait for it for ever."""
    work = demand.chain_subject()
    return not work.recused or any(work.may_know(user) for user, _post in demand.verifiers())

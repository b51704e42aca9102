"""Who may create records and act on many through REST: the table written by hand, tried by everybody."""

from types import SimpleNamespace

import pytest

from audit.models import AuditEvent
from petitions.desk.declaration import PETITIONS
from petitions.models import Demand, Petition
from petitions.transfers.models import Transfer
from records.kinds import record_types
from tests import access_matrix as by_hand
from tests.access_world import INPUT
from tests.api import Api
from tests.city import NAMES, walk_to
from tests.shared.test_access_matrix import undone

pytestmark = pytest.mark.django_db
EVERYBODY = [*NAMES, *by_hand.ADMINISTRATIONS]


def test_the_table_has_every_kind_and_every_act_on_many() -> None:
    assert set(by_hand.ENTER) == {kind.plural for kind in record_types() if kind.create}
    assert {act for act, _state in by_hand.BULK} == {each.act.slug for each in PETITIONS.bulk}
    for (act, state), who in by_hand.BULK.items():
        roles = {name: by_hand.roles_in(by_hand.ORDINARY, name, state) for name in by_hand.ORDINARY}
        assert who == {n for n, found in roles.items() if by_hand.allowed(by_hand.matrix(), act, found, state)}


@pytest.mark.parametrize("plural", by_hand.ENTER)
def test_only_who_receives_enters_one(city: SimpleNamespace, plural: str) -> None:
    """With nothing sent, whoever may is told what is missing."""
    may = set()
    for who in EVERYBODY:
        before = AuditEvent.objects.filter(name__in=("create_refused", "page_refused")).count()
        status = Api(getattr(city, who)).post(f"/{plural}/", {}).status_code
        refused = AuditEvent.objects.filter(name__in=("create_refused", "page_refused")).count() - before
        assert (status, refused) in ((422, 0), (403, 1)), (who, status)
        may |= {who} if status == 422 else set()
    assert may == by_hand.ENTER[plural]
    assert Api().post(f"/{plural}/", {}).status_code == 401
    assert not Petition.objects.exists() and not Transfer.objects.exists()


@pytest.mark.parametrize(("act", "state"), by_hand.BULK)
def test_only_who_may_act_on_one_acts_on_many(city: SimpleNamespace, act: str, state: str) -> None:
    filed, done = walk_to(state), set()
    body = INPUT[act] | {"numbers": [filed.number]}
    for who in EVERYBODY:
        with undone():
            answer = Api(getattr(city, who)).post(f"/petitions/bulk/acts/{act}/", body)
            moved = Demand.objects.get().state != state
        if who in by_hand.ADMINISTRATIONS:
            assert answer.status_code == 403 and not moved
            continue
        (one,) = answer.json()["results"]
        assert one["ok"] == moved or one["status"] == "already", (who, one)
        assert one["ok"] or one["problem"]["status"] in (403, 404, 409), (who, one)
        done |= {who} if moved else set()
    assert done == by_hand.BULK[act, state]
    assert Api().post(f"/petitions/bulk/acts/{act}/", body).status_code == 401

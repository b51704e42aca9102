"""Two presses of one button at the same moment: each petition gets the act once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from audit.models import AuditEvent
from petitions.desk.declaration import PETITIONS
from petitions.models import State
from records import bulk
from tests.city import build_city, walk_to


def test_two_presses_at_once_do_it_once(cloned_db: Any) -> None:
    city = build_city()
    numbers = [walk_to(State.ACCEPTED).number for _n in range(3)]

    def press(_n: int) -> list[str]:
        try:
            user = type(city.leader).objects.get(pk=city.leader.pk)
            found = bulk.perform_each(
                PETITIONS, bulk.bulk_act(PETITIONS, "assign"), numbers, user, {"handler": "handler"}
            )
            return [str(result.status) for result in found]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = list(zip(*pool.map(press, range(2)), strict=True))
    assert len(both) == 3 and all(sorted(pair) == ["already", "done"] for pair in both)
    assert AuditEvent.objects.filter(name="petition.assigned").count() == 3

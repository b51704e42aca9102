"""Two requests at the same moment open one record."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from massline import crypto
from records import creating
from records.models import Creation, Link
from tests.city import build_city, walk_to
from tests.kinds.lab import paper_kinds
from tests.kinds.models import Errand
from tests.petitions.test_acts_at_once import until_waiting


def test_the_same_request_from_two_windows_makes_one(cloned_db: str) -> None:
    city = build_city()
    with transaction.atomic():
        demand = walk_to("handling").demand

    def press() -> int:
        try:
            return int(creating.create("errand", {"title": "去看看"}, city.leader, demand, key="k").pk)
        finally:
            connection.close()

    with paper_kinds(), ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            assert creating._earlier_creation(crypto.keyed_hash("create", "errand k"), city.leader) is None
            both = [pool.submit(press) for _window in range(2)]
            until_waiting(2)
        first, second = (one.result(30) for one in both)
    assert first == second and Errand.objects.count() == Link.objects.count() == Creation.objects.count() == 1

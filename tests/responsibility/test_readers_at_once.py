"""Readers of a walled record are changed by one at a time: what one has ended, another does not give again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from responsibility import readers
from responsibility.models import Appointment, Reader
from tests.chain_lab import at, event
from tests.city import build_city
from tests.kinds.lab import sealed, walled_kind
from tests.kinds.models import Sealed
from tests.petitions.test_acts_at_once import until_waiting


def test_access_that_ends_meanwhile_is_not_given_again(cloned_db: str) -> None:
    city = build_city()
    with walled_kind(), at("2026-09-15 10:00") as now, ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            event()
            matter = sealed("S-1", city.organ["department"], city.post["deputy"]).matter
            readers.recompute(matter, now)
            Appointment.objects.filter(user=city.deputy).update(until=date(2026, 9, 25))

        def follow() -> None:
            try:
                readers.recompute_all(timezone.now())
            finally:
                connection.close()

        with transaction.atomic():
            readers.end(matter, now, [city.deputy.pk])
            Sealed.objects.update(handler=None)
            job = pool.submit(follow)
            until_waiting(1)
        job.result(30)
        assert not Reader.objects.about(matter.kind, matter.pk).on(date(2026, 9, 16)).exists()

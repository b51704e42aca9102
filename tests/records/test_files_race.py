"""A file that is scanned for long holds nobody else up."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection, transaction

from petitions.models import Demand
from records.files.models import Attachment, Scan
from tests.city import build_city, walk_to
from tests.records.test_files import clamd, desk, room, upload  # noqa: F401


def test_while_a_file_is_scanned_the_petition_is_free(cloned_db: str, settings) -> None:
    city = build_city()
    filed = walk_to("handling")
    asked, go_on = Event(), Event()
    with transaction.atomic():
        client = desk(city.handler)

    def think() -> None:
        asked.set()
        assert go_on.wait(20)

    def add() -> int:
        try:
            return upload(client, f"/desk/petitions/{filed.number}/files/", b"words", "a.txt").status_code
        finally:
            connection.close()

    with clamd(settings, think), ThreadPoolExecutor(1) as pool:
        adding = pool.submit(add)
        assert asked.wait(20)
        with transaction.atomic():
            assert Demand.objects.select_for_update(nowait=True).filter(pk=filed.demand.pk).exists()
        go_on.set()
        assert adding.result(20) == 302
    assert Attachment.objects.get().scan == Scan.CLEAN

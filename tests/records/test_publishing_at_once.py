"""Two people of the secrecy organ decide on one publication at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from audit.models import AuditEvent
from massline.acts import ActError
from records.models import Publication
from tests.city import build_city
from tests.petitions.test_acts_at_once import until_waiting
from tests.secrecy_lab import CLEARED, REFUSED, WITHDRAWN, add_secrecy, do
from tests.shared.kinds import all_kinds
from tests.shared.kinds.publication import proposed
from tests.shared.kinds.remark import remark


@pytest.mark.parametrize(("state", "second"), [("public", REFUSED), ("refused", CLEARED)])
def test_one_of_two_decides_and_the_other_is_told(cloned_db: str, state: str, second: dict[str, Any]) -> None:
    """The first to hold the row decides; the second gets a conflict that keeps what was typed, whatever it said."""
    city = add_secrecy(build_city())
    first = CLEARED if state == "public" else REFUSED
    with all_kinds():
        publication = proposed(city, remark(city, "answered"))

        def press(user: Any, act: str, data: dict[str, Any]) -> str:
            try:
                return str(do(publication, user, act, data).state)
            except ActError as error:
                return f"{error.status}"
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            with transaction.atomic():
                Publication.objects.select_for_update().get(pk=publication.pk)
                one = pool.submit(press, city.secrecy, "clear", first)
                until_waiting(1)
                other = pool.submit(press, city.secrecy_head, "clear", second)
                until_waiting(2)
            assert [one.result(30), other.result(30)] == [state, "409"]
        assert Publication.objects.get(pk=publication.pk).state == state
        cleared = AuditEvent.objects.filter(subject_kind="publication", facts__act="clear")
        assert cleared.count() == 1
        if state == "public":
            assert do(publication, city.secrecy_head, "withdraw", WITHDRAWN).state == "withdrawn"

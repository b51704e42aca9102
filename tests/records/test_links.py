"""A link shows at both ends, each as far as the other end exists for its reader."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent, AuditRow
from petitions.models import State
from records import links
from records.links import CONCERNS, LED_TO, LinkedAlready, LinkedToItself, Relation, links_of
from records.models import Link
from responsibility import readers
from tests.chain_lab import at, event
from tests.city import walk_to
from tests.kinds.lab import WalledKind, errand, paper_kinds, sealed
from tests.people_lab import look, rest
from tests.reader import page

pytestmark = pytest.mark.django_db
DAY, LATER = "2026-09-15 10:00", "2026-09-20 10:00"


@pytest.fixture(autouse=True)
def papers() -> Iterator[WalledKind]:
    with paper_kinds() as walled:
        yield walled


@pytest.fixture
def world(city: SimpleNamespace) -> SimpleNamespace:
    """A petition that led to an errand of the department and to a sealed matter that its deputy alone reads."""
    with at(DAY) as now:
        filed = walk_to(State.HANDLING)
        event()
        found = SimpleNamespace(
            filed=filed,
            number=filed.number,
            demand=filed.demand,
            errand=errand("E-1", city.organ["department"]),
            sealed=sealed("S-1", city.organ["department"]),
        )
        readers.allow(found.sealed.matter, [city.deputy.pk], now)
        readers.declare(city.deputy, readers.undeclared(city.deputy).get().pk)
        links.link(found.demand.matter, found.errand.matter, LED_TO.name, by=city.leader, at=now)
        links.link(found.demand.matter, found.sealed.matter, CONCERNS.name, by=city.deputy, at=now)
    return found


def numbers(record: Any, user: Any) -> list[str]:
    return [one.number for one in links_of(record, user)]


# --- Who sees it --------------------------------------------------------------------------------------------------
def test_each_end_shows_the_other(city: SimpleNamespace, world: SimpleNamespace) -> None:
    with at(DAY):
        (forward,) = links_of(world.demand, city.handler)
        (back,) = links_of(world.errand, city.handler)
    assert (forward.label, forward.kind, forward.number, forward.title) == ("由此办理", "errand", "E-1", "跑一趟")
    assert (back.label, back.kind_label, back.number) == ("来自", "信访事项", world.number)
    assert back.url == f"/desk/petitions/{world.number}/" and back.title == "楼道照明长期不亮"


def test_an_end_that_does_not_exist_for_the_reader_is_not_there(city: SimpleNamespace, world: SimpleNamespace) -> None:
    with at(DAY):
        assert numbers(world.demand, city.deputy) == ["E-1", "S-1"]
        assert numbers(world.demand, city.handler) == ["E-1"], "the sealed matter is its reader's alone"
        assert numbers(world.demand, city.clerk) == [], "the errand is the department's"
        assert numbers(world.errand, city.outsider) == [] and numbers(world.sealed, city.deputy) == [world.number]


def test_the_page_shows_what_exists_for_the_reader_and_hints_at_nothing_else(
    city: SimpleNamespace, world: SimpleNamespace
) -> None:
    path = f"/desk/petitions/{world.number}/"
    with at(LATER):
        deputy, handler, clerk = (look(user, path) for user in (city.deputy, city.handler, city.clerk))
    assert "相关事项" in deputy and "S-1" in deputy and 'href="/desk/errands/E-1/"' in deputy
    assert "相关事项" in handler and "E-1" in handler
    for hidden in ("S-1", "涉密 S", "涉及", "傅主管建立"):
        assert hidden not in handler
    assert "相关事项" not in clerk and "由此办理" not in clerk and "关联" not in clerk


def test_the_timeline_has_a_line_for_whom_the_link_exists(city: SimpleNamespace, world: SimpleNamespace) -> None:
    path = f"/desk/petitions/{world.number}/"
    with at(LATER):
        assert "由此办理：跑腿 E-1 林局正" in page(city.handler, path)
        lines = rest(city.deputy, f"/petitions/{world.number}/timeline/")["results"]
        assert [x["sentence"] for x in lines if x["event"] == "linked"] == ["由此办理：跑腿 E-1", "涉及：涉密 S-1"]
        assert [x["at"] for x in lines] == sorted(x["at"] for x in lines)
        lines = rest(city.clerk, f"/petitions/{world.number}/timeline/")["results"]
        assert "linked" not in {x["event"] for x in lines}
    public = AuditEvent.objects.filter(subject_kind="petition", subject_key=world.number)
    assert not public.filter(name="linked").exists(), "so that whoever lists a record's events gives no link away"


def test_rest_gives_the_links(city: SimpleNamespace, world: SimpleNamespace) -> None:
    with at(LATER):
        found = rest(city.handler, f"/petitions/{world.number}/")["links"]
        assert found == [
            {"relation": "led_to", "label": "由此办理", "kind": "errand", "kind_label": "跑腿", "number": "E-1",
             "title": "跑一趟", "url": "/desk/errands/E-1/", "at": "2026-09-15T10:00:00+08:00", "by": "林局正"}
        ]  # fmt: skip
        assert rest(city.clerk, f"/petitions/{world.number}/")["links"] == []


def test_the_words_are_the_readers(city: SimpleNamespace, world: SimpleNamespace) -> None:
    with at(LATER):
        assert "Related matters" in page(city.handler, f"/desk/petitions/{world.number}/", "en")


@pytest.mark.parametrize("many", [1, 20])
def test_many_links_cost_what_one_costs(city: SimpleNamespace, world: SimpleNamespace, many: int) -> None:
    with at(DAY) as now:
        for n in range(many):
            other = errand(f"M-{n}", city.organ["department"])
            links.link(other.matter, world.demand.matter, CONCERNS.name, by=None, at=now)
        links_of(world.demand, city.deputy)
        with CaptureQueriesContext(connection) as sent:
            assert len(links_of(world.demand, city.deputy)) == many + 2
    assert len(sent) == 3, "the links, and each of two kinds"


# --- What is refused ----------------------------------------------------------------------------------------------
def test_nothing_is_linked_to_itself(city: SimpleNamespace, world: SimpleNamespace) -> None:
    with at(DAY) as now, pytest.raises(LinkedToItself):
        links.link(world.errand.matter, world.errand.matter, LED_TO.name, by=city.leader, at=now)


def test_nothing_is_linked_twice(city: SimpleNamespace, world: SimpleNamespace) -> None:
    before = Link.objects.count(), AuditEvent.objects.count()
    with at(DAY) as now, pytest.raises(LinkedAlready) as refused:
        links.link(world.demand.matter, world.errand.matter, LED_TO.name, by=city.leader, at=now)
    assert refused.value.status == 409
    assert (Link.objects.count(), AuditEvent.objects.count()) == before
    with at(DAY) as now:
        links.link(world.demand.matter, world.errand.matter, CONCERNS.name, by=city.leader, at=now)


def test_the_relations_are_a_closed_list(city: SimpleNamespace, world: SimpleNamespace) -> None:
    with at(DAY) as now, pytest.raises(ValueError, match="no such relation"):
        links.link(world.demand.matter, world.errand.matter, "friend", by=city.leader, at=now)
    with pytest.raises(ValueError, match="declared twice"):
        links.register(Relation("led_to", "", ""))


def test_a_link_never_changes(city: SimpleNamespace, world: SimpleNamespace) -> None:
    for change in (lambda: Link.objects.update(relation="x"), lambda: Link.objects.all().delete()):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


def test_the_log_explains_every_link(city: SimpleNamespace, world: SimpleNamespace) -> None:
    images = AuditRow.objects.filter(table_name="records_link")
    assert images.count() == 2 and not images.unexplained().exists()
    said = AuditEvent.objects.filter(name="linked").order_by("id").first()
    assert said is not None and said.actor_label == "林局正" and not said.public
    assert said.sentence == f"“{world.number}”与“E-1”建立了关联"
    assert Link.objects.order_by("pk").values_list("event", flat=True).first() == said.pk

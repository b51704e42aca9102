"""The class can be corrected later: who sees it then, who is told, where it counts, and what stays on record."""

from types import SimpleNamespace
from typing import Any

import pytest

from audit.models import AuditEvent
from massline.acts import Invalid, Refused
from petitions.figures.indicators import FIGURES
from petitions.models import Demand, State
from records.figures.overview import overview
from records.figures.periods import week_of
from records.models import ActText
from tests.api import Api
from tests.chain_lab import at, names, person, post, sweep_at
from tests.city import act, file_petition, walk_to
from tests.people_lab import chain_on, look, opens
from tests.reader import ENGLISH, page, tracked, words

pytestmark = pytest.mark.django_db
WAGES, WHY = "020101", "反映的是拖欠工资，不是物业"
CORRECTED = {"category": WAGES, "reason": WHY}


@pytest.fixture
def second(city: SimpleNamespace) -> Any:
    """Another deputy of the department, in charge of the classes that begin with 02."""
    user = person("second")
    post(city.organ["department"], "分管劳动的副局长", user, in_charge_of=["02"])
    return user


def test_with_the_class_the_deputies_change_who_see_it(city: SimpleNamespace, second: Any) -> None:
    filed = walk_to(State.ACCEPTED)
    path = f"/desk/petitions/{filed.number}/"
    assert opens(city.deputy, path) and not opens(second, path)
    act(filed.demand, "clerk", "reclassify", CORRECTED)
    assert opens(second, path) and not opens(city.deputy, path)
    assert filed.number in look(second, "/desk/ledger/") and filed.number not in look(city.deputy, "/desk/ledger/")
    assert filed.number in look(second, "/desk/"), "it waits for them to assign it"
    assert filed.number not in look(city.deputy, "/desk/")
    assert "分管劳动的副局长" in {name for name, _who, _why in chain_on(look(city.leader, path))}
    assert Api(second).post(f"/petitions/{filed.number}/acts/assign/", {"handler": "handler"}).status_code == 200


def test_the_deputy_of_the_new_class_is_told_when_it_is_overdue(city: SimpleNamespace, second: Any) -> None:
    """Accepted on 15 September; 60 days end on Saturday 14 November, the next working day is the 16th."""
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
    due = filed.demand.due_at
    with at("2026-11-13 10:00"):
        assert act(filed.demand, "leader", "reclassify", CORRECTED).due_at == due, "no date moves"
    sweep_at("2026-11-17")
    assert names("overdue", obligation__rule="XF06") == {"handler", second.username}


@pytest.mark.parametrize("who", ["clerk", "chief", "leader"])
def test_the_event_tells_both_classes_and_the_reason_is_for_officials(city: SimpleNamespace, who: str) -> None:
    filed = walk_to(State.CLOSED)
    demand = act(filed.demand, who, "reclassify", CORRECTED)
    assert (demand.state, demand.category) == (State.CLOSED, WAGES)
    happened = AuditEvent.objects.get(name="petition.reclassified")
    assert (happened.facts["category_before"], happened.facts["category"]) == ("010101", WAGES)
    said = "内容分类由“城乡建设 / 住房保障与房地产 / 物业服务”更正为“劳动和社会保障 / 工资福利 / 工资发放”"
    for seen in (words(tracked(filed)), page(city.auditor, f"/desk/petitions/{filed.number}/")):
        assert said in seen
    english = (
        "from “Urban and rural development / Housing and real estate / Property management” to “Labour and social "
        "security / Pay and benefits / Payment of wages”"
    )
    assert english in words(tracked(filed, ENGLISH))
    assert WHY not in words(tracked(filed)) and WHY in page(city.auditor, f"/desk/petitions/{filed.number}/")
    assert ActText.objects.get(act="reclassify").public is False


def test_figures_count_it_where_it_belongs(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)

    def classes() -> dict[str, int]:
        with at("2026-12-15 10:00") as now:
            found = overview(FIGURES, city.auditor, week_of(now.date()), now)
        return {row["code"]: row["open"] for row in found["classes"] if row["open"]}

    assert classes() == {"010000": 1}
    act(filed.demand, "chief", "reclassify", CORRECTED)
    assert classes() == {"020000": 1}
    listed = Api(city.auditor).get("/petitions/", {"category": "020000"}).json()["results"]
    assert [row["number"] for row in listed] == [filed.number]


@pytest.mark.parametrize(
    "body",
    [
        {"category": "010101", "reason": WHY},  # as it is
        {"category": "123456", "reason": WHY},
        {"category": WAGES, "reason": ""},
        {"category": "", "reason": WHY},
    ],
)
def test_what_corrects_nothing_or_gives_no_reason_is_refused(city: SimpleNamespace, body: dict[str, str]) -> None:
    filed = walk_to(State.HANDLING)
    with pytest.raises(Invalid):
        act(filed.demand, "chief", "reclassify", body)
    assert Api(city.chief).post(f"/petitions/{filed.number}/acts/reclassify/", body).status_code == 422
    assert Demand.objects.get().category == "010101"


@pytest.mark.parametrize("who", ["receiver", "deputy", "handler", "mayor", "inspector"])
def test_nobody_else_corrects_it(city: SimpleNamespace, who: str) -> None:
    with pytest.raises(Refused):
        act(walk_to(State.HANDLING).demand, who, "reclassify", CORRECTED)

"""The leader's desk: what has climbed, by organ, with the matter's text, and a whole group acknowledged at once."""

import re
from types import SimpleNamespace

import pytest

from petitions.models import State
from responsibility.models import Escalation
from tests.chain_lab import at, sweep_at
from tests.city import file_petition, walk_to
from tests.reader import page, reader, source, words

pytestmark = pytest.mark.django_db
DESK = "/desk/escalations/"
MONDAY = "2026-11-30 09:00"


@pytest.fixture
def climbed(city: SimpleNamespace) -> list[SimpleNamespace]:
    """Two matters of the department and one of the office, which have climbed to the leaders of the city."""
    with at("2026-09-15 10:00") as now:
        made = [walk_to(State.HANDLING, file_petition(received_at=now)) for _each in range(2)]
        made.append(file_petition(received_at=now))
    for moment in ("2026-10-20", "2026-11-17", "2026-11-21", "2026-11-28"):
        sweep_at(moment)
    return made


def groups(html: str) -> dict[str, str]:
    """The source of each organ's part of the page."""
    found = re.findall(r'<section class="stack of-organ".*?</section>', html, re.S)
    return {words(re.search(r"<h2[^>]*>(.*?)<span", part, re.S)[1]): part for part in found}


def keys(part: str) -> list[str]:
    return re.findall(r'name="escalation" value="(\w+)"', part)


def states() -> list[str]:
    return sorted(Escalation.objects.filter(step="superior-1").values_list("state", flat=True))


def test_it_is_grouped_by_the_organ_that_did_not_do_it(city: SimpleNamespace, climbed: list[SimpleNamespace]) -> None:
    with at(MONDAY):
        shown = groups(source(reader(city.mayor), DESK))
    department = city.organ["department"].name
    assert {department, city.organ["office"].name} <= set(shown)
    for each in climbed:
        assert [name for name, part in shown.items() if each.number in part] == [each.demand.organ.name]


def test_the_matter_is_read_on_the_list_and_on_its_page(city: SimpleNamespace, climbed: list[SimpleNamespace]) -> None:
    body = climbed[0].demand.petition.body
    with at(MONDAY):
        client = reader(city.mayor)
        html = source(client, DESK)
        assert words(body) in words(html)
        path = re.search(r'<h3><a href="([^"]+)"', html)[1]
        assert "反映的情况" in words(source(client, path))


def test_a_group_is_acknowledged_at_once(city: SimpleNamespace, climbed: list[SimpleNamespace]) -> None:
    with at(MONDAY):
        client = reader(city.mayor)
        mine = groups(source(client, DESK))[city.organ["department"].name]
        sent = {"escalation": keys(mine)}
        assert len(sent["escalation"]) == 2
        answer = client.post(f"{DESK}acknowledge/", sent, follow=True).content.decode()
        assert "已签收 2 件。" in words(answer)
        assert not keys(groups(answer)[city.organ["department"].name])
        assert states().count("acknowledged") == 2
        assert "没有需要签收的" in words(client.post(f"{DESK}acknowledge/", sent, follow=True).content.decode())


@pytest.mark.parametrize("who", ["leader", "clerk", "secretary"])
def test_only_those_that_climbed_to_the_leader_are(
    city: SimpleNamespace, climbed: list[SimpleNamespace], who: str
) -> None:
    """Either leader of the city may; what names nothing is passed over."""
    with at(MONDAY):
        sent = keys(source(reader(city.mayor), DESK))
        reader(getattr(city, who)).post(f"{DESK}acknowledge/", {"escalation": [*sent, "x", ""]})
    assert (states().count("acknowledged") == len(sent)) == (who == "secretary")


def test_an_empty_desk_says_what_would_stand_there(city: SimpleNamespace) -> None:
    assert "没有上报给您的事项。下级到期没有办的" in page(city.leader, DESK)

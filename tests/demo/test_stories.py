"""Stories of the demo: those of several mechanisms are played together, in the order of time, with one sweep a day."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from accounts.models import User
from audit.context import SYSTEM, acting
from massline.time import SHANGHAI, local_time
from responsibility.demo import stories
from responsibility.demo.play import DemoError, Play
from responsibility.models import Escalation
from tests.city import file_petition

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=SHANGHAI)
HERE = "tests.demo.test_stories"
diary: list[str] = []


def write(who: str, at: datetime) -> None:
    diary.append(f"{local_time(at):%d %H:%M} {who}")


def baker(play: Play) -> None:
    for ago in (2, 1, 0):
        play.at(play.moment(ago, time(6)), lambda at: write("bakes", at))


def postman(play: Play) -> None:
    """His round ends two hours after it began, and he plans the end when he begins."""

    def begin(at: datetime) -> None:
        write("sets out", at)
        play.at(at + timedelta(hours=2), lambda then: write("is back", then))

    for ago in (1, 2):
        play.at(play.moment(ago, time(5)), begin)
    play.at(play.now + timedelta(minutes=1), lambda at: write("is early", at))


def petitioner(play: Play) -> None:
    """Writes a petition that nobody registers; the leader to whom it climbs acknowledges it an hour before noon."""

    def file(at: datetime) -> None:
        answer = {"step": "top", "after": 0, "hour": 11, "by": "chief", "act": "acknowledge"}
        play.leaders.will_answer(file_petition(received_at=at).number, [answer])

    play.at(play.moment(45, time(8)), file)


def watcher(play: Play) -> None:
    """Writes down every morning and every noon who has it by then."""

    def look(at: datetime) -> None:
        climbed = sorted(Escalation.objects.exclude(step__startswith="warn").values_list("step", "state"))
        diary.append(f"{local_time(at):%H} {climbed}")

    for ago in range(30, 0, -1):
        play.at(play.moment(ago, time(0, 1)), look)
        play.at(play.moment(ago, time(9)), look)
        play.at(play.moment(ago, time(12)), look)


def clumsy(play: Play) -> None:
    play.at(play.moment(2, time(7)), lambda at: {}["the jar"])


def confused(play: Play) -> None:
    play.at(play.moment(2, time(7)), lambda at: play.at(at - timedelta(days=1), lambda then: None))


def unready(play: Play) -> None:
    raise LookupError("no pen")


def gambler(play: Play) -> None:
    diary.append(f"gambles {play.chance('dice', 1).random()} {play.chance('dice', 2).random()}")


def player(play: Play) -> None:
    diary.append(f"plays {play.chance('dice', 1).random()}")


@pytest.fixture(autouse=True)
def no_story(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No mechanism tells its own here."""
    monkeypatch.setattr(stories, "_paths", {})
    diary.clear()
    with acting(SYSTEM):
        yield


def played(*told: str, seed: int = 7) -> list[str]:
    for name in told:
        stories.register(name, f"{HERE}.{name}")
    Play({user.username: user for user in User.objects.all()}, NOW, seed).run()
    return diary


def test_stories_interleave_in_the_order_of_time() -> None:
    assert played("baker", "postman") == [
        "13 05:00 sets out", "13 06:00 bakes", "13 07:00 is back",
        "14 05:00 sets out", "14 06:00 bakes", "14 07:00 is back",
        "15 06:00 bakes",
    ]  # fmt: skip


def test_the_sweep_of_a_day_comes_before_what_happens_on_it(city: SimpleNamespace) -> None:
    told = played("petitioner", "watcher")
    late = next(n for n, line in enumerate(told) if "overdue" in line)
    assert told[late - 1] == "00 []" and told[late] == "09 [('overdue', 'told')]", "swept at five past midnight"
    answered = next(n for n, line in enumerate(told) if "acknowledged" in line)
    assert "('top', 'sent')" in told[answered - 1] and told[answered - 1].startswith("09")
    assert "('top', 'acknowledged')" in told[answered] and told[answered].startswith("12"), "at eleven"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("clumsy", "story “clumsy” at 2026-06-13 07:00, seed 7: 'the jar'"),
        ("confused", "story “confused” at 2026-06-13 07:00, seed 7: planned for 2026-06-12 07:00, which is over"),
        ("unready", "story “unready”, seed 7: no pen"),
    ],
)
def test_a_story_that_fails_names_itself(name: str, said: str) -> None:
    with pytest.raises(DemoError, match=said):
        played("baker", name)


def test_chances_are_each_storys_own_and_the_same_for_a_seed() -> None:
    first, second, third = (list(played("gambler", "player", seed=seed)) for seed in (1, 1, 2))
    assert first[:2] == second[2:4] and first[0] not in third[4:]
    one, two = first[0].split()[1:]
    assert len({one, two, first[1].split()[1]}) == 3


def test_a_name_stands_for_one_story() -> None:
    stories.register("baker", f"{HERE}.baker")
    stories.register("baker", f"{HERE}.baker")
    with pytest.raises(ValueError, match="registered twice: baker"):
        stories.register("baker", f"{HERE}.postman")


def test_the_demo_is_imported_only_when_it_is_loaded() -> None:
    code = "import django, sys; django.setup(); print([m for m in sys.modules if '.demo' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['responsibility.demo', 'responsibility.demo.stories']"

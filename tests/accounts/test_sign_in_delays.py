"""Mistyping costs time: an account from one address, an address, an account; never whoever is known on this device."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import sign_in_delays
from accounts.models import RefusedSignIns, SignInCount, User
from accounts.tasks import note_refused
from audit.models import AuditEvent
from tests.api import Api
from tests.city import PASSWORD, build_city

SIGN_IN = "/desk/sign-in/"
WRONG = {"username": "clerk", "password": "wrong"}
RIGHT = {"username": "clerk", "password": PASSWORD}
HERE, ELSEWHERE = "203.0.113.1", "203.0.113.2"


def post(client: Client, data: dict[str, str], address: str = HERE) -> Any:
    return client.post(SIGN_IN, data, REMOTE_ADDR=address)


def evaluated(answers: list[Any]) -> int:
    return sum(answer.status_code in (302, 422) for answer in answers)


@pytest.mark.django_db
def test_the_delay_grows_and_is_said(city: SimpleNamespace) -> None:
    client, now = Client(), timezone.now()
    waits = []
    with time_machine.travel(now, tick=False) as clock:
        assert [post(client, WRONG).status_code for _n in range(5)] == [422] * 5
        for _round in range(7):
            held_up = post(client, RIGHT)
            assert held_up.status_code == 429
            assert 'value="clerk"' in held_up.content.decode(), "the name need not be typed again"
            waits.append(int(held_up["Retry-After"]))
            clock.shift(timedelta(seconds=waits[-1]))
            assert post(client, WRONG).status_code == 422
    assert waits == [30, 60, 120, 240, 480, 900, 900]


@pytest.mark.django_db
def test_who_waits_as_long_as_told_comes_in(city: SimpleNamespace) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _n in range(5):
            post(Client(), WRONG)
        clock.shift(timedelta(seconds=0.6))
        clock.shift(timedelta(seconds=int(post(Client(), RIGHT)["Retry-After"])))
        assert post(Client(), RIGHT).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "words"), [(29, "29 秒"), (61, "2 分钟"), (900, "15 分钟")])
def test_the_page_says_how_long(city: SimpleNamespace, seconds: int, words: str) -> None:
    until = timezone.now()
    with time_machine.travel(until, tick=False):
        client = Client()
        for _n in range(5):
            post(client, WRONG)
        SignInCount.objects.update(blocked_until=until + timedelta(seconds=seconds))
        assert words in post(client, RIGHT).content.decode()


@pytest.mark.django_db
def test_after_the_delay_the_right_password_opens_and_the_count_begins_anew(city: SimpleNamespace) -> None:
    client, now = Client(), timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _n in range(5):
            post(client, WRONG)
        clock.shift(timedelta(seconds=30))
        assert post(client, RIGHT).status_code == 302
        client = Client()
        assert [post(client, WRONG).status_code for _n in range(5)] == [422] * 5


@pytest.mark.django_db
@pytest.mark.parametrize("around", [" " * 61, " " * 64, "\t" * 70, "\u3000" * 64])
def test_blanks_around_a_name_are_no_way_past_the_count(city: SimpleNamespace, around: str) -> None:
    blank = WRONG | {"username": f"{around}clerk{around}"}
    assert [post(Client(), blank).status_code for _n in range(8)] == [422] * 5 + [429] * 3
    assert post(Client(), RIGHT).status_code == 429, "the same account"


@pytest.mark.django_db
def test_a_stranger_elsewhere_holds_nobody_up_here(city: SimpleNamespace) -> None:
    for _n in range(10):
        post(Client(), WRONG, ELSEWHERE)
    assert post(Client(), RIGHT, HERE).status_code == 302
    assert post(Client(), RIGHT, ELSEWHERE).status_code == 429


@pytest.mark.django_db
def test_who_has_signed_in_on_this_device_is_never_held_up_by_others(city: SimpleNamespace) -> None:
    device = Client()
    assert post(device, RIGHT).status_code == 302
    device.post("/desk/sign-out/")
    for n in range(60):  # from everywhere, and from the same address too
        post(Client(), WRONG, HERE if n % 2 else f"198.51.100.{n}")
    assert post(Client(), RIGHT, HERE).status_code == 429
    assert post(device, RIGHT).status_code == 302


@pytest.mark.django_db
def test_a_known_device_waits_for_its_own_mistakes(city: SimpleNamespace) -> None:
    device = Client()
    post(device, RIGHT)
    device.post("/desk/sign-out/")
    assert [post(device, WRONG).status_code for _n in range(6)] == [422] * 5 + [429]


@pytest.mark.django_db
def test_a_device_is_a_stranger_after_another_password_and_for_another_account(city: SimpleNamespace) -> None:
    device = Client()
    post(device, RIGHT)
    device.post("/desk/sign-out/")
    for n in range(20):
        post(Client(), WRONG, f"198.51.100.{n}")
        post(Client(), WRONG | {"username": "chief"}, f"198.51.100.{n}")
    assert post(device, RIGHT | {"username": "chief"}, ELSEWHERE).status_code == 429
    user = User.objects.get(username="clerk")
    user.set_password("another long password")
    user.save()
    assert post(device, RIGHT | {"password": "another long password"}, ELSEWHERE).status_code == 429


@pytest.mark.django_db
def test_one_password_sprayed_over_sixty_names_is_stopped(city: SimpleNamespace) -> None:
    answers = [post(Client(), {"username": f"name{n}", "password": "Spring2026!"}) for n in range(60)]
    assert evaluated(answers) == sign_in_delays.ADDRESS_RULE.free_failures + 1 == 15
    assert post(Client(), {"username": "name0", "password": "Spring2026!"}, ELSEWHERE).status_code == 422


@pytest.mark.django_db
def test_coming_in_takes_back_nothing_that_was_tried_with_other_names(city: SimpleNamespace) -> None:
    """Or whoever has one account could try the others for ever: it counts as if they had not signed in."""
    tried = [{"username": f"name{n}", "password": "Spring2026!"} for n in range(16)]
    assert [post(Client(), each).status_code for each in tried[:14]] == [422] * 14
    assert post(Client(), RIGHT).status_code == 302
    assert [post(Client(), each).status_code for each in tried[14:]] == [422, 429]


@pytest.mark.django_db
def test_an_office_that_mistypes_now_and_then_is_never_held_up(city: SimpleNamespace) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for n in range(40):
            clock.shift(timedelta(minutes=10))
            assert post(Client(), {"username": f"name{n}", "password": "x"}).status_code == 422
        assert post(Client(), RIGHT).status_code == 302


@pytest.mark.django_db
def test_a_forged_left_hop_is_no_other_address(city: SimpleNamespace, settings: Any) -> None:
    settings.PROXIES = 1
    forged = [
        Client().post(SIGN_IN, {"username": f"name{n}", "password": "x"}, HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, {HERE}")
        for n in range(60)
    ]
    assert evaluated(forged) == 15
    other = Client().post(SIGN_IN, RIGHT, HTTP_X_FORWARDED_FOR=f"{HERE}, {ELSEWHERE}")
    assert other.status_code == 302


@pytest.mark.django_db
def test_from_everywhere_one_account_is_tried_about_once_a_minute(city: SimpleNamespace) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        assert evaluated([post(Client(), WRONG, f"198.51.100.{n}") for n in range(60)]) == 15
        clock.shift(timedelta(minutes=1))
        assert evaluated([post(Client(), WRONG, f"198.51.101.{n}") for n in range(60)]) == 1


@pytest.mark.django_db
def test_rest_waits_alike_and_says_for_how_long(city: SimpleNamespace) -> None:
    api = Api()
    assert [api.post("/session/", WRONG).status_code for _n in range(6)] == [401] * 5 + [429]
    held_up = api.post("/session/", RIGHT)
    assert held_up.status_code == 429 and 0 < int(held_up["Retry-After"]) <= 30
    assert "秒后再试" in held_up.json()["detail"]
    assert post(Client(), RIGHT, "127.0.0.1").status_code == 429, "pages and REST count together"


def test_many_at_once_are_no_more_than_many_in_turn(cloned_db: str) -> None:
    build_city()

    def attempt(_n: int) -> int:
        try:
            return int(post(Client(), WRONG).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(24))).count(422) == 5


@pytest.mark.django_db
def test_what_had_to_wait_is_one_event_an_account_and_quarter_of_an_hour(city: SimpleNamespace) -> None:
    start = timezone.now().replace(minute=16, second=0, microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        for _n in range(12):
            post(Client(), WRONG)
            post(Client(), {"username": "not an account", "password": "x"})
        with transaction.atomic():
            note_refused()
        assert not AuditEvent.objects.filter(name="locked_out").exists(), "the quarter is not over"
        clock.shift(timedelta(minutes=14))
        with transaction.atomic():
            note_refused()
            note_refused()
    (event,) = AuditEvent.objects.filter(name="locked_out")
    assert (event.facts["username"], event.facts["attempts"]) == ("clerk", 7)
    assert not RefusedSignIns.objects.exists()
    assert "7 次尝试须等待" in event.sentence


@pytest.mark.django_db
def test_counts_are_forgotten_after_an_hour(city: SimpleNamespace) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _n in range(4):
            post(Client(), WRONG)
        clock.shift(timedelta(hours=1))
        assert [post(Client(), WRONG).status_code for _n in range(4)] == [422] * 4
        clock.shift(timedelta(hours=1))
        with transaction.atomic():
            note_refused()
    assert not SignInCount.objects.exists()


@pytest.mark.django_db
def test_nothing_of_an_address_or_a_name_is_kept(city: SimpleNamespace) -> None:
    post(Client(), {"username": "my secret password", "password": "x"})
    kept = [bytes(key) for key in SignInCount.objects.values_list("key", flat=True)]
    assert len(kept) == 3 and all(len(key) == 16 for key in kept)

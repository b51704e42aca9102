"""GET /healthz and /readyz."""

import time

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from massline import health


class FakeBroker:
    def __init__(self, **marks: float) -> None:
        self.marks = marks

    def ping(self) -> bool:
        return True

    def get(self, key: str) -> bytes | None:
        mark = self.marks.get(key.removeprefix("seen:"))
        return None if mark is None else str(mark).encode()


def test_healthz_touches_nothing(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_all_four_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(health, "_broker", lambda: FakeBroker(worker=now, clock=now - 60))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "clock": "ok",
        "files": "not scanned",
        "office": "not open: no petition office is registered yet (docs/operations.md, Opening the office)",
    }


@pytest.mark.django_db
def test_not_ready_when_the_clock_stands_still(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(health, "_broker", lambda: FakeBroker(worker=now, clock=now - health.ALIVE_SECONDS - 1))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert (response.json()["worker"], response.json()["clock"]) == ("ok", "down")


@pytest.mark.django_db
def test_not_ready_without_a_broker(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["broker"]) == ("ok", "down")


def test_nothing_but_reading(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("path", ["/", "/track/", "/desk/", "/api/v1/petitions/"])
def test_a_foreign_host_is_a_bad_request_and_no_fault_of_ours(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400 and b"evil.example" not in answer.content
    expected = "application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8"
    assert answer["Content-Type"] == expected

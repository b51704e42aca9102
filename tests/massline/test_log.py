"""Logs: one JSON object a line, a request id that reaches tasks, and nothing personal."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.test import Client
from kombu import Connection

from massline.celery import clear_expired
from massline.log import RequestLog

PERSON = "李建国13800138000"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What is written to the log while a test runs, as parsed lines."""
    (handler,) = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    written = io.StringIO()
    before = handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.setStream(before)


def test_a_request_is_logged_by_its_path_alone(client: Client, lines: Any) -> None:
    client.get("/healthz", {"q": PERSON}, headers={"User-Agent": PERSON, "X-Forwarded-For": "203.0.113.9"})
    (line,) = lines()
    assert line["event"] == "request_finished"
    assert (line["request"], line["code"]) == ("GET /healthz", 200)
    assert len(line["request_id"]) == 36
    assert not {"user_agent", "ip", "user_id"} & line.keys()
    assert PERSON not in json.dumps(line, ensure_ascii=False)


def test_the_request_id_of_a_proxy_is_kept_and_nonsense_is_not(client: Client, lines: Any) -> None:
    client.get("/healthz", headers={"X-Request-Id": "abc-12345"})
    client.get("/healthz", headers={"X-Request-Id": PERSON})
    first, second = lines()
    assert first["request_id"] == "abc-12345"
    assert PERSON not in second["request_id"]


def test_an_exception_is_logged_without_what_it_says(lines: Any) -> None:
    try:
        raise ValueError(PERSON)
    except ValueError:
        structlog.get_logger("massline").exception("failed", error=PERSON)
        logging.getLogger("other").exception("also failed")
    ours, theirs = lines()
    for line in (ours, theirs):
        assert line["error_class"] == "builtins.ValueError"
        assert "test_log.py" in line["error_at"][-1]
        assert PERSON not in json.dumps(line, ensure_ascii=False)


def test_a_message_carries_the_request_id_and_no_data() -> None:
    connection = Connection("memory://")
    with structlog.contextvars.bound_contextvars(request_id="abc-12345", user_id=7, ip="203.0.113.9"):
        clear_expired.apply_async(connection=connection)
    message = connection.SimpleQueue("celery").get(timeout=2)
    assert message.headers["__django_structlog__"] == {"request_id": "abc-12345"}
    assert message.payload[:2] == [[], {}]


def test_one_request_leaves_nothing_for_the_next(client: Client) -> None:
    client.get("/healthz")
    assert structlog.contextvars.get_contextvars() == {}


def test_the_format_never_shows_a_query(rf: Any) -> None:
    assert RequestLog.format_request(rf.get("/track/?code=SECRET")) == "GET /track/"


def test_headers_of_every_answer(client: Client) -> None:
    response = client.get("/healthz")
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"

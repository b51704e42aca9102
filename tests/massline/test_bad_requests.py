"""What cannot be read is answered in the reader's own form, and leads on."""

from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from massline.wsgi import application
from tests.reader import reader, words

pytestmark = pytest.mark.django_db
LISTS = ("/desk/", "/desk/ledger/", "/desk/inbox/", "/desk/transfers/", "/desk/imports/")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", ["abc", "%00", "楼道"])
def test_a_cursor_of_nobodys_making_leads_to_the_first_page(city: SimpleNamespace, path: str, cursor: str) -> None:
    answer = reader(city.clerk).get(f"{path}?q=楼道&cursor={cursor}")
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "这一页的地址不完整，或者已经失效：请从第一页看起，筛选条件还在。" in words(shown)
    assert f'href="{path}?q=%E6%A5%BC%E9%81%93"' in shown and "回到第一页" in shown


def answered(path: str, length: int) -> tuple[str, dict[str, str]]:
    """The status and the headers with which the web server's own interface answers what announces so many bytes."""
    found: list[Any] = []
    environ = RequestFactory().generic("POST", path, b"", "application/json", HTTP_HOST="testserver").environ
    sent = environ | {"CONTENT_LENGTH": str(length), "wsgi.input": BytesIO(b"{")}
    for _part in application(sent, lambda status, headers, *more: found.append((status, dict(headers)))):
        pass
    return found[0]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests do not end the connection to the database, which the test goes on with."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_after_too_large_a_request_the_connection_ends(city: SimpleNamespace) -> None:
    """What was announced and not read would be taken for the next request."""
    for path in ("/api/v1/public/track/", "/file/"):
        status, headers = answered(path, 50_000_000)
        assert (status[:3], headers.get("Connection")) == ("413", "close"), path
    status, headers = answered("/api/v1/public/track/", 1)
    assert not status.startswith("413") and "Connection" not in headers

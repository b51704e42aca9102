"""From where a request comes, as five proxies write it; and what a forged part of the header changes: nothing."""

import http.client
import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from massline.client import client_address, client_network
from tests.database import BASE


def address(forwarded: str | None, remote: str = "10.0.0.9") -> str:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.7", "10.0.0.9"),  # without a proxy of ours the header is anybody's word
        (1, "203.0.113.7", "203.0.113.7"),  # nginx: proxy_set_header X-Forwarded-For $remote_addr
        (1, "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # nginx: $proxy_add_x_forwarded_for behind a forged one
        (1, "1.2.3.4,203.0.113.7", "203.0.113.7"),  # HAProxy's second line, joined
        (1, " 1.2.3.4 ,\t203.0.113.7 ", "203.0.113.7"),
        (1, "203.0.113.7:51823", "203.0.113.7"),  # Azure
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, "2001:DB8:0:0::7", "2001:db8::7"),  # AWS
        (1, '"[2001:db8::7]"', "2001:db8::7"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (2, "1.2.3.4, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),  # one of the two adds nothing
        (1, "unknown", "10.0.0.9"),
        (1, "203.0.113.7, unknown", "10.0.0.9"),
        (1, "203.0.113.999", "10.0.0.9"),
        (1, ", ,", "10.0.0.9"),
        (1, "1.2.3.4,", "10.0.0.9"),  # a proxy that knows no address: the forged one left of it is not believed
        (2, "1.2.3.4, , 10.0.0.1", "10.0.0.9"),
        (1, None, "10.0.0.9"),
    ],
)
def test_the_nth_hop_from_the_right_is_believed(settings, proxies: int, forwarded: str | None, expected: str) -> None:
    settings.PROXIES = proxies
    assert address(forwarded) == expected


def test_a_connection_without_an_address_is_unknown(settings) -> None:
    settings.PROXIES = 0
    assert address(None, remote="") == "unknown"


def test_limits_count_an_ipv6_subscriber_as_one(settings) -> None:
    settings.PROXIES = 1

    def network(text: str) -> str:
        return client_network(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=text))

    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("203.0.113.7") != network("203.0.113.8")


# --- Through the real server ----------------------------------------------------------------------------------------
APP = """
    import os
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.handlers.wsgi import WSGIRequest
    django.setup()
    from massline.client import client_address
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [client_address(WSGIRequest(environ)).encode()]
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "app.py").write_text(textwrap.dedent(APP))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    environ = {**os.environ, "MASSLINE_PROXIES": "1", "PYTHONPATH": f"{folder}:{BASE}"}
    process = subprocess.Popen([*command, "--log-level", "error", "app:application"], env=environ, cwd=BASE)
    try:
        for _try in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, *lines: tuple[str, str]) -> str:
    """The address that the server finds behind these header lines, each sent as a line of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", "/")
    for name, value in lines:
        connection.putheader(name, value)
    connection.endheaders()
    try:
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("X-Forwarded-For", "203.0.113.7")], "203.0.113.7"),
        ([("X-Forwarded-For", "1.2.3.4, 203.0.113.7")], "203.0.113.7"),
        ([("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "203.0.113.7")], "203.0.113.7"),  # HAProxy adds a line
        ([("x-forwarded-for", "1.2.3.4"), ("X-FORWARDED-FOR", "[2001:db8::7]:443")], "2001:db8::7"),
        ([], "127.0.0.1"),
    ],
)
def test_the_server_hands_on_every_line_of_the_header(server: int, lines: list[tuple[str, str]], expected: str) -> None:
    assert ask(server, *lines) == expected

"""From where a request comes, as proxies write it; and what a forged part of the header changes: nothing."""

import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory

from massline.client_address import client_address, client_network
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
    from massline.client_address import client_address
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [client_address(WSGIRequest(environ)).encode()]
"""


def started(folder: Path, proxies: int) -> tuple[subprocess.Popen[bytes], int]:
    (folder / "app.py").write_text(textwrap.dedent(APP))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    environ = {**os.environ, "MASSLINE_PROXIES": str(proxies), "PYTHONPATH": f"{folder}:{BASE}"}
    return subprocess.Popen([*command, "--log-level", "error", "app:application"], env=environ, cwd=BASE), port


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, int]]:
    """The ports of two servers: behind one proxy, and behind two."""
    running = {proxies: started(tmp_path_factory.mktemp("server"), proxies) for proxies in (1, 2)}
    try:
        for _process, port in running.values():
            for _try in range(300):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
        yield {proxies: port for proxies, (_process, port) in running.items()}
    finally:
        for process, _port in running.values():
            process.terminate()
            process.wait(20)


def ask(port: int, *lines: str) -> str:
    """The address that the server finds behind these header lines, each sent as a line of its own."""
    head = "".join(f"{line}\r\n" for line in ("GET / HTTP/1.1", "Host: a", "Connection: close", *lines))
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode("latin-1") + b"\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    return answer.partition(b"\r\n\r\n")[2].decode()


FORGED, REAL = "1.2.3.4", "203.0.113.7"
XFF = "X-Forwarded-For: "
AS_SENT = {
    "nothing": (1, [], "127.0.0.1"),
    "nginx: $remote_addr": (1, [XFF + REAL], REAL),
    "nginx: $proxy_add_x_forwarded_for": (1, [XFF + f"{FORGED}, {REAL}"], REAL),
    "nginx on a socket has no address": (1, [XFF + f"{FORGED}, unix:"], "127.0.0.1"),
    "Caddy leaves out what strangers say": (1, [XFF + REAL, "X-Forwarded-Host: a"], REAL),
    "Traefik": (1, [XFF + f"{FORGED}, {REAL}", f"X-Real-Ip: {FORGED}"], REAL),
    "HAProxy adds a line": (1, [XFF + FORGED, XFF + REAL], REAL),
    "HAProxy behind two forged lines": (1, [XFF + FORGED, XFF + FORGED + ", a", f"x-forwarded-for: {REAL}"], REAL),
    "Apache": (1, [XFF + f"{FORGED}, {REAL}", "X-Forwarded-Server: a"], REAL),
    "AWS with the port": (1, [XFF + f"{FORGED}, {REAL}:46532"], REAL),
    "AWS with the port, IPv6": (1, [XFF + f"{FORGED}, [2001:DB8::7]:46532"], "2001:db8::7"),
    "empty hops on the left": (1, [XFF, XFF + f"{FORGED},, {REAL}"], REAL),
    "an empty line at the end": (1, [XFF + FORGED, XFF], "127.0.0.1"),
    "letters of no address": (1, [XFF + f"\xff\xfe, {REAL}"], "127.0.0.1"),
    "other headers that name somebody": (
        1,
        [f"{name}: {FORGED}" for name in ("Forwarded", "True-Client-IP", "CF-Connecting-IP", "Remote-Addr")],
        "127.0.0.1",
    ),
    "Cloudflare, then nginx": (2, [XFF + f"{FORGED},{REAL}, 172.68.0.1", f"CF-Connecting-IP: {FORGED}"], REAL),
    "Cloudflare, then HAProxy": (2, [XFF + f"{FORGED},{REAL}", XFF + "172.68.0.1"], REAL),
    "HAProxy, then HAProxy": (2, [XFF + FORGED, XFF + REAL, XFF + "10.0.0.5"], REAL),
    "AWS, then nginx": (2, [XFF + f"{FORGED}, {REAL}:46532, 10.0.0.5"], REAL),
    "the outer one knows no address": (2, [XFF + f"{FORGED}, unknown, 10.0.0.5"], "127.0.0.1"),
    "the inner one is called without the outer": (2, [XFF + REAL], REAL),
}  # fmt: skip


@pytest.mark.parametrize("name", AS_SENT)
def test_the_server_believes_what_each_proxy_wrote(servers: dict[int, int], name: str) -> None:
    proxies, lines, expected = AS_SENT[name]
    assert ask(servers[proxies], *lines) == expected

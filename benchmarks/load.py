"""Many clients at once, in two processes of their own, so that neither side of a comparison has the better client."""

import http.client
import itertools
import multiprocessing
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg2

PROCESSES = 2
Op = Callable[[int], None]
"""Does the n-th piece of work."""
MakeOp = Callable[..., Op]


def rate(make: MakeOp, given: tuple[Any, ...], count: int, clients: int) -> float:
    """Pieces of work done in a second. `make(*given)` makes one client; it and `given` go to other processes."""
    share, threads = count // PROCESSES, max(1, clients // PROCESSES)
    jobs = [(make, given, n * share, share, threads) for n in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        spans = pool.starmap(_many, jobs, chunksize=1)
    begun, ended = min(span[0] for span in spans), max(span[1] for span in spans)
    return share * PROCESSES / (ended - begun)


def _many(make: MakeOp, given: tuple[Any, ...], first: int, count: int, threads: int) -> tuple[float, float]:
    """When the first began and the last ended, by the clock that all processes share."""
    work = itertools.count(first)
    ready, failed = threading.Barrier(threads + 1), []

    def client() -> None:
        op = make(*given)
        ready.wait()
        try:
            while (n := next(work)) < first + count:
                op(n)
        except Exception as error:
            failed.append(error)

    clients = [threading.Thread(target=client) for _ in range(threads)]
    for each in clients:
        each.start()
    ready.wait(60)
    begun = time.monotonic()
    for each in clients:
        each.join()
    if failed:
        raise failed[0]
    return begun, time.monotonic()


def http_get(port: int, path: str) -> Op:
    return _http(port, "GET", path, b"", {}, 200, "")


def http_post(port: int, path: str, body: bytes, key: str) -> Op:
    """Posts JSON; `key` begins every Idempotency-Key, or is empty."""
    return _http(port, "POST", path, body, {"Content-Type": "application/json"}, 201, key)


def _http(port: int, method: str, path: str, body: bytes, headers: dict[str, str], good: int, key: str) -> Op:
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(n: int) -> None:
        more = {"Idempotency-Key": f"{key}-{n}"} if key else {}
        web.request(method, path, body, headers | more)
        response = web.getresponse()
        answer = response.read()
        if response.status != good:
            raise RuntimeError(f"{response.status}: {answer[:300]!r}")

    return ask


def transactions(url: str, script: list[tuple[str, dict[str, Any]]], offset: int) -> Op:
    """One transaction of bare SQL a piece; a statement finds %(n)s and, as %(last)s, what the ones before returned."""
    connection = psycopg2.connect(url)
    cursor = connection.cursor()

    def run(n: int) -> None:
        returned: dict[str, Any] = {"n": offset + n}
        for statement, values in script:
            cursor.execute(statement, values | returned)
            if cursor.description:
                returned[cursor.description[0].name] = cursor.fetchone()[0]  # type: ignore[index]
        connection.commit()

    return run

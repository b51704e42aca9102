"""Several jobs at the same moment, each in a thread and on a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Answer = TypeVar("Answer")


def all_at_once(*jobs: Callable[[], Answer]) -> list[Answer]:
    """What each gives, in their order; raises what one of them raised."""
    ready = threading.Barrier(len(jobs))

    def run(job: Callable[[], Answer]) -> Answer:
        try:
            ready.wait()
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [answer.result() for answer in [pool.submit(run, job) for job in jobs]]

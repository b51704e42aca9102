"""Two trees of the code on the same data, asked for the same pages by turns: `python -m benchmarks.side_by_side OTHER`.

The other tree (an older clone) makes the data; each tree then migrates a copy of its own and answers in a process of
its own, one at a time. What is shown is the median over the turns of the shortest time in each, and with --save the
pages themselves, so that a change of their HTML can be looked at with diff.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
LEDGER = "/desk/ledger/"
SEARCH = f"{LEDGER}?q=%E6%A5%BC"
PAGES: dict[str, tuple[str, str, bool]] = {
    "ledger page": ("clerk", LEDGER, False),
    "ledger list": ("clerk", LEDGER, True),
    "search page": ("clerk", SEARCH, False),
    "search list": ("clerk", SEARCH, True),
    "ledger of the auditor": ("auditor", LEDGER, False),
    "register": ("clerk", "/desk/transfers/", False),
    "my work": ("handler", "/desk/", False),
    "petition page": ("clerk", "/desk/petitions/{petition}/", False),
    "REST ledger": ("clerk", "/api/v1/petitions/", False),
    "REST search": ("clerk", "/api/v1/petitions/?q=%E6%A5%BC", False),
}
"""What: asked for by whom, where, and whether only the part that a filter changes."""
PASSING = re.compile(r'(name="csrfmiddlewaretoken" value="|cursor=)[^"]+|nonce="[^"]+"')
"""What differs in every answer."""
SPACE = re.compile(r"\s+")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("other", type=Path)
    asked.add_argument("--petitions", type=int, default=1000)
    asked.add_argument("--turns", type=int, default=5)
    asked.add_argument("--repeat", type=int, default=9)
    asked.add_argument("--only", default="", help="pages whose name begins so")
    asked.add_argument("--save", type=Path, help="a folder for the pages of both trees")
    given = asked.parse_args()
    from benchmarks.ground import servers

    with servers() as ground:
        ground.create("side_old", "template0")
        env = os.environ | ground.environ() | {"OWNER_URL": ground.postgres.owner.url}
        other = given.other.resolve()
        _worker(other, env, "side_old", "found", str(given.petitions)).wait_done()
        ground.create("side_new", "side_old")
        before, after = (_worker(tree, env, name, "serve") for tree, name in ((other, "side_old"), (BASE, "side_new")))
        return _compare(before, after, given)


def _compare(before: "Worker", after: "Worker", given: Any) -> int:
    print(f"{'':24} {'before':>9} {'after':>9} {'ratio':>6} {'of its processor time':>22}  HTML", flush=True)
    for what, (who, path, part) in PAGES.items():
        if not what.startswith(given.only):
            continue
        ask = {"who": who, "path": path, "part": part}
        bodies = [PASSING.sub("", worker.ask(ask | {"body": True})["body"]) for worker in (before, after)]
        turns = [_turn(before, after, ask, given.repeat) for _turn_of in range(given.turns)]
        (old, old_cpu), (new, new_cpu) = (
            [statistics.median(times) for times in zip(*(turn[n] for turn in turns), strict=True)] for n in (0, 1)
        )
        same = "same" if len({SPACE.sub("", body) for body in bodies}) == 1 else "differs"
        print(f"{what:24} {old:7.1f}ms {new:7.1f}ms {new / old:6.2f} {new_cpu / old_cpu:22.2f}  {same}", flush=True)
        if given.save:
            for name, body in zip(("before", "after"), bodies, strict=True):
                (given.save / name).mkdir(parents=True, exist_ok=True)
                (given.save / name / f"{what.replace(' ', '_')}.html").write_text(body.replace("><", ">\n<"))
    return 0


def _turn(before: "Worker", after: "Worker", ask: dict[str, Any], repeat: int) -> list[tuple[float, float]]:
    """The shortest times of each, asked one after the other: what else the machine does befalls both."""
    found = [[worker.ask(ask) for worker in (before, after)] for _time in range(repeat)]
    return [(min(each["ms"] for each in one), min(each["cpu"] for each in one)) for one in zip(*found, strict=True)]


class Worker:
    """A process that runs the code of one tree and answers line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, what: dict[str, Any]) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or sys.exit("a worker has gone"))

    def wait_done(self) -> None:
        self.process.communicate()
        if self.process.returncode:
            sys.exit("the data could not be made")


def _worker(tree: Path, env: dict[str, str], database: str, *what: str) -> Worker:
    command, env = [sys.executable, __file__, "--worker", database, *what], env | {"PYTHONPATH": str(tree)}
    return Worker(
        subprocess.Popen(command, cwd=tree, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    )


def work(database: str, what: str, *more: str) -> None:
    """What runs in the process of one tree; it may ask only for what both trees have."""
    sys.path[0] = os.getcwd()
    import gc

    import django
    from django.conf import settings

    from massline.env import database_from_url

    settings.DATABASES["owner"] = database_from_url("the owner", os.environ["OWNER_URL"])
    django.setup()
    gc.freeze()
    from benchmarks import ground, pages
    from benchmarks.city import STATES, Copies, found_city

    settings.STORAGES["staticfiles"] = ground.PLAIN_STATIC
    settings.PASSWORD_HASHERS.insert(0, ground.QUICK)
    ground.point_at(database)
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    if what == "found":
        found_city()
        Copies(STATES).grow(int(more[0]))
    else:
        for line in sys.stdin:
            print(json.dumps(_answer(json.loads(line), pages)), flush=True)


_readers: dict[tuple[str, str, bool], Any] = {}


def _answer(asked: dict[str, Any], pages: Any) -> dict[str, Any]:
    from petitions.models import Demand

    rest = asked["path"].startswith("/api/")
    key = asked["who"], "rest" if rest else "page", asked["part"]
    if key not in _readers:
        headers = {"HTTP_HX_REQUEST": "true"} if asked["part"] else {}
        _readers[key] = pages.program(asked["who"]) if rest else pages.reader(asked["who"], **headers)
    path = asked["path"].format(petition=Demand.objects.filter(state="handling").earliest("pk").petition.number)
    if asked.get("body"):
        return {"body": _body(_readers[key], path)}
    begun, used = time.perf_counter(), time.process_time()
    _readers[key](path)
    return {"ms": (time.perf_counter() - begun) * 1000, "cpu": (time.process_time() - used) * 1000}


def _body(ask: Any, path: str) -> str:
    """What the reader was sent: the handler's answer, taken on its way."""
    from django.core.handlers.wsgi import WSGIHandler

    sent: list[bytes] = []
    with _watched(WSGIHandler, sent):
        ask(path)
    return sent[0].decode()


@contextmanager
def _watched(handler: Any, sent: list[bytes]) -> Iterator[None]:
    before = handler.get_response

    def get_response(self: Any, request: Any) -> Any:
        response = before(self, request)
        sent.append(response.content)
        return response

    handler.get_response = get_response
    try:
        yield
    finally:
        handler.get_response = before


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(*sys.argv[2:])
    else:
        sys.exit(main())

"""The order of tests on several workers, those of one kind, and the table at the end of a run.

What took longest last time begins first, so that no worker sits idle at the end. A group of tests stays on one worker:
a file, since its tests share a world; in tests/shared/ what a file asks about one kind.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SUITE_MINUTES = 20
"""Of the whole suite, on two cores."""
KIND_SECONDS = 8
"""Of tests/shared/, for each kind of record."""
SLOW_FOLDERS, UNKNOWN = ("tests/stack/", "tests/browser/", "tests/demo/", "tests/shared/"), 60
"""Their groups are thought to take so many seconds as long as nobody knows."""
NOTED = 0.05
"""What takes fewer seconds is not kept from one run to the next."""
KEPT = "massline/seconds"
SHOWN = 12


def kind_of(nodeid: str) -> str:
    """The registered kind of record that a shared test is about, by its parameters; or nothing."""
    from records.kinds import record_types

    test, _, parameters = nodeid.partition("[")
    if not test.startswith("tests/shared/"):
        return ""
    said = {"", *parameters.rstrip("]").split("-")}
    return next((declared.kind for declared in record_types() if declared.kind in said), "")


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def group_of(nodeid: str) -> str:
    """What stays on one worker together with this test."""
    kind = kind_of(nodeid)
    return f"{file_of(nodeid)}[{kind}]" if kind else file_of(nodeid)


def slowest_first(nodeids: Iterable[str], seconds: Mapping[str, float]) -> Callable[[str], tuple[float, str]]:
    """The place of a test among these: its group's, by what that took last time or may be thought to take."""
    took, tests = Counter(), Counter()
    for nodeid in nodeids:
        took[group_of(nodeid)] += seconds.get(nodeid, 0)
        tests[group_of(nodeid)] += 1
    for group in tests:
        if not took[group] and group.startswith(SLOW_FOLDERS):
            took[group] = UNKNOWN
        took[group] += NOTED * tests[group]
    return lambda nodeid: (-took[group_of(nodeid)], group_of(nodeid))


def about_kind(nodeid: str, name: str) -> bool:
    """Whether a test concerns the kind of this name or plural: it is about it in tests/shared/, or of its app."""
    from records.kinds import record_types

    declared = next((d for d in record_types() if name in (d.kind, d.plural)), None)
    if declared is None:
        raise pytest.UsageError(f"no kind is called {name}: {', '.join(d.plural for d in record_types())}")
    app = declared.model._meta.app_label
    return kind_of(nodeid) == declared.kind or nodeid.startswith(f"tests/{app}/")


class GroupScheduling(LoadScopeScheduling):
    """Hands out groups in the order in which the workers have collected them."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


class Stopwatch:
    """The plugin: orders the tests of a worker; in the process that people look at, adds up and tells."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.began = time.monotonic()
        self.seconds = Counter()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        return GroupScheduling(config, log) if config.getoption("dist") == "loadgroup" else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if name := config.getoption("kind"):
            others = [item for item in items if not about_kind(item.nodeid, name)]
            config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if item not in others]
        if hasattr(config, "workerinput"):
            known = config.cache.get(KEPT, {})
            place = slowest_first([item.nodeid for item in items], known)
            items.sort(key=lambda item: place(item.nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workerinput"):
            return
        before = self.config.cache.get(KEPT, {})
        known = before | {nodeid: round(took, 2) for nodeid, took in self.seconds.items() if took > NOTED}
        gone = {file for file in map(file_of, known) if not (self.config.rootpath / file).exists()}
        self.config.cache.set(KEPT, {nodeid: took for nodeid, took in known.items() if file_of(nodeid) not in gone})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.config.getoption("numprocesses", None):
            return
        terminalreporter.section("where the time went")
        for line in table(self.seconds, (time.monotonic() - self.began) / 60):
            terminalreporter.line(line)


def table(seconds: Mapping[str, float], minutes: float) -> list[str]:
    """The lines at the end of a run: all of it, each kind's share, the slowest groups; and what breaks a limit."""
    kinds, groups = Counter(), Counter()
    for nodeid, took in seconds.items():
        kinds[kind_of(nodeid)] += took
        groups[group_of(nodeid)] += took
    del kinds[""]
    lines = [_line(minutes, "minutes for all of it", SUITE_MINUTES)]
    lines += [_line(took, f"seconds of tests/shared/ for {kind}", KIND_SECONDS) for kind, took in kinds.most_common()]
    lines += [_line(took, group) for group, took in groups.most_common(SHOWN)]
    return lines


def _line(amount: float, what: str, limit: float | None = None) -> str:
    over = f"   OVER THE LIMIT OF {limit}" if limit and amount > limit else ""
    return f"{amount:8.1f} {what}{over}"

"""Runs the benchmarks that are named, or all, and prints one table."""

import sys
from importlib import import_module

from benchmarks.ground import ground
from benchmarks.measure import Line, sizes, table

ALL = ("filing", "pages", "searching", "sweeping", "exporting")


def main(names: list[str]) -> int:
    if unknown := set(names) - set(ALL):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    asked = sizes()
    print(asked, flush=True)
    lines: list[Line] = []
    with ground() as ours:
        for name in names or ALL:
            lines += import_module(f"benchmarks.{name}").run(ours, asked)
    print(table(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

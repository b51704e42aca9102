"""Ratios measured side by side in one run: `make bench`, or `python -m benchmarks filing pages sweeping`.

Absolute figures say more about a machine than about a program, so each row compares two things that ran on the same
machine within the same minutes. Nothing here is a test: a busy machine makes no row wrong, only less exact.

    __main__.py  which benchmarks, and the table      ground.py   a stack of its own in a passing folder
    city.py      rows in bulk, under one event        load.py     many clients at once, in processes of their own
    measure.py   times, statements, one line a ratio  filing.py, pages.py, searching.py, sweeping.py   one each

Sizes come from the environment; `sizes()` in measure.py names them all.
"""

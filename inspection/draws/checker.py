"""Recomputes a draw (抽查) from its export: run it as a script, with nothing but Python's standard library.

    python checker.py draw.json

The file is what `/api/v1/draws/NUMBER/` answers. Before the draw, the hash of the pool and the hash of the seed are put
on record; later the seed is. Drawn are the numbers of the pool with the smallest HMAC-SHA256 under the seed, so that
nobody chooses: neither who locks the pool, for whom the seed is a number of 256 random bits, nor who opens it.
"""

import hashlib
import hmac
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def hash_of_pool(numbers: Iterable[str]) -> str:
    """Hashes the sorted numbers, one a line, in hexadecimal."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()


def hash_of_seed(seed: str) -> str:
    """Hashes a seed, which is given in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def drawn(numbers: Iterable[str], seed: str, size: int) -> list[str]:
    """Returns the numbers with the smallest HMAC under the seed, as many as are drawn, sorted."""
    key = bytes.fromhex(seed)
    by_hmac = sorted(set(numbers), key=lambda number: hmac.digest(key, number.encode(), "sha256"))
    return sorted(by_hmac[:size])


def faults(export: Mapping[str, Any]) -> list[str]:
    """Lists what does not fit in an export; nothing where the draw is as it was locked."""
    draw = export.get("draw", export)
    pool, seed, found = list(draw["pool"]), draw["seed"], []
    if len(set(pool)) != len(pool):
        found.append("a number stands in the pool twice")
    if hash_of_pool(pool) != draw["pool_hash"]:
        found.append("the pool is not the one that was locked")
    if not seed:
        return [*found, "the seed is not open yet"]
    if hash_of_seed(seed) != draw["seed_hash"]:
        found.append("the seed is not the one that was locked")
    if drawn(pool, seed, draw["size"]) != sorted(draw["drawn"]):
        found.append("the numbers that were drawn do not follow from pool and seed")
    return found


def main(paths: list[str]) -> int:
    """Checks exports, says what is wrong with each, and returns how many are faulty."""
    faulty = 0
    for path in paths:
        found = faults(json.loads(Path(path).read_text(encoding="utf-8")))
        faulty += bool(found)
        print(f"{path}: {'; '.join(found) or 'as it was locked'}")
    return faulty


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))

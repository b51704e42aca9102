"""Numbers of records: prefix, day, six digits. They keep no order, so that none tells how many there were before it.

What is drawn from a sequence (no counter row on which one filing waits for another) is scattered within its million by
the master key. A number that is missing between two others would tell of a record that was taken away (Art. 30).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from massline import crypto
from massline.time import local_time

MILLION = 1_000_000
SEQUENCE = "records_number"
"""What kinds draw from that have no sequence of their own."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of one kind."""

    prefix: str
    sequence: str = SEQUENCE
    purpose: str = ""
    """Of the key that scatters them; without one, the prefix has its own."""

    def draw(self, at: datetime) -> str:
        """Draws the number of a record that begins at this moment."""
        return self.draw_many([at])[0]

    def draw_many(self, moments: Sequence[datetime]) -> list[str]:
        """Draws a number for each of these moments, in one statement."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [self.sequence, len(moments)])
            drawn = [n for (n,) in cursor.fetchall()]
        return [self.of(at, n) for at, n in zip(moments, drawn, strict=True)]

    def of(self, at: datetime, drawn: int) -> str:
        """Returns the number for what was drawn from the sequence."""
        block, place = divmod(drawn, MILLION)
        scattered = _scattered(place, self.purpose or f"number:{self.prefix}")
        return f"{self.prefix}{local_time(at):%Y%m%d}-{block or ''}{scattered:06d}"

    def plain(self, typed: str) -> str:
        """Makes a typed number canonical; look-alike letters, case, spaces and dashes are forgiven."""
        plain, prefix = crypto.plain_code(typed), crypto.plain_code(self.prefix)
        if plain.startswith(prefix):  # the prefix may have letters that are taken for look-alikes
            plain = self.prefix + plain.removeprefix(prefix)
        day_ends = len(self.prefix) + 8
        return f"{plain[:day_ends]}-{plain[day_ends:]}"


def _scattered(place: int, purpose: str) -> int:
    """Maps each of a million numbers to another of them (four rounds of a Feistel network)."""
    left, right = divmod(place, 1000)
    for turn in range(4):
        left, right = right, (left + _mixed(purpose, turn, right)) % 1000
    return left * 1000 + right


@lru_cache(maxsize=20_000)
def _mixed(purpose: str, turn: int, half: int) -> int:
    return int.from_bytes(crypto.keyed_hash(purpose, f"{turn}:{half}")[:4])

"""Unlinked rows (无记名票): papers cast with cards, counted by the box, and never listed by whom or when.

    class Paper(Unlinked):
        audit = UNLINKED

    class PaperCard(Card):
        audit = UNLINKED

and in the migration, after the tables: `records.operations.keep_unlinked("app_paper", "app_papercard", length=256)`.
The app's configuration names the four functions as `routines`. The application's role may not even read the tables.
docs/decisions/2026-11-29-shapes.md says what this hides and what it does not.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.columns import Excused
from audit.execute_wrapper import WriteOutsideTransactionError
from massline.acts import ActError, Invalid, NotVisible, WrongState

UNLINKED = Excused("unlinked: an image would keep each paper with its time, its request and its order", closed=True)


class Unlinked(models.Model):
    """A sealed paper. Nothing in its row or in the row's place tells who cast it, or when among those of its box."""

    key = models.UUIDField(primary_key=True)
    """Random (version 4)."""
    box = models.UUIDField(db_index=True)
    """What it is counted in. No foreign key: a box is no row that its papers belong to."""
    payload = models.BinaryField()
    """Of one length for all, and sealed to a key that the server does not have."""

    class Meta:
        abstract = True


class BallotCard(models.Model):
    """The SHA-256 of a card's code. The card was drawn by hand: no row knows whose it is."""

    hash = models.BinaryField(primary_key=True)
    box = models.UUIDField(db_index=True)
    used = models.BooleanField(default=False)

    class Meta:
        abstract = True


class UnknownCard(NotVisible):
    title = gettext_lazy("没有这张票卡，或者投票已经结束。请核对票卡上的代码")


class UsedCard(WrongState):
    title = gettext_lazy("这张票卡已经投过票，每张只能用一次")


class WrongLength(Invalid):
    """The paper has another length than all others: none may be recognised by its size."""

    def __init__(self) -> None:
        super().__init__({"paper": [_("选票的格式不对，请重新打开投票页面再投")]})


REFUSALS: dict[str, type[ActError]] = {"unknown": UnknownCard, "used": UsedCard}


@dataclass(frozen=True)
class BoxCount:
    issued: int
    cast: int


@dataclass(frozen=True)
class ClosedBox:
    """The papers of a closed box: sealed, and sorted by their bytes."""

    issued: int
    papers: tuple[bytes, ...]

    @property
    def file(self) -> bytes:
        return b"".join(self.papers)

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, for the one event of the closing."""
        return hashlib.sha256(self.file).hexdigest()


def issue(papers: type[Unlinked], box: UUID, cards: Collection[bytes], using: str = "default") -> None:
    """Stores the hashes of all cards of a box at once; a second time is refused."""
    _call(papers, "issue", [str(box), list(cards)], using)


def cast(papers: type[Unlinked], card: bytes, payload: bytes, using: str = "default") -> None:
    """Casts a paper with a card. A transaction of its own, so that no event shares its number."""
    with transaction.atomic(using, durable=True):
        ((said,),) = _call(papers, "cast", [card, payload], using)
    if said == "length":
        raise WrongLength()
    if said != "cast":
        raise REFUSALS[said]()


def count(papers: type[Unlinked], box: UUID, using: str = "default") -> BoxCount:
    """Counts the cards of a box and those that were used. An observer who watches all the time learns when one is."""
    ((issued, used),) = _call(papers, "count", [str(box)], using)
    return BoxCount(issued, used)


def close(papers: type[Unlinked], box: UUID, using: str = "default") -> ClosedBox:
    """Empties the box and hands over what was in it, in the caller's transaction, which keeps it or fails."""
    if not connections[using].in_atomic_block:
        raise WriteOutsideTransactionError("open transaction.atomic() around closing a box: what it held is gone else")
    ((issued, content),) = _call(papers, "close", [str(box)], using)
    return ClosedBox(issued, tuple(bytes(paper) for paper in content))


def _call(papers: type[Unlinked], what: str, values: list[Any], using: str) -> list[tuple[Any, ...]]:
    """Calls one of the four functions of the table."""
    types = {"issue": "%s::uuid, %s::bytea[]", "cast": "%s, %s"}.get(what, "%s::uuid")
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {papers._meta.db_table}_{what}({types})", values)  # noqa: S608 - ours
        return cursor.fetchall()

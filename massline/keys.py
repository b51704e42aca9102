"""Keys stand for row ids outside: consecutive ids would tell how much happens that a reader may not see.

A key is one block of AES over the id and eight bytes of zeros, with a key of its own for each table, so that it has no
order and no key of one table opens a row of another. What is not a key of ours is found without asking the database.

Each app registers its tables when it starts, before addresses are read.
"""

from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from django import forms
from django.core.exceptions import ValidationError
from django.urls import register_converter
from django.urls.converters import get_converters
from django.utils.translation import gettext_lazy as _

from massline.crypto import ALPHABET, key_for

LETTERS = ALPHABET.lower()
LENGTH = 26
CHECK = bytes(8)


class NotAKey(ValueError):
    """The text is no key of this table: forged, of another table, or an id as it was written in old addresses."""


_tables: dict[str, str] = {}
"""By their names, the apps whose they are."""


def register(app: str, *tables: str) -> None:
    """Gives keys to the rows of an app's tables, in addresses too (`<table:pk>`); refuses a name of another app."""
    for table in tables:
        owner = _tables.setdefault(table, app)
        if owner != app:
            raise ValueError(f"table registered twice: {table}, of {owner} and of {app}")
        if table not in get_converters():
            register_converter(_converter(table), table)


def tables() -> tuple[str, ...]:
    """Lists every table whose rows have keys."""
    return tuple(sorted(_tables))


def _secret(table: str) -> bytes:
    if table not in _tables:
        raise LookupError(f"no such table: {table}")
    return key_for(f"row:{table}")


@lru_cache(maxsize=32)
def _cipher(secret: bytes) -> Cipher[ECB]:
    return Cipher(AES(secret), ECB())  # noqa: S305 -- one block a key, and each block is another id


def key_of(table: str, pk: int) -> str:
    """Returns the key of a row of a table."""
    block = _cipher(_secret(table)).encryptor().update(pk.to_bytes(8) + CHECK)
    number = int.from_bytes(block)
    return "".join(LETTERS[number >> shift & 31] for shift in range(5 * LENGTH - 5, -1, -5))


def id_of(table: str, key: str) -> int:
    """Returns the id behind a key; raises NotAKey."""
    if len(key) != LENGTH or key[0] > "7" or not set(key) <= set(LETTERS):
        raise NotAKey(table)
    number = 0
    for letter in key:
        number = number << 5 | LETTERS.index(letter)
    opened = _cipher(_secret(table)).decryptor().update(number.to_bytes(16))
    if opened[8:] != CHECK:
        raise NotAKey(table)
    return int.from_bytes(opened[:8])


def is_key(table: str, text: str) -> bool:
    """Tells whether the text is a key of this table."""
    try:
        id_of(table, text)
    except NotAKey:
        return False
    return True


# --- In addresses -------------------------------------------------------------------------------------------------
def _converter(table: str) -> type:
    """`<table:pk>` in an address: a key outside, the id inside. What is no key leads nowhere."""
    return type(
        f"{table.title()}Key",
        (),
        {
            "regex": f"[{LETTERS}]{{{LENGTH}}}",
            "to_python": lambda self, value: id_of(table, value),
            "to_url": lambda self, pk: key_of(table, pk),
        },
    )


# --- In forms -----------------------------------------------------------------------------------------------------
class KeyField(forms.CharField):
    """A row by its key; cleaned, its id."""

    def __init__(self, *, table: str, **kwargs: Any) -> None:
        super().__init__(max_length=LENGTH, **kwargs)
        self.table = table

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        if not key:
            return None
        try:
            return id_of(self.table, key)
        except NotAKey:
            raise ValidationError(_("没有这一项，请重新选择"), code="invalid") from None

"""Seals a citizen's identity with a key of its own; it is shown masked, and opened only by an act with a reason."""

from collections.abc import Mapping
from typing import Any, ClassVar

from massline.crypto import Unreadable, key_for, keyed_hash, new_key, seal, unseal
from massline.hanzi import folded_name
from massline.phone_numbers import CHINA, EXTENSION, as_dialled
from massline.texts import one_line

MASK = "*"


class SealedIdentity:
    """The mixin of rows that hold sealed fields. Clearing the row's key makes all of them unreadable for ever."""

    FIELDS: ClassVar[tuple[str, ...]] = ("name", "phone", "id_number", "email", "address")
    HASHED: ClassVar[tuple[str, ...]] = ("name", "phone", "id_number")

    key: Any

    def put_identity(self, values: Mapping[str, str]) -> None:
        """Seals the given values; a field without one stays empty."""
        key, given = new_key(), {name: one_line(values.get(name) or "") for name in self.FIELDS}
        self.key = seal(key, key_for("citizen"), "citizen")
        for name in self.FIELDS:
            value = given[name]
            setattr(self, f"{name}_sealed", seal(value.encode(), key, name) if value else None)
        for name in self.HASHED:
            value = given[name]
            setattr(self, f"{name}_hash", fact_hash(name, value) if value else None)

    def identity(self, *fields: str) -> dict[str, str]:
        """Returns the fields in clear. The caller has logged the reason."""
        if self.key is None:
            return dict.fromkeys(fields, "")
        key = unseal(self.key, key_for("citizen"), "citizen")
        return {name: self._open(name, key) for name in fields}

    def masked(self) -> dict[str, str]:
        """Returns the fields masked, as officials who work on the matter see them."""
        return {name: mask(name, value) for name, value in self.identity(*self.FIELDS).items()}

    def _open(self, name: str, key: bytes) -> str:
        sealed = getattr(self, f"{name}_sealed")
        if sealed is None:
            return ""
        try:
            return unseal(sealed, key, name).decode()
        except Unreadable:
            return ""


def fact_hash(name: str, value: str) -> bytes:
    """Hashes one fact about a person for a search; one name has one hash, however it is written."""
    return keyed_hash(name, (folded_name(value) or value) if name == "name" else value)


def readable(name: str, value: str) -> str:
    """Formats a field in clear for reading; a phone number as it is dialled."""
    return as_dialled(value) if name == "phone" and value else value


def mask(name: str, value: str) -> str:
    """Masks a value, leaving just enough to tell two citizens of one list apart."""
    if not value:
        return ""
    if name == "name":
        return value[0] + MASK * max(1, len(value) - 1)
    if name == "email":
        user, _, host = value.partition("@")
        return f"{user[:1]}{MASK * 3}@{host}"
    if name == "address":
        return MASK * 6
    if name == "phone":
        value, _, extension = value.removeprefix(CHINA).partition(EXTENSION)
        if extension:
            return f"{mask(name, value)}-{MASK * len(extension)}"
    if len(value) < 8:
        return MASK * len(value)
    return value[:3] + MASK * (len(value) - 7) + value[-4:]

"""Registers the subjects of events besides records: auditors export the log of these, and of no other kind."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LogSubject:
    kind: str
    """As in `log.Subject`; empty for events about nothing."""
    keyed: bool = False
    """Whether people know it by a key: rows of the time before keys have an id, which is never shown."""


_subjects: dict[str, LogSubject] = {"": LogSubject("")}


def register(*subjects: LogSubject) -> None:
    _subjects.update({subject.kind: subject for subject in subjects})


def kinds(*, keyed: bool = False) -> tuple[str, ...]:
    """Lists the kinds of subject that may be exported; or those with keys alone."""
    return tuple(subject.kind for subject in _subjects.values() if subject.keyed or not keyed)

"""Codes of the reasons why a file is refused; `reason_texts` says them in the reader's language."""

from enum import StrEnum


class Reason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER = "other"
    ARCHIVE = "archive"
    HEIC = "heic"
    OLD_OFFICE = "old_office"
    PDF_BROKEN = "pdf_broken"
    PDF_LOCKED = "pdf_locked"
    PDF_LONG = "pdf_long"
    OFFICE_BROKEN = "office_broken"
    OFFICE_LOCKED = "office_locked"
    OFFICE_ACTIVE = "office_active"
    OFFICE_OUTSIDE = "office_outside"
    PICTURE_BROKEN = "picture_broken"
    PICTURE_LARGE = "picture_large"
    SHEET_BROKEN = "sheet_broken"
    HEAVY = "heavy"
    BROKEN = "broken"
    INFECTED = "infected"


class NotAccepted(Exception):
    """A file is refused, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

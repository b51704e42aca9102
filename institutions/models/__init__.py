"""What is true of institutions (制度)."""

from institutions.cleanups.models import Cleanup, CleanupItem
from institutions.gaps.models import Gap
from institutions.models.regulation import (
    CONSULTED,
    ENDED,
    OPEN_KINDS,
    Enforcement,
    Power,
    Regulation,
    RegulationKind,
    RegulationState,
)
from institutions.models.roles import RegulationRole
from institutions.models.text import OPEN_TEXT, RegulationText, TextState

__all__ = [
    "CONSULTED",
    "ENDED",
    "OPEN_KINDS",
    "OPEN_TEXT",
    "Cleanup",
    "CleanupItem",
    "Enforcement",
    "Gap",
    "Power",
    "Regulation",
    "RegulationKind",
    "RegulationRole",
    "RegulationState",
    "RegulationText",
    "TextState",
]  # fmt: skip

"""What officials can do to regulations and their texts."""

from institutions.acts.regulations import REGULATION_ACTS
from institutions.acts.texts import TEXT_ACTS

__all__ = ["REGULATION_ACTS", "TEXT_ACTS"]

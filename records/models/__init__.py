"""What the records of every mechanism keep in tables that they share."""

from records.models.links import Link

__all__ = ["Link"]

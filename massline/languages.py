"""Which language a reader has chosen."""

from django.utils.translation import get_language


def reads_english() -> bool:
    return (get_language() or "").startswith("en")

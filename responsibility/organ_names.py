"""What organs are called in English, where only the name that a row or the log keeps is at hand."""

from collections.abc import Iterable, Mapping
from typing import Any

from massline.languages import reads_english
from responsibility.models import Organ


def called(names: Iterable[Any]) -> Mapping[Any, str]:
    """Returns the English names of those of these names that organs have; nothing for readers of Chinese."""
    if not reads_english():
        return {}
    known = Organ.objects.filter(name__in={name for name in names if isinstance(name, str)}).exclude(name_en="")
    return dict(known.values_list("name", "name_en"))

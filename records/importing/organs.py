"""The organs that rows of an old ledger name, read once for a whole sheet."""

from massline.hanzi import simplified
from responsibility.models import Organ


class OrgansByName:
    """The organs of today by full name, traditional or simplified, and by code."""

    def __init__(self) -> None:
        self._organs: dict[str, Organ] = {}
        for organ in Organ.objects.filter(valid_until=None).order_by("-pk"):
            self._organs |= {simplified(organ.name): organ, organ.code: organ}

    def find(self, text: str) -> Organ | None:
        """Returns the organ with this full name or code."""
        return self._organs.get(simplified(text))

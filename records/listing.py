"""What a kind declares of its list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.desk import DeskRequest
from records.columns import Reading
from records.filters import RecordFilter

NOTHING = _("没有符合条件的事项。")


@dataclass(frozen=True)
class Listing:
    """How the records of a kind are listed."""

    heading: Any
    address: str
    """The name of its address."""
    shown: tuple[str, ...]
    """The columns that it shows, by their names."""
    joined: tuple[str, ...] = ()
    """The relations that these columns read."""
    filters: type[RecordFilter] = RecordFilter
    order: str = "due_at"
    """A date, and with it the id."""
    newest_first: bool = False
    caption: Any = ""
    empty: Any = NOTHING
    row_css: Callable[[Any, Reading], str] | None = None
    template: str = "records/list.html"
    elsewhere: Callable[[DeskRequest], str] = lambda request: ""
    """Where to look for what the search of this list does not look in, for those who may: words with a link."""
    more: Callable[[DeskRequest], Mapping[str, Any]] = lambda request: {}
    """What a template of its own shows around the list."""

    @property
    def save_filter(self) -> str:
        """The name of the address that a filter is sent to, to be kept."""
        return f"{self.address}_filter_save"

    @property
    def remove_filter(self) -> str:
        return f"{self.address}_filter_remove"

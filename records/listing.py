"""What a kind declares of its list; `list_pages.py` renders it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.desk import DeskRequest
from records.columns import Reading
from records.filters import RecordFilter

NOTHING = _("这里还没有事项。有了您能看到的，就会列出来。")


@dataclass(frozen=True)
class Listing:
    """How the records of a kind are listed."""

    heading: Any
    address: str
    """The name of its URL."""
    shown: tuple[str, ...]
    """The names of the columns that it shows."""
    joined: tuple[str, ...] = ()
    """The relations that these columns read."""
    filters: type[RecordFilter] = RecordFilter
    chosen: tuple[str, ...] = ("title", "organ", "state")
    """The columns that tell the chosen ones apart on the page of acts on many."""
    chosen_joined: tuple[str, ...] = ()
    """The relations that these read besides."""
    order: str = "due_at"
    """The date column that it is ordered by, with the id."""
    newest_first: bool = False
    caption: Any = ""
    empty: Any = NOTHING
    row_css: Callable[[Any, Reading], str] | None = None
    template: str = "records/list.html"
    elsewhere: Callable[[DeskRequest], str] = lambda request: ""
    """Where to look for what the search of this list does not look in, for those who may: words with a link."""
    more: Callable[[DeskRequest], Mapping[str, Any]] = lambda request: {}
    """Returns more context for a template of its own."""

    @property
    def save_filter(self) -> str:
        """The name of the URL that a filter is sent to, to be saved."""
        return f"{self.address}_filter_save"

    @property
    def remove_filter(self) -> str:
        return f"{self.address}_filter_remove"

"""What a list can be narrowed to, for pages, REST and exports alike."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

import django_filters

from massline.texts import LineField, one_line


class FreshFilters(dict[str, django_filters.Filter]):
    """Filters of which each request takes copies. Deep ones would copy every choice of every filter each time."""

    def __deepcopy__(self, memo: Any) -> "FreshFilters":
        return FreshFilters({name: _fresh(each) for name, each in self.items()})


def _fresh(base: django_filters.Filter) -> django_filters.Filter:
    fresh = copy(base)
    fresh.method = base.method  # which binds it to the copy
    return fresh


class RecordFilter(django_filters.FilterSet):
    """The filters of one kind of record."""

    @classmethod
    def get_filters(cls) -> FreshFilters:
        return FreshFilters(super().get_filters())

    def kept(self) -> str:
        """The address of what is shown, without its page: only parameters that stand here, and say something."""
        said = {name: one_line(self.data.get(name) or "") for name in self.filters}
        return urlencode({name: value for name, value in said.items() if value})


class LineFilter(django_filters.CharFilter):
    field_class = LineField

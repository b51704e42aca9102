"""What a list can be narrowed to, for pages, REST and exports alike."""

from copy import copy
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from massline.texts import LineField, one_line
from records.search import Search, SearchQuery


class FreshFilters(dict[str, django_filters.Filter]):
    """Filters of which each request takes copies. Deep ones would copy every choice of every filter each time."""

    def __deepcopy__(self, memo: Any) -> "FreshFilters":
        return FreshFilters({name: fresh(each) for name, each in self.items()})


class OwnFields(dict[str, forms.Field]):
    """The fields of a form whose class is made for one request: it may have them themselves, no copies."""

    def __deepcopy__(self, memo: Any) -> "OwnFields":
        return self


def fresh(base: django_filters.Filter) -> django_filters.Filter:
    """A copy of a filter that can be changed by itself."""
    copied = copy(base)
    copied.method = base.method  # which binds it to the copy
    return copied


class RecordFilter(django_filters.FilterSet):
    """The filters of one kind of record."""

    search: ClassVar[Search | None] = None
    query: SearchQuery | None = None
    """What is searched for, if anything."""

    @classmethod
    def get_filters(cls) -> FreshFilters:
        return FreshFilters(super().get_filters())

    def get_form_class(self) -> Any:
        made = super().get_form_class()
        made.base_fields = OwnFields(made.base_fields)
        return made

    def kept(self) -> str:
        """The address of what is shown, without its page: only parameters that stand here, and say something."""
        said = {name: one_line(self.data.get(name) or "") for name in self.filters}
        return urlencode({name: value for name, value in said.items() if value})


class LineFilter(django_filters.CharFilter):
    field_class = LineField


class SearchFilter(RecordFilter):
    """Filters among which stands a search."""

    search: ClassVar[Search]
    q = LineFilter(method="searched_last", label=_("编号或文字"), max_length=100)

    @cached_property
    def query(self) -> SearchQuery | None:  # type: ignore[override]
        """Asks whether the form is valid."""
        typed = self.form.cleaned_data.get("q") if self.is_bound and self.errors is not None else ""
        return self.search.parse(typed) if typed else None

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """`narrowed` is what everything but the search leaves."""
        self.narrowed: QuerySet[Any] = super().filter_queryset(queryset)
        return self.search.matching(self.narrowed, self.query) if self.query else self.narrowed

    def searched_last(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs

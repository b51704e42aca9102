"""The filters of lists, for pages, REST and exports alike."""

from copy import copy
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massline.texts import LineField, one_line, with_value
from records.search import Search, SearchQuery
from responsibility import content_classes
from responsibility.class_fields import CategoryChoice
from responsibility.models import Obligation, Organ


class FreshFilters(dict[str, django_filters.Filter]):
    """Filters of which each request takes copies. Deep ones would copy every choice of every filter each time."""

    def __deepcopy__(self, memo: Any) -> "FreshFilters":
        return FreshFilters({name: fresh(each) for name, each in self.items()})


class OwnFields(dict[str, forms.Field]):
    """The fields of a form whose class is made for one request: it may have them themselves, no copies."""

    def __deepcopy__(self, memo: Any) -> "OwnFields":
        return self


def fresh(base: django_filters.Filter) -> django_filters.Filter:
    """Copies a filter so that it can be changed by itself."""
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

    def not_understood(self) -> list[str]:
        """What an address asks for that is no filter here, or no value of one: it narrows nothing, and the page says
        so."""
        faulty = [name for name in self.form.errors if name in self.form.fields]
        wrong = [with_value(self.form.fields[name].label, self.data.get(name) or "") for name in faulty]
        return wrong + [name[:40] for name in self.data if name not in (*self.filters, "cursor", "format")]

    def kept(self) -> str:
        """The address of what is shown, without its page: only parameters that stand here, and say something."""
        understood = [name for name in self.filters if name not in self.form.errors]
        said = {name: one_line(self.data.get(name) or "") for name in understood}
        return urlencode({name: value for name, value in said.items() if value})


class LineFilter(django_filters.CharFilter):
    field_class = LineField


def organs(request: Any) -> QuerySet[Organ]:
    """Returns the organs when a form needs them: every request copies its filters, with all that they hold."""
    return Organ.objects.order_by("id")


class StateFilter(django_filters.ChoiceFilter):
    """The states of the model that is filtered."""

    extra: dict[str, Any]

    @property
    def field(self) -> forms.Field:
        self.extra = {**self.extra, "choices": self.model._meta.get_field("state").choices or ()}
        return super().field  # type: ignore[no-any-return]


class CategoryFilter(django_filters.CharFilter):
    """Narrows to a content class of any level, with all below, or to what has none yet; to no record of a kind without
    classes."""

    field_class = CategoryChoice
    extra: dict[str, Any]

    @property
    def field(self) -> forms.Field:
        if not self._is_classed:
            self.extra = {**self.extra, "widget": forms.HiddenInput}
        return super().field  # type: ignore[no-any-return]

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        if not self._is_classed:
            return qs.none()
        if value == content_classes.NONE:
            return qs.filter(category="")
        return qs.filter(category__startswith=content_classes.prefix(value))

    @property
    def _is_classed(self) -> bool:
        return any(field.name == "category" for field in self.model._meta.get_fields())


class CommonFilter(RecordFilter):
    """The filters of every kind's list. A kind whose records have no `organ` says whose they are."""

    number: ClassVar[str] = "number"
    """The lookup to the number that people know a record by."""
    state = StateFilter(label=_("状态"), empty_label=_("全部"))
    organ = django_filters.ModelChoiceFilter(
        queryset=organs, to_field_name="code", method="by_organ", label=_("承办单位"), empty_label=_("全部")
    )
    category = CategoryFilter(label=_("内容分类"))
    overdue = django_filters.ChoiceFilter(
        choices=[("true", _("已超期")), ("false", _("未超期"))],
        method="by_overdue",
        label=_("期限"),
        empty_label=_("全部"),
    )
    q = LineFilter(method="by_number", label=_("编号"), max_length=100)

    def by_organ(self, qs: QuerySet[Any], name: str, organ: Organ) -> QuerySet[Any]:
        return qs.filter(organ=organ)

    def by_overdue(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrows to records with an obligation that is overdue now, or to all others."""
        owed = Obligation.objects.overdue(timezone.now()).filter(subject_kind=qs.model.KIND)  # type: ignore[attr-defined]
        late = Exists(owed.filter(subject_id=OuterRef("pk")))
        return qs.filter(late if value == "true" else ~late)

    def by_number(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(**{f"{self.number}__icontains": value})


def with_common(filters: type[RecordFilter], number: str) -> type[RecordFilter]:
    """Returns the filters of a list; those that every kind has, where it declares none of its own."""
    if filters is not RecordFilter:
        return filters
    return type("FilterByDeclaration", (CommonFilter,), {"number": number})


class SearchFilter(CommonFilter):
    """The filters of every kind's list with a search in texts."""

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

"""The filters of lists, for pages, REST and exports alike."""

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qs, urlencode

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.keys import KeyField
from massline.texts import LineField, one_line, with_value
from records.figures.periods import Period
from records.models import Record
from records.search import Search, SearchQuery
from responsibility import content_classes
from responsibility.class_fields import CategoryChoice
from responsibility.models import Obligation, Organ
from responsibility.people import position_of

MAX_OFFERED = 3
"""Classes that a search offers at the most."""


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


@dataclass(frozen=True)
class Chip:
    """One filter that narrows the list now, in words, and the address of the list without it."""

    label: Any
    value: Any
    without: str


class Offer(NamedTuple):
    """A content class, and the address of the list of its records."""

    name: str
    address: str


class RecordFilter(django_filters.FilterSet):
    """The filters of one kind of record, for a person."""

    search: ClassVar[Search | None] = None
    query: SearchQuery | None = None
    """What is searched for, if anything."""
    folded: ClassVar[frozenset[str]] = frozenset()
    """The fields that a page shows only when asked for more of them."""
    said_elsewhere: ClassVar[frozenset[str]] = frozenset()
    """The filters that have no chip, since the page says them in another place."""

    def __init__(self, data: Any = None, queryset: Any = None, user: User | None = None) -> None:
        super().__init__(data, queryset)
        self.user = user

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

    def kept(self, besides: str = "") -> str:
        """The address of what is shown, without its page: only parameters that stand here, and say something. `besides`
        is one that is left out."""
        understood = [name for name in self.filters if name not in self.form.errors and name != besides]
        said = {name: one_line(self.data.get(name) or "") for name in understood}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def order(self) -> tuple[str, bool] | None:
        """The date column that the reader chose to order by, and whether the newest come first; None for the list's own
        order."""
        return None

    def chips(self) -> list[Chip]:
        """Lists what narrows the list now, each with a way to drop it."""
        given = parse_qs(self.kept())
        return [
            Chip(self.form.fields[name].label, self.in_words(name), self.kept(besides=name))
            for name in given
            if name not in self.said_elsewhere
        ]

    def in_words(self, name: str) -> Any:
        """Says the value of a filter that was understood."""
        field, typed = self.form.fields.get(name), one_line(self.data.get(name) or "")
        value = self.form.cleaned_data.get(name, typed)
        if isinstance(field, KeyField):
            return typed  # and never the id that it stands for
        if isinstance(field, CategoryChoice):
            return content_classes.name(value)
        return dict(getattr(field, "choices", None) or ()).get(value, value) if isinstance(value, str) else value

    def offered_classes(self) -> list["Offer"]:
        """Lists the content classes that what is searched for means."""
        return []

    @property
    def front_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form.visible_fields() if field.name not in self.folded]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form.visible_fields() if field.name in self.folded]

    @property
    def unfolded(self) -> bool:
        """Whether one of the folded fields is in use."""
        return any(self.data.get(name) for name in self.folded)


class DayInput(forms.DateInput):
    """A day, for which browsers have a calendar."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"type": "date"} | (attrs or {}), format="%Y-%m-%d")


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


class RecordListFilter(CommonFilter):
    """The filters of a list of what organs have in hand (`records.models.Record`): besides those of every kind who
    handles it, the days of its receipt, and the order."""

    folded = frozenset({"received_from", "received_to", "sort"})
    said_elsewhere = frozenset({"sort"})
    mine = django_filters.ChoiceFilter(
        choices=[("me", _("我承办的")), ("organ", _("本单位承办的"))],
        method="by_mine",
        label=_("承办范围"),
        empty_label=_("全部"),
    )
    received_from = django_filters.DateFilter(method="by_received", widget=DayInput, label=_("收到日，自"))
    received_to = django_filters.DateFilter(method="by_received", widget=DayInput, label=_("收到日，至"))
    sort = django_filters.ChoiceFilter(
        choices=[("newest", _("收到时间，从新到旧")), ("oldest", _("收到时间，从早到晚"))],
        method="ordered_later",
        label=_("排列顺序"),
        empty_label=_("默认顺序"),
    )

    @property
    def received(self) -> str:
        """The column with the moment of receipt."""
        return "received_at"

    def by_mine(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if self.user is None:
            return qs.none()
        where = position_of(self.user)
        return qs.filter(handler__in=where.posts) if value == "me" else qs.filter(organ__in=where.organs)

    def by_received(self, qs: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        edge, first = Period(value, value), name == "received_from"
        return qs.filter(**{f"{self.received}__gte": edge.after} if first else {f"{self.received}__lt": edge.until})

    def ordered_later(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs

    @property
    def order(self) -> tuple[str, bool] | None:
        chosen = self.form.cleaned_data.get("sort") if self.is_bound and self.errors is not None else ""
        return (self.received, chosen == "newest") if chosen else None


def with_common(filters: type[RecordFilter], number: str, model: type[Any]) -> type[RecordFilter]:
    """Returns the filters of a list; those that every kind has, where it declares none of its own."""
    if filters is not RecordFilter:
        return filters
    base = RecordListFilter if issubclass(model, Record) else CommonFilter
    return type("FilterByDeclaration", (base,), {"number": number})


class SearchFilter(CommonFilter):
    """The filters of every kind's list with a search in texts."""

    search: ClassVar[Search]
    q = LineFilter(
        method="searched_last",
        label=_("编号或文字"),
        max_length=100,
        widget=forms.TextInput({"placeholder": _("标题也可输拼音")}),
    )

    @cached_property
    def query(self) -> SearchQuery | None:  # type: ignore[override]
        """Asks whether the form is valid."""
        typed = self.form.cleaned_data.get("q") if self.is_bound and self.errors is not None else ""
        return self.search.parse(typed) if typed else None

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """`narrowed` is what everything but the search leaves."""
        self.narrowed: QuerySet[Any] = super().filter_queryset(queryset)
        return self.search.matching(self.narrowed, self.query) if self.query else self.narrowed

    def offered_classes(self) -> list[Offer]:
        """Lists the classes that a word means: the search does not find by everyday words (噪声 for 噪音污染), which
        would drown those that hold the word among all of the class. The other words stay."""
        if not self.query or self.data.get("category"):
            return []
        kept, offered = self.kept(besides="q"), {}
        for word in self.query.words:
            others = " ".join(other for other in self.query.words if other != word)
            for code in content_classes.meant_by(word):
                offered[code] = urlencode({"category": code} | ({"q": others} if others else {}))
        return [
            Offer(content_classes.name(code), "&".join(filter(None, (kept, address))))
            for code, address in [*offered.items()][:MAX_OFFERED]
        ]

    def searched_last(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs

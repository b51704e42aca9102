"""The filters of a figure's list: exactly the records that the figure counts. They are parameters without fields."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.pages import dated
from massline.time import long_form
from records.figures.indicators import FigureSet
from records.figures.periods import Period
from records.filters import FreshFilters, RecordListFilter, fresh, organs

HIDDEN = forms.HiddenInput


class CohortFilter(RecordListFilter):
    """The filters of a kind with figures: besides those of every list what is open; due from day to day; `cohort`
    with its days, result and the organ that owed it. What the kind's records do not have is left out."""

    said_elsewhere = RecordListFilter.said_elsewhere | {"cohort", "cohort_from", "cohort_to", "result", "owed_by"}

    open = django_filters.ChoiceFilter(
        choices=[("true", gettext_lazy("未办结"))], method="by_open", widget=HIDDEN, label=gettext_lazy("办理情况")
    )
    due_from = django_filters.DateFilter(method="by_due", widget=HIDDEN, label=gettext_lazy("到期日，自"))
    due_to = django_filters.DateFilter(method="by_due", widget=HIDDEN, label=gettext_lazy("到期日，至"))
    cohort = django_filters.ChoiceFilter(method="by_cohort", widget=HIDDEN, label=gettext_lazy("统计指标"))
    cohort_from = django_filters.DateFilter(method="with_cohort", widget=HIDDEN, label=gettext_lazy("统计期，自"))
    cohort_to = django_filters.DateFilter(method="with_cohort", widget=HIDDEN, label=gettext_lazy("统计期，至"))
    result = django_filters.ChoiceFilter(method="with_cohort", widget=HIDDEN, label=gettext_lazy("统计结果"))
    owed_by = django_filters.ModelChoiceFilter(
        queryset=organs,
        to_field_name="code",
        method="with_cohort",
        widget=HIDDEN,
        label=gettext_lazy("责任单位"),
    )
    figures: ClassVar[FigureSet]

    @classmethod
    def get_filters(cls) -> FreshFilters:
        found = super().get_filters()
        declared: FigureSet | None = getattr(cls, "figures", None)
        if declared is None:
            return found
        offered = {"cohort": [(each.name, each.label) for each in declared.all], "result": [*declared.results.items()]}
        for name, choices in offered.items():
            found[name] = fresh(found[name])
            found[name].extra = found[name].extra | {"choices": choices}
        return FreshFilters({name: each for name, each in found.items() if name not in _lacking(declared)})

    @property
    def received(self) -> str:
        return self.figures.received

    def by_overdue(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not self.figures.due:
            return super().by_overdue(qs, name, value)
        now = timezone.now()
        placed = qs.alias(_due=dated(self.figures.due))  # what the list's order goes by
        return placed.filter(_due__lte=now) if value == "true" else placed.filter(_due__gt=now)

    def by_open(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(state__in=sorted(self.figures.open))

    def by_due(self, qs: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        edge, column = Period(value, value), self.figures.due
        return qs.filter(**{f"{column}__gt": edge.after} if name == "due_from" else {f"{column}__lte": edge.until})

    def by_cohort(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrows to a cohort; without both of its days it is empty."""
        given = self.form.cleaned_data
        first, last = given.get("cohort_from"), given.get("cohort_to")
        if not (first and last):
            return qs.none()
        cohort = self.figures.named(value).cohort
        counted = cohort.found(Period(first, last), timezone.now())
        if given.get("result"):
            counted = counted.filter(result=given["result"])
        if given.get("owed_by"):
            counted = counted.filter(organ=given["owed_by"])
        return qs.filter(pk__in=counted.values(cohort.record))

    def with_cohort(self, qs: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Narrows nothing by itself: it is read together with `cohort`."""
        return qs

    def said(self) -> str:
        """Says the figure in words, above its list; empty when the list is not one of a figure."""
        given = getattr(self.form, "cleaned_data", {})
        if not given.get("cohort"):
            return ""
        days = _("%(first)s至%(last)s") % {
            name: long_form(given[key]) if given.get(key) else "…"
            for name, key in (("first", "cohort_from"), ("last", "cohort_to"))
        }
        parts = [str(self.figures.named(given["cohort"]).label), days]
        parts += [str(self.figures.results[given["result"]])] if given.get("result") else []
        parts += [given["owed_by"].name] if given.get("owed_by") else []
        return " · ".join(parts)


def _lacking(figures: FigureSet) -> set[str]:
    """Returns the filters that read a column which the kind's records do not have."""
    needed = (
        (figures.due, ("due_from", "due_to")),
        (figures.received, ("received_from", "received_to", "sort")),
    )
    return {name for column, names in needed if not column for name in names}

"""What a figure opens: the ledger narrowed to exactly the demands that it counts. Addresses, no fields to fill in."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.figures import Cohort, Period, Result, counted_in
from petitions.models import OPEN, Demand
from records.filters import SearchFilter, organs

HIDDEN = forms.HiddenInput


class CohortFilter(SearchFilter):
    """`cohort` with its days, result and the organ that owed it; what is open; due and received from day to day."""

    open = django_filters.ChoiceFilter(
        choices=[("true", gettext_lazy("未办结"))], method="by_open", widget=HIDDEN, label=gettext_lazy("未办结")
    )
    due_from = django_filters.DateFilter(method="by_due", widget=HIDDEN, label=gettext_lazy("到期日，自"))
    due_to = django_filters.DateFilter(method="by_due", widget=HIDDEN, label=gettext_lazy("到期日，至"))
    received_from = django_filters.DateFilter(method="by_received", widget=HIDDEN, label=gettext_lazy("收到日，自"))
    received_to = django_filters.DateFilter(method="by_received", widget=HIDDEN, label=gettext_lazy("收到日，至"))
    cohort = django_filters.ChoiceFilter(
        choices=Cohort.choices, method="by_cohort", widget=HIDDEN, label=gettext_lazy("统计指标")
    )
    cohort_from = django_filters.DateFilter(method="with_cohort", widget=HIDDEN, label=gettext_lazy("统计期，自"))
    cohort_to = django_filters.DateFilter(method="with_cohort", widget=HIDDEN, label=gettext_lazy("统计期，至"))
    result = django_filters.ChoiceFilter(
        choices=Result.choices, method="with_cohort", widget=HIDDEN, label=gettext_lazy("统计结果")
    )
    owed_by = django_filters.ModelChoiceFilter(
        queryset=organs,
        to_field_name="code",
        method="with_cohort",
        widget=HIDDEN,
        label=gettext_lazy("责任单位"),
    )

    def by_open(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs.filter(state__in=sorted(OPEN))

    def by_due(self, qs: QuerySet[Demand], name: str, value: Any) -> QuerySet[Demand]:
        edge = Period(value, value)
        return qs.filter(due_at__gt=edge.after) if name == "due_from" else qs.filter(due_at__lte=edge.until)

    def by_received(self, qs: QuerySet[Demand], name: str, value: Any) -> QuerySet[Demand]:
        edge = Period(value, value)
        if name == "received_from":
            return qs.filter(received_at__gte=edge.after)
        return qs.filter(received_at__lt=edge.until)

    def by_cohort(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        """A cohort without both of its days is no cohort: nothing is in it."""
        given = self.form.cleaned_data
        first, last = given.get("cohort_from"), given.get("cohort_to")
        if not (first and last):
            return qs.none()
        counted = counted_in(
            Cohort(value),
            Period(first, last),
            timezone.now(),
            result=given.get("result") or "",
            organ=given.get("owed_by"),
        )
        return qs.filter(pk__in=counted)

    def with_cohort(self, qs: QuerySet[Demand], name: str, value: Any) -> QuerySet[Demand]:
        """Says something only together with `cohort`."""
        return qs

    def said(self) -> str:
        """The figure in words, for whoever looks at its list; empty when the list is not one of a figure."""
        given = getattr(self.form, "cleaned_data", {})
        parts = [_("未办结")] if given.get("open") else []
        for what, first, last in (
            (_("到期"), "due_from", "due_to"),
            (_("收到"), "received_from", "received_to"),
        ):
            if given.get(first) or given.get(last):
                parts.append(f"{_days(given.get(first), given.get(last))} {what}")
        if given.get("cohort"):
            parts.append(str(Cohort(given["cohort"]).label))
            parts.append(_days(given.get("cohort_from"), given.get("cohort_to")))
            parts += [str(Result(given["result"]).label)] if given.get("result") else []
            parts += [given["owed_by"].name] if given.get("owed_by") else []
        return " · ".join(parts)


def _days(first: Any, last: Any) -> str:
    return _("%(first)s 至 %(last)s") % {"first": first or "…", "last": last or "…"}

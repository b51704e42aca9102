"""The filters of the ledger, for pages and REST alike."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from massline.keys import KeyField
from petitions.desk.search import SEARCH
from petitions.figures.indicators import FIGURES
from petitions.models import GROUP, Channel, Demand, Purpose
from records.figures.filter import CohortFilter
from records.filters import SearchFilter
from records.importing.models import ImportedFrom
from responsibility.models import Region


def regions(request: Any) -> QuerySet[Region]:
    """Returns the regions when a form needs them."""
    return Region.objects.order_by("code")


class ImportFilter(django_filters.Filter):
    field_class = KeyField

    def filter(self, qs: QuerySet[Demand], value: int | None) -> QuerySet[Demand]:
        taken = ImportedFrom.objects.filter(subject_kind=Demand.KIND, taken_by=value)
        return qs.filter(pk__in=taken.values("subject_id")) if value else qs


class DemandFilter(SearchFilter, CohortFilter):
    figures = FIGURES
    search = SEARCH
    folded = CohortFilter.folded | {"group", "channel", "purpose", "region"}
    group = django_filters.ChoiceFilter(
        choices=[("true", _("集体（五人以上）")), ("false", _("不足五人"))],
        method="by_group",
        label=_("人数"),
        empty_label=_("全部"),
    )
    channel = django_filters.ChoiceFilter(
        field_name="petition__channel", choices=Channel.choices, label=_("信访形式"), empty_label=_("全部")
    )
    purpose = django_filters.ChoiceFilter(choices=Purpose.choices, label=_("信访目的"), empty_label=_("全部"))
    region = django_filters.ModelChoiceFilter(
        queryset=regions, to_field_name="code", method="by_region", label=_("问题属地"), empty_label=_("全部")
    )
    imported = ImportFilter(
        table="import",
        label=_("随哪次导入接收"),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Demand
        fields = (
            *("q", "state", "organ", "category", "overdue", "mine"),
            *("received_from", "received_to", "channel", "purpose", "region", "group", "sort", "imported"),
        )

    def by_region(self, qs: QuerySet[Demand], name: str, region: Region) -> QuerySet[Demand]:
        return qs.filter(petition__region__in=Region.objects.within(region))

    def by_group(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs.filter(petition__persons__gte=GROUP) if value == "true" else qs.filter(petition__persons__lt=GROUP)

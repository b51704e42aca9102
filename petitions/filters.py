"""What the ledger can be narrowed to, for pages and REST alike."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massline.keys import KeyField
from massline.pages import dated
from petitions.filter_cohort import CohortFilter, organs
from petitions.models import Demand, State
from petitions.persons import GROUP
from petitions.search import SEARCH
from records.importing.models import ImportedFrom
from responsibility import content_classes
from responsibility.class_fields import CategoryChoice


class CategoryFilter(django_filters.CharFilter):
    field_class = CategoryChoice

    def filter(self, qs: QuerySet[Demand], value: str) -> QuerySet[Demand]:
        return qs.filter(category__startswith=content_classes.prefix(value)) if value else qs


class ImportFilter(django_filters.Filter):
    field_class = KeyField

    def filter(self, qs: QuerySet[Demand], value: int | None) -> QuerySet[Demand]:
        taken = ImportedFrom.objects.filter(subject_kind=Demand.KIND, taken_by=value)
        return qs.filter(pk__in=taken.values("subject_id")) if value else qs


class DemandFilter(CohortFilter):
    search = SEARCH
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("状态"), empty_label=_("全部"))
    organ = django_filters.ModelChoiceFilter(
        queryset=organs, to_field_name="code", label=_("承办单位"), empty_label=_("全部")
    )
    category = CategoryFilter(label=_("内容分类"))
    overdue = django_filters.ChoiceFilter(
        choices=[("true", _("已超期")), ("false", _("未超期"))],
        method="by_overdue",
        label=_("期限"),
        empty_label=_("全部"),
    )

    group = django_filters.ChoiceFilter(
        choices=[("true", _("集体（五人以上）")), ("false", _("不足五人"))],
        method="by_group",
        label=_("人数"),
        empty_label=_("全部"),
    )
    imported = ImportFilter(
        table="import",
        label=_("随哪次导入接收"),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Demand
        fields = ("q", "state", "organ", "category", "overdue", "group", "imported")

    def by_overdue(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        now = timezone.now()
        placed = qs.alias(_due=dated("due_at"))  # what the ledger's order goes by
        return placed.filter(_due__lte=now) if value == "true" else placed.filter(_due__gt=now)

    def by_group(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs.filter(petition__persons__gte=GROUP) if value == "true" else qs.filter(petition__persons__lt=GROUP)

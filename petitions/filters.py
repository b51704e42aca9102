"""What the ledger can be narrowed to, for pages and REST alike."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massline.keys import KeyField
from massline.pages import dated
from massline.texts import LineField, one_line
from petitions import categories
from petitions.filter_cohort import CohortFilter, organs
from petitions.models import Demand, State
from petitions.persons import GROUP
from petitions.search import Sought, among


def first_level() -> list[tuple[str, str]]:
    return [(node["code"], node["name"]) for node in categories.tree()]


class CategoryChoice(LineField):
    """Any level of the content classes, by its code."""

    widget = forms.Select

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not categories.exists(code):
            raise ValidationError(_("没有这个内容分类"))
        return code


class LineFilter(django_filters.CharFilter):
    field_class = LineField


class CategoryFilter(django_filters.CharFilter):
    field_class = CategoryChoice

    def filter(self, qs: QuerySet[Demand], value: str) -> QuerySet[Demand]:
        return qs.filter(category__startswith=categories.prefix(value)) if value else qs


class ImportFilter(django_filters.Filter):
    field_class = KeyField


class DemandFilter(CohortFilter):
    q = LineFilter(method="sought_last", label=_("编号或文字"), max_length=100)
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
        field_name="petition__imported_from__taken_by",
        table="import",
        label=_("随哪次导入接收"),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Demand
        fields = ("q", "state", "organ", "category", "overdue", "group", "imported")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["category"].widget.choices = [("", _("全部")), *first_level()]

    @property
    def sought(self) -> Sought | None:
        """What is searched for, if anything; asks whether the form is valid."""
        typed = self.form.cleaned_data.get("q") if self.is_bound and self.errors is not None else ""
        return Sought.of(typed) if typed else None

    def filter_queryset(self, queryset: QuerySet[Demand]) -> QuerySet[Demand]:
        """`narrowed` is what everything but the search leaves."""
        self.narrowed: QuerySet[Demand] = super().filter_queryset(queryset)
        return among(self.narrowed, self.sought) if self.sought else self.narrowed

    def kept(self) -> str:
        """The address of what is shown, without its page: only parameters that stand here, and say something."""
        said = {name: one_line(self.data.get(name) or "") for name in self.filters}
        return urlencode({name: value for name, value in said.items() if value})

    def sought_last(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs

    def by_overdue(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        now = timezone.now()
        placed = qs.alias(_due=dated("due_at"))  # what the ledger's order goes by
        return placed.filter(_due__lte=now) if value == "true" else placed.filter(_due__gt=now)

    def by_group(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs.filter(petition__persons__gte=GROUP) if value == "true" else qs.filter(petition__persons__lt=GROUP)
